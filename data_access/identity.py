"""Whose viewer a signed-in person is: what the identity provider says of them against what config.toml lists."""

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from data_access.database.tokens import Token
from data_access.settings import Settings, ViewerSettings


class NotLetIn(Exception):
    """Somebody who is signed in may not see anything; the message says why, in words for them."""


def viewer_of(claims: Mapping[str, Any], settings: Settings) -> ViewerSettings:
    """Return the viewer listed under the person's id, else the first listed for one of their groups, under their id.

    Ids and groups are compared without case. Raises NotLetIn for an e-mail that the provider has not verified, for
    nobody's account, and once the provider's own time is over.
    """
    sign_in = settings.sign_in
    if not is_current(claims):
        raise NotLetIn("Your sign-in has ended. Sign in again.")
    identity = claims.get(sign_in.claim)
    if not isinstance(identity, str) or not identity.strip():
        raise NotLetIn(f"Your account has no {sign_in.claim!r}: ask the performance team which claim to use.")
    if _is_e_mail(sign_in.claim, identity) and claims.get("email_verified") is not True:
        raise NotLetIn("Your e-mail address is not verified by the identity provider, so it does not say who you are.")
    groups = _groups(claims.get(sign_in.groups_claim)) if sign_in.groups_claim else frozenset()
    for viewer in settings.viewers:
        if viewer.id.casefold() == identity.casefold():
            return viewer
    for viewer in settings.viewers:
        if not groups.isdisjoint(group.casefold() for group in viewer.groups):
            return replace(viewer, id=identity)
    raise NotLetIn("Your account is known, but no areas are assigned to it. Ask the performance team to add you.")


def viewer_of_token(token: Token | None, settings: Settings) -> ViewerSettings:
    """Return the viewer whose eyes a token has, as config.toml lists them now.

    Raises NotLetIn for what is no token of ours, one that has ended, and one whose viewer is not listed any more.
    """
    if token is None:
        raise NotLetIn("This is no token of this suite. Ask the performance team for one.")
    if ended := token.ended(datetime.now(UTC)):
        raise NotLetIn(f"This token is {ended}. Ask the performance team for another.")
    for viewer in settings.viewers:
        if viewer.id == token.viewer:
            return viewer
    raise NotLetIn("The viewer whose token this is is not listed any more. Ask the performance team.")


def _is_e_mail(claim: str, identity: str) -> bool:
    """Tell whether a claim holds an e-mail address, whatever it is called: only `sub` may look like one and be none."""
    return claim != "sub" and ("@" in identity or claim.casefold() == "email")


def is_current(claims: Mapping[str, Any]) -> bool:
    """Tell whether the provider's own time for this sign-in is not over; Streamlit's cookie would live 30 days."""
    ends = claims.get("exp")
    return isinstance(ends, int | float) and ends > time.time()


def sign_in_of(claims: Mapping[str, Any]) -> str:
    """Name a sign-in: every one has its own nonce and time, so the same claims mean the same sign-in."""
    told = json.dumps(dict(claims), sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def _groups(claim: Any) -> frozenset[str]:
    given = [claim] if isinstance(claim, str) else claim if isinstance(claim, list | tuple) else []
    return frozenset(group.casefold() for group in given if isinstance(group, str))

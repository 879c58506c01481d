"""Tokens of the HTTP API as the store keeps them: never themselves, only what proves one when it is shown."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, Row, insert, select, update

from data_access.database.connection import reading, writing
from data_access.database.schema import metadata
from data_access.database.trail import Entry, append_within

tokens = metadata.tables["tokens"]
PREFIX = "npd"  # what a search for leaked secrets can look for
_FORM = re.compile(rf"{PREFIX}_(?P<token_id>[0-9a-f]{{12}})_(?P<secret>[0-9a-f]{{64}})")
_NO_DIGEST = "0" * 64


@dataclass(frozen=True, kw_only=True)
class Token:
    """What is known of a token: its public part, whose eyes it has, what it is for, and its times."""

    token_id: str
    viewer: str
    purpose: str
    made_by: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None

    @property
    def name(self) -> str:
        """What the audit trail calls it."""
        return _name(self.token_id)

    def ended(self, now: datetime) -> str | None:
        """Say what ended it by a moment, expired or revoked; None: it holds."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if now >= self.expires_at else None


def make(engine: Engine, secret: bytes, viewer: str, purpose: str, *, by: str, days: int) -> str:
    """Make a token for a viewer, enter that in the audit trail, and return it: it is told this once.

    A digest without salt or stretching is enough: what it is of is no password but 256 random bits.
    """
    token_id, own = secrets.token_hex(6), secrets.token_hex(32)
    now = datetime.now(UTC)
    ends = now + timedelta(days=days)
    told = {"viewer": viewer, "purpose": purpose, "made_by": by, "made_at": now, "expires_at": ends}
    entry = Entry(viewer=by, what="made token", whom=_name(token_id), reason=f"for {viewer} until {ends:%Y-%m-%d}")
    with writing(engine) as connection:
        connection.execute(insert(tokens).values(token_id=token_id, digest=_digest(own), **told))
        append_within(connection, secret, [entry])
    return f"{PREFIX}_{token_id}_{own}"


def revoke(engine: Engine, secret: bytes, token_id: str, *, by: str) -> bool:
    """Revoke a token, and enter that in the audit trail; False: there is no such token, or it was revoked before."""
    held = (tokens.c.token_id == token_id) & tokens.c.revoked_at.is_(None)
    with writing(engine) as connection:
        done = connection.execute(update(tokens).where(held).values(revoked_at=datetime.now(UTC)))
        if done.rowcount:
            append_within(connection, secret, [Entry(viewer=by, what="revoked token", whom=_name(token_id))])
    return bool(done.rowcount)


def every(engine: Engine) -> list[Token]:
    """List all tokens, the oldest first; nothing of them can be used."""
    with reading(engine) as connection:
        return [_token(row) for row in connection.execute(select(tokens).order_by(tokens.c.made_at))]


def proven(engine: Engine, given: str) -> Token | None:
    """Return the token that was shown, ended or not; None: it is none of ours.

    How long the comparison takes tells nothing of the secret part, nor whether the public part is known.
    """
    parts = _FORM.fullmatch(given)
    if parts is None:
        return None
    with reading(engine) as connection:
        row = connection.execute(select(tokens).where(tokens.c.token_id == parts["token_id"])).first()
    same = hmac.compare_digest(row.digest if row else _NO_DIGEST, _digest(parts["secret"]))
    return _token(row) if row and same else None


def _token(row: Row) -> Token:
    return Token(
        token_id=row.token_id,
        viewer=row.viewer,
        purpose=row.purpose,
        made_by=row.made_by,
        made_at=row.made_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )


def _name(token_id: str) -> str:
    return f"token {token_id}"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

"""Officers' names, sealed beside their pseudonyms for viewers who may see names; unread without the secret."""

import base64
import hmac

import polars as pl
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from data_access.feeds.personal import personal_columns
from data_access.feeds.pseudonyms import PREFIX, keyed

SEALED = "sealed:"


def under_pseudonyms(rows: pl.DataFrame, feed: str, naming: bytes | None) -> pl.DataFrame:
    """Return a feed's typed rows with officers and callers under pseudonyms, and officers' names sealed."""
    if naming is None:
        return rows
    kinds = {name: kind for name, kind in personal_columns(feed).items() if kind in PREFIX and name in rows.columns}
    named = rows.with_columns(keyed(rows[name], kind, naming) for name, kind in kinds.items())
    if "display_name" not in rows.columns:
        return named
    labels = rows.select(pl.coalesce("display_name", "officer_id")).to_series()
    shut = [seal(label, one, naming) for label, one in zip(labels, named["officer_id"], strict=True)]
    return named.with_columns(display_name=pl.Series(shut, dtype=pl.String))


def seal(label: str, person: str, naming: bytes) -> str:
    """Encrypt an officer's name; the same name always gives the same text, so that a load sees what has changed."""
    return SEALED + base64.b64encode(_cipher(naming).encrypt(label.encode(), [person.encode()])).decode()


def with_names(officers: pl.DataFrame, naming: bytes) -> pl.DataFrame:
    """Return rows of `officers` with the names unsealed; null where they were sealed with another key."""
    if not officers["display_name"].str.starts_with(SEALED).any():
        return officers
    rows = officers.select("officer_id", "display_name").iter_rows()
    names = [_unsealed(text, person, naming) for person, text in rows]
    return officers.with_columns(display_name=pl.Series(names, dtype=pl.String))


def _unsealed(text: str | None, person: str, naming: bytes) -> str | None:
    if text is None or not text.startswith(SEALED):
        return text
    try:
        return _cipher(naming).decrypt(base64.b64decode(text.removeprefix(SEALED)), [person.encode()]).decode()
    except InvalidTag:
        return None


def _cipher(naming: bytes) -> AESSIV:
    return AESSIV(hmac.digest(naming, b"names", "sha512"))

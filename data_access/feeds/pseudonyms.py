"""Officers and callers under keyed pseudonyms: the store and its facts hold none of the force's own identifiers.

A pseudonym is an HMAC: the same for the same identifier, so that corrections and transfers still meet, and no way back.
Names stand beside them sealed (data_access/database/sealed_names.py).
"""

import hashlib
import hmac

import polars as pl

from data_access.feeds.columns import Personal

PREFIX: dict[Personal, str] = {"officer": "o-", "caller": "c-"}
DIGITS = 20  # hexadecimal: of a million callers no two share one by chance


def naming_of(secret: bytes) -> bytes:
    """Return the key that officers and callers are named with: made of the deployment's secret, for this alone."""
    return hmac.digest(secret, b"officers and callers", "sha256")


def fingerprint(naming: bytes) -> str:
    """Return what tells one key from another and neither of them."""
    return hmac.new(naming, b"fingerprint", hashlib.sha256).hexdigest()[:16]


def pseudonym_of(person: str, kind: Personal, naming: bytes, use: str = "") -> str:
    """Return the pseudonym of an officer or a caller; with `use` another one, that tells nothing of the first."""
    return PREFIX[kind] + hmac.new(naming, f"{use}{kind}:{person}".encode(), hashlib.sha256).hexdigest()[:DIGITS]


def keyed(persons: pl.Series, kind: Personal, naming: bytes, use: str = "") -> pl.Series:
    """Return the pseudonyms of identifiers; an empty one stands for nobody and stays."""
    each = [one for one in persons.unique() if one]
    return persons.replace(each, [pseudonym_of(one, kind, naming, use) for one in each])


def officers(given: pl.Series, naming: bytes | None) -> pl.Series:
    """Return the officers of fixes as the store names them: without blanks about, or under the pseudonym of that.

    A Categorical, null where it names nobody: each officer is worked out once, not each fix.
    """
    codes = given.cast(pl.Categorical)
    each = codes.unique().cast(pl.String)
    plain = each.str.strip_chars().replace("", None)
    named = plain if naming is None else keyed(plain, "officer", naming)
    if named.equals(each, null_equal=True):
        return codes
    return codes.replace_strict(each, named, return_dtype=pl.Categorical)

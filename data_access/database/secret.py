"""The deployment's own secret: what pseudonyms and the audit trail's seals are made with, kept outside the store."""

import hashlib
import hmac
import os
import secrets
from functools import lru_cache
from pathlib import Path

from data_access.credentials import credential

VARIABLE = "NPD_SECRET"
BYTES = 32


def secret_file(facts_dir: Path) -> Path:
    """Name the file that holds the secret: beside the published facts, which all machines of a store share."""
    return facts_dir.with_suffix(".secret")


def secret_of(facts_dir: Path) -> bytes:
    """Return the secret: the credential NPD_SECRET, else the file beside the facts, made at first use for its owner.

    Raises PermissionError for a file that others may read.
    """
    given = credential(VARIABLE)
    return hashlib.sha256(given.encode()).digest() if given else _read(secret_file(facts_dir))


def where_secret(facts_dir: Path) -> str:
    """Say where the secret is kept."""
    return f"${VARIABLE}" if credential(VARIABLE) else str(secret_file(facts_dir))


@lru_cache(maxsize=16)
def _read(file: Path) -> bytes:
    if not file.exists():
        _make(file)
    if file.stat().st_mode & 0o077:
        raise PermissionError(f"{file} may be read by others; do: chmod 600 {file}")
    return file.read_bytes()


def _make(file: Path) -> None:
    """Write a new secret whole; where another process was first, its secret stays."""
    unfinished = file.with_name(f"{file.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(secrets.token_bytes(BYTES))
    try:
        os.link(unfinished, file)
    except FileExistsError:
        pass
    finally:
        unfinished.unlink()


def pseudonym(secret: bytes, person: str) -> str:
    """Name a person so that only who holds the secret can tell, or find, whom: the same name always."""
    return f"person {hmac.new(secret, b'person:' + person.encode(), hashlib.sha256).hexdigest()[:16]}"

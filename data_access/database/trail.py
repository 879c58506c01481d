"""The audit trail: appended to and never changed, each entry sealed with the one before it.

The seal is keyed with a secret that lies outside the store, so that who can write to the database alone can neither
change an entry nor take one out without `python -m data_access trail verify` saying so.
"""

import hashlib
import hmac
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import polars as pl
from sqlalchemy import Connection, Engine, func, insert, select, text

from data_access.database.connection import is_postgres, read_frame, reading, writing
from data_access.database.schema import metadata
from data_access.feeds.columns import EPOCH
from metrics.levels import local_date

trail = metadata.tables["trail"]
SHOWN = (trail.c.number, trail.c.at, trail.c.viewer, trail.c.what, trail.c.whom, trail.c.reason)
TRAIL_LOCK = 0x4E5054  # PostgreSQL's advisory lock of who appends
START = "0" * 64  # what the first entry is sealed with
AT_ONCE = 10_000
_UNREADABLE = (pl.exceptions.PolarsError, sqlite3.DatabaseError, TypeError)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What is entered: that `viewer` did `what` to `whom`, and why. `once`: at most one entry has this key."""

    viewer: str
    what: str
    whom: str | None = None
    reason: str | None = None
    once: str | None = None


def once_a_day(entry: Entry) -> Entry:
    """Let an entry be made once on its local day, by whichever server is first."""
    day = local_date(datetime.now(UTC))
    told = json.dumps([entry.viewer, entry.what, entry.whom, entry.reason, str(day)], ensure_ascii=False)
    return replace(entry, once=hashlib.sha256(told.encode()).hexdigest())


def append(engine: Engine, secret: bytes, entries: list[Entry]) -> None:
    """Append entries, in this order; one whose `once` is there already is left out."""
    with writing(engine) as connection:
        append_within(connection, secret, entries)


def append_within_limit(engine: Engine, secret: bytes, entry: Entry, since: datetime, most: int) -> datetime | None:
    """Append an entry, unless there are `most` of its kind (`what`, `whom`) since a moment: then return the oldest's.

    Counted and entered in one transaction, so that requests at the same time are not let through together.
    """
    alike = (trail.c.what == entry.what) & (trail.c.whom == entry.whom) & (trail.c.at >= since)
    query = select(func.count(), func.min(trail.c.at)).where(alike)
    with writing(engine) as connection:
        _wait_for_appending(connection)
        found, oldest = connection.execute(query).one()
        if found >= most:
            return oldest or since
        append_within(connection, secret, [entry])
    return None


def append_within(connection: Connection, secret: bytes, entries: list[Entry]) -> None:
    """Append entries in a transaction that does more."""
    _wait_for_appending(connection)
    number, seal = head_within(connection)
    for entry in entries:
        if entry.once and connection.execute(select(trail.c.number).where(trail.c.once == entry.once)).first():
            continue
        number, at = number + 1, datetime.now(UTC)
        told = {"viewer": entry.viewer, "what": entry.what, "whom": entry.whom, "reason": entry.reason}
        seal = sealed(secret, seal, number, at, **told)
        connection.execute(insert(trail).values(number=number, at=at, **told, once=entry.once, seal=seal))


def _wait_for_appending(connection: Connection) -> None:
    """Wait until nobody else appends; SQLite's BEGIN IMMEDIATE has done so already."""
    if is_postgres(connection):
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": TRAIL_LOCK})


def head_within(connection: Connection) -> tuple[int, str]:
    """Return the number and the seal of the newest entry; before the first: 0 and START."""
    newest = select(trail.c.number, trail.c.seal).order_by(trail.c.number.desc()).limit(1)
    row = connection.execute(newest).first()
    return (row.number, row.seal) if row else (0, START)


def sealed(
    secret: bytes,
    before: str,
    number: int,
    at: datetime,
    *,
    viewer: str,
    what: str,
    whom: str | None,
    reason: str | None,
) -> str:
    """Seal an entry with the seal of the one before it: HMAC-SHA-256 over both, hexadecimal."""
    content = [before, number, (at - EPOCH) // timedelta(microseconds=1), viewer, what, whom, reason]
    written = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return hmac.new(secret, written, hashlib.sha256).hexdigest()


def read(engine: Engine, *, limit: int | None, before: int | None = None) -> pl.DataFrame:
    """Read entries, the newest first: number, at, viewer, what, whom, reason; `before` leaves out newer ones."""
    query = select(*SHOWN).order_by(trail.c.number.desc()).limit(limit)
    with reading(engine) as connection:
        return read_frame(connection, query if before is None else query.where(trail.c.number < before))


def count(engine: Engine, **told: str) -> int:
    """Count the entries, or those with these values: `viewer="chief", what="exported"`."""
    query = select(func.count()).select_from(trail).where(*(trail.c[name] == value for name, value in told.items()))
    with reading(engine) as connection:
        return connection.execute(query).scalar_one()


def since(engine: Engine, viewer: str, what: str, moment: datetime) -> int:
    """Count what a viewer did since a moment."""
    own = trail.c
    query = select(func.count()).where(own.viewer == viewer, own.what == what, own.at >= moment)
    with reading(engine) as connection:
        return connection.execute(query).scalar_one()


def verify(engine: Engine, secret: bytes, known: tuple[int, str] | None = None) -> tuple[str | None, tuple[int, str]]:
    """Return what is wrong with the trail (None: nothing), and the number and seal of the last entry that is right.

    `known` is a number and seal noted earlier: entries cut off the end leave no other trace.
    """
    number, seal = 0, START
    with reading(engine) as connection:
        try:
            for row in _in_order(connection):
                if row["number"] != number + 1:
                    return f"entries are missing between {number} and {row['number']}", (number, seal)
                told = {name: row[name] for name in ("viewer", "what", "whom", "reason")}
                if sealed(secret, seal, row["number"], row["at"], **told) != row["seal"]:
                    return f"entry {row['number']} is not what was entered, or the secret is another", (number, seal)
                number, seal = row["number"], row["seal"]
                if known and known[0] == number and known[1] != seal:
                    return f"entry {number} is not the one that was noted", (number, seal)
        except _UNREADABLE:  # SQLite keeps whatever is put in, also what no entry of ours ever held
            return f"an entry after {number} holds what is no text or no time", (number, seal)
    if known and known[0] > number:
        return f"the trail ends at entry {number}; entry {known[0]} was noted earlier", (number, seal)
    return None, (number, seal)


def _in_order(connection: Connection) -> Iterator[dict[str, object]]:
    query, last = select(*SHOWN, trail.c.seal).order_by(trail.c.number).limit(AT_ONCE), 0
    while rows := read_frame(connection, query.where(trail.c.number > last)).to_dicts():
        yield from rows
        last = rows[-1]["number"]

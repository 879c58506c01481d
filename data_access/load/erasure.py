"""One person out of the store: their rows, the facts made of them, and every older copy of these; for good."""

from collections.abc import Collection
from datetime import UTC, date, datetime

import polars as pl
from sqlalchemy import Connection, Engine, delete, func, insert, or_, select, text, update

from data_access.database.connection import lock_loads, writing
from data_access.database.ledger import names_of
from data_access.database.schema import metadata
from data_access.facts import publish as publishing
from data_access.feeds.contract import FAILURES, FEEDS
from data_access.feeds.personal import personal_columns
from data_access.feeds.pseudonyms import PREFIX, keyed, naming_of, pseudonym_of
from data_access.load import mentions
from data_access.load.naming import people_columns
from data_access.load.upsert import Filling, Range, remove
from data_access.store import Store

WAS_ERASED = "person_was_erased"
USE = "erased "  # pseudonyms of their own: what the store named a person by is gone with the person
erased, rejected = metadata.tables["erased"], metadata.tables["rejected"]


def erased_people(connection: Connection) -> frozenset[str]:
    """Return the pseudonyms of everybody who was erased, so that no later extract brings them back."""
    return frozenset(connection.execute(select(erased.c.person)).scalars())


def without_erased(
    rows: pl.DataFrame, feed: str, people: Collection[str], naming: bytes
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part a feed's rows from those of erased officers (FAILURES, without a value); erased callers are blanked."""
    nobody = pl.DataFrame(schema=FAILURES)
    kinds = {name: kind for name, kind in personal_columns(feed).items() if kind in PREFIX and name in rows.columns}
    if not people or not kinds:
        return rows, nobody
    for name, kind in kinds.items():
        gone = keyed(rows[name], kind, naming, USE).is_in(list(people)).fill_null(False)
        if kind == "caller":
            rows = rows.with_columns(pl.when(~gone).then(name).alias(name))
        elif gone.any():
            told = {"rule": pl.lit(WAS_ERASED), "column_name": pl.lit(name), "value": pl.lit(None, pl.String)}
            theirs = rows.filter(gone).with_columns(line=pl.col("line") if "line" in rows.columns else 0, **told)
            nobody = pl.concat([nobody, theirs.select(list(FAILURES)).cast(FAILURES)])
            rows = rows.filter(~gone)
    return rows, nobody


def take_out(connection: Connection, person: str, secret: bytes) -> tuple[dict[str, int], dict[str, list[Range]]]:
    """Delete a person's rows, and remember never to take them in again; give rows by table, and the days touched.

    An incident stays without its caller. Presence stays: it is nobody's. What is folded has no person any more.
    """
    naming, has_names = naming_of(secret), names_of(connection) is not None
    names = [person, *mentions.other_names(connection, person, naming if has_names else None)]
    counts: dict[str, int] = {}
    changes: dict[str, list[Range]] = {}
    for table, column, kind in people_columns():
        stored = pseudonym_of(person, kind, naming) if has_names else person
        mine = table.c[column] == stored
        count = connection.execute(select(func.count()).select_from(table).where(mine)).scalar_one()
        if not count:
            continue
        counts[table.name] = count
        if kind == "caller":
            days = connection.execute(select(func.min(table.c.reported_at), func.max(table.c.reported_at)).where(mine))
            changes.setdefault(table.name, []).append(_days(*days.one()))
            connection.execute(update(table).where(mine).values({column: None}))
        elif table.name in FEEDS:
            changes.setdefault(table.name, []).extend(remove(connection, FEEDS[table.name], mine, Filling()))
        else:
            when = next(table.c[name] for name in ("day", "starts_at", "at") if name in table.c)
            days = connection.execute(select(func.min(when), func.max(when)).where(mine)).one()
            changes.setdefault("fixes", []).append(_days(*days))
            connection.execute(delete(table).where(mine))
    told = or_(*(rejected.c.value.icontains(name, autoescape=True) for name in names))
    if blanked := connection.execute(update(rejected).where(told).values(value=None)).rowcount:
        counts[rejected.name] = blanked
    _remember(connection, person, naming)
    return counts, changes


def _remember(connection: Connection, person: str, naming: bytes) -> None:
    known = erased_people(connection)
    now = datetime.now(UTC)
    for name in {pseudonym_of(person, kind, naming, USE) for kind in PREFIX} - known:
        connection.execute(insert(erased).values(person=name, erased_at=now))


def _days(first: date | datetime, last: date | datetime) -> Range:
    first, last = (one.date() if isinstance(one, datetime) else one for one in (first, last))
    return first, last


def leave_no_copy(store: Store) -> None:
    """Delete the published files of before at once, and let the database write over what was deleted.

    Who reads an older data version just then is told to open the page again.
    """
    with writing(store.engine) as connection:
        lock_loads(connection)
        publishing.sweep(connection, store.facts_dir, datetime.now(UTC) + 2 * publishing.GRACE)
    write_over(store.engine, {table.name for table, *_ in people_columns()} | {rejected.name})


def write_over(engine: Engine, touched: Collection[str]) -> None:
    """Let the database write over what was deleted from some tables."""
    if engine.dialect.name == "sqlite":
        _vacuum_sqlite(engine)
    else:
        _vacuum_postgres(engine, touched)


def _vacuum_postgres(engine: Engine, touched: Collection[str]) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for name in sorted(touched):
            connection.execute(text(f"VACUUM FULL {name}"))


def _vacuum_sqlite(engine: Engine) -> None:
    raw = engine.raw_connection()
    try:
        for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            raw.cursor().execute(statement)
    finally:
        raw.close()

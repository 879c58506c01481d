"""Checked rows into their table: the later row of a key replaces the earlier one, and the days touched are told.

Rows of a table that was empty before the load meet no others: they go straight in, unless one of the same load has
their key. All others pass through a temporary table, where they are compared with those that they replace.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import polars as pl
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    MetaData,
    Table,
    and_,
    cast,
    delete,
    func,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.sql import FromClause

from data_access.database.connection import insert_frame, is_postgres, read_frame
from data_access.facts import copies
from data_access.facts.copies import Copies
from data_access.feeds.checks import duplicates
from data_access.feeds.columns import EPOCH, Instant
from data_access.feeds.contract import OPEN_ENDS, Feed, key_of
from metrics.levels import local_date, local_day

HOUR_SECONDS = 3600
Range = tuple[date, date]
"""The first and the last of some local days."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Filling:
    """Tables that a load found empty: `keys`, by feed, are hashes of the keys of all rows put there by now (None: the
    table had rows before).
    """

    copies: Copies = field(default_factory=Copies)
    keys: dict[str, list[pl.Series] | None] = field(default_factory=dict)



def put(
    connection: Connection, feed: Feed, rows: pl.DataFrame, filling: Filling
) -> tuple[pl.DataFrame, list[Range]]:
    """Put typed rows (one per key, with file_id and line) into the table.

    Gives the rows of the same file that they replace, as failures by `duplicate_key`, and the ranges of local days
    (both ends included) on which anything changed.
    """
    ordered = rows.sort(key_of(feed))  # in the key's order: a fifth of the time
    if not _are_new(connection, feed, ordered, filling):
        copies.forget(filling.copies, feed.name)
        return _put_over(connection, feed, ordered)
    insert_frame(connection, feed.table, ordered)
    copies.add(filling.copies, feed.table, ordered)
    return duplicates(feed, ordered.clear()), _days(feed, ordered)


def remove(
    connection: Connection, feed: Feed, where: ColumnElement[bool], filling: Filling | None = None
) -> list[Range]:
    """Delete rows; give the ranges of local days they were on. `filling`: tables that this load found empty."""
    ranges = _ranges(connection, feed, select(*_bounds(connection, feed, feed.table)).where(where))
    if ranges and filling:
        copies.forget(filling.copies, feed.name)
    connection.execute(delete(feed.table).where(where))
    return ranges


def _are_new(connection: Connection, feed: Feed, rows: pl.DataFrame, filling: Filling) -> bool:
    """Tell whether the table was empty before the load and no row has the key of one put since."""
    if feed.name not in filling.keys:
        filling.keys[feed.name] = None if copies.has_rows(connection, feed.table) else []
        copies.begin(filling.copies, connection, feed.table)
    if (keys := filling.keys[feed.name]) is None:
        return False
    hashes = rows.select(key_of(feed)).hash_rows()
    met = any(hashes.is_in(earlier.implode()).any() for earlier in keys)
    keys.append(hashes)
    return not met


def _days(feed: Feed, rows: pl.DataFrame) -> list[Range]:
    """Return the ranges of local days of rows, all of them new."""
    if feed.event is None:
        return [(date.min, date.max)] if len(rows) else []
    first, last = (_local_day(feed, name) for name in (feed.event, feed.until or feed.event))
    found = rows.select(first.alias("first"), last.alias("last")).unique().rows()
    open_ended = feed.until in OPEN_ENDS
    return sorted({_range(*days, open_ended) for days in found if days[0] is not None})


def _local_day(feed: Feed, name: str) -> pl.Expr:
    is_instant = isinstance(feed.table.c[name].type, Instant)
    return local_day(pl.col(name)) if is_instant else pl.col(name)


def _put_over(connection: Connection, feed: Feed, rows: pl.DataFrame) -> tuple[pl.DataFrame, list[Range]]:
    """Put rows over those of the same key."""
    stage = _stage_table(feed)
    connection.execute(text(f"DROP TABLE IF EXISTS {stage.name}"))
    connection.execute(text(f"CREATE TEMPORARY TABLE {stage.name} AS SELECT * FROM {feed.table.name} WHERE 1 = 0"))
    insert_frame(connection, stage, rows)
    # Before the merge, while the table still has the rows that these replace.
    replaced = _replaced_of_same_file(connection, feed, stage)
    changed = _changed_ranges(connection, feed, stage)
    _merge(connection, feed, stage)
    return replaced, changed


@lru_cache(maxsize=64)
def _stage_table(feed: Feed) -> Table:
    """Return the temporary table of a feed: one and the same, or SQLAlchemy would compile each statement anew."""
    columns = [Column(one.name, one.type, primary_key=one.primary_key, info=one.info) for one in feed.table.columns]
    return Table(f"stage_{feed.name}", MetaData(), *columns)


def _same_key(feed: Feed, stage: FromClause) -> ColumnElement[bool]:
    return and_(*(feed.table.c[name] == stage.c[name] for name in key_of(feed)))


def _replaced_of_same_file(connection: Connection, feed: Feed, stage: Table) -> pl.DataFrame:
    earlier = select(feed.table.c.line, *(feed.table.c[name] for name in key_of(feed))).join_from(
        stage, feed.table, and_(_same_key(feed, stage), feed.table.c.file_id == stage.c.file_id)
    )
    return duplicates(feed, read_frame(connection, earlier))


def _changed_ranges(connection: Connection, feed: Feed, stage: Table) -> list[Range]:
    """Days of new rows, and of rows whose values differ, before and after."""
    own = feed.table
    values = [one.name for one in own.columns if not one.primary_key and one.name not in ("file_id", "line")]
    # Of nulls too: `!=` is null beside a null, and a value that comes or goes would pass for unchanged.
    differs = or_(*(own.c[name].is_distinct_from(stage.c[name]) for name in values))
    joined = stage.outerjoin(own, _same_key(feed, stage))
    fresh = or_(own.c.file_id.is_(None), differs)
    after = select(*_bounds(connection, feed, stage)).select_from(joined).where(fresh)
    before = select(*_bounds(connection, feed, own)).select_from(stage.join(own, _same_key(feed, stage))).where(differs)
    return [*_ranges(connection, feed, after), *_ranges(connection, feed, before)]


def _bounds(connection: Connection, feed: Feed, table: FromClause) -> list[ColumnElement[Any]]:
    """Return a row's first and last day as expressions, of an instant the hour; without an event it has neither."""
    if feed.event is None:
        return [literal_column("1")]
    first = _day_or_hour(connection, table.c[feed.event])
    return [first, _day_or_hour(connection, table.c[feed.until]) if feed.until else first]


def _day_or_hour(connection: Connection, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a date as it is, an instant as its hour since 1970: London's offset from UTC is always whole hours."""
    if not isinstance(column.type, Instant):
        return column
    if is_postgres(connection):
        return cast(func.floor(func.extract("epoch", column) / HOUR_SECONDS), BigInteger)
    return cast(column, BigInteger).op("/")(literal_column(str(HOUR_SECONDS * 1_000_000)))


def _ranges(connection: Connection, feed: Feed, query: Any) -> list[Range]:
    found = connection.execute(query.distinct()).all()
    if feed.event is None:
        return [(date.min, date.max)] if found else []
    open_ended = feed.until in OPEN_ENDS
    return sorted({_range(first, last, open_ended) for first, last in found if first is not None})


def _range(first: Any, last: Any, open_ended: bool) -> Range:
    begins = _as_day(first)
    ends = _as_day(last) if last is not None else (date.max if open_ended else begins)
    return begins, max(begins, ends)


def _as_day(value: Any) -> date:
    if isinstance(value, int):
        return local_date(EPOCH + timedelta(hours=value))
    return value


def _merge(connection: Connection, feed: Feed, stage: Table) -> None:
    own = feed.table
    make = postgres_insert if is_postgres(connection) else sqlite_insert
    names = [one.name for one in own.columns]
    # SQLite needs a WHERE here: without one it takes ON CONFLICT for the join's own ON
    rows = select(*(stage.c[name] for name in names)).where(literal_column("1") == literal_column("1"))
    statement = make(own).from_select(names, rows)
    kept = {name: statement.excluded[name] for name in names if name not in key_of(feed)}
    connection.execute(statement.on_conflict_do_update(index_elements=key_of(feed), set_=kept))

"""Rows that a load has just put into tables it found empty, kept beside the store until its facts are made of them.

Asking the store for tens of millions of rows that it was given a minute ago takes longer than making facts of them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import Connection, Table, literal_column, select

from data_access.feeds.values import dtype_of

# Of which facts are made by the month, and which are long.
COPIED = (
    "duties", "incidents", "crimes", "stop_searches", "visibility", "presence", "hotspot_stays", "fix_quality",
)  # fmt: skip
HELD_ROWS = 5_000  # so few are kept in memory
ROW_GROUP = 50_000  # small: a month is found by the groups' first and last values without reading the rest
Conditions = Callable[[Callable[[str], Any]], tuple[Any, ...]]
"""What rows must keep, all of it, in terms of their columns: written once, for SQL's columns as for Polars'."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Copies:
    """All rows of some tables, by the table's name, in pieces: the large ones in Parquet files of `folder`.

    No folder: no table is copied.
    """

    folder: Path | None = None
    pieces: dict[str, list[pl.LazyFrame]] = field(default_factory=dict)


def begin(copies: Copies, connection: Connection, table: Table) -> None:
    """Copy from now on what is put into a table, if it is one of COPIED and empty."""
    if copies.folder and table.name in COPIED and not has_rows(connection, table):
        copies.pieces[table.name] = []


def has_rows(connection: Connection, table: Table) -> bool:
    """Tell whether a table has any row."""
    return connection.execute(select(literal_column("1")).select_from(table).limit(1)).first() is not None


def add(copies: Copies, table: Table, rows: pl.DataFrame) -> None:
    """Copy rows that go into a table, if it is one that is copied; columns that they lack are null."""
    pieces = copies.pieces.get(table.name)
    if pieces is None or copies.folder is None or rows.is_empty():
        return
    lacking = [pl.lit(None, dtype_of(one)).alias(one.name) for one in table.columns if one.name not in rows.columns]
    whole = rows.with_columns(lacking).select(one.name for one in table.columns)
    if len(whole) <= HELD_ROWS:
        pieces.append(whole.lazy())
        return
    path = copies.folder / f"{table.name}-{len(pieces)}.parquet"
    whole.write_parquet(path, compression="lz4", row_group_size=ROW_GROUP, statistics=True)
    pieces.append(pl.scan_parquet(path))


def forget(copies: Copies, table: str) -> None:
    """Copy a table no more: rows of it were changed or taken away."""
    copies.pieces.pop(table, None)


def scan(copies: Copies, table: Table, where: Conditions) -> pl.LazyFrame | None:
    """Return the rows of a table that keep the conditions; None: it is not copied."""
    if (pieces := copies.pieces.get(table.name)) is None:
        return None
    if not pieces:
        return pl.LazyFrame(schema={one.name: dtype_of(one) for one in table.columns})
    return pl.concat(pieces).filter(*where(pl.col))


def mentions(column: Any, text: str) -> Any:
    """Tell whether a column of texts holds `text`, as a condition on SQL's column or Polars'."""
    if isinstance(column, pl.Expr):
        return column.str.contains(text, literal=True)
    return column.contains(text, autoescape=True)

"""Months folded for good: kept in the store, since the rows that they were made of are gone."""

import io
from datetime import date, datetime
from pathlib import Path

import polars as pl
from sqlalchemy import Connection, func, insert, select

from data_access.database.schema import metadata
from data_access.facts import publish
from metrics.levels import add_months

table = metadata.tables["folded"]
MARK = "-folded"


def until(connection: Connection) -> date:
    """Return the first month that is not folded; the first of all where none is."""
    newest = connection.execute(select(func.max(table.c.month))).scalar()
    return add_months(newest, 1) if newest else date.min


def since(connection: Connection, version: int) -> bool:
    """Tell whether folded months were published after a data version; the manifest says so to those who only read."""
    own = publish.published.c
    folds = select(own.path).where(own.load_id > version, own.path.like(f"%{MARK}.parquet")).limit(1)
    return connection.execute(folds).first() is not None


def keep(connection: Connection, dataset: str, month: date, rows: pl.DataFrame, *, came: bool, load_id: int) -> None:
    """Keep a folded month of a dataset."""
    content = io.BytesIO()
    rows.write_parquet(content, compression="zstd")
    values = {"dataset": dataset, "month": month, "content": content.getvalue(), "came": came, "load_id": load_id}
    connection.execute(insert(table).values(**values))


def publish_again(connection: Connection, folder: Path, dataset: str, *, load_id: int, now: datetime) -> None:
    """Publish every folded month of a dataset as it was kept."""
    for row in connection.execute(select(table).where(table.c.dataset == dataset).order_by(table.c.month)).all():
        rows = pl.read_parquet(io.BytesIO(row.content))
        publish_one(connection, folder, dataset, row.month, rows, came=row.came, load_id=load_id, now=now)


def publish_one(
    connection: Connection,
    folder: Path,
    dataset: str,
    month: date,
    rows: pl.DataFrame,
    *,
    came: bool,
    load_id: int,
    now: datetime,
) -> None:
    """Publish a folded month in place of what was there."""
    told = {"load_id": load_id, "now": now, "came": lambda _: came, "mark": MARK}
    publish.replace_months(connection, folder, dataset, [month], rows, **told)

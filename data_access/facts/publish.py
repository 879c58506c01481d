"""The published read copies: immutable Parquet files by dataset and month, and the manifest that names them."""

import os
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
from sqlalchemy import Connection, delete, select, update

from data_access.database.schema import metadata

GRACE = timedelta(hours=1)
COMPRESSION_LEVEL = 3
published = metadata.tables["published"]


def current(connection: Connection, dataset: str) -> list[tuple[date, str, int]]:
    """List (month, path, rows) of the files that hold `dataset` now, by month."""
    query = select(published.c.month, published.c.path, published.c.rows).where(
        published.c.dataset == dataset, published.c.retired_by.is_(None)
    )
    return [tuple(row) for row in connection.execute(query.order_by(published.c.month))]


def replace_months(
    connection: Connection,
    folder: Path,
    dataset: str,
    months: list[date],
    rows: pl.DataFrame,
    *,
    load_id: int,
    now: datetime,
) -> None:
    """Publish the `rows` of `months` (by `day`) in place of what was there.

    A month without rows has its file too: the manifest knows it, and builds it again when a code gives rows meaning.
    """
    retire = update(published).where(
        published.c.dataset == dataset, published.c.month.in_(months), published.c.retired_by.is_(None)
    )
    connection.execute(retire.values(retired_by=load_id, retired_at=now))
    for month in months:
        part = rows.filter(pl.col("day").dt.month_start() == month)
        path = f"{dataset}/{month:%Y-%m}-{load_id}.parquet"
        write_whole(part, folder / path)
        entry = {"path": path, "dataset": dataset, "month": month, "rows": len(part), "load_id": load_id}
        connection.execute(published.insert().values(entry))


def write_whole(rows: pl.DataFrame, path: Path) -> None:
    """Write a Parquet file that is either there whole, on the disk itself, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    rows.write_parquet(unfinished, compression="zstd", compression_level=COMPRESSION_LEVEL)
    with unfinished.open("rb") as file:
        os.fsync(file.fileno())
    unfinished.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def sweep(connection: Connection, folder: Path, now: datetime) -> None:
    """Delete files that no manifest row names (a load that died left them) or that were retired long enough ago."""
    gone = published.c.retired_at < now - GRACE
    connection.execute(delete(published).where(gone))
    named = set(connection.execute(select(published.c.path)).scalars())
    for path in folder.glob("*/*"):
        if path.is_file() and path.relative_to(folder).as_posix() not in named:
            path.unlink(missing_ok=True)
    for left in folder.glob("stage-*"):
        left.rmdir()

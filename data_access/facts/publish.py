"""The published read copies: immutable Parquet files by dataset and month, and the manifest that names them."""

import os
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import polars as pl
from sqlalchemy import ColumnElement, Connection, and_, delete, func, or_, select, update

from data_access.database.schema import metadata
from data_access.feeds.columns import ALWAYS
from data_access.private import own_file, own_folder

GRACE = timedelta(hours=1)  # longer than any page or export takes that began before a load
COMPRESSION_LEVEL = 3
WHOLE_FEED = ALWAYS  # stands as the month of a small feed that is published whole
STANDING = ("extents",)  # has rows for every month that is built, whether or not anything happened in it
published = metadata.tables["published"]


class Published(NamedTuple):
    """A file of the manifest. `came`: anything came from which it might have had rows, whether or not it has any."""

    month: date
    path: str
    rows: int
    came: bool


def files(connection: Connection, dataset: str, version: int | None = None) -> list[Published]:
    """List the files of `dataset` by month, as of a data version; None: as they are in this transaction.

    A later load only marks what it replaces: the files of a version are there until they have waited out GRACE.
    """
    own = published.c
    query = select(own.month, own.path, own.rows, own.came).where(own.dataset == dataset, in_version(version))
    return [Published(*row) for row in connection.execute(query.order_by(own.month))]


def current(connection: Connection) -> dict[str, list[Published]]:
    """List the current files of every dataset by month, as they are in this transaction."""
    own = published.c
    query = select(own.dataset, own.month, own.path, own.rows, own.came).where(in_version(None)).order_by(own.month)
    found: dict[str, list[Published]] = {}
    for dataset, *file in connection.execute(query):
        found.setdefault(dataset, []).append(Published(*file))
    return found


def in_version(version: int | None) -> ColumnElement[bool]:
    """Tell which files of the manifest belong to a data version; None: to what is current."""
    own = published.c
    if version is None:
        return own.retired_by.is_(None)
    return and_(own.load_id <= version, or_(own.retired_by.is_(None), own.retired_by > version))


def span(connection: Connection, version: int) -> tuple[date, date] | None:
    """Return the first and last month of anything that happened, in a data version; None: it has nothing."""
    own = published.c
    months = select(func.min(own.month), func.max(own.month)).where(
        in_version(version), own.rows > 0, own.month > WHOLE_FEED, own.dataset.not_in(STANDING)
    )
    first, last = connection.execute(months).one()
    return (first, last) if first else None


def replace_months(
    connection: Connection,
    folder: Path,
    dataset: str,
    months: list[date],
    rows: pl.DataFrame,
    *,
    load_id: int,
    now: datetime,
    came: Callable[[date], bool],
    mark: str = "",
) -> None:
    """Publish the `rows` of `months` (by `day`) in place of what was there; `mark` ends the files' names.

    A month without rows has its file too: the manifest knows it, and builds it again when a code gives rows meaning.
    `came` tells of such a month whether anything came from which it might have had rows.
    """
    retire(connection, [dataset], months, load_id=load_id, now=now)
    for month in months:
        part = rows.filter(pl.col("day").dt.month_start() == month)
        path = f"{dataset}/{month:%Y-%m}-{load_id}{mark}.parquet"
        write_whole(part, folder / path)
        entry = {"rows": len(part), "came": bool(len(part)) or came(month), "load_id": load_id}
        connection.execute(published.insert().values(path=path, dataset=dataset, month=month, **entry))


def retire(
    connection: Connection, datasets: Sequence[str], months: list[date], *, load_id: int, now: datetime
) -> None:
    """Mark the current files of `datasets` in `months` as replaced by a load; readers of earlier versions keep them."""
    own = published.c
    replaced = update(published).where(own.dataset.in_(datasets), own.month.in_(months), own.retired_by.is_(None))
    connection.execute(replaced.values(retired_by=load_id, retired_at=now))


def write_whole(rows: pl.DataFrame, path: Path) -> None:
    """Write a Parquet file that is either there whole, on the disk itself, or not at all."""
    own_folder(path.parent)
    unfinished = path.with_suffix(".unfinished")
    own_file(unfinished)
    rows.write_parquet(unfinished, compression="zstd", compression_level=COMPRESSION_LEVEL)
    # The bytes before the name, the name before the manifest: after a power cut what is named is there whole.
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

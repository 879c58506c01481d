"""Small feeds that readers ask for as they are, published whole with each load that changes them.

Rows in SQL change in place; a reader of an older version must go on reading the names, weights and areas of its own.
"""

from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import polars as pl
from sqlalchemy import Connection, func, select, update

from data_access.database.areas import PROVENANCE, Feeds, feeds_of
from data_access.facts import publish
from data_access.facts.datasets import came
from data_access.feeds.tables import FEED_TABLES
from data_access.feeds.values import dtype_of

REFERENCES = (
    "neighbourhoods", "sectors", "premises", "hotspots", "officers", "postings", "weights", "targets",
    "closure_codes", "measures", "problems", "asb_audits", "surveys", "population",
)  # fmt: skip
KEPT_OPEN = 64  # feeds held in memory: five versions of all of them, a few megabytes each


def dataset_of(feed: str) -> str:
    """Name the dataset that a feed is published as."""
    return f"feed-{feed}"


def publish_references(
    connection: Connection, folder: Path, feed: Feeds, changed: Collection[str] | None, *, load_id: int, now: datetime
) -> None:
    """Publish the feeds of REFERENCES among `changed` (None: all), and those that never were, as of this load."""
    own = publish.published.c
    known = set(connection.execute(select(own.dataset).where(own.month == publish.WHOLE_FEED)).scalars())
    due = {name: dataset_of(name) for name in REFERENCES}
    due = {name: it for name, it in due.items() if changed is None or name in changed or it not in known}
    if again := [it for it in due.values() if it in known]:
        publish.retire(connection, again, [publish.WHOLE_FEED], load_id=load_id, now=now)
    entries = []
    for name, dataset in due.items():
        rows, path = feed(name), f"{dataset}/{load_id}.parquet"
        publish.write_whole(rows, folder / path)
        entries.append({"path": path, "dataset": dataset, "rows": len(rows)})
    if entries:
        alike = {"month": publish.WHOLE_FEED, "came": True, "load_id": load_id}
        connection.execute(publish.published.insert(), [{**one, **alike} for one in entries])


def is_complete(connection: Connection) -> bool:
    """Tell whether the manifest of a store has what this version of the suite publishes; an older one's has not."""
    own = publish.published.c
    if connection.execute(select(own.path).limit(1)).first() is None:
        return True
    feeds = select(func.count(own.dataset.distinct())).where(own.month == publish.WHOLE_FEED)
    untold = select(own.path).where(own.came.is_(None)).limit(1)
    return connection.execute(feeds).scalar_one() >= len(REFERENCES) and connection.execute(untold).first() is None


def complete(connection: Connection, folder: Path, *, load_id: int, now: datetime) -> None:
    """Publish what an older version of the suite did not: whole feeds, and which months nothing happened in."""
    own = publish.published.c
    for path, dataset, month, rows in connection.execute(
        select(own.path, own.dataset, own.month, own.rows).where(own.came.is_(None))
    ).all():
        anything_came = bool(rows) or came(connection, dataset, month)
        connection.execute(update(publish.published).where(own.path == path).values(came=anything_came))
    publish_references(connection, folder, feeds_of(connection), (), load_id=load_id, now=now)


@lru_cache(maxsize=KEPT_OPEN)
def read(feed: str, path: Path | None) -> pl.DataFrame:
    """Return a published feed whole, its file never changes; no path: nothing was loaded yet.

    A column that is younger than the file is null: nothing of it was known.
    """
    columns = FEED_TABLES[feed].columns
    schema = {one.name: dtype_of(one) for one in columns if one.name not in PROVENANCE}
    if path is None:
        return pl.DataFrame(schema=schema)
    return pl.scan_parquet(path, schema=schema, missing_columns="insert", extra_columns="ignore").collect()

"""What the builders of datasets read: typed rows of the store, areas, the small feeds, what was published before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import Column, Connection, Table, select

from data_access.database.areas import PROVENANCE, Feeds, feeds_of, hotspots, neighbourhoods
from data_access.database.connection import read_frame
from data_access.database.schema import metadata
from data_access.facts import copies
from data_access.facts import publish as publishing
from data_access.facts.copies import Conditions, Copies
from metrics.hotspots import IMPACT_AREA, SYV_ROBBERY
from metrics.levels import AREA_COLUMNS, local_start, stamp_home
from metrics.location import AreaIndex
from metrics.parameters import Parameters
from metrics.sources import ON_READ, SOURCES

FEW_MONTHS, ALL_MONTHS = 3, 1200  # built at once: of the feeds with a row for each event, of those with few
VISIBILITY_MONTHS = "visibility_months"  # the same seconds, a row a month: what a figure of a month is read from
# The small feeds that an area of a row, or the home of an officer, is read from.
PLACES = ("neighbourhoods", "sectors")
HOME = ("officers", "postings", *PLACES)


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """What builders read from: the load's connection, the facts folder and the force's parameters.

    Small feeds, areas and their indexes are read once: all their rows are in the store before the first builder runs.
    `copies` have the rows of some tables too, quicker than the store gives them.
    """

    connection: Connection
    folder: Path
    parameters: Parameters
    copies: Copies = field(default_factory=Copies)

    @cached_property
    def feed(self) -> Feeds:
        """The small feeds, as this load has left them."""
        return cache(feeds_of(self.connection))

    @cached_property
    def neighbourhoods(self) -> pl.DataFrame:
        """All versions of all neighbourhoods, as `areas.neighbourhoods` gives them."""
        return neighbourhoods(self.feed)

    @cached_property
    def neighbourhood_index(self) -> AreaIndex:
        """Where the neighbourhoods are."""
        return AreaIndex.from_features(self.neighbourhoods)

    @cached_property
    def hotspots(self) -> pl.DataFrame:
        """All versions of all hotspots and Impact Areas, as `areas.hotspots` gives them."""
        return hotspots(self.feed)

    @cached_property
    def hotspot_indexes(self) -> dict[str, AreaIndex]:
        """Where the Impact Areas and the hotspots are, by the column of a crime that lists them."""
        impact = pl.col("kind") == IMPACT_AREA
        kinds = {
            "impact_areas": impact,
            "hotspots": ~impact,
            "syv_robbery_hotspots": pl.col("kind") == SYV_ROBBERY,
        }
        return {
            into: AreaIndex.from_features(self.hotspots.filter(kind), code="hotspot_id") for into, kind in kinds.items()
        }


def table_of(name: str) -> Table:
    """Return a table of the store by its name."""
    return metadata.tables[name]


def rows_of(inputs: Inputs, table: str, where: Conditions) -> pl.LazyFrame:
    """Return the rows of a table that keep all conditions, without the file and line that they came from."""
    own = table_of(table)
    columns = [one for one in own.columns if one.name not in PROVENANCE]
    copied = copies.scan(inputs.copies, own, where)
    if copied is not None:
        return copied.select(one.name for one in columns)
    return read_frame(inputs.connection, select(*columns).where(*where(own.c.__getitem__))).lazy()


def rows_begun(inputs: Inputs, table: str, at: str, since: date, until: date) -> pl.LazyFrame:
    """Return the rows of a table whose instant `at` is on the local days [since, until)."""
    first, last = local_start(since), local_start(until)
    return rows_of(inputs, table, lambda own: (own(at) >= first, own(at) < last))


def rows_on_days(inputs: Inputs, table: str, since: date, until: date) -> pl.LazyFrame:
    """Return the rows of a table whose `day` is in [since, until)."""
    return rows_of(inputs, table, lambda own: (own("day") >= since, own("day") < until))


def at_home(inputs: Inputs, rows: pl.LazyFrame) -> pl.LazyFrame:
    """Return the rows with role, team and home areas of the day added."""
    postings, officers = (inputs.feed(feed).lazy() for feed in ("postings", "officers"))
    return stamp_home(rows, postings, inputs.neighbourhoods.lazy(), officers)


def published_facts(inputs: Inputs, dataset: str, since: date, until: date) -> pl.LazyFrame:
    """Return facts of [since, until), whole months, that this load or one before it has published."""
    files = publishing.files(inputs.connection, dataset)
    paths = [inputs.folder / one.path for one in files if since <= one.month < until]
    return scan(paths, dataset)


def scan(paths: Sequence[Path], dataset: str) -> pl.LazyFrame:
    """Read files of a dataset; a column that is younger than its file is null: nothing of it was known."""
    schema = published_schema(dataset)
    # scan_parquet refuses an empty list of files; a dataset without months is one without rows.
    if not paths:
        return pl.LazyFrame(schema=schema)
    return pl.scan_parquet(paths, schema=schema, missing_columns="insert", extra_columns="ignore")


def published_schema(dataset: str) -> dict[str, pl.DataType]:
    """Return the columns of a dataset as published; the weight of a crime is a reader's choice."""
    if dataset not in ("visibility", VISIBILITY_MONTHS):
        return {name: dtype for name, dtype in SOURCES[dataset].items() if name not in ON_READ}
    source = SOURCES["visibility_home"]
    return {f"home_{name}" if name in AREA_COLUMNS else name: dtype for name, dtype in source.items()}


Build = Callable[[Inputs, date, date], pl.LazyFrame]


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """Facts published by month, and the feeds they are made from.

    A row of a `dated` feed bears on its own days and on `reach` days after; `references` change the meaning of rows
    that are there. `build` returns at least the rows of the days [since, until), which are whole months. `came_by` is
    the instant or day of rows that tell that anything came in a month from which there might have been facts, where
    the facts themselves need not: incidents of which none is ASB, fixes of nobody on duty. `at_once` is how many
    months are built together: it bounds memory.
    """

    name: str
    dated: tuple[str, ...]
    references: tuple[str, ...]
    build: Build = field(compare=False)
    reach: Callable[[Parameters], int] = field(compare=False, default=lambda _: 0)
    came_by: Column[Any] | None = field(compare=False, default=None)
    at_once: int = field(compare=False, default=FEW_MONTHS)

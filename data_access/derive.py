"""Facts from typed rows: which months a load touched, and how each dataset's months are built again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
from sqlalchemy import ColumnElement, Connection, Table, select

from data_access import publishing
from data_access.areas import PROVENANCE, feed_rows, hotspots, neighbourhoods, stamp_areas
from data_access.database import read_frame
from data_access.schema import FEED_TABLES
from data_access.settings import ParameterSettings
from data_access.upsert import Range
from metrics.abstraction import duty_facts
from metrics.asb import asb_facts
from metrics.harm import crime_facts
from metrics.levels import LONDON, add_months, local_day, month_of, months_between
from metrics.location import AreaIndex, place_all
from metrics.sources import SOURCES

# A shift or an episode that started before the month is told from one that starts in it by the days before.
DUTY_MARGIN = timedelta(days=7)
CHUNK_MONTHS = 6  # how many months are built at once: bounds memory
IMPACT_AREA = "impact_area"


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """Facts published by month: the feeds they are made from, and how many days later a row still bears on them.

    `dated` feeds put rows on days; `references` change the meaning of rows that are there.
    """

    name: str
    dated: Mapping[str, int]
    references: tuple[str, ...]
    build: Callable[[Connection, date, date, ParameterSettings], pl.LazyFrame] = field(compare=False)


def publish_all(
    connection: Connection,
    folder: Path,
    changes: Mapping[str, list[Range]],
    parameters: ParameterSettings,
    *,
    load_id: int,
    now: datetime,
    tell: Callable[[str], None],
) -> None:
    """Build again, and publish, every month of every dataset that the changed rows touch."""
    for dataset in DATASETS:
        months = _touched(connection, dataset, changes)
        for chunk in _chunks(months):
            tell(f"facts: {dataset.name} {chunk[0]:%Y-%m}")
            since, until = chunk[0], add_months(chunk[-1], 1)
            wanted = pl.col("day").is_between(since, until, closed="left")
            rows = conform(dataset.build(connection, since, until, parameters), dataset.name).filter(wanted)
            publishing.replace_months(
                connection, folder, dataset.name, chunk, rows.collect(), load_id=load_id, now=now
            )


def conform(rows: pl.LazyFrame, source: str) -> pl.LazyFrame:
    """Give the columns of `source` in their order and types; what only a reader can add (`weight`) is left out."""
    present = rows.collect_schema().names()
    return rows.select(
        pl.col(name).cast(dtype)
        for name, dtype in SOURCES[source].items()
        if name in present or name != "weight"
    )


def _touched(connection: Connection, dataset: Dataset, changes: Mapping[str, list[Range]]) -> list[date]:
    """List the months to build: those with changed rows, and those with rows whose meaning changed."""
    own = {month for feed in dataset.dated for one in changes.get(feed, ()) for month in _months(one)}
    known = {month for month, _, _ in publishing.current(connection, dataset.name)} | own
    reaching = [
        (first, _later(last, days))
        for feed, days in dataset.dated.items()
        for first, last in changes.get(feed, ())
    ]
    meaning = [one for feed in dataset.references for one in changes.get(feed, ())]
    return sorted(
        own | {month for month in known if any(_overlap(month, one) for one in (*reaching, *meaning))}
    )


def _later(day: date, days: int) -> date:
    return date.max if day > date.max - timedelta(days=days) else day + timedelta(days=days)


def _months(days: Range) -> list[date]:
    """Months of UTC days; the local day may be the next one."""
    first, last = days
    return months_between(month_of(first), month_of(_later(last, 1)))


def _overlap(month: date, days: Range) -> bool:
    first, last = days
    return first < add_months(month, 1) and month <= _later(last, 1)


def _chunks(months: list[date]) -> list[list[date]]:
    """Cut months into runs without gaps, of at most CHUNK_MONTHS."""
    chunks: list[list[date]] = []
    for month in months:
        if chunks and add_months(chunks[-1][-1], 1) == month and len(chunks[-1]) < CHUNK_MONTHS:
            chunks[-1].append(month)
        else:
            chunks.append([month])
    return chunks


def local_start(day: date) -> datetime:
    """Give the instant at which a local day starts."""
    return datetime.combine(day, time(), ZoneInfo(LONDON)).astimezone(UTC)


def _rows(connection: Connection, feed: str, *where: ColumnElement[bool]) -> pl.LazyFrame:
    table = FEED_TABLES[feed]
    columns = (one for one in table.columns if one.name not in PROVENANCE)
    return read_frame(connection, select(*columns).where(*where)).lazy()


def _table(feed: str) -> Table:
    return FEED_TABLES[feed]


def _duty(connection: Connection, since: date, until: date, _: ParameterSettings) -> pl.LazyFrame:
    own = _table("duties").c
    touching = (
        own.starts_at < local_start(until + DUTY_MARGIN),
        own.ends_at > local_start(since - DUTY_MARGIN),
    )
    references = (
        feed_rows(connection, "activity_codes"),
        feed_rows(connection, "postings"),
        feed_rows(connection, "officers"),
        neighbourhoods(connection),
    )
    return duty_facts(_rows(connection, "duties", *touching), *(one.lazy() for one in references))


def _asb(connection: Connection, since: date, until: date, parameters: ParameterSettings) -> pl.LazyFrame:
    own = _table("incidents").c
    back = since - timedelta(days=parameters.repeat_days)
    rows = _rows(
        connection,
        "incidents",
        own.reported_at >= local_start(back),
        own.reported_at < local_start(until),
        own.closing_codes.is_not(None) | (own.provenance != "force"),
    )
    dated = rows.with_columns(day=local_day(pl.col("reported_at")))
    codes = feed_rows(connection, "closure_codes").lazy()
    return asb_facts(
        stamp_areas(dated, neighbourhoods(connection)),
        codes,
        repeat_n=parameters.repeat_n,
        repeat_days=parameters.repeat_days,
    )


def _crimes(connection: Connection, since: date, until: date, _: ParameterSettings) -> pl.LazyFrame:
    own = _table("crimes").c
    rows = _rows(connection, "crimes", own.recorded_on >= since, own.recorded_on < until)
    dated = stamp_areas(rows.with_columns(day="recorded_on"), neighbourhoods(connection))
    polygons = hotspots(connection)
    impact = pl.col("kind") == IMPACT_AREA
    for into, chosen in (("impact_areas", impact), ("hotspots", ~impact)):
        some = polygons.filter(chosen)
        if len(some):
            dated = place_all(dated, AreaIndex.from_features(some, code="hotspot_id"), into=into)
    return crime_facts(dated, feed_rows(connection, "offences").lazy())


DATASETS: tuple[Dataset, ...] = (
    Dataset(
        name="duty",
        dated={"duties": 7},
        references=("activity_codes", "postings", "officers", "neighbourhoods", "sectors"),
        build=_duty,
    ),
    Dataset(
        name="asb",
        dated={"incidents": 183},
        references=("closure_codes", "neighbourhoods", "sectors"),
        build=_asb,
    ),
    Dataset(
        name="crimes",
        dated={"crimes": 0},
        references=("offences", "neighbourhoods", "sectors", "hotspots"),
        build=_crimes,
    ),
)

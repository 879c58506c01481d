"""The stays job over a folder of Parquet fixes: what it is judged by, and its run on one machine, days at a time."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
from sqlalchemy import Connection, select

from data_access.database.areas import feeds_of, hotspots, neighbourhoods, premises
from data_access.database.connection import read_frame
from data_access.feeds.contract import FIXES_COLUMNS
from data_access.feeds.tables import FEED_TABLES
from data_access.stays.task import DATASETS, VISIBLE, Job, officer_facts, presence_facts
from metrics.abstraction import duty_intervals, resolve
from metrics.levels import LONDON, local_day
from metrics.parameters import Parameters
from metrics.presence import in_uniform
from metrics.stays import Window

DATED = ("valid_from", "valid_to")
DAY = timedelta(days=1)


class UnusableFixes(Exception):
    """The folder of fixes cannot be used; the message says why and what to do."""


def job_of(connection: Connection, parameters: Parameters) -> Job:
    """Read what fixes are judged by from the store."""
    feed = feeds_of(connection)
    duties = read_frame(connection, select(*FEED_TABLES["duties"].c))
    resolved = resolve(duties.lazy(), feed("activity_codes").lazy())
    duty = duty_intervals(resolved).collect()
    return Job(
        neighbourhoods=neighbourhoods(feed).select("neighbourhood_code", "geometry", *DATED),
        premises=premises(feed).select("kind", "geometry", *DATED),
        hotspots=hotspots(feed).select("hotspot_id", "geometry", *DATED),
        duty=duty,
        uniformed=in_uniform(duty, feed("officers")),
        building_buffer_m=parameters.building_buffer_m,
        max_gap_seconds=parameters.max_gap,
    )


def scan(folder: Path) -> pl.LazyFrame:
    """Scan a folder's Parquet fixes; UnusableFixes where there are none, or a column is not as it must be."""
    files = sorted(folder.rglob("*.parquet"))
    if not files:
        raise UnusableFixes(f"no .parquet file in {folder}: give the folder that holds the fixes")
    fixes = pl.scan_parquet(files)
    schema = fixes.collect_schema()
    if missing := [name for name in FIXES_COLUMNS if name not in schema]:
        raise UnusableFixes(f"the fixes have no column {missing[0]!r}: they need {', '.join(FIXES_COLUMNS)}")
    if not isinstance(schema["at"], pl.Datetime) or schema["at"].time_zone is None:
        raise UnusableFixes(f"the fixes' column 'at' is {schema['at']}: make it an instant with a time zone")
    return fixes.select(FIXES_COLUMNS).drop_nulls(["officer_id", "at"])


def run_local(job: Job, fixes: Path, out: Path, days: int) -> None:
    """Write each of DATASETS as `out/<dataset>/<first day>.parquet`, working on `days` local days at a time.

    Memory holds the fixes of so many days. Files sorted by time are read once, others once for each step.
    """
    rows, ground = scan(fixes), job.ground()
    for name in DATASETS:
        (out / name).mkdir(parents=True)
    for first, window in _windows(rows, days, job.max_gap_seconds):
        facts = officer_facts(rows, job, ground, window)
        facts["presence"] = presence_facts(facts.pop(VISIBLE).lazy(), job)
        for name, frame in facts.items():
            frame.write_parquet(out / name / f"{first}.parquet")


def _windows(fixes: pl.LazyFrame, days: int, max_gap_seconds: int) -> Iterator[tuple[date, Window]]:
    """Cut the local days that fixes bear on into windows of at most `days` days, leaving out those without."""
    hours = fixes.select(at=pl.col("at").dt.truncate("1h")).unique().collect(engine="streaming")
    last = pl.col("at") + pl.duration(hours=1, seconds=max_gap_seconds)
    touched = pl.concat([hours.select(local_day(pl.col("at"))), hours.select(local_day(last))])
    run: list[date] = []
    for day in sorted(set(touched["at"].to_list())):
        if run and (day != run[-1] + DAY or len(run) == days):
            yield run[0], (_midnight(run[0]), _midnight(run[-1] + DAY))
            run = []
        run.append(day)
    if run:
        yield run[0], (_midnight(run[0]), _midnight(run[-1] + DAY))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(LONDON)).astimezone(UTC)

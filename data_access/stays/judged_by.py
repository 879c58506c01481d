"""What radio fixes are judged by, read from the store, and the version of each: a hash of what bears on some days."""

import hashlib
from datetime import date

import polars as pl
from sqlalchemy import Connection

from data_access.database.areas import feed_rows, feeds_of, hotspots, neighbourhoods, premises
from data_access.database.duties import read_duties
from data_access.database.ledger import names_of
from data_access.stays.seam import DAY, Days
from data_access.stays.task import Areas, Job, window_of
from metrics.abstraction import duty_intervals, resolve
from metrics.parameters import Parameters
from metrics.presence import by_local_day, in_uniform

VALIDITY = ("valid_from", "valid_to")
DATED = ("neighbourhoods", "premises", "hotspots")
DIGITS = 16  # of a hash: a slip is to be seen, not an attack


def areas_of(connection: Connection, parameters: Parameters) -> Areas:
    """Read the areas in which fixes are placed."""
    feed = feeds_of(connection)
    return Areas(
        neighbourhoods=neighbourhoods(feed).select("neighbourhood_code", "geometry", *VALIDITY),
        premises=premises(feed).select("premises_id", "kind", "geometry", *VALIDITY),
        hotspots=hotspots(feed).select("hotspot_id", "geometry", *VALIDITY),
        building_buffer_m=parameters.building_buffer_m,
    )


def job_of(connection: Connection, areas: Areas, parameters: Parameters, days: Days) -> Job:
    """Read what the fixes of some local days, and of the hours beside them, are judged by."""
    since, until = window_of((days[0] - DAY, days[1] + DAY))
    duties = read_duties(connection, since, until).lazy()
    resolved = resolve(duties, feed_rows(connection, "activity_codes").lazy())
    duty = duty_intervals(resolved).collect()
    return Job(
        areas=areas,
        duty=duty,
        uniformed=in_uniform(duty, feed_rows(connection, "officers")),
        max_gap_seconds=parameters.max_gap,
        names=names_of(connection),
    )


def versions(job: Job, days: Days) -> dict[str, str]:
    """Return the hash of each thing that bears on the facts of `days`: of areas, of who is uniformed, of a day's duty.

    What lies outside these days and the seams beside them changes none of the hashes: next month's duties may be loaded
    between a job and the loading of what it made. Postings bear on no row: homes are stamped when facts are published.
    """
    duty = _duty_about(job, days)
    plain = duty.filter(~pl.col("officer_id").is_in(job.uniformed.implode())).select("officer_id").unique()
    found = {name: _hash(_valid_about(getattr(job.areas, name), days)) for name in DATED}
    found["officers"] = _hash(plain)
    if job.names:
        found["pseudonyms"] = job.names
    for (day,), rows in duty.partition_by("day", as_dict=True).items():
        found[f"duties of {day}"] = _hash(rows)
    return found


def _duty_about(job: Job, days: Days) -> pl.DataFrame:
    """Return the duty that bears on the days, cut at local midnights: officer_id, start, end, day."""
    opens, closes = window_of(days)
    begins, ends = opens - job.seam.edge, closes + job.seam.edge
    clipped = job.duty.lazy().with_columns(pl.col("start", "end").clip(begins, ends))
    return by_local_day(clipped.filter(pl.col("start") < pl.col("end"))).collect()


def _valid_about(features: pl.DataFrame, days: Days) -> pl.DataFrame:
    """Return the features that are valid on the days or on one beside them, as far as those reach."""
    first, after = days[0] - DAY, days[1] + 2 * DAY
    begins = pl.col("valid_from").fill_null(date.min).clip(lower_bound=first)
    ends = pl.col("valid_to").fill_null(date.max).clip(upper_bound=after)
    return features.with_columns(valid_from=begins, valid_to=ends).filter(pl.col("valid_from") < pl.col("valid_to"))


def _hash(rows: pl.DataFrame) -> str:
    text = rows.sort(rows.columns).write_csv()
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]

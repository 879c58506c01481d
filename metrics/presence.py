"""Intervals of time: joined, united, and cut into local hours and days (definitions.md §1 and §3)."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl

from metrics.grid import numbered
from metrics.levels import local_day, local_hour, local_midnight

HOUR = 3_600_000_000  # microseconds
MICRO = 1_000_000

start, end = pl.col("start"), pl.col("end")
whole_seconds = (end.dt.epoch("us") // MICRO - start.dt.epoch("us") // MICRO).alias("seconds")
"""Length of [start, end), each end put back to its whole second: lengths of touching intervals still add."""


def runs(same: np.ndarray, begins: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Join touching neighbours: returns the first and last row of each run.

    `same[i]` says that rows i and i + 1 are of one kind; they join where also ends[i] == begins[i + 1].
    """
    breaks = np.flatnonzero(~same | (ends[:-1] != begins[1:]))
    first = np.concatenate([[0], breaks + 1]) if len(begins) else np.empty(0, dtype=np.int64)
    last = np.concatenate([breaks, [len(begins) - 1]]) if len(begins) else first
    return first, last


def by_local_hour(intervals: pl.DataFrame) -> pl.DataFrame:
    """Cut [start, end) at every hour end and add `day`, `hour` (Europe/London, Int8) and `seconds` (Int64).

    London's offset is always whole hours, so a cut at a UTC hour is a cut at a local one.
    """
    begins, ends = (intervals[name].to_physical().to_numpy() for name in ("start", "end"))
    first_hour = begins // HOUR
    owner, nth = numbered((ends - 1) // HOUR - first_hour + 1)
    hour = first_hour[owner] + nth
    seconds = np.minimum(ends[owner], (hour + 1) * HOUR) // MICRO - np.maximum(begins[owner], hour * HOUR) // MICRO
    clock = _clock(hour)
    return intervals.drop("start", "end")[owner].with_columns(
        day=clock["day"], hour=clock["hour"], seconds=pl.Series(seconds, dtype=pl.Int64)
    )


def local_days(instants: np.ndarray) -> np.ndarray:
    """Return the local day (datetime64[D]) of instants in microseconds UTC."""
    return _clock(instants // HOUR)["day"].to_numpy()


def clock_between(first: int, last: int) -> pl.DataFrame:
    """Return `day` and `hour` (Europe/London, Int8) of the UTC hours of first to last, instants in microseconds."""
    return _clock(np.arange(first // HOUR, last // HOUR + 1))


def days_of(instants: pl.Series) -> pl.Series:
    """Return the local day (Date) of each instant (Datetime): by way of its hour, many times as quick as by itself."""
    return _clock(instants.dt.epoch("us").to_numpy() // HOUR)["day"]


def counts_by_day(instants: pl.Series) -> dict[date, int]:
    """Return how many of the instants (Datetime, none null) are on each local day that has one."""
    if instants.is_empty():
        return {}
    hours = instants.dt.epoch("us").to_numpy() // HOUR
    counts = np.bincount(hours - hours.min())
    days = _clock(hours.min() + np.arange(len(counts)))
    tally = days.select("day", count=pl.Series(counts)).group_by("day").agg(pl.col("count").sum())
    return dict(tally.filter(pl.col("count") > 0).rows())


def by_local_day(intervals: pl.LazyFrame) -> pl.LazyFrame:
    """Cut [start, end) at local midnights and add `day`."""
    last = local_day(end - pl.duration(microseconds=1))
    days = intervals.with_columns(day=pl.date_ranges(local_day(start), last)).explode("day")
    following = local_midnight(pl.col("day").dt.offset_by("1d"))
    return days.with_columns(
        start=pl.max_horizontal(start, local_midnight(pl.col("day"))), end=pl.min_horizontal(end, following)
    )


def in_uniform(on_duty: pl.DataFrame, officers: pl.DataFrame) -> pl.Series:
    """Name those of `on_duty` (officer_id) who count for presence: all but whom `officers` has as not uniformed."""
    plain = officers.filter(~pl.col("uniformed").fill_null(True))["officer_id"]
    return (
        on_duty.select(pl.col("officer_id").unique()).filter(~pl.col("officer_id").is_in(plain.implode())).to_series()
    )


def presence(visible: pl.LazyFrame, uniformed: Sequence[str] | pl.Series) -> pl.LazyFrame:
    """Return neighbourhood_code, day, hour, seconds: how long at least one uniformed officer was visible there.

    `visible`: officer_id, neighbourhood_code, start, end (UTC), as `stays.officer_stays` gives. Officers not
    in `uniformed` are left out, and so is visible time outside every neighbourhood.
    """
    # Two officers side by side are one presence: a sum would count the minute twice, so the intervals are united first.
    shown = pl.col("officer_id").is_in(pl.Series(uniformed, dtype=pl.String).implode())
    rows = visible.filter(shown, pl.col("neighbourhood_code").is_not_null())
    cut = by_local_hour(united(rows, "neighbourhood_code").collect())
    hours = cut.lazy().group_by("neighbourhood_code", "day", "hour").agg(pl.col("seconds").sum())
    return hours.filter(pl.col("seconds") > 0).sort("neighbourhood_code", "day", "hour")


def run_number(key: str, *, touching: bool = True) -> pl.Expr:
    """Return the number of each row's run: of rows of one `key` that overlap, or only touch (`touching` false: not).

    The rows are sorted by `key` and `start`. A row joins its run by the latest end so far, not by the row before: a
    long interval may span several that start after it.
    """
    reached = end.cum_max().shift(1).over(key)
    apart = start > reached if touching else start >= reached
    return (reached.is_null() | apart).cum_sum()


def united(intervals: pl.LazyFrame, key: str) -> pl.LazyFrame:
    """Return `key`, start, end: the intervals [start, end) of each key that touch or overlap joined; empty ones go."""
    ordered = intervals.select(key, "start", "end").filter(start < end).sort(key, "start")
    runs_of = ordered.with_columns(run=run_number(key)).group_by("run", maintain_order=True)
    return runs_of.agg(pl.col(key).first(), start.first(), end.max()).drop("run")


def _clock(utc_hours: np.ndarray) -> pl.DataFrame:
    """Look up the local day and hour of hours since 1970 (UTC), through a table of the hours between them."""
    if not len(utc_hours):
        return pl.DataFrame(schema={"day": pl.Date, "hour": pl.Int8})
    low, high = int(utc_hours.min()), int(utc_hours.max())
    instant = pl.Series("at", np.arange(low, high + 1) * HOUR).cast(pl.Datetime("us", "UTC"))
    table = pl.DataFrame(instant).select(day=local_day(pl.col("at")), hour=local_hour(pl.col("at")).cast(pl.Int8))
    return table[utc_hours - low]

"""Intervals of time: joined, united, and cut into local hours and days (definitions.md §1 and §3)."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl

from metrics.levels import local_day, local_hour, local_midnight

HOUR = 3_600_000_000  # microseconds
MICRO = 1_000_000
PRESENCE_SCHEMA = {"neighbourhood_code": pl.String, "day": pl.Date, "hour": pl.Int8, "seconds": pl.Int64}

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


def local_days(instants: np.ndarray) -> np.ndarray:
    """Return the local day (datetime64[D]) of instants in microseconds UTC."""
    return _clock(instants // HOUR)["day"].to_numpy()


def local_hours(first: int, last: int) -> tuple[int, np.ndarray]:
    """Return the UTC hour since 1970 of the first of two instants (microseconds), and the local hours from it on.

    A local hour is 24 times the local day since 1970, and the hour of the clock: that which comes twice has one number.
    """
    clock = _clock(np.arange(first // HOUR, last // HOUR + 1))
    return first // HOUR, (clock["day"].to_physical().cast(pl.Int64) * 24 + clock["hour"]).to_numpy()


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
    from metrics.compiled import loops  # here: the loops know of these hours

    # Two officers side by side are one presence: a sum would count the minute twice, so the intervals are united first.
    shown = pl.col("officer_id").is_in(pl.Series(uniformed, dtype=pl.String).implode())
    rows = visible.filter(shown, pl.col("neighbourhood_code").is_not_null(), start < end)
    rows = rows.select(pl.col("neighbourhood_code").cast(pl.Categorical), "start", "end").collect()
    if rows.is_empty():
        return pl.LazyFrame(schema=PRESENCE_SCHEMA)
    codes = rows["neighbourhood_code"].unique().cast(pl.String).sort()
    whose = rows["neighbourhood_code"].cast(pl.Enum(codes)).to_physical().to_numpy().astype(np.int32)
    begins, ends = (rows[name].dt.epoch("us").to_numpy() for name in ("start", "end"))
    order, kernels = np.lexsort((begins, whose)), loops(len(rows))
    whose, begins, ends = kernels.united(whose[order], begins[order], ends[order])
    clock = local_hours(int(begins.min()), int(ends.max()))
    interval, hour, seconds = kernels.hour_sums(whose, np.zeros(len(whose), dtype=np.int8), whose, begins, ends, clock)
    return _presence(codes.gather(whose[interval]), hour, seconds)


def _presence(codes: pl.Series, hour: np.ndarray, seconds: np.ndarray) -> pl.LazyFrame:
    rows = {"neighbourhood_code": codes, "day": hour // 24, "hour": hour % 24, "seconds": seconds}
    typed = pl.LazyFrame(rows).with_columns(pl.col("day").cast(pl.Int32)).cast(PRESENCE_SCHEMA)
    return typed.filter(pl.col("seconds") > 0).sort("neighbourhood_code", "day", "hour")


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

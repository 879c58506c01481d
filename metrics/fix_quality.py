"""How good the fixes of an officer's day are: how many, dropped why, how far apart, how much time known."""

from datetime import datetime

import numpy as np
import polars as pl

from metrics.fixes import DROPS, MICRO, Fixes, touching_joined
from metrics.presence import by_local_day, whole_seconds

COUNTS_SCHEMA = {
    "officer_id": pl.String,
    "day": pl.Date,
    "fixes": pl.Int64,
    **{reason: pl.Int64 for reason in DROPS},
    "median_gap_seconds": pl.Float64,
}

Window = tuple[datetime, datetime]
"""[from, until): aware instants. Results are about the time inside only."""
Limits = tuple[int, int]
"""A window in microseconds UTC."""


def fix_quality(
    fix_counts: pl.LazyFrame,
    visibility: pl.LazyFrame,
    duty_intervals: pl.LazyFrame,
    *,
    window: Window | None = None,
) -> pl.LazyFrame:
    """Put known and duty seconds beside the counts of fixes, per officer_id and local day.

    Rows are officers' days with a fix, known time or duty; counts are then 0, a median without gaps null.
    """
    limits = window or (None, None)
    duty = touching_joined(duty_intervals).with_columns(
        pl.col("start", "end").clip(lower_bound=limits[0], upper_bound=limits[1])
    )
    duty = by_local_day(duty.filter(pl.col("start") < pl.col("end"))).with_columns(whole_seconds)
    duty_seconds = duty.group_by("officer_id", "day").agg(duty_seconds=pl.col("seconds").sum())
    known = visibility.group_by("officer_id", "day").agg(known_seconds=pl.col("seconds").sum())
    days = ["officer_id", "day"]
    rows = fix_counts.join(known, on=days, how="full", coalesce=True)
    rows = rows.join(duty_seconds, on=days, how="full", coalesce=True)
    numbers = ("fixes", *DROPS, "known_seconds", "duty_seconds")
    return rows.select(*days, *(pl.col(name).fill_null(0) for name in numbers), "median_gap_seconds").sort(days)


def fix_counts(
    ids: pl.Series,
    fixes: Fixes,
    days: np.ndarray,
    verdict: np.ndarray,
    later: np.ndarray,
    gaps: np.ndarray,
    limits: Limits | None,
) -> pl.DataFrame:
    """Count fixes and drops per officer and local day, and take the median gap.

    A gap is the time between consecutive kept fixes of one duty interval at most the maximum gap apart, and
    belongs to the day of the later one (`later`): longer silences are unknown time, and coverage tells them.
    """
    inside = np.ones(len(days), dtype=bool)
    if limits is not None:
        inside = (fixes.at >= limits[0]) & (fixes.at < limits[1])
    changes = (np.diff(fixes.officer, prepend=-1) != 0) | (np.diff(days, prepend=days[:1]) != np.timedelta64(0))
    group = np.cumsum(changes) - 1
    first = np.flatnonzero(changes)
    tally = np.bincount(group[inside] * (len(DROPS) + 1) + verdict[inside] + 1, minlength=len(first) * (len(DROPS) + 1))
    tally = tally.reshape(len(first), len(DROPS) + 1)
    counted = inside[later]
    frame = pl.DataFrame(
        {
            "officer_id": ids.gather(fixes.officer[first]),
            "day": days[first],
            "fixes": tally.sum(axis=1),
            **{reason: tally[:, number + 1] for number, reason in enumerate(DROPS)},
            "median_gap_seconds": _medians(group[later[counted]], gaps[counted], len(first)),
        }
    )
    return frame.with_columns(pl.col("median_gap_seconds").fill_nan(None)).filter(pl.col("fixes") > 0)


def _medians(group: np.ndarray, gaps: np.ndarray, groups: int) -> np.ndarray:
    """Return the median of each group's gaps in seconds, NaN without any; one sort of packed pairs."""
    width = int(gaps.max(initial=0)) + 1
    packed = np.sort(group * width + gaps)
    count = np.bincount(group, minlength=groups)
    start = np.cumsum(count) - count
    some = np.flatnonzero(count)
    low = packed[start[some] + (count[some] - 1) // 2] - some * width
    high = packed[start[some] + count[some] // 2] - some * width
    medians = np.full(groups, np.nan)
    medians[some] = (low + high) / 2 / MICRO
    return medians

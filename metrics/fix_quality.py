"""How good the fixes of an officer's day are: how many, dropped why, how far apart, how much time known."""

from datetime import date, datetime

import numpy as np
import polars as pl

from metrics.fixes import DROPS
from metrics.presence import by_local_day, united, whole_seconds

COUNTS_SCHEMA = {
    "officer_id": pl.String,
    "day": pl.Date,
    "fixes": pl.Int64,
    **{reason: pl.Int64 for reason in DROPS},
    "median_gap_seconds": pl.Float64,
}

Window = tuple[datetime, datetime]
"""[from, until): aware instants. Results are about the time inside only."""
Days = tuple[date, date]
"""The first and the last of some local days, both included."""


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
    duty = united(duty_intervals, "officer_id").with_columns(
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


def counts_frame(
    ids: pl.Series, officer: np.ndarray, day: np.ndarray, tally: np.ndarray, median: np.ndarray
) -> pl.DataFrame:
    """Name what `kernels.judged` counts: rows of COUNTS_SCHEMA.

    A gap is the time between consecutive kept fixes of one duty interval at most the maximum gap apart, and
    belongs to the day of the later one: longer silences are unknown time, and coverage tells them.
    """
    return pl.DataFrame(
        {
            "officer_id": ids.gather(officer),
            "day": pl.Series(day, dtype=pl.Int32).cast(pl.Date),
            "fixes": tally.sum(axis=1),
            **{reason: tally[:, number + 1] for number, reason in enumerate(DROPS)},
            "median_gap_seconds": pl.Series(median).fill_nan(None),
        }
    )

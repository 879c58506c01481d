"""How good the fixes of an officer's day are: how many, dropped why, how far apart, how much time known."""

from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from metrics.fixes import DROPS, KEPT, MICRO, DutyIntervals, Fixes, Packing, drops_and_duty
from metrics.grid import numbered
from metrics.levels import local_midnight
from metrics.presence import HOUR, by_local_day, local_days, united, whole_seconds

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
Days = tuple[date, date]
"""The first and the last of some local days, both included."""

LONGEST_DAY = 25 * HOUR  # the last Sunday of October


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


def day_counts(
    ids: pl.Series, fixes: Fixes, days: np.ndarray, duties: DutyIntervals, max_gap: int, counted: Days
) -> pl.DataFrame:
    """Count as `fix_counts` does, each local day of `counted` judged by its own fixes and its own duty alone.

    So no order in which days arrive changes a count. An officer's day plays the part of an officer, and time starts
    at its midnight: officers' days in order are already in the order of `fixes`, so nothing is sorted again.
    """
    inside = np.flatnonzero((days >= np.datetime64(counted[0])) & (days <= np.datetime64(counted[1])))
    own, day = fixes.take(inside), days[inside]
    midnights = _midnights(counted)
    alone = _alone(own.officer, own.at, day, midnights, counted[0])
    verdict, duty = drops_and_duty(_as_fixes(own, *alone), _by_day(duties, midnights, counted), max_gap)
    kept = np.flatnonzero(verdict == KEPT)
    steps = np.diff(own.at[kept])
    near = (np.diff(duty) == 0) & (steps <= max_gap)
    return fix_counts(ids, own, day, verdict, kept[1:][near], steps[near], None)


def _midnights(counted: Days) -> np.ndarray:
    """Return the instants (microseconds UTC) at which the days of `counted` start."""
    days = pl.DataFrame({"day": pl.date_range(*counted, eager=True)})
    return days.select(local_midnight(pl.col("day"))).to_series().dt.epoch("us").to_numpy()


def _alone(
    officer: np.ndarray, at: np.ndarray, day: np.ndarray, midnights: np.ndarray, first: date
) -> tuple[np.ndarray, np.ndarray]:
    """Return the number of each officer's day, and the time since its midnight."""
    number = (day - np.datetime64(first)).astype(np.int64)
    return officer.astype(np.int64) * len(midnights) + number, at - midnights[number]


def _as_fixes(own: Fixes, officer_day: np.ndarray, since: np.ndarray) -> Fixes:
    packing = Packing(first_officer=0, first=0, span=LONGEST_DAY + 1)
    key = packing.key(officer_day, since)
    return Fixes(officer=officer_day, at=since, lon=own.lon, lat=own.lat, key=key, packing=packing)


def _by_day(duties: DutyIntervals, midnights: np.ndarray, counted: Days) -> DutyIntervals:
    """Cut duty at local midnights; keep that of the days of `counted`."""
    closes = np.append(midnights[1:], _midnights((counted[1] + timedelta(days=1),) * 2))
    begins, ends = np.maximum(duties.start, midnights[0]), np.minimum(duties.end, closes[-1])
    some = np.flatnonzero(begins < ends)
    begins, ends = begins[some], ends[some]
    first = local_days(begins)
    owner, nth = numbered((local_days(ends - 1) - first).astype(np.int64) + 1)
    day = first[owner] + nth.astype("timedelta64[D]")
    number = (day - np.datetime64(counted[0])).astype(np.int64)
    start, end = np.maximum(begins[owner], midnights[number]), np.minimum(ends[owner], closes[number])
    officer_day, since = _alone(duties.officer[some][owner], start, day, midnights, counted[0])
    return DutyIntervals(officer=officer_day, start=since, end=end - midnights[number])


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

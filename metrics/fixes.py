"""Radio fixes in order, and which of them count: the drops of definitions.md §3, step 1."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import polars as pl

from metrics.grid import spread

Drop = Literal["bad_position", "duplicate", "off_duty", "spike"]
DROPS: tuple[Drop, ...] = get_args(Drop)
KEPT = -1  # beside the numbers 0.. of DROPS

EARTH_RADIUS_M = 6_371_008.8
SPIKE_KMH = 180.0
WEST, EAST, SOUTH, NORTH = -9.0, 2.0, 49.0, 61.0  # inclusive: a position outside cannot be Great Britain

MICRO = 1_000_000  # microseconds in a second: instants are integers of these, so nothing is rounded


@dataclass(frozen=True, kw_only=True, eq=False)
class Fixes:
    """Equally long arrays, in order of officer, then instant.

    `officer` is a number in the frame's sorted officers, `at` microseconds UTC, `lon` and `lat` degrees
    (NaN: no position), `key` officer and instant packed so that one comparison orders both.
    """

    officer: np.ndarray
    at: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    key: np.ndarray

    def take(self, chosen: np.ndarray | slice) -> "Fixes":
        """Return these rows only."""
        arrays = (self.officer, self.at, self.lon, self.lat, self.key)
        officer, at, lon, lat, key = (array[chosen] for array in arrays)
        return Fixes(officer=officer, at=at, lon=lon, lat=lat, key=key)


@dataclass(frozen=True, kw_only=True, eq=False)
class Duties:
    """Disjoint duty intervals [start, end), microseconds UTC, by officer and start, with packed keys."""

    officer: np.ndarray
    start: np.ndarray
    end: np.ndarray
    start_key: np.ndarray
    end_key: np.ndarray

    def of(self, first_officer: int, last_officer: int) -> "Duties":
        """Return the intervals of officers numbered first to last, both included."""
        low = np.searchsorted(self.officer, first_officer, side="left")
        high = np.searchsorted(self.officer, last_officer, side="right")
        arrays = (self.officer, self.start, self.end, self.start_key, self.end_key)
        officer, start, end, start_key, end_key = (array[low:high] for array in arrays)
        return Duties(officer=officer, start=start, end=end, start_key=start_key, end_key=end_key)


def touching_joined(intervals: pl.LazyFrame) -> pl.LazyFrame:
    """Join intervals [start, end) of one officer_id that touch or overlap; empty ones go."""
    reached = pl.col("end").cum_max().shift(1).over("officer_id")
    return (
        intervals.select("officer_id", "start", "end")
        .filter(pl.col("start") < pl.col("end"))
        .sort("officer_id", "start")
        .with_columns(run=(reached.is_null() | (pl.col("start") > reached)).cum_sum())
        .group_by("run", maintain_order=True)
        .agg(pl.col("officer_id").first(), pl.col("start").first(), pl.col("end").max())
        .drop("run")
    )


def in_order(fixes: pl.DataFrame, duties: pl.DataFrame) -> tuple[pl.Series, Fixes, Duties]:
    """Sort by officer and instant: gives the officers by number, the fixes and the duty intervals.

    `fixes`: officer_id (String or Categorical), at (Datetime us UTC), lon, lat (Float64), at least one row.
    `duties`: officer_id, start, end, disjoint and sorted. Raises ValueError where instants are too far apart
    to pack: some 70 years for 8,000 officers.
    """
    ids = fixes["officer_id"].cast(pl.Categorical)
    known = ids.unique().cast(pl.String).sort()
    number = _numbers(ids, known)
    at = _microseconds(fixes["at"])
    first, span = int(at.min()), int(at.max()) - int(at.min()) + 1
    if span * len(known) >= 2**64:
        raise ValueError(
            f"fixes of {len(known)} officers span {span / MICRO / 86400:.0f} days: "
            "too many to sort at once; give a window"
        )
    key = number.astype(np.uint64) * np.uint64(span) + (at - first).astype(np.uint64)
    order = slice(None) if (key[1:] >= key[:-1]).all() else np.argsort(key)
    lon, lat = (fixes[name].cast(pl.Float64).fill_null(float("nan")).to_numpy() for name in ("lon", "lat"))
    unordered = Fixes(officer=number, at=at, lon=lon, lat=lat, key=key)
    return known, unordered.take(order), _packed_duties(duties, known, first, span)


def judge(fixes: Fixes, duties: Duties, max_gap: int) -> tuple[np.ndarray, np.ndarray]:
    """Say which drop befalls each fix (a number in DROPS, or KEPT), and the duty interval of each kept one.

    `max_gap` in microseconds. The second array is as long as the fixes that are kept, in their order.
    """
    verdict = np.full(len(fixes.at), KEPT, dtype=np.int8)
    positioned = (fixes.lon >= WEST) & (fixes.lon <= EAST) & (fixes.lat >= SOUTH) & (fixes.lat <= NORTH)
    verdict[~positioned] = DROPS.index("bad_position")
    verdict[_repeats(fixes, np.flatnonzero(positioned))] = DROPS.index("duplicate")

    left = np.flatnonzero(verdict == KEPT)
    on_duty, duty = _on_duty(fixes.key[left], duties)
    off_duty = np.ones(len(left), dtype=bool)
    off_duty[on_duty] = False
    verdict[left[off_duty]] = DROPS.index("off_duty")

    left = left[on_duty]
    spike = _spikes(fixes.take(left), max_gap)
    verdict[left[spike]] = DROPS.index("spike")
    return verdict, duty[~spike]


def metres_between(lon: np.ndarray, lat: np.ndarray, lon_to: np.ndarray, lat_to: np.ndarray) -> np.ndarray:
    """Return great-circle metres (haversine) between positions in degrees."""
    lon, lat, lon_to, lat_to = (np.radians(angle) for angle in (lon, lat, lon_to, lat_to))
    half = np.sin((lat_to - lat) / 2) ** 2 + np.cos(lat) * np.cos(lat_to) * np.sin((lon_to - lon) / 2) ** 2
    return 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(half))


def _numbers(ids: pl.Series, known: pl.Series) -> np.ndarray:
    """Replace each id by its place in the sorted `known`, by way of the categories: no string is compared."""
    physical = known.cast(ids.dtype).to_physical().to_numpy()
    table = np.zeros(int(physical.max(initial=0)) + 1, dtype=np.int32)
    table[physical] = np.arange(len(known), dtype=np.int32)
    return table[ids.to_physical().to_numpy()]


def _microseconds(instants: pl.Series) -> np.ndarray:
    return instants.dt.cast_time_unit("us").to_physical().to_numpy()


def _packed_duties(duties: pl.DataFrame, known: pl.Series, first: int, span: int) -> Duties:
    numbers = pl.DataFrame({"officer_id": known, "number": np.arange(len(known), dtype=np.int64)})
    rows = duties.join(numbers, on="officer_id", how="inner").sort("number", "start")
    officer = rows["number"].to_numpy()
    start, end = _microseconds(rows["start"]), _microseconds(rows["end"])
    base = officer.astype(np.uint64) * np.uint64(span)
    return Duties(
        officer=officer,
        start=start,
        end=end,
        start_key=base + np.clip(start - first, 0, span).astype(np.uint64),
        end_key=base + np.clip(end - first, 0, span).astype(np.uint64),
    )


def _repeats(fixes: Fixes, good: np.ndarray) -> np.ndarray:
    """Return those of `good` that repeat an officer and instant, but for the smallest (lon, lat) of each."""
    same = np.diff(fixes.key[good]) == 0
    if not same.any():
        return good[:0]
    shared = good[np.append(same, False) | np.insert(same, 0, False)]
    shared = shared[np.lexsort((fixes.lat[shared], fixes.lon[shared], fixes.key[shared]))]
    return shared[1:][np.diff(fixes.key[shared]) == 0]


def _on_duty(key: np.ndarray, duties: Duties) -> tuple[np.ndarray, np.ndarray]:
    """Return the fixes inside a duty interval, in order, and the interval of each."""
    low = np.searchsorted(key, duties.start_key)
    duty, nth = spread(np.searchsorted(key, duties.end_key) - low)
    return low[duty] + nth, duty


def _spikes(fixes: Fixes, max_gap: int) -> np.ndarray:
    """Say which fixes are too fast both from the fix before and to the fix after, all judged at once."""
    fast = np.zeros(len(fixes.at) + 1, dtype=bool)  # element i: from fix i - 1 to fix i
    step = np.diff(fixes.at)
    # Along the meridian, then along the southernmost parallel, is never shorter than the great circle: that
    # way is slow enough for nearly all fixes, and only the others are measured.
    degrees = np.abs(np.diff(fixes.lat)) + np.abs(np.diff(fixes.lon)) * np.cos(np.radians(SOUTH))
    fastest = SPIKE_KMH / 3.6 / MICRO  # metres in a microsecond
    far = degrees * (np.radians(1.0) * EARTH_RADIUS_M * (1 + 1e-9)) > step * fastest
    one = np.flatnonzero(far & (step <= max_gap) & (np.diff(fixes.officer) == 0))
    metres = metres_between(fixes.lon[one], fixes.lat[one], fixes.lon[one + 1], fixes.lat[one + 1])
    fast[one + 1] = metres > step[one] * fastest
    return fast[:-1] & fast[1:]

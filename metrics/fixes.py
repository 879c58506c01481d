"""Radio fixes in order, and which of them count: the drops of definitions.md §3, step 1."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import polars as pl

from metrics.grid import numbered

Drop = Literal["bad_position", "duplicate", "off_duty", "spike"]
DROPS: tuple[Drop, ...] = get_args(Drop)
KEPT = -1  # beside the numbers 0.. of DROPS

EARTH_RADIUS_M = 6_371_008.8
SPIKE_KMH = 180.0
WEST, EAST, SOUTH, NORTH = -9.0, 2.0, 49.0, 61.0  # inclusive: a position outside cannot be Great Britain

MICRO = 1_000_000  # microseconds in a second: instants are integers of these, so nothing is rounded


@dataclass(frozen=True, kw_only=True)
class Packing:
    """How officer and instant become one number that sorts as they do."""

    first_officer: int
    first: int  # microseconds
    span: int  # microseconds

    def key(self, officer: np.ndarray, at: np.ndarray) -> np.ndarray:
        """Pack (uint64); an instant outside the span counts as its nearest end."""
        since = np.clip(at - self.first, 0, self.span).astype(np.uint64)
        return (officer - self.first_officer).astype(np.uint64) * np.uint64(self.span) + since


@dataclass(frozen=True, kw_only=True, eq=False)
class Fixes:
    """Equally long arrays, in order of officer, then instant.

    `officer` is a number in the sorted officers, `at` microseconds UTC, `lon` and `lat` degrees (NaN: no
    position), `key` officer and instant packed so that one comparison orders both.
    """

    officer: np.ndarray
    at: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    key: np.ndarray
    packing: Packing

    def take(self, chosen: np.ndarray) -> "Fixes":
        """Return these rows only."""
        arrays = (self.officer, self.at, self.lon, self.lat, self.key)
        officer, at, lon, lat, key = (array[chosen] for array in arrays)
        return Fixes(officer=officer, at=at, lon=lon, lat=lat, key=key, packing=self.packing)


@dataclass(frozen=True, kw_only=True, eq=False)
class DutyIntervals:
    """Disjoint duty intervals [start, end), microseconds UTC, by officer and start."""

    officer: np.ndarray
    start: np.ndarray
    end: np.ndarray

    def of(self, first_officer: int, last_officer: int) -> "DutyIntervals":
        """Return the intervals of officers numbered first to last, both included."""
        low = np.searchsorted(self.officer, first_officer, side="left")
        high = np.searchsorted(self.officer, last_officer, side="right")
        return DutyIntervals(officer=self.officer[low:high], start=self.start[low:high], end=self.end[low:high])


def in_order(
    fixes: pl.DataFrame, duties: pl.DataFrame, block: int
) -> tuple[pl.Series, Iterator[tuple[Fixes, DutyIntervals]]]:
    """Return the officers by number (an Enum), and blocks of whole officers with their duty intervals, by officer and
    instant.

    `fixes`: officer_id (String or Categorical), at (Datetime UTC), lon, lat (Float64), at least one row.
    `duties`: officer_id, start, end, disjoint. A block has about `block` fixes, more where one officer has.
    Raises ValueError where instants are too far apart to pack: decades, for a million officers in a block.
    """
    ids = fixes["officer_id"].cast(pl.Categorical)
    known = ids.unique().cast(pl.String).sort()
    officer = _numbers(ids, known)
    at = fixes["at"].dt.cast_time_unit("us").to_physical().to_numpy()
    lon, lat = (fixes[name].cast(pl.Float64).fill_null(float("nan")).to_numpy() for name in ("lon", "lat"))
    numbered = _numbered(duties, known)

    def blocks() -> Iterator[tuple[Fixes, DutyIntervals]]:
        ends = np.cumsum(np.bincount(officer, minlength=len(known)))
        first = 0
        while first < len(known):
            begin = ends[first - 1] if first else 0
            last = max(first, int(np.searchsorted(ends, begin + block, side="right")) - 1)
            # In file order first, then sorted: each row is fetched from memory once, the sort stays in cache.
            rows = np.flatnonzero((officer >= first) & (officer <= last))
            yield _sorted(officer[rows], at[rows], lon[rows], lat[rows]), numbered.of(first, last)
            first = last + 1

    return known.cast(pl.Enum(known)), blocks()


def drops_and_duty(fixes: Fixes, duties: DutyIntervals, max_gap: int) -> tuple[np.ndarray, np.ndarray]:
    """Return which drop befalls each fix (a number in DROPS, or KEPT), and the duty interval of each kept one.

    `max_gap` in microseconds. The second array is as long as the fixes that are kept, in their order.
    """
    drop = np.full(len(fixes.at), KEPT, dtype=np.int8)
    positioned = (fixes.lon >= WEST) & (fixes.lon <= EAST) & (fixes.lat >= SOUTH) & (fixes.lat <= NORTH)
    drop[~positioned] = DROPS.index("bad_position")
    drop[_repeats(fixes, np.flatnonzero(positioned))] = DROPS.index("duplicate")

    left = np.flatnonzero(drop == KEPT)
    on_duty, duty = _on_duty(fixes.key[left], fixes.packing, duties)
    off_duty = np.ones(len(left), dtype=bool)
    off_duty[on_duty] = False
    drop[left[off_duty]] = DROPS.index("off_duty")

    left = left[on_duty]
    spike = _spikes(fixes.take(left), max_gap)
    drop[left[spike]] = DROPS.index("spike")
    return drop, duty[~spike]


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


def _numbered(duties: pl.DataFrame, known: pl.Series) -> DutyIntervals:
    numbers = pl.DataFrame({"officer_id": known, "number": np.arange(len(known), dtype=np.int32)})
    rows = duties.join(numbers, on="officer_id", how="inner").sort("number", "start")
    start, end = (rows[name].dt.cast_time_unit("us").to_physical().to_numpy() for name in ("start", "end"))
    return DutyIntervals(officer=rows["number"].to_numpy(), start=start, end=end)


def _sorted(officer: np.ndarray, at: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> Fixes:
    first, last = int(at.min()), int(at.max())
    packing = Packing(first_officer=int(officer.min()), first=first, span=last - first + 1)
    officers = int(officer.max()) - packing.first_officer + 1
    if packing.span * officers >= 2**64:
        raise ValueError(
            f"fixes of {officers} officers span {packing.span // MICRO // 86400} days: "
            "too many to sort at once; give a window"
        )
    key = packing.key(officer, at)
    order = np.argsort(key)
    fixes = Fixes(officer=officer, at=at, lon=lon, lat=lat, key=key, packing=packing)
    return fixes.take(order)


def _repeats(fixes: Fixes, good: np.ndarray) -> np.ndarray:
    """Return those of `good` that repeat an officer and instant, but for the smallest (lon, lat) of each."""
    same = np.diff(fixes.key[good]) == 0
    if not same.any():
        return good[:0]
    shared = good[np.append(same, False) | np.insert(same, 0, False)]
    shared = shared[np.lexsort((fixes.lat[shared], fixes.lon[shared], fixes.key[shared]))]
    return shared[1:][np.diff(fixes.key[shared]) == 0]


def _on_duty(key: np.ndarray, packing: Packing, duties: DutyIntervals) -> tuple[np.ndarray, np.ndarray]:
    """Return the fixes (by their keys) inside a duty interval, in order, and the interval of each."""
    low = np.searchsorted(key, packing.key(duties.officer, duties.start))
    high = np.searchsorted(key, packing.key(duties.officer, duties.end))
    duty, nth = numbered(high - low)
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

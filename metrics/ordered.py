"""Radio fixes in order of officer and instant, beside the officers' duty."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import polars as pl

from metrics.compiled import loops


@dataclass(frozen=True, kw_only=True, eq=False)
class Fixes:
    """Fixes in order of officer, then instant, and the officers' duty.

    `ids`: the officers, sorted; the fixes of officer n are rows `starts[n]` to `starts[n + 1]`. `at` microseconds UTC,
    `lon` and `lat` degrees (NaN: no position). The duty of officer n are intervals `duty_starts[n]` to
    `duty_starts[n + 1]` of `duty_start`, `duty_end`: disjoint, half-open, microseconds UTC, in order.
    """

    ids: pl.Series
    starts: np.ndarray
    at: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    duty_starts: np.ndarray
    duty_start: np.ndarray
    duty_end: np.ndarray

    def of(self, first: int, last: int) -> "Fixes":
        """Return the fixes of officers numbered first up to, not including, last; no row is copied."""
        rows = slice(self.starts[first], self.starts[last])
        duty = slice(self.duty_starts[first], self.duty_starts[last])
        return Fixes(
            ids=self.ids[first:last],
            starts=self.starts[first : last + 1] - self.starts[first],
            at=self.at[rows],
            lon=self.lon[rows],
            lat=self.lat[rows],
            duty_starts=self.duty_starts[first : last + 1] - self.duty_starts[first],
            duty_start=self.duty_start[duty],
            duty_end=self.duty_end[duty],
        )


def in_order(fixes: pl.DataFrame, duties: pl.DataFrame) -> Fixes:
    """Put fixes in order of officer and instant, with the duty of these officers.

    `fixes`: officer_id (String or Categorical), at (Datetime UTC), lon, lat (Float64), at least one row.
    `duties`: officer_id, start, end, disjoint.
    """
    codes = fixes["officer_id"].cast(pl.Categorical)
    ids = codes.unique().cast(pl.String).sort()
    kernels = loops(len(fixes))
    starts, place = kernels.places(_numbers(codes, ids), len(ids))
    at = _put(kernels, fixes["at"].dt.cast_time_unit("us").to_physical(), place)
    lon, lat = (_put(kernels, fixes[name].cast(pl.Float64), place) for name in ("lon", "lat"))
    _sort_by_time(starts, at, lon, lat)
    numbers = pl.DataFrame({"officer_id": ids, "number": np.arange(len(ids))})
    own = duties.join(numbers, on="officer_id", how="inner").sort("number", "start")
    return Fixes(
        ids=ids,
        starts=starts,
        at=at,
        lon=lon,
        lat=lat,
        duty_starts=np.searchsorted(own["number"].to_numpy(), np.arange(len(ids) + 1)),
        duty_start=_instants(own["start"]),
        duty_end=_instants(own["end"]),
    )


def blocks(fixes: Fixes, size: int) -> Iterator[Fixes]:
    """Cut into blocks of whole officers of about `size` fixes, more where one officer has."""
    first, officers = 0, len(fixes.ids)
    while first < officers:
        fitting = int(np.searchsorted(fixes.starts, fixes.starts[first] + size, side="right")) - 1
        last = min(max(first + 1, fitting), officers)
        yield fixes.of(first, last)
        first = last


def _put(kernels: SimpleNamespace, column: pl.Series, place: np.ndarray) -> np.ndarray:
    """Put each value in its place, a chunk at a time: a copy of a whole column is what memory has least room for."""
    ordered, first = np.empty(len(column), dtype=np.int64 if column.dtype == pl.Int64 else np.float64), 0
    for chunk in column.get_chunks():
        kernels.put(_unwritable(chunk), place[first : first + len(chunk)], ordered)
        first += len(chunk)
    return ordered


def _instants(column: pl.Series) -> np.ndarray:
    return _unwritable(column.dt.cast_time_unit("us").to_physical())


def _unwritable(column: pl.Series) -> np.ndarray:
    """Return a column as one kind of array (null: NaN), however Polars holds it: for each kind Numba compiles again."""
    array = column.to_numpy()
    array.setflags(write=False)
    return array


def _numbers(codes: pl.Series, ids: pl.Series) -> np.ndarray:
    """Replace each officer by its place in the sorted `ids`, by way of the categories: no string is compared."""
    physical = ids.cast(codes.dtype).to_physical().to_numpy()
    table = np.zeros(int(physical.max()) + 1, dtype=np.int32)
    table[physical] = np.arange(len(ids), dtype=np.int32)
    return table[codes.to_physical().to_numpy()]


def _sort_by_time(starts: np.ndarray, at: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> None:
    """Put, in place, the fixes of those officers in order of time whose files were not: mostly of none."""
    late = np.setdiff1d(np.flatnonzero(np.diff(at) < 0) + 1, starts)  # where an officer starts, time may go back
    for officer in np.unique(np.searchsorted(starts, late, side="right") - 1):
        own = slice(starts[officer], starts[officer + 1])
        order = np.argsort(at[own])
        at[own], lon[own], lat[own] = at[own][order], lon[own][order], lat[own][order]

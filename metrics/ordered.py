"""Radio fixes in order of officer and instant, beside the officers' duty."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
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


@dataclass(frozen=True, kw_only=True, eq=False)
class _Part:
    """Fixes as they came: equally long arrays, as of Fixes, and the `number` of each one's officer.

    `rows` are the numbers of all rows, those of a block's officers together: block n's are `ends[n]` to `ends[n + 1]`.
    """

    number: np.ndarray
    columns: tuple[np.ndarray, np.ndarray, np.ndarray]
    rows: np.ndarray
    ends: np.ndarray


def blocks(fixes: pl.DataFrame, duties: pl.DataFrame, size: int) -> Iterator[Fixes]:
    """Put fixes in order of officer and instant, with the duty of these officers: about `size` of them at a time, in
    whole officers, more where one officer has.

    `fixes`: officer_id (String, Categorical or Enum), at (Datetime UTC), lon, lat (Float64), at least one row.
    `duties`: officer_id, start, end, disjoint.

    Rows are dealt out to blocks first, then put in their places within one: so memory never holds a second copy of all.
    """
    fixes = fixes.with_columns(pl.col("officer_id").cast(coded(fixes.schema["officer_id"])))
    kernels = loops(len(fixes))
    parts = [fixes.slice(start, length) for start, length in _pieces(fixes["at"])]
    numbers = [_unwritable(part["officer_id"].to_physical().cast(pl.UInt32)) for part in parts]
    counts = np.zeros(1 + max(int(number.max()) for number in numbers), dtype=np.int64)
    for number in numbers:
        kernels.tally(number, counts)
    ids, rank = _ranked(counts, fixes.schema["officer_id"])
    starts = np.concatenate([[0], np.cumsum(counts[counts > 0][np.argsort(rank[counts > 0])])])
    firsts = _firsts(starts, size)
    block = (np.searchsorted(firsts, rank, side="right") - 1).astype(np.int32)
    dealt = [_part(kernels, part, number, block, len(firsts) - 1) for part, number in zip(parts, numbers, strict=True)]
    duty_starts, duty_start, duty_end = _duty(duties, ids)
    for nth, (first, last) in enumerate(pairwise(firsts)):
        at, lon, lat = _laid(kernels, dealt, nth, rank, starts, (first, last))
        own = starts[first : last + 1] - starts[first]
        _sort_by_time(own, at, lon, lat)
        duty = slice(duty_starts[first], duty_starts[last])
        yield Fixes(
            ids=ids[first:last],
            starts=own,
            at=at,
            lon=lon,
            lat=lat,
            duty_starts=duty_starts[first : last + 1] - duty_starts[first],
            duty_start=duty_start[duty],
            duty_end=duty_end[duty],
        )


def coded(given: pl.DataType) -> pl.DataType:
    """Return the type in which officers are numbers: millions of fixes sort and compare without their text."""
    return given if isinstance(given, pl.Enum) else pl.Categorical()


def _pieces(column: pl.Series) -> Iterator[tuple[int, int]]:
    """Return the first row and the length of each stretch that memory holds as one: none needs to be copied."""
    lengths = [length for length in column.chunk_lengths() if length]
    return zip(accumulate(lengths, initial=0), lengths, strict=False)


def _ranked(counts: np.ndarray, officers: pl.DataType) -> tuple[pl.Series, np.ndarray]:
    """Return the officers who have fixes in order of name, and of each number the place of its officer in that."""
    numbers = np.flatnonzero(counts)
    names = pl.Series(numbers, dtype=pl.UInt32).cat.to(officers).cast(pl.String)
    order, rank = names.arg_sort().to_numpy(), np.zeros(len(counts), dtype=np.int32)
    rank[numbers[order]] = np.arange(len(order), dtype=np.int32)
    return names.gather(order), rank


def _firsts(starts: np.ndarray, size: int) -> list[int]:
    """Return the first officer of each block, and after the last block the number of officers."""
    firsts = [0]
    while firsts[-1] < len(starts) - 1:
        fitting = int(np.searchsorted(starts, starts[firsts[-1]] + size, side="right")) - 1
        firsts.append(max(firsts[-1] + 1, fitting))
    return firsts


def _part(kernels: SimpleNamespace, fixes: pl.DataFrame, number: np.ndarray, block: np.ndarray, blocks: int) -> _Part:
    at = fixes["at"].dt.cast_time_unit("us").to_physical()
    columns = _unwritable(at), *(_unwritable(fixes[name].cast(pl.Float64)) for name in ("lon", "lat"))
    rows, ends = kernels.dealt(number, block, blocks)
    return _Part(number=number, columns=columns, rows=rows, ends=ends)


def _laid(
    kernels: SimpleNamespace, parts: list[_Part], block: int, rank: np.ndarray, starts: np.ndarray, own: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return at, lon, lat of a block in order of officer, else as they came; `own`: its first officer, the next's."""
    count = starts[own[1]] - starts[own[0]]
    into = np.empty(count, dtype=np.int64), np.empty(count), np.empty(count)
    following = starts[own[0] : own[1]] - starts[own[0]]
    for part in parts:
        rows = part.rows[part.ends[block] : part.ends[block + 1]]
        kernels.lay(rows, part.number, rank, own[0], following, part.columns, into)
    return into


def _duty(duties: pl.DataFrame, ids: pl.Series) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    numbers = pl.DataFrame({"officer_id": ids, "number": np.arange(len(ids))})
    own = duties.join(numbers, on="officer_id", how="inner").sort("number", "start")
    starts = np.searchsorted(own["number"].to_numpy(), np.arange(len(ids) + 1))
    return starts, _instants(own["start"]), _instants(own["end"])


def _instants(column: pl.Series) -> np.ndarray:
    return _unwritable(column.dt.cast_time_unit("us").to_physical())


def _unwritable(column: pl.Series) -> np.ndarray:
    """Return a column as one kind of array (null: NaN), however Polars holds it: for each kind Numba compiles again."""
    array = column.to_numpy()
    array.setflags(write=False)
    return array


def _sort_by_time(starts: np.ndarray, at: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> None:
    """Put, in place, the fixes of those officers in order of time whose files were not: mostly of none."""
    late = np.setdiff1d(np.flatnonzero(np.diff(at) < 0) + 1, starts)  # where an officer starts, time may go back
    for officer in np.unique(np.searchsorted(starts, late, side="right") - 1):
        own = slice(starts[officer], starts[officer + 1])
        order = np.argsort(at[own])
        at[own], lon[own], lat[own] = at[own][order], lon[own][order], lat[own][order]

"""Signals: each month of each series against what the months before it lead to expect (definitions §8)."""

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.int64]

REFERENCE_MONTHS = 24
DISPERSION_MONTHS = 36
AT_FIRST, AFTER_A_SHIFT = 12, 6  # months that a reference needs
EXPECTED_WITHIN = 3.0  # of z
ALLOWANCE, THRESHOLD = 0.5, 5.0  # of the CUSUMs
NEVER = -1


@dataclass(frozen=True, kw_only=True, eq=False)
class Before:
    """The months before `month`, of the series asked about: `rows` tells which.

    `known` are the places of their last 36 known months, oldest first, NEVER in front where there are fewer;
    `reference` tells which of them the level rests on. The season is that known at the start of `season_at`.
    """

    month: int
    season_at: int
    rows: Places
    known: Places
    reference: Flags


@dataclass(frozen=True, kw_only=True, eq=False)
class Expected:
    """Centre and limits of a month's expected range, and its z: a number per series, NaN where unknown.

    `excess` is what came beyond the centre, `weight` what it came from: the exposure of a ratio, else 1 (month).
    `level`, `season` and `dispersion` are what the range is made of: the level a day or a unit of exposure, the factor
    of the calendar month, and how many times chance's variance the series has (of a value: its spread).
    """

    centre: Floats
    lower: Floats
    upper: Floats
    z: Floats
    excess: Floats
    weight: Floats
    level: Floats
    season: Floats
    dispersion: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class Signals:
    """What was found, series x months: what was expected, spikes, and lasting shifts in the month that finds them.

    `direction` is that of a spike or shift, +1 or -1, else 0. `since` is the place of the month from which a shift
    stands, or from which a new level settles; NEVER: neither. `size` has, of a shift that stands, the sums of excess,
    centre and weight over its months up to the one that found it, NaN where none stands: 3 x series x months.
    """

    expected: Expected
    spike: Flags
    shift: Flags
    direction: Places
    since: Places
    size: Floats


Expect = Callable[[Before], Expected]


@dataclass(frozen=True, kw_only=True, eq=False)
class _History:
    """The series as they came: places of their known months, oldest first; how many lie before each; step changes."""

    order: Places
    so_far: Places
    restarts: Flags


@dataclass(frozen=True, kw_only=True, eq=False)
class _State:
    """Where each series stands, changed month by month.

    `start` is that of its reference. Of both CUSUMs, `sums` are they, `risen` is the month in which they last left zero
    and `tallies` are the sums of excess, centre and weight since.
    """

    start: Places
    since: Places
    settles: Flags
    size: Floats
    sums: Floats
    risen: Places
    tallies: Floats


def signals(known: Flags, restarts: Flags, learned: Places, expect: Expect) -> Signals:
    """Follow every series month by month; `known` and `restarts` (recorded step changes) are series x months.

    The reference is the known months since the last lasting shift or step change, at most the last 24: at least 12,
    or 6 where months are known from before it. A step change puts both CUSUMs back to zero, as a shift does, and ends
    what stood before; with no month known before it there is nothing to end. A month that finds a shift is no spike.
    Unknown months leave the CUSUMs as they are.

    `learned` is the month at whose start a series' season is first known (NEVER: it has none). There the months before
    are gone through again with it, so that a summer, taken for a shift while no season was known, is no reference
    from then on. What was said of those months stays.
    """
    count, length = known.shape
    so_far = np.concatenate([np.zeros((count, 1), np.int64), np.cumsum(known, axis=1)], axis=1)
    order = np.argsort(~known, axis=1, kind="stable")
    history = _History(order=order, so_far=so_far, restarts=restarts)
    state, found = _state(count), _nothing(count, length)
    for month in range(length):
        again = np.flatnonzero(learned == month)
        if again.size:
            _start_afresh(state, again)
            for earlier in range(month):
                _advance(history, state, again, earlier, month, expect)
        _record(found, month, *_advance(history, state, np.arange(count), month, month, expect), state)
    return found


def _state(count: int) -> _State:
    state = _State(
        start=np.empty(count, np.int64),
        since=np.empty(count, np.int64),
        settles=np.empty(count, bool),
        size=np.empty((3, count)),
        sums=np.empty((2, count)),
        risen=np.empty((2, count), np.int64),
        tallies=np.empty((3, 2, count)),
    )
    _start_afresh(state, np.arange(count))
    return state


def _start_afresh(state: _State, rows: Places) -> None:
    state.start[rows], state.since[rows], state.settles[rows] = 0, NEVER, False
    state.size[:, rows] = np.nan
    state.sums[:, rows], state.risen[:, rows], state.tallies[:, :, rows] = 0.0, NEVER, 0.0


def _nothing(count: int, length: int) -> Signals:
    shape = (count, length)
    empty = {field.name: np.full(shape, np.nan) for field in fields(Expected)}
    return Signals(
        expected=Expected(**empty),
        spike=np.zeros(shape, bool),
        shift=np.zeros(shape, bool),
        direction=np.zeros(shape, np.int64),
        since=np.full(shape, NEVER),
        size=np.full((3, *shape), np.nan),
    )


def _advance(
    history: _History, state: _State, rows: Places, month: int, season_at: int, expect: Expect
) -> tuple[Places, Expected | None, Places]:
    """Judge a month of some series: the rows judged, what was expected of them, and their shifts' direction."""
    stepped = rows[history.restarts[rows, month] & (history.so_far[rows, month] > 0)]
    state.start[stepped], state.since[stepped], state.settles[stepped] = month, NEVER, True
    state.sums[:, stepped], state.size[:, stepped] = 0.0, np.nan
    start = state.start[rows]
    earlier = history.so_far[rows, start]
    least = np.where(earlier > 0, AFTER_A_SHIFT, AT_FIRST)
    rows = rows[history.so_far[rows, month] - earlier >= least]
    state.settles[rows] = False
    if not rows.size:
        return rows, None, rows
    expected = expect(_before(history, state, rows, month, season_at))
    return rows, expected, _cumulate(state, rows, expected, month)


def _before(history: _History, state: _State, rows: Places, month: int, season_at: int) -> Before:
    back = history.so_far[rows, month][:, None] - DISPERSION_MONTHS + np.arange(DISPERSION_MONTHS)
    known = np.where(back >= 0, history.order[rows[:, None], np.maximum(back, 0)], NEVER)
    recent = np.arange(DISPERSION_MONTHS) >= DISPERSION_MONTHS - REFERENCE_MONTHS
    reference = recent & (known >= np.maximum(state.start[rows], 0)[:, None])
    return Before(month=month, season_at=season_at, rows=rows, known=known, reference=reference)


def _cumulate(state: _State, rows: Places, expected: Expected, month: int) -> Places:
    """Add a month to the sums of what lies above and below; where one passes the threshold, start at its rise.

    Give the direction of the shifts found, else 0.
    """
    judged = np.isfinite(expected.z)
    rows, held = rows[judged], np.clip(expected.z[judged], -EXPECTED_WITHIN, EXPECTED_WITHIN)
    before = state.sums[:, rows]
    after = np.maximum(before + np.stack([held, -held]) - ALLOWANCE, 0.0)
    month_parts = np.stack([expected.excess, expected.centre, expected.weight])[:, None, judged]
    tallies = np.where(before == 0, 0.0, state.tallies[:, :, rows]) + month_parts
    risen = np.where(before == 0, month, state.risen[:, rows])
    above, below = after > THRESHOLD
    shifted = above | below
    state.sums[:, rows], state.risen[:, rows], state.tallies[:, :, rows] = np.where(shifted, 0.0, after), risen, tallies
    side, places = np.where(above, 0, 1)[shifted], rows[shifted]
    state.start[places] = state.since[places] = risen[side, np.flatnonzero(shifted)]
    state.size[:, places] = tallies[:, side, np.flatnonzero(shifted)]
    direction = np.zeros(len(judged), np.int64)
    direction[judged] = above.astype(np.int64) - below
    return direction


def _record(
    found: Signals, month: int, rows: Places, expected: Expected | None, shifted: Places, state: _State
) -> None:
    found.since[:, month] = np.where(state.settles, state.start, state.since)
    found.size[:, :, month] = state.size
    if expected is None:
        return
    for field in fields(Expected):
        getattr(found.expected, field.name)[rows, month] = getattr(expected, field.name)
    spike = (np.abs(np.nan_to_num(expected.z)) > EXPECTED_WITHIN) & (shifted == 0)
    found.shift[rows, month], found.spike[rows, month] = shifted != 0, spike
    found.direction[rows, month] = np.where(spike, np.sign(np.nan_to_num(expected.z)), shifted)

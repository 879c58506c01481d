"""The engine's inner loops, as plain Python; `metrics/compiled.py` compiles them where many fixes are judged.

NumPy needs a pass over memory, and a temporary, for each step; a compiled loop has one pass for all of them. Instants
are microseconds UTC (int64), positions degrees (float64, NaN: none). Fixes are in order of officer and instant: officer
n's are rows `starts[n]` to `starts[n + 1]`.
"""

import math

import numpy as np

from metrics.fixes import DROPS, EARTH_RADIUS_M, EAST, MICRO, NORTH, SOUTH, SPIKE_KMH, WEST
from metrics.grid import SUB_BITS, SUB_MASK
from metrics.presence import HOUR

KEPT = 0  # beside the numbers of drops
BAD_POSITION, DUPLICATE, OFF_DUTY, SPIKE = (1 + DROPS.index(drop) for drop in DROPS)
FASTEST = SPIKE_KMH / 3.6 / MICRO  # metres in a microsecond
# Along the meridian, then along the southernmost parallel, is never shorter than the great circle: that way is slow
# enough for nearly all fixes, and only the others are measured.
PARALLEL = math.cos(math.radians(SOUTH))
METRES_A_DEGREE = math.radians(1.0) * EARTH_RADIUS_M * (1 + 1e-9)

LONG_AGO = -(2**62)  # microseconds
FEW = 1024  # positions looked up together
UNSURE = -1
ROUNDING = 3.3306690738754716e-16  # times the sum of its terms: more than a 2 x 2 determinant of differences is out by


def tally(number: np.ndarray, counts: np.ndarray) -> None:
    """Add to `counts` how many rows have each number."""
    for row in range(len(number)):
        counts[number[row]] += 1


def dealt(number: np.ndarray, block: np.ndarray, blocks: int) -> tuple:
    """Return all rows, those of the officers of one block together, and where each block begins; `block` by number."""
    ends, rows = np.zeros(blocks + 2, dtype=np.int64), np.empty(len(number), dtype=np.uint32)
    for row in range(len(number)):
        ends[block[number[row]] + 2] += 1
    for nth in range(blocks):
        ends[nth + 2] += ends[nth + 1]
    for row in range(len(number)):
        own = block[number[row]] + 1
        rows[ends[own]] = row
        ends[own] += 1
    return rows, ends[:-1]


def lay(rows: np.ndarray, number: np.ndarray, rank: np.ndarray, first: int, following: np.ndarray, columns: tuple,
        into: tuple) -> None:  # fmt: skip
    """Put at, lon, lat of `rows` where the next fix of their officer goes: `following`, by rank from `first` on."""
    for row in rows:
        officer = rank[number[row]] - first
        place = following[officer]
        into[0][place], into[1][place], into[2][place] = columns[0][row], columns[1][row], columns[2][row]
        following[officer] += 1


def on_duty(fixes: tuple, rows: tuple, duties: tuple, own: tuple, drop: np.ndarray, found: np.ndarray, duty: np.ndarray,
            count: int) -> int:  # fmt: skip
    """Mark the drops of one officer's fixes but spikes; add the others to `found`, with their duty; return how many.

    `fixes`: at, lon, lat. `rows`: the officer's first row and the one after the last. `duties`: starts and ends of duty
    intervals, disjoint and in order, of which `own` (first, after the last) are the officer's.
    """
    at, lon, lat = fixes
    row, interval = rows[0], own[0]
    while row < rows[1]:
        after, best = row, -1
        while after < rows[1] and at[after] == at[row]:
            if not (WEST <= lon[after] <= EAST and SOUTH <= lat[after] <= NORTH):
                drop[after] = BAD_POSITION
            elif best < 0:
                best = after
            elif (lon[after], lat[after]) < (lon[best], lat[best]):
                drop[best] = DUPLICATE
                best = after
            else:
                drop[after] = DUPLICATE
            after += 1
        if best >= 0:
            while interval < own[1] and duties[1][interval] <= at[row]:
                interval += 1
            if interval < own[1] and duties[0][interval] <= at[row]:
                found[count], duty[count] = best, interval
                count += 1
            else:
                drop[best] = OFF_DUTY
        row = after
    return count


def too_fast(fixes: tuple, one: int, other: int, gap: int) -> bool:
    """Tell whether the way from a fix to the next is faster than a spike's, at most the gap apart."""
    at, lon, lat = fixes
    step = at[other] - at[one]
    degrees = abs(lat[other] - lat[one]) + abs(lon[other] - lon[one]) * PARALLEL
    if step > gap or degrees * METRES_A_DEGREE <= step * FASTEST:
        return False
    south, north = math.radians(lat[one]), math.radians(lat[other])
    east = math.radians(lon[other]) - math.radians(lon[one])
    half = math.sin((north - south) / 2) ** 2 + math.cos(south) * math.cos(north) * math.sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(half)) > step * FASTEST


def day_at(instant: int, clock: tuple) -> tuple:
    """Return the local day of an instant, when it begins and when it ends, by a `clock` of `presence.local_hours`.

    Asked once a day, not once a fix: to divide takes as long as all else that is done with a fix.
    """
    hours, first = clock[1], instant // HOUR - clock[0]
    day, last = hours[first] // 24, first
    while first > 0 and hours[first - 1] // 24 == day:
        first -= 1
    while last + 1 < len(hours) and hours[last + 1] // 24 == day:
        last += 1
    return day, (clock[0] + first) * HOUR, (clock[0] + last + 1) * HOUR


def spikes(
    fixes: tuple, found: np.ndarray, duty: np.ndarray, own: tuple, gap: int, clock: tuple, alone: bool,
    drop: np.ndarray, gaps: np.ndarray, kept: tuple, count: int,
) -> int:  # fmt: skip
    """Mark one officer's spikes among `found`; add the others to `kept` (rows, duty, near); return how many those are.

    `own`: the officer's first in `found` and the one after the last. `gaps`: for each fix kept, how long after the one
    before in its duty, where that is at most the gap. `drop` and `gaps` are of each day `alone`, if so asked.
    """
    at, (rows, duties, near) = fixes[0], kept
    before, last, first = False, -1, count
    begins = ends = LONG_AGO  # of the local day of the fix at hand, where days are judged alone
    for place in range(own[0], own[1]):
        row = found[place]
        after = place + 1 < own[1] and too_fast(fixes, row, found[place + 1], gap)
        spike = before and after
        if not spike:
            rows[count], duties[count], near[count] = row, duty[place], False
            if count > first:
                near[count - 1] = duties[count - 1] == duty[place] and at[row] - at[rows[count - 1]] <= gap
            count += 1
        if alone and at[row] >= ends:
            _, begins, ends = day_at(at[row], clock)
        if spike and alone:
            spike = at[found[place - 1]] >= begins and at[found[place + 1]] < ends
        if spike:
            drop[row] = SPIKE
        else:
            together = last >= 0 and duty[last] == duty[place]
            if together and at[row] - at[found[last]] <= gap and not (alone and at[found[last]] < begins):
                gaps[row] = at[row] - at[found[last]]
            last = place
        before = after
    return count


def kth(values: np.ndarray, count: int, rank: int) -> int:
    """Return which of the first `count` values would be at `rank` (from 0) were they sorted; they are partly sorted."""
    low, high = 0, count - 1
    while low < high:
        pivot, up, down = values[(low + high) // 2], low, high
        while up <= down:
            while values[up] < pivot:
                up += 1
            while values[down] > pivot:
                down -= 1
            if up <= down:
                values[up], values[down] = values[down], values[up]
                up, down = up + 1, down - 1
        if down < rank < up:
            break
        low, high = (up, high) if rank >= up else (low, down)
    return values[rank]


def day_counts(at: np.ndarray, own: tuple, clock: tuple, limits: tuple, drop: np.ndarray, gaps: np.ndarray,
               counts: tuple, count: int) -> int:  # fmt: skip
    """Add a row to `counts` (day, tally, median) for each local day of one officer's fixes; return how many those are.

    Counted are fixes inside `limits` only. Tally: fixes kept, and by drop; median: of the gaps, in seconds, or NaN.
    """
    days, tally, median = counts
    row, length = own[0], np.empty(own[1] - own[0], dtype=np.int64)
    while row < own[1]:
        (day, _, ends), measured, fixes = day_at(at[row], clock), 0, 0
        tally[count] = 0
        while row < own[1] and at[row] < ends:
            if limits[0] <= at[row] < limits[1]:
                fixes += 1
                tally[count, drop[row]] += 1
                if gaps[row] > 0:
                    length[measured] = gaps[row]
                    measured += 1
            row += 1
        if fixes:
            days[count] = day
            median[count] = np.nan
            if measured:
                high, low = kth(length, measured, measured // 2), kth(length, measured, (measured - 1) // 2)
                median[count] = (low + high) / 2 / MICRO
            count += 1
    return count


def judged(
    fixes: tuple, starts: np.ndarray, duties: tuple, duty_starts: np.ndarray, gap: int, clock: tuple, alone: bool,
    limits: tuple,
) -> tuple:  # fmt: skip
    """Judge the fixes of all officers, and count them by officer and local day.

    Returns those kept (officer, row, duty, and whether the next is near: in its duty, at most the gap later), and the
    counts (officer, day, tally, median). With `alone` counts are of each day judged by its own fixes alone.
    """
    at = fixes[0]
    drop, gaps = np.full(len(at), KEPT, dtype=np.int8), np.zeros(len(at), dtype=np.int64)
    found, duty = np.empty(len(at), dtype=np.int64), np.empty(len(at), dtype=np.int64)
    kept = np.empty(len(at), dtype=np.int64), np.empty(len(at), dtype=np.int64), np.empty(len(at), dtype=np.bool_)
    counts = (
        np.empty(len(at), dtype=np.int32),
        np.empty((len(at), SPIKE + 1), dtype=np.int64),
        np.empty(len(at), dtype=np.float64),
    )
    whose, whose_day = np.empty(len(at), dtype=np.int32), np.empty(len(at), dtype=np.int32)
    candidates = keeping = days = starts[0]  # a plain 0 is a type of its own to Numba, and compiles all once more
    for officer in range(len(starts) - 1):
        rows, own = (starts[officer], starts[officer + 1]), (duty_starts[officer], duty_starts[officer + 1])
        first, kept_before, days_before = candidates, keeping, days
        candidates = on_duty(fixes, rows, duties, own, drop, found, duty, first)
        keeping = spikes(fixes, found, duty, (first, candidates), gap, clock, alone, drop, gaps, kept, keeping)
        days = day_counts(at, rows, clock, limits, drop, gaps, counts, days)
        whose[kept_before:keeping], whose_day[days_before:days] = officer, officer
    return (
        (whose[:keeping], kept[0][:keeping], kept[1][:keeping], kept[2][:keeping]),
        (whose_day[:days], counts[0][:days], counts[1][:days], counts[2][:days]),
    )


def held(
    at: np.ndarray, near: np.ndarray, until: np.ndarray, kind: np.ndarray, out: int, gap: int, limits: tuple
) -> tuple:
    """Return start and end of the time that each kept fix holds within `limits` (none: it starts not before it ends),
    and the smoothed place kind: a fix between two near ones of one kind takes it, judged by the raw kinds; `out` takes
    no part.

    A fix holds the clock to the next near one, else to the gap's end or that of its duty (`until`).
    """
    start, end, smoothed = np.empty_like(at), np.empty_like(at), kind.copy()
    for fix in range(len(at)):
        reach = at[fix + 1] if near[fix] else min(at[fix] + gap, until[fix])
        start[fix], end[fix] = max(at[fix], limits[0]), min(reach, limits[1])
        if fix and near[fix - 1] and near[fix] and kind[fix] != out and kind[fix - 1] == kind[fix + 1] != out:
            smoothed[fix] = kind[fix - 1]
    return start, end, smoothed


def spells(officer: np.ndarray, kind: np.ndarray, area: np.ndarray, start: np.ndarray, end: np.ndarray) -> tuple:
    """Join touching stays of one officer, place kind and area: their first fixes, their starts and their ends."""
    first, begins, ends = np.empty_like(start), np.empty_like(start), np.empty_like(start)
    count, last = 0, -1
    for fix in range(len(start)):
        if start[fix] >= end[fix]:
            continue
        same = last >= 0 and officer[fix] == officer[last] and kind[fix] == kind[last] and area[fix] == area[last]
        if not (same and start[fix] == ends[count - 1]):
            first[count], begins[count] = fix, start[fix]
            count += 1
        ends[count - 1], last = end[fix], fix
    return first[:count], begins[:count], ends[:count]


def hour_sums(
    officer: np.ndarray, kind: np.ndarray, area: np.ndarray, start: np.ndarray, end: np.ndarray, clock: tuple
) -> tuple:
    """Sum whole seconds of spells by officer, local hour, place kind and area: officer, hour, kind, area, seconds.

    `clock`: as `presence.local_hours` gives it. London's offset is always whole hours, so a cut at a UTC hour is a cut
    at a local one. Rows are in order of officer and hour.
    """
    most = 0
    for spell in range(len(start)):
        most += (end[spell] - 1) // HOUR - start[spell] // HOUR + 1
    spell_of, hours, seconds = np.empty((3, most), dtype=np.int64)
    count, opened = 0, 0  # the rows from `opened` on are of the hour and the officer at hand, and may still grow
    for spell in range(len(start)):
        for utc in range(start[spell] // HOUR, (end[spell] - 1) // HOUR + 1):
            hour = clock[1][utc - clock[0]]
            length = min(end[spell], (utc + 1) * HOUR) // MICRO - max(start[spell], utc * HOUR) // MICRO
            if count > opened and (hours[opened] != hour or officer[spell_of[opened]] != officer[spell]):
                opened = count
            row = opened
            while row < count and (kind[spell_of[row]] != kind[spell] or area[spell_of[row]] != area[spell]):
                row += 1
            if row == count:
                spell_of[count], hours[count], seconds[count] = spell, hour, 0
                count += 1
            seconds[row] += length
    return spell_of[:count], hours[:count], seconds[:count]


def united(whose: np.ndarray, start: np.ndarray, end: np.ndarray) -> tuple:
    """Join intervals of one owner that touch or overlap, in order of owner and start: owners, starts and ends."""
    owners, begins, ends = np.empty_like(whose), np.empty_like(start), np.empty_like(end)
    count = 0
    for row in range(len(start)):
        if count and whose[row] == owners[count - 1] and start[row] <= ends[count - 1]:
            ends[count - 1] = max(ends[count - 1], end[row])
        else:
            owners[count], begins[count], ends[count] = whose[row], start[row], end[row]
            count += 1
    return owners[:count], begins[:count], ends[:count]


def slots(lon: np.ndarray, lat: np.ndarray, corner: tuple, step: tuple, size: tuple, coarse: np.ndarray,
          found: np.ndarray, row: np.ndarray) -> None:  # fmt: skip
    """Put into `found` the slot in a grid's `fine` of each position, and into `row` its row of fine cells.

    Pairs are east, then north. Two loops: the first has no look-up in it, and runs on eight positions at once.
    """
    columns, most = size[0] >> SUB_BITS, (size[0] - 1.0, size[1] - 1.0)
    block = np.empty(len(lon), dtype=np.uint32)
    for at in range(len(lon)):
        east, north = (lon[at] - corner[0]) / step[0], (lat[at] - corner[1]) / step[1]
        x = int(min(east if east >= 0 else 0.0, most[0]))  # NaN too goes to the border
        y = int(min(north if north >= 0 else 0.0, most[1]))
        block[at] = (y >> SUB_BITS) * columns + (x >> SUB_BITS)
        found[at] = (y & SUB_MASK) << SUB_BITS | (x & SUB_MASK)
        row[at] = y
    for at in range(len(lon)):
        found[at] += coarse[block[at]] << (2 * SUB_BITS)


def labels(lon: np.ndarray, lat: np.ndarray, corner: tuple, step: tuple, size: tuple, coarse: np.ndarray,
           fine: np.ndarray) -> np.ndarray:  # fmt: skip
    """Return the label of each position's cell, as `grid.labels_at` does."""
    found, slot, row = np.empty(len(lon), dtype=np.int32), np.empty(FEW, dtype=np.uint32), np.empty(FEW, dtype=np.int32)
    for since in range(0, len(lon), FEW):
        until = min(since + FEW, len(lon))
        slots(lon[since:until], lat[since:until], corner, step, size, coarse, slot, row)
        for at in range(since, until):
            found[at] = fine[slot[at - since]]
    return found


def holds(lon: float, lat: float, sides: np.ndarray, since: int, until: int, corners: np.ndarray) -> int:
    """Tell whether an area holds a position, by the sides in its row: 1, 0, or UNSURE where rounding could decide.

    A position is inside where the way east from it crosses the area's sides an odd number of times. Whether it is west
    of a side is the sign of a determinant; beyond Shewchuk's bound on its rounding that sign is exact.
    """
    inside, sure = False, True
    for nth in range(since, until):  # no branch: which sides are beside a position, no processor guesses
        side = sides[nth]
        begin, end = corners[side, 1] - lat, corners[side + 1, 1] - lat
        left, right = (corners[side, 0] - lon) * end, (corners[side + 1, 0] - lon) * begin
        sure &= (begin * end > 0) | (abs(left - right) > ROUNDING * (abs(left) + abs(right)))
        inside ^= ((begin > 0) != (end > 0)) & ((left > right) == (end > begin))
    return int(inside) if sure else UNSURE


def lowest_held(lon: np.ndarray, lat: np.ndarray, corner: tuple, step: tuple, size: tuple, coarse: np.ndarray,
                fine: np.ndarray, sets: tuple, outlines: tuple) -> tuple:  # fmt: skip
    """Return the lowest area that holds each position (-1: none), the rows where that is unsure, and their labels.

    A few positions at a time: what is known of them stays in the processor's nearest cache.
    """
    (lowest, first_edge, begins, members), (first, count, offset, starts, sides, corners) = sets, outlines
    found, unsure = np.empty(len(lon), dtype=np.int32), np.empty(len(lon), dtype=np.int64)
    labels_of, doubts = np.empty(len(lon), dtype=np.int32), 0
    slot, row, label = np.empty(FEW, dtype=np.uint32), np.empty(FEW, dtype=np.int32), np.empty(FEW, dtype=fine.dtype)
    for since in range(0, len(lon), FEW):
        until = min(since + FEW, len(lon))
        slots(lon[since:until], lat[since:until], corner, step, size, coarse, slot, row)
        for at in range(since, until):
            label[at - since] = fine[slot[at - since]]
            found[at] = lowest[label[at - since]]
        for at in range(since, until):
            if label[at - since] < first_edge:
                continue
            held = 0
            for member in range(begins[label[at - since]], begins[label[at - since] + 1]):
                area = members[member]
                nth, held = row[at - since] - first[area], UNSURE
                if 0 <= nth < count[area]:
                    nth += offset[area]
                    held = holds(lon[at], lat[at], sides, starts[nth], starts[nth + 1], corners)
                if held:
                    break
            if held == UNSURE:
                unsure[doubts], labels_of[doubts] = at, label[at - since]
                doubts += 1
            elif held:
                found[at] = members[member]
    return found, unsure[:doubts], labels_of[:doubts]

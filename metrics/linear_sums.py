"""Sums that determine their unknown terms together, though none of them does alone."""

from collections import defaultdict
from collections.abc import Mapping

import polars as pl

ROUNDING = 1e-8  # of sums of zeros and ones
Line = dict[int, float]  # amounts by column; what is not there is zero


def relations_of(block: pl.DataFrame, steps: int) -> list[list[int]]:
    """Return the sums: the cells of each family, and last the cell that is their sum; -1 where none is shown."""
    found = []
    for step in range(steps):
        family, whole = f"_family_{step}", f"_whole_{step}"
        known = block.filter(pl.col(family).is_not_null()).group_by(family, maintain_order=True)
        for members, total in known.agg("_cell", pl.col(whole).first()).select("_cell", whole).iter_rows():
            found.append([*members, -1 if total is None else total])
    return found


def connected(relations: list[list[int]], unknown: set[int]) -> list[list[list[int]]]:
    """Return the sums parted into those that share unknown cells, directly or through others."""
    parts: dict[int, tuple[set[int], list[list[int]]]] = {}
    part_of: dict[int, int] = {}
    for number, relation in enumerate(relations):
        held, mine = unknown.intersection(relation), [relation]
        if not held:
            continue
        for touched in sorted({part_of[cell] for cell in held if cell in part_of}):
            cells, lines = parts.pop(touched)
            held, mine = held | cells, [*lines, *mine]
        parts[number] = held, mine
        part_of |= dict.fromkeys(held, number)
    return [lines for _, lines in parts.values()]


def giving_away(relations: list[list[int]], unknown: set[int], few: set[int], officers: Mapping[int, int]) -> list[int]:
    """Return, for each unknown cell of too few that the sums determine, a shown cell that it follows from.

    The sums are brought to the form in which each line leads with an unknown that no other line has: an unknown that
    stands alone in its line is determined, by the sums that the line was made of. Of the cells that are left when
    these are added up the one of fewest officers is returned: without a cell that cancels out they tell as much.
    """
    columns = sorted(unknown.intersection(set().union(*relations)))
    place = {cell: at for at, cell in enumerate(columns)}
    lines = [_line(relation, place) for relation in relations]
    for number, line in enumerate(lines):
        line[len(columns) + number] = 1.0  # beyond the unknowns: which of the sums a line is made of
    found = []
    for line in _reduced(lines, len(columns)):
        led = [at for at, amount in line.items() if at < len(columns) and abs(amount) > ROUNDING]
        if len(led) == 1 and columns[led[0]] in few:
            times = {at - len(columns): line[at] for at in sorted(line) if at >= len(columns)}
            offered = [cell for cell in _left(relations, times) if cell in officers]
            found += sorted(offered, key=lambda cell: (officers[cell], cell))[:1]
    return found


def _line(relation: list[int], place: Mapping[int, int]) -> Line:
    """Return a sum's unknowns, each with how often it is added."""
    line: Line = {}
    for at, cell in enumerate(relation):
        if cell in place:
            line[place[cell]] = line.get(place[cell], 0.0) + (-1 if at == len(relation) - 1 else 1)
    return line


def _left(relations: list[list[int]], times: Mapping[int, float]) -> list[int]:
    """Return the cells that are left when each relation is added so many times."""
    left: defaultdict[int, float] = defaultdict(float)
    for used in (used for used, amount in times.items() if abs(amount) > ROUNDING):
        (*members, total), amount = relations[used], times[used]
        for cell in members:
            left[cell] += amount
        left[total] -= amount
    return [cell for cell, amount in left.items() if abs(amount) > ROUNDING]


def _reduced(lines: list[Line], columns: int) -> list[Line]:
    """Return the lines with their first `columns` in reduced row echelon form, the rest brought along with them.

    A sum holds few of all cells: only what a line holds is kept, and which lines hold a column.
    """
    holders: defaultdict[int, set[int]] = defaultdict(set)
    for number, line in enumerate(lines):
        for at in line:
            holders[at].add(number)
    order = list(range(len(lines)))  # the leading lines first, in the order of what they lead with
    place = list(range(len(lines)))
    top = 0
    for column in range(columns):
        held = [number for number in holders[column] if abs(lines[number][column]) > ROUNDING]
        below = [number for number in held if place[number] >= top]
        if not below:
            continue
        # The largest: dividing by what rounding left of a zero would make a cell determined that is not.
        pivot = min(below, key=lambda number: (-abs(lines[number][column]), place[number]))
        other = order[top]
        order[top], order[place[pivot]] = pivot, other
        place[pivot], place[other] = top, place[pivot]
        amount = lines[pivot][column]
        lines[pivot] = {at: value / amount for at, value in lines[pivot].items()}
        for number in held:
            if number != pivot:
                _subtract(lines, number, lines[pivot], lines[number][column], holders)
        top += 1
    return [lines[number] for number in order[:top]]


def _subtract(lines: list[Line], number: int, gone: Line, times: float, holders: Mapping[int, set[int]]) -> None:
    """Subtract a line so many times from another, and keep note of which lines hold what."""
    line = lines[number]
    for at, amount in gone.items():
        left = line.get(at, 0.0) - times * amount
        if left:
            line[at] = left
            holders[at].add(number)
        else:
            line.pop(at, None)
            holders[at].discard(number)

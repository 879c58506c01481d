"""Sums that determine their unknown terms together, though none of them does alone."""

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import polars as pl

ROUNDING = 1e-8  # of sums of zeros and ones


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
    sums = np.zeros((len(relations), len(columns)))
    for line, relation in enumerate(relations):
        for at, cell in enumerate(relation):
            if cell in place:
                sums[line, place[cell]] += -1 if at == len(relation) - 1 else 1
    # Nearly always they determine nothing, which is told in half the time without asking what a line is made of.
    if not _determine(sums, {place[cell] for cell in few if cell in place}):
        return []
    matrix = np.hstack([sums, np.eye(len(relations))])  # the identity tells which of the sums each line is made of
    found = []
    for line in _reduced(matrix, len(columns)):
        led = np.flatnonzero(np.abs(line[: len(columns)]) > ROUNDING)
        if len(led) == 1 and columns[led[0]] in few:
            offered = [cell for cell in _left(relations, line[len(columns) :]) if cell in officers]
            found += sorted(offered, key=lambda cell: (officers[cell], cell))[:1]
    return found


def _left(relations: list[list[int]], times: np.ndarray) -> list[int]:
    """Return the cells that are left when each relation is added so many times."""
    left: defaultdict[int, float] = defaultdict(float)
    for used in np.flatnonzero(np.abs(times) > ROUNDING):
        *members, total = relations[used]
        for cell in members:
            left[cell] += times[used]
        left[total] -= times[used]
    return [cell for cell, amount in left.items() if abs(amount) > ROUNDING]


def _determine(sums: np.ndarray, columns: set[int]) -> bool:
    """Tell whether the sums determine one of these columns."""
    led = [np.flatnonzero(np.abs(line) > ROUNDING) for line in _reduced(sums.copy(), sums.shape[1])]
    return any(len(one) == 1 and int(one[0]) in columns for one in led)


def _reduced(matrix: np.ndarray, columns: int) -> np.ndarray:
    """Return the matrix with its first `columns` in reduced row echelon form, the rest brought along with them."""
    top = 0
    for column in range(columns):
        below = np.abs(matrix[top:, column])
        if below.max(initial=0) <= ROUNDING:
            continue
        # The largest: dividing by what rounding left of a zero would make a cell determined that is not.
        pivot = top + int(below.argmax())
        matrix[[top, pivot]] = matrix[[pivot, top]]
        matrix[top] /= matrix[top, column]
        lines = np.flatnonzero(np.abs(matrix[:, column]) > ROUNDING)
        others, held = lines[lines != top], np.flatnonzero(matrix[top])  # a sum holds few of all cells
        matrix[np.ix_(others, held)] -= np.outer(matrix[others, column], matrix[top, held])
        top += 1
    return matrix[:top]

"""What published sums leave open of the counts that are hidden in them: linear programming, as an attacker would do it.

A hidden count is safe when tables exist that agree with all that is shown and in which it is 1, and others in which it
is as much as it may be. Such a table is a witness; it stays one whatever else is hidden later.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, hstack
from scipy.sparse.csgraph import connected_components

from metrics.counts import Equations

ROUNDING = 1e-6
ENDLESS = 1e9  # more than any count
MOST_STEPS = 20
ROUNDS = 2  # tables that are tried: more of them hide a little less and take longer


@dataclass(frozen=True, kw_only=True, eq=False)
class Sought:
    """The counts still to be shown open: cells, and which way (`up`: it may be `goal`; else: as little as that)."""

    cell: np.ndarray
    up: np.ndarray
    goal: np.ndarray

    def only(self, kept: np.ndarray) -> "Sought":
        """Return those of `kept` (true or a position)."""
        return Sought(cell=self.cell[kept], up=self.up[kept], goal=self.goal[kept])

    def met(self, amounts: np.ndarray) -> np.ndarray:
        """Tell which are met in a table that gives every cell an amount."""
        found = amounts[self.cell]
        return np.where(self.up, found >= self.goal - ROUNDING, found <= self.goal + ROUNDING)


def closed(sought: Sought, hidden: np.ndarray, amount: np.ndarray, least: np.ndarray, equations: Equations) -> Sought:
    """Return the sought that no table was found to meet, of a few tables that each meet as many as they can.

    `hidden`, `amount` and `least` are by cell: whether it is hidden, what it truly is, the least that a reader takes
    it for. Nothing that can be worked out is missed; something may be returned that cannot.
    """
    left, chance = sought.only(~sought.met(amount)), np.random.default_rng(1)
    for _ in range(ROUNDS):
        if left.cell.size:
            tables = _Tables(hidden, amount, least, equations, left.cell)
            left = left.only(~left.met(tables.extreme(left, chance.uniform(0.1, 1, left.cell.size))))
    return left


def closed_for_good(
    sought: Sought, hidden: np.ndarray, amount: np.ndarray, least: np.ndarray, equations: Equations
) -> np.ndarray:
    """Tell exactly which of the sought no table can meet: each is asked for by itself, one of every group at a time."""
    shut, left = np.zeros(sought.cell.size, dtype=bool), np.flatnonzero(~sought.met(amount))
    while left.size:
        tables = _Tables(hidden, amount, least, equations, sought.cell[left])
        _, first = np.unique(tables.group[tables.column[sought.cell[left]]], return_index=True)
        asked = sought.only(left[first])
        met = sought.met(tables.extreme(asked, np.ones(first.size)))
        shut[left[first]] = ~met[left[first]]
        left = np.setdiff1d(left[~met[left]], left[first])
    return shut


class _Tables:
    """The tables that agree with what is shown, of the groups of hidden cells that hold certain cells."""

    def __init__(
        self, hidden: np.ndarray, amount: np.ndarray, least: np.ndarray, equations: Equations, cells: np.ndarray
    ) -> None:
        lines = hidden[equations.cell]
        equation, cell, sign = equations.equation[lines], equations.cell[lines], equations.sign[lines]
        group = _groups(equation, cell, hidden.size, equations.rest.size)
        wanted = np.isin(group[cell], np.unique(group[cells]))
        equation, cell, sign = equation[wanted], cell[wanted], sign[wanted]
        self._cells = np.union1d(cell, cells)
        self.column = np.full(hidden.size, -1)
        self.column[self._cells] = np.arange(self._cells.size)
        self.group = group[self._cells]
        self._amount, self._least = amount, least[self._cells]
        known, row = np.unique(equation, return_inverse=True)
        shape = (known.size, self._cells.size)
        self._matrix = coo_array((sign, (row, self.column[cell])), shape=shape).tocsc()
        rest = equations.rest[known]
        loose = np.flatnonzero(rest > ROUNDING)
        self._rest = coo_array((np.ones(loose.size), (loose, np.arange(loose.size))), shape=(known.size, loose.size))
        self._sums = self._matrix @ amount[self._cells] + np.where(rest > ROUNDING, rest, 0)

    def extreme(self, sought: Sought, weights: np.ndarray) -> np.ndarray:
        """Return all amounts, with those of a table that goes as far as it can towards what is sought.

        What lies beyond a goal is worth nothing: a second column of the same count holds it.
        """
        from scipy.optimize import linprog  # here: it takes half a second, and most commands hide no count

        at, size = self.column[sought.cell], self._cells.size
        cost, most = np.zeros(size), np.full(size, np.inf)
        np.add.at(cost, at, np.where(sought.up, -weights, weights))
        up = at[sought.up]
        most[up] = np.maximum(sought.goal[sought.up], self._least[up])
        matrix = hstack([self._matrix, self._matrix[:, up], self._rest], format="csc")
        free = matrix.shape[1] - size
        found = linprog(
            np.concatenate([cost, np.zeros(free)]),
            A_eq=matrix,
            b_eq=self._sums,
            bounds=np.column_stack([np.r_[self._least, np.zeros(free)], np.r_[most, np.full(free, np.inf)]]),
            method="highs",
        )
        if not found.success:  # a truth that fits is known: only a fault of the solver's leads here
            raise ArithmeticError(f"the sums of the publication could not be solved: {found.message}")
        table = found.x[:size].copy()
        np.add.at(table, up, found.x[size : size + up.size])
        amounts = self._amount.copy()
        amounts[self._cells] = table
        return amounts


def _groups(equation: np.ndarray, cell: np.ndarray, cells: int, equations: int) -> np.ndarray:
    """Return a number for each cell, the same for those that an equation joins, or a chain of them."""
    size = cells + equations
    graph = coo_array((np.ones(cell.size), (cell, cells + equation)), shape=(size, size))
    return connected_components(graph, directed=False)[1][:cells]


def implied(
    equations: Equations, hidden: np.ndarray, amount: np.ndarray, least: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return, for each line of the equations, the least and the most that its equation leaves of its count.

    Bounds are carried from one equation to the next until they rest: where equations are a tree, nothing more can be
    known. Elsewhere more may be, which `closed` finds.
    """
    low, high = np.where(hidden, least, amount), np.where(hidden, ENDLESS, amount)
    lines = np.flatnonzero((np.bincount(equations.equation, hidden[equations.cell]) > 0)[equations.equation])
    of, cell, is_part = equations.equation[lines], equations.cell[lines], equations.sign[lines] > 0
    for _ in range(MOST_STEPS):
        lows, highs = _by_equation(of, cell, is_part, equations.rest, low, high)
        narrower = (low.copy(), high.copy())
        np.maximum.at(narrower[0], cell, np.where(hidden[cell], lows, -ENDLESS))
        np.minimum.at(narrower[1], cell, np.where(hidden[cell], highs, ENDLESS))
        still = np.allclose(narrower[0], low, atol=ROUNDING) and np.allclose(narrower[1], high, atol=ROUNDING)
        low, high = narrower
        if still:
            break
    every_low, every_high = np.full(equations.cell.size, -ENDLESS), np.full(equations.cell.size, ENDLESS)
    every_low[lines], every_high[lines] = lows, highs
    return every_low, every_high


def _by_equation(
    of: np.ndarray, cell: np.ndarray, is_part: np.ndarray, rest: np.ndarray, low: np.ndarray, high: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the bounds that each equation sets to each of its counts, from the bounds of the others in it."""
    size = rest.size
    lows = np.bincount(of, is_part * low[cell], size)
    highs = np.bincount(of, is_part * high[cell], size) + np.where(rest > ROUNDING, ENDLESS, 0)
    whole_low, whole_high = np.zeros(size), np.zeros(size)
    whole_low[of[~is_part]], whole_high[of[~is_part]] = low[cell[~is_part]], high[cell[~is_part]]
    of_part_low = whole_low[of] - (highs[of] - high[cell])
    of_part_high = whole_high[of] - (lows[of] - low[cell])
    return np.where(is_part, of_part_low, lows[of]), np.where(is_part, of_part_high, highs[of])


class Neighbours:
    """Which counts stand in which equations, to find what may be hidden beside one that can be worked out."""

    def __init__(self, equations: Equations, cells: int) -> None:
        order = np.argsort(equations.cell, kind="stable")
        starts = np.searchsorted(equations.cell[order], np.arange(1, cells))
        self._equations = np.split(equations.equation[order], starts)
        order = np.argsort(equations.equation, kind="stable")
        starts = np.searchsorted(equations.equation[order], np.arange(1, equations.rest.size))
        self._cells = np.split(equations.cell[order], starts)

    def nearest(self, cell: int, secret: np.ndarray, free: np.ndarray, amount: np.ndarray) -> int | None:
        """Return the count to hide next: the smallest above 0 in the nearest equation that has one, else a nought.

        Near are the equations that a hidden count stands in, then those of the hidden counts in them. None: all that
        could be hidden is.
        """
        seen, nought = set(), None
        near = {int(one) for one in self._equations[cell]}
        while near:
            seen |= near
            inside = np.unique(np.concatenate([self._cells[one] for one in near]))
            choice = inside[free[inside]]
            above = choice[amount[choice] > 0]
            if above.size:
                return int(above[np.argmin(amount[above])])
            nought = int(choice[0]) if nought is None and choice.size else nought
            near = {int(one) for at in inside[secret[inside]] for one in self._equations[at]} - seen
        return nought

"""What a reader of all public editions can work out of the counts emptied in them, by linear programming.

The reader knows how the figures add up: areas to sectors to LPAs, categories to all, a numerator and what is left to
its denominator, a part below its whole, twelve months to a year; has every month and every edition at once; and knows
the rule: an emptied count is at least 1, but in an LPA where noughts were emptied too, of which the reader is told, or
where nothing is shown of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from scipy.optimize import linprog
from scipy.sparse import block_diag, csr_array, diags_array
from scipy.sparse.csgraph import connected_components

from tests.oracle.published_force import CATEGORIES, POWERS, ROWS, YEAR, Force, level_of

Key = tuple[str, str, date]
SHARES = [(upper, below) for name, _, upper, below in ROWS if below and name != "ASB-03"]
CONTRADICTORY = 2  # as linprog numbers it
ENDLESS = 1e6  # more than any count here: one that may be so much may be anything
PARTS = [("located", "asb"), ("local crimes", "crimes")]


@dataclass(frozen=True)
class Told:
    """A true count of 1 to 4 that a reader can tell more exactly than that, and between what."""

    key: Key
    truth: float
    low: float
    high: float


def shown(rows: pl.DataFrame) -> dict[Key, float]:
    """Read the counts that an edition shows."""
    names = {(indicator, category): (upper, below) for indicator, category, upper, below in ROWS}
    found: dict[Key, float] = {}
    for row in rows.filter(pl.col("note").is_null() | (pl.col("note") != "suppressed")).iter_rows(named=True):
        upper, below = names[row["indicator_id"], row["category"]]
        found[upper, row["area_code"], row["month"]] = row["numerator"]
        if below:
            found[below, row["area_code"], row["month"]] = row["denominator"]
    return found


def attacked(force: Force, truth: Mapping[Key, float], known: Mapping[Key, float]) -> list[Told]:
    """Return the small true counts below the LPA that `known` determines, or leaves less than 1 to 4.

    Less than the figures of force and LPAs alone leave of it is nobody's fault but theirs: they are always published.
    """
    anyway = {key: value for key, value in known.items() if level_of(key[1]) in ("force", "lpa")}
    tables = _Tables(force, truth, known, knows_rule=True)
    found = tables.intervals(sorted(tables.small()))
    narrow = [key for key, (low, high) in found.items() if low > 1 + 1e-6 or high < 4 - 1e-6]
    least_and_most = _Tables(force, truth, anyway, knows_rule=False).intervals(narrow)
    told = []
    for key in narrow:
        (low, high), (least, most) = found[key], least_and_most[key]
        if low > max(1, least) + 1e-6 or high < min(4, most) - 1e-6:
            told.append(Told(key, tables.truth[key], low, high))
    return told


def joined(
    force: Force, truth: Mapping[Key, float], own: dict[Key, float], other: dict[Key, float]
) -> dict[Key, float]:
    """Add to what one edition shows what another does, of each count of an LPA in which they nowhere differ.

    Where they do, something has changed, and the reader cannot tell what else has. What is added must fit.
    """
    differ = {_group(force, key) for key in own.keys() & other.keys() if own[key] != other[key]}
    more = {key: value for key, value in other.items() if _group(force, key) not in differ}
    for lpa in sorted({_group(force, key)[2] for key in more}):
        added = {key: value for key, value in more.items() if _group(force, key)[2] == lpa}
        own = {**added, **own} if fits(force, truth, {**added, **own}) else own
    return own


def _group(force: Force, key: Key) -> tuple[str, date, str]:
    name, area, month = key
    while area in force.parents:
        area = force.parents[area]
    return name, month, area


def fits(force: Force, truth: Mapping[Key, float], known: Mapping[Key, float]) -> bool:
    """Tell whether any table of numbers agrees with all that is known: editions need not agree with one another."""
    return _Tables(force, truth, known, knows_rule=False).solvable()


class _Tables:
    def __init__(self, force: Force, truth: Mapping[Key, float], known: Mapping[Key, float], knows_rule: bool) -> None:
        self.force, self.known = force, dict(known)
        left = {_left(*one, key): truth[key] - truth[one[0], *key[1:]] for key in truth for one in _of(key)}
        self.truth = {**truth, **left}
        self.keys = {key: place for place, key in enumerate(self.truth)}
        rows, columns, values = [], [], []
        for number, (parts, whole) in enumerate(self._equations()):
            for key, sign in [*((part, 1) for part in parts), (whole, -1)]:
                rows.append(number)
                columns.append(self.keys[key])
                values.append(sign)
        self.matrix = csr_array((values, (rows, columns)), shape=(rows[-1] + 1, len(self.keys)))
        self.in_lpa = defaultdict(list)
        for key in self.truth:
            if level_of(key[1]) in ("sector", "neighbourhood"):
                self.in_lpa[key[0], key[2], self._lpa(key[1])].append(key)
        self.low = np.array([self._least(key) if knows_rule else 0.0 for key in self.keys])
        self.high = np.full(len(self.keys), np.inf)
        for key, value in self.known.items():
            self.low[self.keys[key]] = self.high[self.keys[key]] = value
        self.group = self._groups()

    def small(self) -> Iterable[Key]:
        told = (key for key in self.truth if "beside" not in key[0])
        return (key for key in told if level_of(key[1]) in ("sector", "neighbourhood") and 1 <= self.truth[key] <= 4)

    def intervals(self, keys: Iterable[Key]) -> dict[Key, tuple[float, float]]:
        """Return the least and the most that each count can be, from the equations that its unknown neighbours join."""
        places = {self.keys[key]: key for key in keys}
        found = {key: (self.low[place], self.high[place]) for place, key in places.items()}
        unknown = [place for place in places if self.low[place] < self.high[place]]
        for group in {self.group[place] for place in unknown}:
            asked = [place for place in unknown if self.group[place] == group]
            inside = np.flatnonzero(self.group == group)
            ends = self._ends(inside, np.searchsorted(inside, asked))
            found |= zip((places[place] for place in asked), ends, strict=True)
        return found

    def _ends(self, inside: np.ndarray, asked: np.ndarray) -> list[tuple[float, float]]:
        """Return the least and the most of each count asked for, all by one program: a copy of the group for each."""
        cost = np.zeros((2 * asked.size, inside.size))
        cost[np.arange(asked.size), asked] = 1
        cost[np.arange(asked.size, 2 * asked.size), asked] = -1
        lines = np.unique(self.matrix[:, inside].nonzero()[0])
        found = self._solve(cost, inside, lines)
        if not found.success:  # what the reader took for unchanged was not: nothing follows
            assert found.status == CONTRADICTORY
            return [(0.0, np.inf)] * asked.size
        copies = found.x.reshape(cost.shape)
        least, most = copies[cost > 0], copies[cost < 0]
        return [(low, np.inf if high >= ENDLESS else high) for low, high in zip(least, most, strict=True)]

    def solvable(self) -> bool:
        every = np.arange(len(self.keys))
        return bool(self._solve(np.zeros((1, every.size)), every, np.arange(self.matrix.shape[0])).success)

    def _solve(self, cost: np.ndarray, inside: np.ndarray, lines: np.ndarray):
        """Minimise each line of `cost`, over a copy of the counts `inside` of its own."""
        fixed, copies = np.setdiff1d(np.arange(len(self.keys)), inside), len(cost)
        sums = -(self.matrix[lines][:, fixed] @ self.low[fixed])
        bounds = np.column_stack([self.low[inside], np.minimum(self.high[inside], ENDLESS)])
        return linprog(
            cost.ravel(),
            A_eq=block_diag([self.matrix[lines][:, inside]] * copies, format="csr"),
            b_eq=np.tile(sums, copies),
            bounds=np.tile(bounds, (copies, 1)),
            method="highs",
        )

    def _groups(self) -> np.ndarray:
        """Number the counts so that those which equations join by unknown ones share a number."""
        unknown = self.matrix @ diags_array((self.low != self.high).astype(float))
        size = len(self.keys)
        joined = connected_components(abs(unknown).T @ abs(unknown), directed=False)[1]
        return joined[:size]

    def _least(self, key: Key) -> float:
        if key in self.known or "left" in key[0] or "beside" in key[0] or self.truth[key] == 0:
            return 0.0
        group = self.in_lpa[key[0], key[2], self._lpa(key[1])]
        hides_nought = any(self.truth[one] == 0 and one not in self.known for one in group)
        return 1.0 if any(one in self.known for one in group) and not hides_nought else 0.0

    def _lpa(self, area: str) -> str:
        while area in self.force.parents:
            area = self.force.parents[area]
        return area

    def _equations(self) -> Iterable[tuple[list[Key], Key]]:
        areas = {*self.force.parents, *self.force.parents.values()}
        for month in self.force.months:
            for area in areas:
                children = [child for child, above in self.force.parents.items() if above == area]
                for name in {key[0] for key in self.truth if children and "beside" not in key[0]}:
                    yield [(name, child, month) for child in children], (name, area, month)
                yield [(f"asb {one}", area, month) for one in CATEGORIES], ("asb", area, month)
                for upper, below in (*SHARES, *PARTS):
                    key = (below, area, month)
                    yield [(upper, area, month), _left(upper, below, key)], key
                back = [one for one in self.force.months if 0 <= _months(one, month) < YEAR]
                powers = [(f"power {one}", area, then) for one in POWERS for then in back]
                yield powers, ("powers of the year", area, month)


def _of(key: Key) -> list[tuple[str, str]]:
    return [share for share in (*SHARES, *PARTS) if share[1] == key[0]]


def _left(upper: str, below: str, key: Key) -> Key:
    kind = "left" if (upper, below) in SHARES else "beside"
    return (f"{kind} of {below} without {upper}", *key[1:])


def _months(first: date, later: date) -> int:
    return (later.year - first.year) * 12 + later.month - first.month

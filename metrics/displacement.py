"""Did it work? The weighted displacement difference, and the comparable places that it needs (definitions §7b).

Wheeler, A.P. and Ratcliffe, J.H. (2018), A simple weighted displacement difference test to evaluate place based crime
interventions, Crime Science 7:11.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import shapely

from metrics.cells import CELL_KM2, Cells, squares
from metrics.verdicts import SMALL_COUNT

RING_METRES = 100
AWAY_METRES = 200  # of a comparable place from every hotspot, so that their rings do not meet
NORMAL_95 = 1.96
Positions = tuple[np.ndarray, np.ndarray]  # x and y in national grid metres
_AROUND = np.array([(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)])


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Events in a place in two periods of equal length."""

    before: int
    after: int

    @property
    def change(self) -> int:
        """After less before."""
        return self.after - self.before

    @property
    def change_percent(self) -> float | None:
        """The change in % of what was before; None where that is below 20."""
        return 100 * self.change / self.before if self.before >= SMALL_COUNT else None


@dataclass(frozen=True, kw_only=True)
class Difference:
    """How many events fewer (below 0) or more there were than the comparable places would have it.

    `estimate` = `local` (in the places themselves) + `displaced` (in the rings around them). `low` and `high` bound it
    with 95 % confidence, by the normal approximation to Poisson counts: with very few events they are too narrow.
    """

    local: int
    displaced: int
    variance: int

    @property
    def estimate(self) -> int:
        """The weighted displacement difference."""
        return self.local + self.displaced

    @property
    def low(self) -> float:
        """The lower end of the 95 % interval."""
        return self.estimate - NORMAL_95 * sqrt(self.variance)

    @property
    def high(self) -> float:
        """The upper end of the 95 % interval."""
        return self.estimate + NORMAL_95 * sqrt(self.variance)

    @property
    def could_be_chance(self) -> bool:
        """Whether the interval holds 0."""
        return self.low <= 0 <= self.high


def weighted_displacement_difference(
    *, treated: Counts, control: Counts, treated_ring: Counts, control_ring: Counts
) -> Difference:
    """Return the change in the treated places and their ring, less that in the control places and theirs."""
    four = (treated, control, treated_ring, control_ring)
    return Difference(
        local=treated.change - control.change,
        displaced=treated_ring.change - control_ring.change,
        variance=sum(one.before + one.after for one in four),
    )


def ring(places: shapely.Geometry, others: shapely.Geometry) -> shapely.Geometry:
    """Return the 100 m around `places` (metres), less the places themselves and less any of `others`."""
    return shapely.difference(shapely.buffer(places, RING_METRES), shapely.union(places, others))


def away_from(cells: Cells, hotspots: shapely.Geometry) -> np.ndarray:
    """Tell of each square whether it is in the force area and at least 200 m from every hotspot."""
    away = cells.inside.copy()
    shapely.prepare(hotspots)
    inside = np.flatnonzero(away)
    away[inside] = ~shapely.dwithin(squares(cells, inside), hotspots, AWAY_METRES) if not hotspots.is_empty else True
    return away


def cluster_size(km2: float) -> int:
    """Return how many squares make a place of this size, at least one."""
    return max(1, round(km2 / CELL_KM2))


def worst_clusters(cells: Cells, harm: np.ndarray, allowed: np.ndarray, *, size: int, count: int) -> list[np.ndarray]:
    """Return up to `count` places of `size` touching squares each, those with the most harm first.

    Each begins at the square with the most harm that is left (a tie: the lowest number) and grows by the touching
    square with the most; squares that touch a place found before are left to no other, so that places stay apart. A
    place that cannot grow to its size is none. Ends early where no square with harm is left.
    """
    free = allowed.copy()
    found: list[np.ndarray] = []
    for seed in np.argsort(-harm, kind="stable"):
        if len(found) == count or harm[seed] <= 0:
            break
        if not free[seed]:
            continue
        place = _grown(cells, harm, free, int(seed), size)
        free[place] = False
        if len(place) == size:
            found.append(place)
            free[np.unique(np.concatenate([_touching(cells, one) for one in place]))] = False
    return sorted(found, key=lambda place: -harm[place].sum())


def _grown(cells: Cells, harm: np.ndarray, free: np.ndarray, seed: int, size: int) -> np.ndarray:
    place, rim = [seed], {int(one) for one in _touching(cells, seed) if free[one]}
    while len(place) < size and rim:
        best = min(rim, key=lambda one: (-harm[one], one))
        place.append(best)
        rim |= {int(one) for one in _touching(cells, best) if free[one]}
        rim -= set(place)
    return np.array(place)


def _touching(cells: Cells, number: int) -> np.ndarray:
    around = np.array(divmod(number, cells.columns)) + _AROUND
    rows = len(cells.inside) // cells.columns
    known = (around >= 0).all(axis=1) & (around < (rows, cells.columns)).all(axis=1)
    return around[known] @ (cells.columns, 1)


def shape_of(cells: Cells, places: Sequence[np.ndarray]) -> shapely.Geometry:
    """Return the union of places made of squares, in national grid metres."""
    return shapely.union_all(squares(cells, np.concatenate(places))) if places else shapely.MultiPolygon()


def counts_in(shape: shapely.Geometry, before: Positions, after: Positions) -> Counts:
    """Count the positions of two periods that lie in `shape`, its border included."""
    shapely.prepare(shape)
    inside = (int(shapely.intersects_xy(shape, x, y).sum()) for x, y in (before, after))
    return Counts(before=next(inside), after=next(inside))

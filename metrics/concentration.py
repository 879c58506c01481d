"""How few places hold half of crime, and whether the places chosen are still among them (definitions §7b).

PAI: the predictive accuracy index (Chainey, Tompson and Uhlig 2008). PEI: the predictive efficiency index (Hunt 2016).
"""

from dataclasses import dataclass

import numpy as np

from metrics.cells import CELL_KM2

HALF = 0.5


@dataclass(frozen=True, kw_only=True)
class Concentration:
    """How few of the squares of an area hold half of an amount: `share` % of `cells`; None where there is none."""

    cells: int
    holding_half: int
    amount: float

    @property
    def share(self) -> float | None:
        """The squares that hold half, in % of all."""
        return 100 * self.holding_half / self.cells if self.amount > 0 and self.cells else None


@dataclass(frozen=True, kw_only=True)
class Accuracy:
    """How well places chosen before caught what came: of `events`, `inside` of them in `km2_inside` of `km2`.

    `best` is what the same area could have caught, had its squares been chosen knowing what came.
    """

    events: int
    inside: int
    km2: float
    km2_inside: float
    best: float

    @property
    def pai(self) -> float | None:
        """Share of the events over share of the area: 1 is what chance would catch; None without either."""
        return self._index(self.inside)

    @property
    def pei(self) -> float | None:
        """The index over the best that the same area could have had: 1 is a perfect choice."""
        return self.inside / self.best if self.best > 0 and self.pai is not None else None

    @property
    def best_pai(self) -> float | None:
        """The index of the best squares of the same area."""
        return self._index(self.best)

    def _index(self, caught: float) -> float | None:
        if not (self.events and self.km2 > 0 and self.km2_inside > 0):
            return None
        return (caught / self.events) / (self.km2_inside / self.km2)


def holding_half(amounts: np.ndarray) -> Concentration:
    """Return how many squares, those with the most first, hold half of the amount. `amounts` has all squares."""
    running = np.cumsum(np.sort(amounts)[::-1])
    total = float(running[-1]) if len(running) else 0.0
    count = int(np.searchsorted(running, HALF * total) + 1) if total > 0 else 0
    return Concentration(cells=len(amounts), holding_half=count, amount=total)


def curve(amounts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the concentration curve: % of squares, those with the most first, and % of the amount that they hold.

    Begins at (0, 0); one point for each number of squares that hold something, and (100, 100) last.
    """
    held = np.sort(amounts[amounts > 0])[::-1]
    share = 100 * np.arange(len(held) + 1) / max(len(amounts), 1)
    running = np.concatenate([[0.0], np.cumsum(held)])
    percent = 100 * running / running[-1] if len(held) else running
    return np.append(share, 100.0), np.append(percent, 100.0)


def best_catch(amounts: np.ndarray, km2: float) -> float:
    """Return what the best squares of so many km² hold; of the last one, as much of it as there is room for."""
    ordered = np.sort(amounts)[::-1]
    room = min(km2 / CELL_KM2, len(ordered))
    whole = int(room)
    rest = (room - whole) * float(ordered[whole]) if whole < len(ordered) else 0.0
    return float(ordered[:whole].sum()) + rest

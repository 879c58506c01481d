"""The five classes that a map is shaded in: four round limits, made from what is shaded."""

from collections.abc import Collection, Sequence
from math import floor, log10
from typing import Any


def classes(values: Sequence[float]) -> tuple[float, ...]:
    """Return four round limits that part `values` in five classes of equal width, whatever a twentieth at each end is.

    One city centre would else leave every other neighbourhood in the palest class.
    """
    ordered = sorted(values) or [0.0]
    beyond = len(ordered) // 20
    low, high = ordered[beyond], ordered[-1 - beyond]
    raw = (high - low) / 5 or abs(high) / 5 or 1
    magnitude = 10 ** floor(log10(raw))
    step = next(factor for factor in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if factor * magnitude >= raw) * magnitude
    first = floor(low / step) * step
    return tuple(round(first + step * count, 6) for count in range(1, 5))


def scaled_by(rows: Collection[dict[str, Any]], value: str) -> list[float]:
    """Return what the classes are made from: the areas' values, and their own usual ones where they are judged.

    The usual ones hardly move from month to month, so that the same shade mostly means the same in all of them.
    One area alone is shaded from nothing up.
    """
    columns = ("value", "centre") if value == "value" else ("value",)
    found = [row.get(column) for row in rows for column in columns]
    return [each for each in (found if len(rows) > 1 else [0.0, *found]) if each is not None]


def around_nothing(values: Sequence[float]) -> tuple[float, ...]:
    """Return four limits that part `values` in five classes alike on both sides of nothing."""
    inner, outer = classes([0, max((abs(value) for value in values), default=0)])[:3:2]
    return (-outer, -inner, inner, outer)

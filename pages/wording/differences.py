"""The difference of two areas in words: how much, between which limits, and whether chance could make it."""

from collections.abc import Mapping, Sequence
from typing import Any

from metrics.difference import CHANCE, FEW, HIGHER, LOWER
from metrics.indicator import Indicator
from pages.wording import words

Row = Mapping[str, Any]
_REAL = {HIGHER: "▲ higher", LOWER: "▼ lower", CHANCE: "could be chance", FEW: "too few to say"}


def difference(indicator: Indicator, row: Row) -> str:
    """Write a difference with its 95 % interval: '+3.2 points (0.4 to 6.0)', '1.8 times (1.5 to 2.1)'."""
    if row["difference"] is None or (row["result"] == FEW and indicator.unit == "%"):
        return words.NOTHING  # a percentage of a few is none, nor is the difference of two
    if row["basis"] == "times":
        return f"{_times(row['ratio'])} times ({_times(row['low'])} to {_times(row['high'])})"
    said = words.change(row["difference"], indicator.unit)
    if row["basis"] is None:
        return said
    return f"{said} ({words.number(row['low'], '%')} to {words.number(row['high'], '%')})"


def is_real(row: Row) -> str:
    """Say whether chance could make a difference: '▲ higher', 'could be chance', 'no interval: a total follows ...'."""
    if row["result"] is not None:
        return _REAL[row["result"]]
    return f"no interval: {row['why']}"


def how_many_differ(results: Sequence[str | None]) -> str:
    """Say of how many figures chance does not explain the difference; `results` are those of metrics.difference."""
    real = sum(one in (HIGHER, LOWER) for one in results)
    unjudged = sum(one in (FEW, None) for one in results)
    left = f"; {unjudged} cannot be judged" if unjudged else ""
    return f"{real} of {len(results)} really differ{left}"


def _times(ratio: float) -> str:
    return words.number(ratio, "ratio")

"""What an explored table says, as its page's title: one sentence about all its rows, made by rules."""

from collections.abc import Mapping, Sequence
from typing import Any

from metrics import indicator as indicator_of
from metrics.indicator import Indicator
from pages.wording import figures, sentences

Row = Mapping[str, Any]


def changed(what: str, rows: Sequence[Row]) -> str:
    """Say of how many figures chance does not explain the change: '3 indicators by LPA: 2 of 21 figures changed'.

    A percentage of a few is not judged.
    """
    known = [figures.judged(indicator_of(row["indicator_id"]), row) for row in rows]
    judged = [row for row in known if row.get("verdict") is not None]
    if not judged:
        return f"{what}: no verdict yet"
    real = sum(row["verdict"] in sentences.REAL for row in judged)
    return f"{what}: {real or 'none'} of {len(judged)} figures really changed"


def highest(what: str, indicator: Indicator, rows: Sequence[tuple[str, Row]]) -> str:
    """Name the part with the highest figure: 'ASB incidents by weekday: most on Fri'; a percentage of a few is none."""
    known = [(row["value"], label) for label, row in rows if row["value"] and not figures.is_few(indicator, row)]
    if not known:
        return f"{what}: no figure to compare"
    top = max(amount for amount, _ in known)
    first = [label for amount, label in known if amount == top]
    return f"{what}: highest {first[0]}" if len(first) == 1 else f"{what}: {len(first)} are equally high"

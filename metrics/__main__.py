"""Prints the catalogue of indicators as Markdown: `python -m metrics`. The README's block is this output."""

from metrics import indicators_of
from metrics.indicator import Indicator, Part
from metrics.parameters import Parameters, worded

_GOOD = {"higher": "higher is better", "lower": "lower is better", "neither": "no good direction"}


def catalogue() -> str:
    """Return one table row per indicator: id, name, formula in words, unit, direction, reference."""
    head = "| id | indicator | formula | unit | direction | reference |\n|---|---|---|---|---|---|"
    return "\n".join([head, *(_row(worded(one, Parameters())) for one in indicators_of())])


def formula(indicator: Indicator) -> str:
    """Say in words what is divided by what, and for which officers."""
    words = _words(indicator.numerator)
    if indicator.denominator is not None:
        words = f"{words} ÷ {_words(indicator.denominator)}"
    if indicator.relative_to:
        words = f"{words}, against the same of {indicator.relative_to} residents"
    if indicator.scale != 1:
        words = f"{indicator.scale:,.0f} × {words}"
    return words if indicator.department is None else f"{words}; {indicator.department} officers"


def _words(part: Part) -> str:
    if part.unit == "duration":
        return f"median and 90th percentile of the {part.words}"
    return f"{part.words} (hours)" if part.unit == "seconds" else part.words


def _row(indicator: Indicator) -> str:
    cells = (
        indicator.id,
        indicator.name,
        formula(indicator),
        indicator.unit,
        _GOOD[indicator.better],
        indicator.reference,
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    print(catalogue())

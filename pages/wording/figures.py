"""A figure of a row: n stands beside every percentage and rate, and a percentage of a few is written as "2 of 4"."""

from collections.abc import Mapping
from typing import Any

from metrics.few import COUNTED, FEW, is_counted_share
from metrics.indicator import Indicator, Part
from metrics.period import BESIDE
from pages.wording import words

_UNITS = {"seconds": "h", "hours": "h", "fte": "FTE"}
Row = Mapping[str, Any]


def of_period(row: Row) -> dict[str, Any]:
    """Return the row of a series with the figures of the period that ends there, where they stand beside its own."""
    if "period_value" not in row:
        return dict(row)
    return {**row, **{name: row[f"period_{name}"] for name in BESIDE}}


def is_few(indicator: Indicator, row: Row) -> bool:
    """Tell whether a row's percentage is of fewer than FEW of what is counted; hours are not counted one by one."""
    of = row.get("denominator")
    return is_counted_share(indicator) and of is not None and of < FEW


def judged(indicator: Indicator, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as a picture may colour it: a percentage of a few without its verdict."""
    return {**row, "verdict": None} if is_few(indicator, row) else dict(row)


def value(indicator: Indicator, row: Row) -> str:
    """Write a row's value with its unit; a percentage of a few as '2 of 4'; a dash where there is none."""
    if row.get("value") is not None and is_few(indicator, row) and row.get("numerator") is not None:
        return n(indicator, row)
    return words.figure(row.get("value"), indicator.unit)


def n(indicator: Indicator, row: Row) -> str:
    """Write what a row's percentage or rate is made of: '893 of 2,519 h'; '' for a total and where it is not known."""
    if row.get("value") is None or row.get("denominator") is None:
        return ""
    if indicator.denominator is None:
        return f"of {words.number(row['denominator'], 'count')}" if indicator.numerator.unit == "duration" else ""
    if row.get("numerator") is None:
        return ""
    above, under = _amount(indicator.numerator, row["numerator"]), _amount(indicator.denominator, row["denominator"])
    if indicator.unit != "%":
        return f"{above} for {under}"
    same = _UNITS.get(indicator.numerator.unit) == _UNITS.get(indicator.denominator.unit)
    return f"{_bare(indicator.numerator, row['numerator']) if same else above} of {under}"


def whole(indicator: Indicator, row: Row) -> str:
    """Write a row's value and n: '35.4 %, 893 of 2,519 h', '2 of 4', '1,629'."""
    said, made_of = value(indicator, row), n(indicator, row)
    return f"{said}, {made_of}" if made_of and made_of != said else said


def mark(indicator: Indicator, row: Row) -> words.Mark:
    """Give the mark of a row's verdict; a percentage of a few has none that is coloured."""
    return words.TOO_FEW if is_few(indicator, row) else words.mark(row.get("verdict"))


def _amount(part: Part, amount: float) -> str:
    unit = _UNITS.get(part.unit)
    return f"{_bare(part, amount)} {unit}" if unit else _bare(part, amount)


def _bare(part: Part, amount: float) -> str:
    return words.number(amount, "count" if part.unit in COUNTED or float(amount).is_integer() else "h")

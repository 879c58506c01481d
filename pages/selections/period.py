"""The period of a page: one month, or several that are counted as one; read from the address.

`month=2026-09` is a month, and `month=2026-01,2026-03,2026-09` are several. `period=ytd` is the performance year to the
month, `period=rolling12` the twelve months to it, `period=range&from=2026-02` the months from one to it.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal, get_args

from metrics.levels import YEAR, add_months, months_between, performance_year
from pages.wording import words

Kind = Literal["month", "ytd", "rolling12", "range", "months"]
KINDS: tuple[Kind, ...] = get_args(Kind)
ONE_MONTH, RANGE, MONTHS = "month", "range", "months"
SEPARATOR = ","  # between the values of one filter in the address


def read(
    params: Mapping[str, str], known: Sequence[date], newest: date, problems: list[str]
) -> tuple[Kind, list[date]]:
    """Return the kind of period and its months, oldest first; what cannot be honoured is left out and said.

    `known` are the months with data, oldest first; `newest` is taken where none is named.
    """
    named = _named(params.get("month", ""), known, problems) or [newest]
    kind = _kind(params.get("period"), problems)
    if len(named) > 1 and kind not in (ONE_MONTH, MONTHS):
        problems.append("The address names several months, and a period to one of them: the months are counted.")
    if len(named) > 1 or kind == MONTHS:
        return MONTHS, named
    last = named[0]
    if kind == RANGE:
        return RANGE, months_between(_first(params.get("from", ""), known, last, problems), last)
    return kind, months_to(kind, last)


def months_to(kind: Kind, last: date) -> list[date]:
    """Return the months of a period that its kind and its last month tell: of any but these, that month."""
    if kind == "ytd":
        return months_between(performance_year(last), last)
    return months_between(add_months(last, 1 - YEAR), last) if kind == "rolling12" else [last]


def _kind(given: str | None, problems: list[str]) -> Kind:
    if given is None or given in KINDS:
        return given or ONE_MONTH  # type: ignore[return-value]
    offered = ", ".join(kind for kind in KINDS if kind != MONTHS)
    problems.append(f"There is no period “{given[:20]}”: a month is shown. The periods are {offered}.")
    return ONE_MONTH


def _named(given: str, known: Sequence[date], problems: list[str]) -> list[date]:
    asked = [one for one in dict.fromkeys(given.split(SEPARATOR)) if one]
    found = [month for month in known if f"{month:%Y-%m}" in asked]
    for gone in asked:
        if gone not in [f"{month:%Y-%m}" for month in found]:
            span = f"{words.month(known[0])} to {words.month(known[-1])}"
            problems.append(f"There is no data for the month “{gone[:20]}”. The data runs from {span}.")
    return found


def _first(given: str, known: Sequence[date], last: date, problems: list[str]) -> date:
    found = _named(given, known, problems)[:1] if given else []
    if found and found[0] > last:
        span = f"{words.month(found[0])} to {words.month(last)}"
        problems.append(f"A period from {span} has no month: the last is shown.")
    return min(found[0], last) if found else last

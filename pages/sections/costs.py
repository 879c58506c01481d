"""Costs in words: of abstraction and of patrols, always with the hours and the range that they rest on."""

from datetime import date

from data_access.answers.cost import MonthlyCost
from data_access.answers.places import Evaluation
from metrics.cost import HoursCost, PoundsRange
from pages.wording import sentences, words


def of_month(found: MonthlyCost, month: date) -> str:
    """Say what a month's hours cost beside what such a month usually brings; of a period what they cost alone."""
    usual = found.usual
    if usual is None:
        return f"They cost {_pounds(found.cost.pounds)}, {_basis(found.cost)}."
    beside = "; what is usual here is not known yet"
    if usual.low is not None and usual.high is not None:
        beside = f"; {sentences.a_month(month)} usually brings {_pounds(usual.low)} to {_pounds(usual.high)}"
    return f"They cost {_pounds(found.cost.pounds)}, {_basis(found.cost)}{beside}."


def of_patrols(found: Evaluation, counted: str) -> str:
    """Say what the patrols cost, and what one prevented would have cost; nothing where no price is given."""
    if found.cost is None:
        return ""
    spent = f"The patrols cost {_pounds(found.cost.pounds)}, {_basis(found.cost)}."
    if found.prevented is None:
        return f"{spent} The difference holds nothing prevented, so there is no cost of one prevented."
    return f"{spent} {_prevented(found.prevented, counted)}"


def _prevented(range_: PoundsRange, counted: str) -> str:
    fewest = _pounds(range_.low)
    if range_.high is None:
        return (
            f"If the patrols made the difference, one prevented ({counted}) cost at least {fewest}; there is no upper "
            "end, as the difference could be chance and none prevented at all."
        )
    return (
        f"If the patrols made the difference, one prevented ({counted}) cost {fewest} to {_pounds(range_.high)} "
        f"(95 % interval; most likely {_pounds(range_.estimate)})."
    )


def _basis(cost: HoursCost) -> str:
    said = f"{words.figure(cost.hours, 'h')} at a mean of £{cost.pounds_an_hour:.2f} an hour"
    if cost.unpriced_hours:
        said += f" ({words.figure(cost.unpriced_hours, 'h')} more by roles without a price are not in it)"
    return said


def _pounds(value: float | None) -> str:
    return f"£{words.number(value, 'count')}"

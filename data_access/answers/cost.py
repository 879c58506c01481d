"""What abstraction cost, where the force gives pounds an hour by role (`[cost] hour` of config.toml)."""

from dataclasses import dataclass, replace

import polars as pl

from data_access.answers.answer import Question, answer
from data_access.answers.reader import Reader
from metrics.cost import HoursCost, PoundsRange, cost_of_hours, usual_cost


@dataclass(frozen=True, kw_only=True)
class MonthlyCost:
    """What hours cost, and the range that such a month usually brings (its ends None: not known yet).

    Of several months counted as one nothing is usual (None).
    """

    cost: HoursCost
    usual: PoundsRange | None


def monthly_cost(reader: Reader, hours: Question) -> MonthlyCost | None:
    """Return what the hours of one area in one month, or a period, cost; `hours` asks for one indicator of hours.

    None where no role has a price, where nobody gave an hour, or where the hours of a role are withheld.
    """
    prices = reader.settings.cost.hour
    if not prices:
        return None
    by_role = answer(reader, replace(hours, by=("role",))).select("role", hours="value")
    cost = cost_of_hours(by_role, prices)
    month = answer(reader, hours).filter(pl.col("value").is_not_null())
    if cost is None or month.height != 1:
        return None
    if hours.period:
        return MonthlyCost(cost=cost, usual=None)
    low, high = month.select("lower_limit", "upper_limit").row(0)
    return MonthlyCost(cost=cost, usual=usual_cost(cost, low, high))

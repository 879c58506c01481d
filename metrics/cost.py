"""What officers' hours cost, at the pounds an hour by role that a force gives. No price is assumed.

A cost is never a bare point: hours stand beside what such a month usually brings, and offences prevented inside the
interval of the difference that they rest on (metrics.displacement).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from metrics.displacement import Difference


@dataclass(frozen=True, kw_only=True)
class HoursCost:
    """The cost of `hours`, those whose role has a price, in pounds; `unpriced_hours` are of the other roles."""

    pounds: float
    hours: float
    unpriced_hours: float

    @property
    def pounds_an_hour(self) -> float:
        """The mean price of the hours that have one."""
        return self.pounds / self.hours


@dataclass(frozen=True, kw_only=True)
class PoundsRange:
    """An estimate in pounds and the ends of its interval; a None has no bound or cannot be told."""

    low: float | None
    estimate: float | None
    high: float | None


def price_of_role(pounds_an_hour: Mapping[str, float]) -> pl.Expr:
    """Return the price of an hour of the row's `role`; null for a role without one."""
    return pl.col("role").replace_strict(dict(pounds_an_hour), default=None, return_dtype=pl.Float64)


def cost_of_hours(by_role: pl.DataFrame, pounds_an_hour: Mapping[str, float]) -> HoursCost | None:
    """Return what hours by role cost; `by_role` has role and hours (a row or more each).

    None where no hour has a price, or where the hours of a role are withheld (null).
    """
    if not pounds_an_hour or by_role["hours"].has_nulls():
        return None
    price = price_of_role(pounds_an_hour)
    hours, unpriced, pounds = by_role.select(
        hours=pl.col("hours").filter(price.is_not_null()).sum(),
        unpriced=pl.col("hours").filter(price.is_null()).sum(),
        pounds=(pl.col("hours") * price).sum(),
    ).row(0)
    return HoursCost(pounds=pounds, hours=hours, unpriced_hours=unpriced) if hours > 0 else None


def usual_cost(cost: HoursCost, low: float | None, high: float | None) -> PoundsRange:
    """Set a month's cost beside what its usual hours, `low` to `high`, would cost at the same mean price."""
    ends = (None if hours is None else hours * cost.pounds_an_hour for hours in (low, high))
    return PoundsRange(low=next(ends), estimate=cost.pounds, high=next(ends))


def cost_of_prevented(pounds: float, difference: Difference) -> PoundsRange | None:
    """Return what an offence prevented cost, if patrols that cost `pounds` made the `difference`.

    The fewest pounds belong to the most offences prevented. Where the interval reaches to no offence prevented, the
    cost has no upper end; where the difference itself prevents none, no estimate; None where even its best end does.
    """

    def each(prevented: float) -> float | None:
        return pounds / prevented if prevented > 0 else None

    most, likely, least = -difference.low, -difference.estimate, -difference.high
    return None if most <= 0 else PoundsRange(low=each(most), estimate=each(likely), high=each(least))

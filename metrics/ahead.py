"""The months that come: the range of definitions §8 that each is expected in, if nothing changes.

It is the rule that judges months, asked about months that have no value yet: the level, the season and the spread stay
as the months known have them. Nothing is extrapolated but what grows by itself, as members do.
"""

from collections.abc import Sequence
from datetime import date
from math import inf

import polars as pl

from metrics.indicator import Indicator
from metrics.levels import YEAR, add_months

MONTHS = 3  # a quarter; further ahead the level is seldom what it was
_SERIES = ("indicator_id", "category", "area_level", "area_code")


def with_months_ahead(tidy: pl.DataFrame, until: date, *, by: Sequence[str] = ()) -> pl.DataFrame:
    """Return the rows up to `until`, and of each series a row for each of the months after it, without a value.

    What a ratio will be measured against is taken to be as in the twelve months to `until`: their mean denominator.
    `by` are columns that part the series further, as compare has them.
    """
    known = tidy.filter(pl.col("month") <= until)
    recent = known.filter(pl.col("month") > add_months(until, -YEAR))
    below = recent.group_by(*_SERIES, *by, maintain_order=True).agg(pl.col("denominator").mean())
    months = pl.DataFrame({"month": [add_months(until, step) for step in range(1, MONTHS + 1)]})
    return pl.concat([known, below.join(months, how="cross")], how="diagonal_relaxed")


def expected_ahead(
    judged: pl.DataFrame, indicators: Sequence[Indicator], until: date, *, by: Sequence[str] = ()
) -> pl.DataFrame:
    """Return compare's rows of `until` and the months after it, these with centre, lower_limit and upper_limit alone.

    A stock is expected to go on changing as it did: of h months, h times the usual change, and √h times the spread of
    one, for one month's change says nothing of the next. Null where a series has too few months to be judged, and of a
    stock where `until` itself has no value.
    """
    rows, series = judged.filter(pl.col("month") >= until), [*_SERIES, *by]
    bounds = pl.DataFrame([_bounds(one) for one in indicators], schema_overrides={"_most": pl.Float64})
    now = rows.filter(month=until).select(*series, _now="value")
    next_ = rows.filter(month=add_months(until, 1)).select(*series, _next="centre", _half=_wider_half())
    on = {"on": series, "how": "left", "nulls_equal": True, "maintain_order": "left"}
    joined = rows.join(bounds, on="indicator_id", maintain_order="left").join(now, **on).join(next_, **on)
    step = (pl.col("month").dt.year() - until.year) * YEAR + pl.col("month").dt.month() - until.month
    grows = pl.col("_stock") & (step > 0)
    centre = pl.col("_now") + step * (pl.col("_next") - pl.col("_now"))
    half = pl.col("_half") * step.cast(pl.Float64).sqrt()
    told = {"centre": centre, "lower_limit": centre - half, "upper_limit": centre + half}
    widened = joined.with_columns(
        pl.when(grows).then(value.clip(pl.col("_least"), pl.col("_most"))).otherwise(name).alias(name)
        for name, value in told.items()
    )
    return widened.select(*rows.columns)


def _wider_half() -> pl.Expr:
    """Return how far the range of a month goes to its wider side: a bound may have cut the other."""
    return pl.max_horizontal(pl.col("upper_limit") - pl.col("centre"), pl.col("centre") - pl.col("lower_limit"))


def _bounds(indicator: Indicator) -> dict[str, object]:
    part, most = indicator.numerator, 100.0 if indicator.unit == "%" else inf
    is_stock = part.stock and part.unit != "duration" and indicator.relative_to is None
    return {
        "indicator_id": indicator.id,
        "_stock": is_stock,
        "_least": indicator.least,
        "_most": most if indicator.most is None else indicator.most,
    }

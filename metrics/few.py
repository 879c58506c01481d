"""Percentages of a few: one more or less would move them by ten points, so that they are not judged."""

from collections.abc import Iterable

import polars as pl

from metrics.indicator import Indicator

FEW = 10
COUNTED = ("count", "people")  # units of what is counted one by one; hours are not


def is_counted_share(indicator: Indicator) -> bool:
    """Tell whether an indicator is a percentage of what is counted one by one."""
    against = indicator.denominator
    return indicator.unit == "%" and against is not None and against.unit in COUNTED


def of_a_few(indicators: Iterable[Indicator]) -> pl.Expr:
    """Tell of each row whether it is a percentage of fewer than FEW; no row without a denominator is."""
    shares = [one.id for one in indicators if is_counted_share(one)]
    return pl.col("indicator_id").is_in(shares) & (pl.col("denominator") < FEW).fill_null(False)

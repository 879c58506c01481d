"""The rows of facts behind a figure: what each adds to its numerator or denominator, and why others add nothing."""

from datetime import date
from typing import Literal

import polars as pl

from metrics.indicator import Indicator, Part
from metrics.sums import SECONDS_AN_HOUR, Cut, Facts, placed

Side = Literal["numerator", "denominator"]
OTHER_DEPARTMENT = "of another department"
OTHER_CATEGORY = "of another category"
NOT_MEANT = "not what is counted"


def part_of(indicator: Indicator, side: Side) -> Part:
    """Return a side of an indicator. Raises ValueError where it has no such side: a plain total has no denominator."""
    part = indicator.numerator if side == "numerator" else indicator.denominator
    if part is None:
        raise ValueError(f"{indicator.id} has no {side}: it is a plain total, so ask for its numerator")
    return part


def rows_behind(
    facts: Facts, indicator: Indicator, side: Side, cut: Cut, code: str, month: date, category: str | None = None
) -> pl.LazyFrame:
    """Return the rows of a side's source in one area and month, with `amount` and `left_out`.

    `amount` is what a row adds, in the unit of the part (hours for seconds; of a duration its own length), 0 where it
    adds nothing, and `left_out` then says why; it is null where the row is counted. The amounts of the rows add up to
    the figure's numerator or denominator; of a duration, the rows counted are its number. `category` is that of a mix.
    """
    part = part_of(indicator, side)
    here = placed(facts, part.source, cut, None).filter(area_code=code, month=month)
    schema = here.collect_schema()
    home, split = cut.home(indicator), indicator.split if side == "numerator" or indicator.split_both else None
    counts = part.rows.cast(pl.Float64).fill_null(0)
    meant = part.rows.is_not_null() if part.unit == "duration" else counts != 0
    other_home = pl.col("department").ne_missing(home) if home and "department" in schema else pl.lit(False)
    other_category = pl.col(split).ne_missing(category) if split and category else pl.lit(False)
    left_out = (
        pl.when(other_home)
        .then(pl.lit(OTHER_DEPARTMENT))
        .when(other_category)
        .then(pl.lit(OTHER_CATEGORY))
        .when(~meant)
        .then(pl.lit(NOT_MEANT))
    )
    amount = counts / (SECONDS_AN_HOUR if part.unit == "seconds" else 1)
    told = here.with_columns(left_out=left_out).with_columns(amount=pl.when(pl.col("left_out").is_null()).then(amount))
    return told.with_columns(pl.col("amount").fill_null(0)).drop("area_code", "month", "weekday")

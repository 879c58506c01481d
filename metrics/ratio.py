"""A rate against the rate of a reference group: a ratio with its log-normal interval, withheld where it rests on few.

The interval is exp(ln ratio ± 1.96 √(1/a + 1/b)), a and b the events of the two groups; residents are known, not drawn.
"""

from collections.abc import Sequence

import polars as pl

from metrics.asb import Z_95
from metrics.indicator import Indicator

FEWEST_EVENTS = 5
TOO_FEW = f"withheld: fewer than {FEWEST_EVENTS} events in one of the groups"
ADDED = ("note", "interval_lower", "interval_upper")


def relative(rows: pl.LazyFrame, indicators: Sequence[Indicator], keys: Sequence[str]) -> pl.LazyFrame:
    """Turn the rates of `indicators` (mixes, `_category` the group) into ratios to the group of `relative_to`.

    `rows` have indicator_id, _category, *keys, numerator (events), denominator and value (the rate). Numerator and
    denominator of a ratio are the two rates. All are null where either group had fewer than FEWEST_EVENTS events, and
    `note` says so. Rows of other indicators stay as they are. Adds ADDED.
    """
    if not indicators:
        return rows
    ids = [one.id for one in indicators]
    of = pl.col("indicator_id").replace_strict(ids, [one.relative_to for one in indicators], default=None)
    mine = pl.col("indicator_id").is_in(ids)
    reference = rows.filter(mine, pl.col("_category") == of)
    beside = reference.select("indicator_id", *keys, _events="numerator", _rate="value")
    joined = rows.join(beside, on=["indicator_id", *keys], how="left", nulls_equal=True)
    few = mine & (pl.min_horizontal(pl.col("numerator"), pl.col("_events").fill_null(0)) < FEWEST_EVENTS)
    ratio = pl.col("value") / pl.col("_rate")
    half = Z_95 * (1 / pl.col("numerator") + 1 / pl.col("_events")).sqrt()
    compared = mine & ~few & (pl.col("_category") != of)  # the reference group is not compared with itself
    return joined.with_columns(
        numerator=pl.when(~mine).then("numerator").when(~few).then("value"),
        denominator=pl.when(~mine).then("denominator").when(~few).then("_rate"),
        value=pl.when(~mine).then("value").when(~few).then(ratio),
        note=pl.when(few & pl.col("value").is_not_null()).then(pl.lit(TOO_FEW)),
        interval_lower=pl.when(compared).then(ratio * (-half).exp()),
        interval_upper=pl.when(compared).then(ratio * half.exp()),
    ).drop("_events", "_rate")

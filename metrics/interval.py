"""95 % intervals of a share (Wilson, also of a survey with its design effect)."""

import polars as pl

from metrics.asb import wilson

INTERVAL = ("interval_lower", "interval_upper")


def with_intervals(rows: pl.DataFrame) -> pl.DataFrame:
    """Add INTERVAL in % to shares of a sample: `sample` is the effective number asked; null where there is none.

    Intervals that are there already stay. A verdict whose centre lies within the interval is none: the sample is too
    small to tell that month from the usual.
    """
    if "sample" not in rows.columns:
        return rows
    lower, upper = wilson(pl.col("value") / 100 * pl.col("sample"), pl.col("sample"))
    sampled = pl.col("sample").is_not_null() & pl.col("value").is_not_null()
    there = [pl.col(name) if name in rows.columns else pl.lit(None, pl.Float64) for name in INTERVAL]
    limits = rows.with_columns(
        pl.when(sampled).then(limit).otherwise(own).alias(name)
        for name, limit, own in zip(INTERVAL, (lower, upper), there, strict=True)
    )
    within = pl.col("centre").is_between(*INTERVAL).fill_null(False) & sampled
    judged = [name for name in ("verdict", "signal") if name in rows.columns]
    return limits.with_columns(pl.when(~within).then(name).alias(name) for name in judged)

"""Durations as median and 90th percentile: they do not add up, so each level is worked out from its own rows."""

from collections.abc import Sequence

import polars as pl

QUANTILES = {"median": 0.5, "p90": 0.9}


def quantiles(rows: pl.LazyFrame, amount: pl.Expr, keys: Sequence[str]) -> pl.LazyFrame:
    """Return *keys, count, median, p90 of `amount` (interpolated between neighbours); nulls are left out."""
    known = rows.with_columns(_amount=amount.cast(pl.Float64)).filter(pl.col("_amount").is_not_null())
    levels = {name: pl.col("_amount").quantile(share, "linear") for name, share in QUANTILES.items()}
    return known.group_by(*keys).agg(count=pl.len().cast(pl.Int64), **levels)

"""Facts summed over the days, hours and officers of each month: all that the figures of areas and teams need."""

import polars as pl

from metrics.folding import HEADS

SUMS = ("seconds", "shifts", "episodes")
_UNNAMED = ("hour", "officer_id", HEADS)


def by_month(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Sum rows of officers' time over the days, hours and officers of each month.

    The columns stay; `day` is the first of the month; `hour`, `officer_id` and `heads` are null. What is summed are
    whole numbers, so that the sums of the rows returned are the same.
    """
    columns = rows.collect_schema()
    sums = [name for name in SUMS if name in columns]
    keys = [name for name in columns if name not in (*_UNNAMED, *sums)]
    monthly = rows.with_columns(day=pl.col("day").dt.truncate("1mo")).group_by(keys).agg(pl.col(sums).sum())
    empty = {name: pl.lit(None, columns[name]) for name in _UNNAMED if name in columns}
    return monthly.with_columns(**empty).select(columns.names())

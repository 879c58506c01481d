"""Rows that break a named rule, set aside from those that keep them all."""

import polars as pl

from data_access.extracts import FAILURES

Broken = tuple[str, str, pl.Expr]
"""(rule, column, broken): the rule's name, the column whose value is shown, and what is true of a bad row."""


def set_aside(rows: pl.DataFrame, rules: list[Broken]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part the rows (with `line`) that keep all rules from FAILURES; of several broken rules the first is named."""
    good, failures = rows, [pl.DataFrame(schema=FAILURES)]
    for rule, column, broken in rules:
        is_bad = good.select(broken.fill_null(False).alias("bad")).to_series()
        if not is_bad.any():
            continue
        value = pl.col(column).cast(pl.String)
        named = (
            pl.col("line"),
            pl.lit(rule).alias("rule"),
            pl.lit(column).alias("column_name"),
            value.alias("value"),
        )
        failures.append(good.filter(is_bad).select(named).cast(FAILURES))
        good = good.filter(~is_bad)
    return good, pl.concat(failures).sort("line")

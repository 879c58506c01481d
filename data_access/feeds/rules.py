"""Rows that break a named rule, set aside from those that keep them all."""

import polars as pl

from data_access.feeds.contract import FAILURES
from data_access.feeds.reading import as_text

Broken = tuple[str, str, pl.Expr]
"""(rule, column, broken): the rule's name, the column whose value is shown, and what is true of a bad row."""


def set_aside(rows: pl.DataFrame, rules: list[Broken]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part the rows (with `line`) that keep all rules from FAILURES; of several broken rules the first is named."""
    good, failures = rows, [pl.DataFrame(schema=FAILURES)]
    for rule, column, broken in rules:
        is_bad = good.select(broken.fill_null(False).alias("bad")).to_series()
        if not is_bad.any():
            continue
        bad = good.filter(is_bad)
        shown = bad.select("line", rule=pl.lit(rule), column_name=pl.lit(column), value=as_text(bad[column]))
        failures.append(shown.cast(FAILURES))
        good = good.filter(~is_bad)
    return good, pl.concat(failures).sort("line")

"""Impact Areas set beside what surrounds them: who is better or worse off, what moved the harm, what is left out."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

import polars as pl

from metrics.compare import SMALL_COUNT
from metrics.harm import Period, homicide, weighted
from metrics.indicator import Indicator
from metrics.levels import add_months, performance_year

Portion = Literal["whole", "inside", "rest"]  # of an area: all of it, its Impact Areas (hotspots), what is left
MOST_STEPS = 7  # groups that a waterfall names; the smallest changes become one step
OTHER = "all other"
FORCE = "force"
WITH_YEARS = ("crimes", "harm")  # columns that are set beside their year to date and the year before
_YEARS = ("year_to_date", "year_to_date_last_year", "rolling_12_months", "verdict")
_KEYS = ["part", "area_level", "area_code", "area_name"]


def years_to_date(month: date) -> tuple[Period, Period]:
    """Return last year's and this year's period from 1 April to the end of `month`, each [since, until)."""
    this = performance_year(month), add_months(month, 1)
    return (add_months(this[0], -12), add_months(this[1], -12)), this


def side_by_side(rows: pl.DataFrame, measures: Sequence[Indicator]) -> pl.DataFrame:
    """Set the indicators of each place in one row: `part`, area_level, area_code, area_name, then columns by measure.

    `rows` are compare's rows of one month with `part`. For each of `measures`: the month's value, in the indicator's
    `column`; for crimes and harm also <name>_year_to_date, .._last_year, .._change_percent (null where last year's
    crimes are below 20), .._rolling_12_months and .._verdict. `share_of_force_harm` and
    `share_of_force_harm_year_to_date` are % of the harm of the force's whole; null where that is 0 or not among the
    rows.
    """
    wide = rows.select(_KEYS).unique(maintain_order=True)
    for measure in measures:
        name, own = measure.column, rows.filter(pl.col("indicator_id") == measure.id)
        years = _YEARS if name in WITH_YEARS else ()
        columns = {name: "value"} | {f"{name}_{one}": one for one in years}
        wide = wide.join(own.select(*_KEYS, **columns), on=_KEYS, how="left", maintain_order="left")
    enough = pl.col("crimes_year_to_date_last_year") >= SMALL_COUNT
    changes = {f"{name}_change_percent": pl.when(enough).then(_percent(f"{name}_year_to_date")) for name in WITH_YEARS}
    return wide.with_columns(
        **changes,
        share_of_force_harm=_share("harm"),
        share_of_force_harm_year_to_date=_share("harm_year_to_date"),
    )


def _percent(name: str) -> pl.Expr:
    before = pl.col(f"{name}_last_year")
    return 100 * (pl.col(name) - before) / pl.when(before != 0).then(before)


def _share(name: str) -> pl.Expr:
    whole = pl.col(name).filter((pl.col("area_level") == FORCE) & (pl.col("part") == "whole")).first()
    return 100 * pl.col(name) / pl.when(whole != 0).then(whole)


def waterfall(changes: pl.DataFrame, before: str, after: str, most: int = MOST_STEPS) -> pl.DataFrame:
    """Return the steps from last year's harm to this year's: step, harm, kind ('absolute', 'relative', 'total').

    `changes` is change_by_group's answer for one area; `before` and `after` name the first and the last step. The
    groups that moved it most come first, at most `most`; the others are one step. The steps add up to the last.
    """
    moved = changes.filter(pl.col("harm_change") != 0).sort(pl.col("harm_change").abs(), descending=True)
    named = moved.head(most).select(step="offence_group", harm="harm_change", kind=pl.lit("relative"))
    left = moved.slice(most)
    rest = left.select(step=pl.lit(OTHER), harm=pl.col("harm_change").sum(), kind=pl.lit("relative"))
    ends = [
        changes.select(step=pl.lit(name), harm=pl.col(side).sum(), kind=pl.lit(kind))
        for name, side, kind in ((before, "harm_before", "absolute"), (after, "harm_after", "total"))
    ]
    return pl.concat([ends[0], named, rest.head(1 if len(left) else 0), ends[1]])


def left_out(crimes: pl.LazyFrame) -> pl.LazyFrame:
    """Count what the figures by area and the harm leave out, in one row: crimes, homicides, unweighted (crimes whose
    code has no weight), unplaced (in no neighbourhood: they count in the force only) and unplaced_harm.
    """
    nowhere = pl.col("neighbourhood_code").is_null()
    return crimes.select(
        crimes=pl.len().cast(pl.Int64),
        homicides=homicide.cast(pl.Int64).sum(),
        unweighted=(~weighted).cast(pl.Int64).sum(),
        unplaced=nowhere.cast(pl.Int64).sum(),
        unplaced_harm=pl.col("weight").filter(nowhere).sum(),
    )


def unweighted_codes(crimes: pl.LazyFrame) -> pl.LazyFrame:
    """List offence_code, offence_name and crimes of the codes that the weight set does not know, most crimes first."""
    missing = crimes.filter(~weighted).group_by("offence_code", "offence_name").agg(crimes=pl.len().cast(pl.Int64))
    return missing.sort("crimes", "offence_code", descending=[True, False])

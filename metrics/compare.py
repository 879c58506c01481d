"""Tidy rows set beside their past and their peers: change, years, rank, and whether a change is real (§8)."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

import numpy as np
import polars as pl

from metrics.indicator import Indicator
from metrics.levels import PERFORMANCE_YEAR_STARTS, YEAR, months_between
from metrics.verdicts import ADDED as JUDGED
from metrics.verdicts import SMALL_COUNT, with_verdicts

COUNTED = ("count", "people", "number")  # of which chance alone is known; not of hours and scores
UNRANKED_LEVELS = ("force", "officer")  # the force has no peers here; people are never ranked

_FIGURE = ("indicator_id", "area_level", "area_code")  # of which a step change is recorded
_SERIES = ("indicator_id", "category", "area_level", "area_code")
_ADDED = {
    "previous_month": pl.Float64,
    "change": pl.Float64,
    "change_percent": pl.Float64,
    "same_month_last_year": pl.Float64,
    "change_on_year": pl.Float64,
    "year_to_date": pl.Float64,
    "year_to_date_last_year": pl.Float64,
    "year_to_date_change": pl.Float64,
    "year_to_date_change_percent": pl.Float64,
    "rolling_12_months": pl.Float64,
    "rank": pl.Int64,
    "ranked_of": pl.Int64,
    **JUDGED,
}

_value = pl.col("value")


def compare(
    tidy: pl.DataFrame | pl.LazyFrame,
    indicators: Sequence[Indicator],
    months: Sequence[date],
    *,
    steps: pl.DataFrame | None = None,
    by: Sequence[str] = (),
) -> pl.DataFrame:
    """Return the rows of `months` with their neighbours in time and place, their expected range and a verdict.

    `tidy` is `compute`'s answer with the whole history, of the force beside its areas: the areas borrow the season of
    the force's series, or, where it has none, of the areas of their level together; the dispersion is pooled over the
    areas given. Every month is judged by what was known before it (definitions §8, metrics.verdicts): later months
    never change an earlier verdict. `steps` are recorded step changes (indicator_id, area_level, area_code, month: the
    first after the step); each is a new start of the level of its series, of a mix those of all categories. A true
    `provisional` in `tidy` is a month not complete: it has an expected range, no verdict, and nothing is learnt from
    it.

    A month without a row, without a value or with a null numerator is unknown. Year to date and rolling 12 months are
    null where one of their months is unknown; a stock counts with its latest month. change_percent is for totals
    only, on a base of at least 20; that of a score asks 20 of the events it is the score of, whose count must be among
    `tidy`. The force and officers are not ranked. Every series has a row in each of `months`; other columns of `tidy`
    are kept, null where it had no row.

    centre, lower_limit, upper_limit: what the months before lead to expect of this month, in the value's unit; null
    where there are too few of them. surprise: |z|, outside the limits where it is above 3. signal: `spike`, or
    `shift` in the one month that finds a lasting shift; else null. verdict: improvement, concern or change where
    there is a signal, no real change where there is none, null where the month cannot be judged. since: the first
    month of a lasting shift, from the month that finds it for as long as it stands, that is until another shift or
    a recorded step change; level_change (in the value's unit, a month) and level_change_percent (totals, from a
    level of at least 20) tell its size as it was found, with its sign. Where a recorded step change has fewer than
    6 months after it, since is its month and level_change is null. So a known value with `since` and without
    `centre` is settling since then; with both it is higher or lower since then. level (in the value's unit; of a
    total a day), season_factor and dispersion are those that the range was made with: of the complement, where a
    share above one half was judged by it; of a stock or duration, 1 and its spread.
    """
    rows = tidy.lazy().collect()
    series = [*_SERIES, *by]
    if rows.is_empty() or not months:
        return rows.clear().with_columns(pl.lit(None, dtype).alias(name) for name, dtype in _ADDED.items())
    recipes = _recipes(indicators)
    dense = _dense(rows, series, months).join(recipes, on="indicator_id", how="left", maintain_order="left")
    past = _percents(_years(_neighbours(dense)), series)
    judged = with_verdicts(_marked(past, steps), by).filter(pl.col("month").is_in(list(months)))
    return ranked(judged, by).select(*rows.columns, *_ADDED).sort([*series, "month"])


def _recipes(indicators: Sequence[Indicator]) -> pl.DataFrame:
    """Return what is to be known of each indicator: is it a total, what is a stock, which way is good, its
    bounds.
    """
    return pl.DataFrame(
        [
            {
                "indicator_id": one.id,
                "_scale": float(one.scale),
                "_total": one.denominator is None and one.numerator.unit != "duration",
                "_counted_by": _counter(one, indicators),
                "_kind": _kind(one),
                "_counted": one.numerator.unit in COUNTED,
                "_proportion": one.unit == "%" and one.most is None,
                "_stock": one.numerator.stock,
                "_stock_below": one.denominator is not None and one.denominator.stock,
                "_better": one.better,
                "_least": one.least,
                "_most": 100.0 if one.most is None and one.unit == "%" else one.most,
            }
            for one in indicators
        ],
        schema_overrides={"_most": pl.Float64, "_counted_by": pl.String},
    )


def _kind(indicator: Indicator) -> Literal["amount", "stock", "duration"]:
    """Tell how an indicator is judged: a duration, and a ratio of two rates, has no exposure and goes by its value."""
    if indicator.numerator.unit == "duration" or indicator.relative_to is not None:
        return "duration"
    return "stock" if indicator.numerator.stock else "amount"


def _counter(indicator: Indicator, indicators: Sequence[Indicator]) -> str:
    """Name the total that counts what a score adds up (the crimes, for their harm); of all others, itself."""
    counts = (
        one.id
        for one in indicators
        if indicator.unit == "score" and one.unit == "count" and one.numerator.quantity == indicator.numerator.quantity
    )
    return next(counts, indicator.id)


def _dense(rows: pl.DataFrame, series: list[str], months: Sequence[date]) -> pl.DataFrame:
    """Return a row of every series in every month, in order: a month's neighbour is the row beside it."""
    span = months_between(min(*months, rows["month"].min()), max(*months, rows["month"].max()))
    # shift() looks at the row before, whatever month it is of: with a row in every month it is the month before. This
    # makes 30 indicators x 250 areas x 36 months 0.2 s, where a self-join on dates needs one join for each neighbour.
    grid = rows.select(series).unique().join(pl.DataFrame({"month": span}), how="cross")
    dense = grid.join(rows, on=[*series, "month"], how="left", nulls_equal=True).sort([*series, "month"])
    return dense.with_columns(_index=pl.int_range(pl.len()) % len(span))


def _back(column: pl.Expr, months: int) -> pl.Expr:
    """Return a column's value so many months earlier in the same series, null before its start."""
    return pl.when(pl.col("_index") >= months).then(column.shift(months))


def _neighbours(dense: pl.DataFrame) -> pl.DataFrame:
    timed = dense.with_columns(previous_month=_back(_value, 1), same_month_last_year=_back(_value, YEAR))
    return timed.with_columns(
        change=_value - pl.col("previous_month"), change_on_year=_value - pl.col("same_month_last_year")
    )


def _percents(past: pl.DataFrame, series: list[str]) -> pl.DataFrame:
    """Return changes of totals in % of their base; null for a rate, and where the count behind the base is below 20."""
    keys = ["indicator_id", "month", *(name for name in series if name != "indicator_id")]
    bases = {"previous_month": "_count", "year_to_date_last_year": "_count_to_date"}
    whole = past.filter(pl.col("category").is_null())  # the parts of a mix have no percentage
    counts = whole.select(*keys, *(pl.col(base).alias(count) for base, count in bases.items()))
    counted = past.join(
        counts, left_on=["_counted_by", *keys[1:]], right_on=keys, how="left", nulls_equal=True, maintain_order="left"
    )
    return counted.with_columns(
        change_percent=_percent("change", "previous_month", "_count"),
        year_to_date_change_percent=_percent("year_to_date_change", "year_to_date_last_year", "_count_to_date"),
    )


def _percent(change: str, base: str, count: str) -> pl.Expr:
    # From 4 to 6 is chance, and reads as 50 %: the count behind the base decides, not the score that it carries.
    enough = pl.col("_total") & (pl.col(count) >= SMALL_COUNT) & (pl.col(base) != 0)
    return 100 * pl.col(change) / pl.when(enough).then(base)


def _years(past: pl.DataFrame) -> pl.DataFrame:
    """Add the year to date, last year's, and the rolling 12 months: sums of parts, divided once."""
    upper, below = pl.col("numerator"), pl.col("denominator")
    known = upper.is_not_null() & (pl.col("_total") | below.is_not_null())
    # Each year of a series is a run of rows: numbered, it is found sooner than by the texts that name the series.
    begins = (pl.col("_index") == 0) | (pl.col("month").dt.month() == PERFORMANCE_YEAR_STARTS)
    elapsed = (pl.col("month").dt.month() - PERFORMANCE_YEAR_STARTS) % YEAR + 1
    with_year = past.with_columns(_year=begins.cum_sum(), _known=known.cast(pl.Int64))
    sums = with_year.with_columns(
        _upper=upper.fill_null(0).cum_sum().over("_year"),
        _below=below.fill_null(0).cum_sum().over("_year"),
        _months=pl.col("_known").cum_sum().over("_year"),
        _upper_12=_over_a_year(with_year, "numerator"),
        _below_12=_over_a_year(with_year, "denominator"),
        _months_12=_over_a_year(with_year, "_known"),
    )
    sums = sums.with_columns(
        year_to_date=pl.when(pl.col("_months") == elapsed).then(_ratio("_upper", "_below")),
        rolling_12_months=pl.when(pl.col("_months_12") == YEAR).then(_ratio("_upper_12", "_below_12")),
    )
    timed = sums.with_columns(year_to_date_last_year=_back(pl.col("year_to_date"), YEAR))
    return timed.with_columns(year_to_date_change=pl.col("year_to_date") - pl.col("year_to_date_last_year"))


def _over_a_year(past: pl.DataFrame, name: str) -> pl.Series:
    """Add twelve months one after the other: a sum that slides along, or in any order, differs in its last digit.

    In NumPy: written as an expression, its eighty steps take longer to plan than all else here.
    """
    places, amounts = past["_index"].to_numpy(), past[name].cast(pl.Float64).fill_null(0).to_numpy()
    total = amounts.copy()
    for step in range(1, YEAR):
        total[step:] += np.where(places[step:] >= step, amounts[:-step], 0)
    return pl.Series(total)


def _ratio(upper: str, below: str) -> pl.Expr:
    """Divide summed parts; of a stock take the month's own, since it does not add over months."""
    above = pl.when("_stock").then("numerator").otherwise(upper)
    under = pl.when("_stock_below").then("denominator").otherwise(below)
    per = pl.when("_total").then(1.0).when(under != 0).then(under)
    return pl.col("_scale") * above / per


def _marked(past: pl.DataFrame, steps: pl.DataFrame | None) -> pl.DataFrame:
    """Add what the verdicts need of each month: its days, and whether a step change was recorded for it."""
    open_months = pl.col("provisional") if "provisional" in past.columns else pl.lit(False)
    enough = (pl.col("_counted_by") == pl.col("indicator_id")) | (pl.col("_count") >= SMALL_COUNT)
    days = pl.col("month").dt.month_end().dt.day()
    dated = past.with_columns(_days=days, _enough=enough, _open=open_months, _step=pl.lit(False))
    if steps is None or steps.is_empty():
        return dated
    marks = steps.select(*_FIGURE, "month", _recorded=pl.lit(True)).unique()
    marked = dated.join(marks, on=[*_FIGURE, "month"], how="left", maintain_order="left")
    return marked.with_columns(_step=pl.col("_recorded").fill_null(False))


def ranked(judged: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """Add rank and ranked_of among the areas of a level in a month; `_better` says which way is good."""
    peers = ["indicator_id", "category", "area_level", "month", *by]
    better = pl.col("_better")
    ranked = (better != "neither") & ~pl.col("area_level").is_in(UNRANKED_LEVELS) & _value.is_not_null()
    order = pl.when(ranked).then(pl.when(better == "lower").then(_value).otherwise(-_value))
    return judged.with_columns(
        rank=order.rank("min").over(peers).cast(pl.Int64),
        ranked_of=pl.when(ranked).then(order.count().over(peers)).cast(pl.Int64),
    )

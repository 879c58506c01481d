"""A figure of several months counted as one: sums of their parts divided once, and the same months a year before."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from metrics.compare import ranked
from metrics.indicator import Indicator
from metrics.interval import INTERVAL, with_intervals
from metrics.levels import YEAR, add_months
from metrics.verdicts import SMALL_COUNT

# What stands in a series beside its months: the same figures of the period, in the row of its last month.
BESIDE = ("numerator", "denominator", "value", "note", "year_before", "change_on_year", "change_on_year_percent")
# Of the last month alone: a verdict is of a month. What its value is judged by does not fit the value of a period.
_JUDGED = ("verdict", "signal", "since", "level_change", "level_change_percent", "dispersion")
_SERIES = ("indicator_id", "category", "area_level", "area_code")
_NO_DATA = "no data"
_PREFIX = "period_"


def over_months(
    rows: pl.DataFrame, indicators: Sequence[Indicator], months: Sequence[date], durations: Sequence[pl.DataFrame] = ()
) -> pl.DataFrame:
    """Return a row for each series of `rows`, compare's answer: the figure of `months` (oldest first) counted as one.

    A total is the sum of its months, a ratio the sum of the numerators over the sum of the denominators. A stock
    counts with its last month, also below a rate; so does a ratio to a reference group, whose parts do not add up. A
    month without a row, or whose figure is withheld or not known, leaves the period without one, and `note` says why
    and which: a figure of a period never tells more than its months do. `month` is the last of them, and verdict,
    signal, since, level_change and dispersion are of it.

    year_before is the same of the same months a year earlier (null where one of them is not known), change_on_year the
    difference; change_on_year_percent is for counts and amounts from 20 on. rank and ranked_of are by the period's
    value, among the areas in `rows`. coverage_percent is that of the month with the least. `durations` are the rows of
    medians over the raw cases of the period and of the year before: they cannot be had from months.
    """
    recipes = _recipes(indicators)
    known = _marked(rows.join(recipes, on="indicator_id", how="inner", maintain_order="left"))
    before = [add_months(month, -YEAR) for month in months]
    now, then = _summed(known, months), _summed(known, before)
    if durations:
        now, then = (_with_medians(one, cases) for one, cases in zip((now, then), durations, strict=True))
    earlier = then.select(*_SERIES, year_before="value")
    joined = now.join(earlier, on=_SERIES, how="left", nulls_equal=True, maintain_order="left")
    told = _changed(joined.join(recipes, on="indicator_id", how="left", maintain_order="left"))
    done_with = ["centre", *(name for name in recipes.columns if name.startswith("_"))]
    return ranked(with_intervals(told)).drop(done_with)


def beside(series: pl.DataFrame, period: pl.DataFrame) -> pl.DataFrame:
    """Return the months of `series` with `period_value` and the rest of BESIDE in the rows of the period's month."""
    on, names = [*_SERIES, "month"], (*BESIDE, *_there(period, ("sample",)))
    told = period.select(*on, *(pl.col(name).alias(f"{_PREFIX}{name}") for name in names))
    return series.join(told, on=on, how="left", nulls_equal=True, maintain_order="left")


def in_period(series: pl.DataFrame) -> pl.DataFrame:
    """Return rows of `beside` with the figures of the period in place of their month's; others as they are."""
    names = [name for name in series.columns if name.startswith(_PREFIX)]
    return series.with_columns(pl.col(name).alias(name.removeprefix(_PREFIX)) for name in names)


def _recipes(indicators: Sequence[Indicator]) -> pl.DataFrame:
    rows = [
        {
            "indicator_id": one.id,
            "_scale": float(one.scale),
            "_total": one.denominator is None,
            "_stock": one.numerator.stock,
            "_stock_below": one.denominator is not None and one.denominator.stock,
            "_as_it_is": one.numerator.unit == "duration" or one.relative_to is not None,
            "_adds_up": one.denominator is None and one.unit != "score" and one.numerator.unit != "duration",
            "_better": one.better,
        }
        for one in indicators
    ]
    return pl.DataFrame(rows)


def _marked(rows: pl.DataFrame) -> pl.DataFrame:
    """Mark the months whose parts are known: not that their ratio is, which nothing to divide by leaves empty."""
    parts = pl.col("numerator").is_not_null() & (pl.col("_total") | pl.col("denominator").is_not_null())
    return rows.with_columns(_known=pl.when("_as_it_is").then(pl.col("value").is_not_null()).otherwise(parts))


def _summed(known: pl.DataFrame, months: Sequence[date]) -> pl.DataFrame:
    """Return the sums over the months, divided once; of a stock the parts of the last month."""
    inside = known.filter(pl.col("month").is_in(list(months))).sort("month")
    newest = pl.col("month") == months[-1]
    last_alone = pl.col("_stock") | pl.col("_as_it_is")
    groups = inside.group_by(_SERIES, maintain_order=True).agg(
        pl.col("area_name").last(),
        *(pl.col(name).filter(newest).first() for name in _JUDGED),
        *(pl.col(name).filter(newest, "_as_it_is").first() for name in _there(inside, INTERVAL)),
        *(pl.col(name).min() for name in _there(inside, ("coverage_percent",))),
        *(pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()) for name in _there(inside, ("sample",))),
        pl.col("_scale", "_total", "_as_it_is").first(),
        _stock=last_alone.first(),
        _stock_below=pl.col("_stock_below").first(),
        _value=pl.col("value").filter(newest).first(),
        # One after the other, as the year to date is added: a sum in another order differs in its last digit.
        _above=pl.col("numerator").fill_null(0).cum_sum().last(),
        _below=pl.col("denominator").fill_null(0).cum_sum().last(),
        _last_above=pl.col("numerator").filter(newest).first(),
        _last_below=pl.col("denominator").filter(newest).first(),
        _months=pl.col("month").filter("_known"),
        _last_known=pl.col("_known").filter(newest).first().fill_null(False),
    )
    return _noted(_divided(groups, months), inside, months)


def _there(rows: pl.DataFrame, names: Sequence[str]) -> list[str]:
    return [name for name in names if name in rows.columns]


def _divided(groups: pl.DataFrame, months: Sequence[date]) -> pl.DataFrame:
    every = pl.col("_months").list.len() == len(months)
    told = pl.when("_stock").then("_last_known").otherwise(every)
    above = pl.when("_stock").then("_last_above").otherwise("_above")
    under = pl.when(pl.col("_stock") | pl.col("_stock_below")).then("_last_below").otherwise("_below")
    per = pl.when("_total").then(1.0).when(under != 0).then(under)
    ratio = pl.when("_as_it_is").then("_value").otherwise(pl.col("_scale") * above / per)
    return groups.with_columns(
        month=pl.lit(months[-1]),
        numerator=pl.when(told).then(above),
        denominator=pl.when(told & (~pl.col("_total") | pl.col("_as_it_is"))).then(under),
        value=pl.when(told).then(ratio),
    )


def _noted(figures: pl.DataFrame, inside: pl.DataFrame, months: Sequence[date]) -> pl.DataFrame:
    """Say of which month the reason is that a figure is missing, and how many others miss theirs."""
    needed = pl.when("_stock").then(pl.lit([months[-1]])).otherwise(pl.lit(list(months)))
    missing = needed.list.set_difference("_months").list.sort()
    told = figures.with_columns(_first=missing.list.first(), _number=missing.list.len())
    reasons = inside.select(*_SERIES, _first="month", _reason="note")
    joined = told.join(reasons, on=[*_SERIES, "_first"], how="left", nulls_equal=True, maintain_order="left")
    first, several = pl.col("_first").dt.strftime("%b %Y"), pl.col("_number") > 1
    when = pl.when(several).then(pl.format("{} of {} months, from {}", "_number", pl.lit(len(months)), first))
    note = pl.format("{} ({})", pl.col("_reason").fill_null(_NO_DATA), when.otherwise(first))
    unknown = pl.when(pl.col("_number") > 0).then(note).otherwise(pl.lit(_NO_DATA))
    noted = joined.with_columns(note=pl.when(pl.col("value").is_null()).then(unknown))
    return noted.drop(name for name in noted.columns if name.startswith("_"))


def _with_medians(figures: pl.DataFrame, cases: pl.DataFrame) -> pl.DataFrame:
    """Put the medians of all cases of the period in place of the last month's."""
    told = cases.select(*_SERIES, _value="value", _count="denominator", _theirs=pl.lit(True))
    ids = cases["indicator_id"].unique().to_list()
    joined = figures.join(told, on=_SERIES, how="left", nulls_equal=True, maintain_order="left")
    mine = pl.col("indicator_id").is_in(ids) | pl.col("_theirs").fill_null(False)
    return joined.with_columns(
        value=pl.when(mine).then("_value").otherwise("value"),
        denominator=pl.when(mine).then("_count").otherwise("denominator"),
        note=pl.when(~mine | pl.col("_value").is_null()).then("note"),
    ).drop("_value", "_count", "_theirs")


def _changed(figures: pl.DataFrame) -> pl.DataFrame:
    difference = pl.col("value") - pl.col("year_before")
    base = pl.when(pl.col("_adds_up") & (pl.col("year_before") >= SMALL_COUNT)).then("year_before")
    return figures.with_columns(
        change_on_year=difference, change_on_year_percent=100 * difference / base, centre=pl.lit(None, pl.Float64)
    )

"""Tidy rows set beside their past and their peers: change, years, rank, and whether a change is real (§8)."""

from collections.abc import Sequence
from datetime import date
from functools import reduce
from operator import add
from typing import Literal

import polars as pl

from metrics.indicator import Indicator
from metrics.levels import PERFORMANCE_YEAR_STARTS, months_between

BASELINE_MONTHS = 24
BASELINE_AT_LEAST = 12
LIMIT_FACTOR = 2.66  # from the mean moving range to three standard deviations (3 / 1.128)
RUN = 8
OUTER_THIRD = 2 / 3
ROUNDING = 1e-12  # a mean of equal values may differ from them by this share: not a side of the centre
SMALL_COUNT = 20  # no % change on a base below this
YEAR = 12
UNRANKED_LEVELS = ("force", "officer")  # the force has no peers here; people are never ranked

_AREA = ("indicator_id", "area_level", "area_code")
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
    "centre": pl.Float64,
    "lower_limit": pl.Float64,
    "upper_limit": pl.Float64,
    "verdict": pl.String,
}

_value, _position = pl.col("value"), pl.col("_position")


def compare(
    tidy: pl.DataFrame | pl.LazyFrame,
    indicators: Sequence[Indicator],
    months: Sequence[date],
    *,
    steps: pl.DataFrame | None = None,
    by: Sequence[str] = (),
) -> pl.DataFrame:
    """Give the rows of `months` with their neighbours in time and place, their limits and a verdict.

    `tidy` is `compute`'s answer with the whole history: the baseline is the first 24 months of each series,
    from its first known value (or from a recorded step change: rows of indicator_id, area_level, area_code,
    month, where month is the first after the step). At least 12 of them must be known, else limits and
    verdict are null. A month's limits use only what was known by then: the baseline up to and including that
    month.

    A month without a row, or with a null numerator, is unknown: it breaks a run, and a moving range needs two
    known months side by side. Year to date and rolling 12 months are null where one of their months is
    unknown; a stock counts with its latest month. change_percent is for totals only, on a base of at least
    20; that of a score asks 20 of the events it is the score of, whose count must be among `tidy`. The force
    and officers are not ranked. Every series has a row in each of `months`; other columns of `tidy` are kept,
    null where it had no row.
    """
    rows = tidy.lazy().collect()
    series = [*_AREA, *by]
    if rows.is_empty() or not months:
        return rows.clear().with_columns(pl.lit(None, dtype).alias(name) for name, dtype in _ADDED.items())
    dense = _dense(rows, series, months).join(_recipes(indicators), on="_base", how="left", maintain_order="left")
    past = _percents(_years(_neighbours(dense), series), series)
    charted = _limits(_segments(past, series, steps))
    judged = charted.with_columns(verdict=_verdict()).filter(pl.col("month").is_in(list(months)))
    return _rank(judged, by).select(*rows.columns, *_ADDED).sort([*series, "month"])


def _recipes(indicators: Sequence[Indicator]) -> pl.DataFrame:
    """Give what is to be known of each indicator: is it a total, what is a stock, which way is good, its
    bounds.
    """
    return pl.DataFrame(
        [
            {
                "_base": one.id,
                "_scale": float(one.scale),
                "_total": one.denominator is None and one.numerator.unit != "duration",
                "_counted_by": _counter(one, indicators),
                "_daily": one.denominator is None and one.numerator.unit != "duration" and not one.numerator.stock,
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


def _counter(indicator: Indicator, indicators: Sequence[Indicator]) -> str:
    """Name the total that counts what a score adds up (the crimes, for their harm); of all others, itself."""
    counts = (
        one.id
        for one in indicators
        if indicator.unit == "score" and one.unit == "count" and one.numerator.quantity == indicator.numerator.quantity
    )
    return next(counts, indicator.id)


def _dense(rows: pl.DataFrame, series: list[str], months: Sequence[date]) -> pl.DataFrame:
    """Give every series a row in every month, in order, so that a month's neighbour is the row beside it."""
    span = months_between(min(*months, rows["month"].min()), max(*months, rows["month"].max()))
    grid = rows.select(series).unique().join(pl.DataFrame({"month": span}), how="cross")
    dense = grid.join(rows, on=[*series, "month"], how="left", nulls_equal=True).sort([*series, "month"])
    return dense.with_columns(
        _index=pl.int_range(pl.len()) % len(span), _base=pl.col("indicator_id").str.split(":").list.first()
    )


def _back(column: pl.Expr, months: int) -> pl.Expr:
    """Give a column's value so many months earlier in the same series, null before its start."""
    return pl.when(pl.col("_index") >= months).then(column.shift(months))


def _neighbours(dense: pl.DataFrame) -> pl.DataFrame:
    timed = dense.with_columns(previous_month=_back(_value, 1), same_month_last_year=_back(_value, YEAR))
    return timed.with_columns(
        change=_value - pl.col("previous_month"), change_on_year=_value - pl.col("same_month_last_year")
    )


def _percents(past: pl.DataFrame, series: list[str]) -> pl.DataFrame:
    """Give changes of totals in % of their base; null for a rate, and where the count behind the base is below 20."""
    keys = ["indicator_id", "month", *(name for name in series if name != "indicator_id")]
    bases = {"previous_month": "_count", "year_to_date_last_year": "_count_to_date"}
    counts = past.select(*keys, *(pl.col(base).alias(count) for base, count in bases.items()))
    counted = past.join(
        counts, left_on=["_counted_by", *keys[1:]], right_on=keys, how="left", nulls_equal=True, maintain_order="left"
    )
    return counted.with_columns(
        change_percent=_percent("change", "previous_month", "_count"),
        year_to_date_change_percent=_percent("year_to_date_change", "year_to_date_last_year", "_count_to_date"),
    )


def _percent(change: str, base: str, count: str) -> pl.Expr:
    enough = pl.col("_total") & (pl.col(count) >= SMALL_COUNT) & (pl.col(base) != 0)
    return 100 * pl.col(change) / pl.when(enough).then(base)


def _years(past: pl.DataFrame, series: list[str]) -> pl.DataFrame:
    """Add the year to date, last year's, and the rolling 12 months: sums of parts, divided once."""
    upper, below = pl.col("numerator"), pl.col("denominator")
    known = upper.is_not_null() & (pl.col("_total") | below.is_not_null())
    year = (pl.col("month").dt.offset_by(f"-{PERFORMANCE_YEAR_STARTS - 1}mo")).dt.year()
    elapsed = (pl.col("month").dt.month() - PERFORMANCE_YEAR_STARTS) % YEAR + 1
    with_year = past.with_columns(_year=year, _known=known.cast(pl.Int64))
    sums = with_year.with_columns(
        _upper=upper.fill_null(0).cum_sum().over([*series, "_year"]),
        _below=below.fill_null(0).cum_sum().over([*series, "_year"]),
        _months=pl.col("_known").cum_sum().over([*series, "_year"]),
        _upper_12=_over_a_year(upper),
        _below_12=_over_a_year(below),
        _months_12=_over_a_year(pl.col("_known")),
    )
    sums = sums.with_columns(
        year_to_date=pl.when(pl.col("_months") == elapsed).then(_ratio("_upper", "_below")),
        rolling_12_months=pl.when(pl.col("_months_12") == YEAR).then(_ratio("_upper_12", "_below_12")),
    )
    timed = sums.with_columns(year_to_date_last_year=_back(pl.col("year_to_date"), YEAR))
    return timed.with_columns(year_to_date_change=pl.col("year_to_date") - pl.col("year_to_date_last_year"))


def _over_a_year(amount: pl.Expr) -> pl.Expr:
    """Add twelve months one after the other: sum_horizontal adds in any order, and the last digit with it."""
    return reduce(add, (_back(amount, step).fill_null(0) for step in range(YEAR)))


def _ratio(upper: str, below: str) -> pl.Expr:
    """Divide summed parts; of a stock take the month's own, since it does not add over months."""
    above = pl.when("_stock").then("numerator").otherwise(upper)
    under = pl.when("_stock_below").then("denominator").otherwise(below)
    per = pl.when("_total").then(1.0).when(under != 0).then(under)
    return pl.col("_scale") * above / per


def _segments(past: pl.DataFrame, series: list[str], steps: pl.DataFrame | None) -> pl.DataFrame:
    """Add the charted value `_x` (totals per day) and `_position`: months since the baseline began."""
    days = pl.when("_daily").then(pl.col("month").dt.month_end().dt.day()).otherwise(1)
    charted = past.with_columns(_days=days).with_columns(_x=_value / pl.col("_days"))
    if steps is None or steps.is_empty():
        stepped = charted.with_columns(_step=pl.lit(0))
    else:
        marks = steps.select(*_AREA, "month", _mark=pl.lit(1)).unique()
        marked = charted.join(marks, on=[*_AREA, "month"], how="left", maintain_order="left")
        stepped = marked.with_columns(_step=pl.col("_mark").fill_null(0).cum_sum().over(series))
    begins = pl.col("_index").filter(pl.col("_x").is_not_null()).min().over([*series, "_step"])
    return stepped.with_columns(_position=pl.col("_index") - begins)


def _earlier(column: pl.Expr, months: int) -> pl.Expr:
    """Give a column's value so many months earlier in the same baseline's segment."""
    return pl.when(_position >= months).then(column.shift(months))


def _limits(charted: pl.DataFrame) -> pl.DataFrame:
    """Add centre and limits as known each month: running means that stop with the baseline."""
    x = pl.col("_x")
    baseline = (_position >= 0) & (_position < BASELINE_MONTHS)
    moved = charted.with_columns(_move=(x - _earlier(x, 1)).abs())
    run = (_position == 0).fill_null(False).cum_sum()  # a new number where a segment's baseline begins
    terms = moved.with_columns(_run=run).with_columns(
        _x_in=pl.when(baseline).then(x), _move_in=pl.when(baseline).then("_move")
    )
    sums = terms.with_columns(
        _n=pl.col("_x_in").is_not_null().cum_sum().over("_run"),
        _sum=pl.col("_x_in").fill_null(0).cum_sum().over("_run"),
        _moves=pl.col("_move_in").is_not_null().cum_sum().over("_run"),
        _moved=pl.col("_move_in").fill_null(0).cum_sum().over("_run"),
    )
    enough = (_position >= 0) & (pl.col("_n") >= BASELINE_AT_LEAST) & (pl.col("_moves") > 0)
    known = sums.with_columns(
        _centre=pl.when(enough).then(pl.col("_sum") / pl.col("_n")),
        _half=pl.when(enough).then(LIMIT_FACTOR * pl.col("_moved") / pl.col("_moves")),
    )
    possible = {"lower_bound": pl.col("_least"), "upper_bound": pl.col("_most")}
    scaled = {"centre": 0, "lower_limit": -1, "upper_limit": 1}
    return known.with_columns(
        ((pl.col("_centre") + side * pl.col("_half")) * pl.col("_days")).clip(**possible).alias(name)
        for name, side in scaled.items()
    )


def _verdict() -> pl.Expr:
    """Judge a month special if outside a limit, 8th in a row on a side, or one of 2 of 3 in a side's outer
    third.
    """
    x, centre = pl.col("_x"), pl.col("_centre")
    high, low = _special(1), _special(-1)
    better = pl.col("_better")
    good = (high & (better == "higher")) | (low & (better == "lower"))
    verdict = (
        pl.when(~(high | low))
        .then(pl.lit("no real change"))
        .when(better == "neither")
        .then(pl.lit("change"))
        .when(good)
        .then(pl.lit("improvement"))
        .otherwise(pl.lit("concern"))
    )
    return pl.when(x.is_not_null() & centre.is_not_null()).then(verdict)


def _special(sign: Literal[1, -1]) -> pl.Expr:
    x, centre, half = pl.col("_x"), pl.col("_centre"), pl.col("_half")
    noise = ROUNDING * centre.abs()

    def beyond(distance: pl.Expr | float, step: int) -> pl.Expr:
        return (sign * (_earlier(x, step) - centre) > distance + noise).fill_null(False)

    run = pl.all_horizontal(beyond(0.0, step) for step in range(RUN))
    far = [beyond(OUTER_THIRD * half, step) for step in range(3)]
    return beyond(half, 0) | run | (far[0] & (far[1] | far[2]))


def _rank(judged: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    peers = ["indicator_id", "area_level", "month", *by]
    better = pl.col("_better")
    ranked = (better != "neither") & ~pl.col("area_level").is_in(UNRANKED_LEVELS) & _value.is_not_null()
    order = pl.when(ranked).then(pl.when(better == "lower").then(_value).otherwise(-_value))
    return judged.with_columns(
        rank=order.rank("min").over(peers).cast(pl.Int64),
        ranked_of=pl.when(ranked).then(order.count().over(peers)).cast(pl.Int64),
    )

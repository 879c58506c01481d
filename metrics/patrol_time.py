"""Targeted patrol time: officers' hours in a place, week by week, beside what happened there so many weeks later.

What stands beside each other may move together for many reasons; nothing here says that one causes the other.
"""

from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl

from metrics.compute import SECONDS_AN_HOUR
from metrics.cost import price_of_role
from metrics.levels import local_day

OUTCOMES = ("incidents", "stop_searches", "crimes", "harm")
WEEK = timedelta(weeks=1)
ENOUGH_WEEKS = 12  # below this, how two series move together is mostly chance


def hotspot_time(hotspot_stays: pl.LazyFrame, officers: pl.LazyFrame, hotspots: pl.LazyFrame) -> pl.LazyFrame:
    """Return the source `hotspot_time`: officers' time in each polygon by day and role, and whose it is.

    `hotspot_stays` are held intervals [start, end) of officer_id in hotspot_id, tasked or not; they count on the local
    day they start, as they are cut at midnight. Two officers together count twice. `hotspots` has a row per version.
    """
    held = (pl.col("end") - pl.col("start")).dt.total_seconds()
    timed = hotspot_stays.with_columns(day=local_day(pl.col("start")), seconds=held)
    placed = timed.join(officers.select("officer_id", "role"), on="officer_id", how="left").join(
        hotspots.select("hotspot_id", "kind", "lpa_code").unique("hotspot_id", keep="last", maintain_order=True),
        on="hotspot_id",
    )
    return placed.group_by("day", "lpa_code", "hotspot_id", "kind", "role").agg(
        pl.col("seconds").sum(),
        officer_ids=pl.col("officer_id").unique().sort(),
        heads=pl.lit(None, pl.List(pl.String)),
    )


def weekly(
    time: pl.LazyFrame,
    happened: Mapping[str, pl.LazyFrame],
    since: date,
    until: date,
    *,
    pounds_an_hour: Mapping[str, float],
    loaded: Mapping[str, pl.LazyFrame],
) -> pl.LazyFrame:
    """Return week (its Monday), officer_hours, cost, unpriced_hours and OUTCOMES, of whole weeks in [since, until).

    `time` has day, role and seconds; `happened` the rows of 'incidents', 'stop_searches' and 'crimes' (with `weight`),
    by day. `loaded` has the same names and 'hours', each with the days of all rows that were loaded, wherever they
    happened: hours are null in a week without any, and an outcome before the first and after the last. `cost` is in
    pounds, of the hours whose role has a figure; null where no role has one.
    """
    weeks = pl.LazyFrame({"week": _mondays(since, until)}, schema={"week": pl.Date})
    by_week = weeks.join(_spent(time, pounds_an_hour), on="week", how="left")
    seen = loaded["hours"].select(_week("day"), _seen=pl.lit(True)).unique()
    spent = pl.col("officer_hours", "cost", "unpriced_hours")
    by_week = by_week.join(seen, on="week", how="left").with_columns(pl.when("_seen").then(spent.fill_null(0.0)))
    if not pounds_an_hour:
        by_week = by_week.with_columns(cost=pl.lit(None, pl.Float64))
    for name, counted in _counts(happened).items():
        days = loaded["crimes" if name == "harm" else name]
        span = days.select(_first=pl.col("day").min(), _last=pl.col("day").max())
        known = (pl.col("week") + WEEK > pl.col("_first")) & (pl.col("week") <= pl.col("_last"))
        later = weeks.join(counted, on="week", how="left").join(span, how="cross")
        counts = later.select("week", pl.when(known).then(pl.col(name).fill_null(0.0)).alias(name))
        by_week = by_week.join(counts, on="week", how="left")
    return by_week.drop("_seen").sort("week")


def lagged(weeks: pl.DataFrame, lag: int) -> pl.DataFrame:
    """Set what happened `lag` weeks later beside each week's hours of `weekly`; null where that week is not known."""
    return weeks.with_columns(pl.col(OUTCOMES).shift(-lag))


def _spent(time: pl.LazyFrame, pounds_an_hour: Mapping[str, float]) -> pl.LazyFrame:
    hours = pl.col("seconds") / SECONDS_AN_HOUR
    price = price_of_role(pounds_an_hour)
    return time.group_by(_week("day")).agg(
        officer_hours=hours.sum(), cost=(hours * price).sum(), unpriced_hours=hours.filter(price.is_null()).sum()
    )


def _mondays(since: date, until: date) -> list[date]:
    first = since + timedelta(days=-since.weekday() % 7)
    return [first + step * WEEK for step in range(max(0, (until - first) // WEEK))]


def _week(day: str) -> pl.Expr:
    return pl.col(day).dt.truncate("1w").alias("week")


def _counts(happened: Mapping[str, pl.LazyFrame]) -> dict[str, pl.LazyFrame]:
    counted = {
        name: rows.group_by(_week("day")).agg(pl.len().cast(pl.Float64).alias(name)) for name, rows in happened.items()
    }
    return counted | {"harm": happened["crimes"].group_by(_week("day")).agg(harm=pl.col("weight").sum())}


def totals(weeks: pl.DataFrame) -> pl.DataFrame:
    """Sum `weekly`'s rows to one: weeks (with known hours), officer_hours, cost, unpriced_hours and OUTCOMES.

    Null where no week is known.
    """
    summed = [
        pl.when(pl.col(name).is_not_null().any()).then(pl.col(name).sum()).alias(name)
        for name in ("officer_hours", "cost", "unpriced_hours", *OUTCOMES)
    ]
    return weeks.select(pl.col("officer_hours").is_not_null().sum().cast(pl.Float64).alias("weeks"), *summed)


def together(weeks: pl.DataFrame) -> pl.DataFrame:
    """Say how each of OUTCOMES moves with the hours: outcome, weeks, rank_correlation (Spearman's, −1 to 1).

    Null with fewer than 12 weeks, or where one of the two never changes.
    """
    rows = []
    for name in OUTCOMES:
        both = weeks.select("officer_hours", name).drop_nulls()
        changing = both.height >= ENOUGH_WEEKS and all(both[column].n_unique() > 1 for column in both.columns)
        value = both.select(pl.corr("officer_hours", name, method="spearman")).item() if changing else None
        rows.append((name, both.height, value))
    schema = {"outcome": pl.String, "weeks": pl.Int64, "rank_correlation": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")

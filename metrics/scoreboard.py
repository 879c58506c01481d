"""Area by type of crime, this year to date against last: which fell for certain (definitions §7b, intervals)."""

import polars as pl

from metrics.harm import Period, neighbourhood_crime, violence_with_injury

ENOUGH_EVENTS = 5  # in each of the two periods, for a ratio of their counts to have an interval
NORMAL_95 = 1.96
ALL_CRIME = "all crime"
# The types that an area is judged by, in this order; a crime may be of several.
TYPES: dict[str, pl.Expr] = {
    ALL_CRIME: pl.lit(True),
    "violence with injury": violence_with_injury,
    "robbery": pl.col("neighbourhood_crime") == "robbery",
    "burglary of homes": pl.col("neighbourhood_crime") == "residential_burglary",
    "vehicle crime": pl.col("neighbourhood_crime") == "vehicle",
    "theft from the person": pl.col("neighbourhood_crime") == "theft_person",
    "neighbourhood crime": neighbourhood_crime,
}


def scoreboard(crimes: pl.LazyFrame, areas: pl.DataFrame, before: Period, after: Period) -> pl.DataFrame:
    """Return a row for each of `areas` (area_code, area_name) and of TYPES: area_code, area_name, crime_type, before,
    after, change_percent, low, high, result.

    `crimes` carry `impact_areas`; the periods are [since, until) and equally long. `low` and `high` bound the change in
    % with 95 % confidence, by the log-normal interval of the ratio of the counts; null with fewer than 5 events in
    either. `result` is 'fell' or 'rose' where they exclude 0, else 'no certain change', or 'too few'.
    """
    placed = crimes.explode("impact_areas").filter(pl.col("impact_areas").is_in(areas["area_code"].to_list()))
    sides = {"before": _within(before), "after": _within(after)}
    counts = [
        placed.group_by(area_code="impact_areas").agg(
            crime_type=pl.lit(name),
            **{side: (kind.fill_null(False) & within).cast(pl.Int64).sum() for side, within in sides.items()},
        )
        for name, kind in TYPES.items()
    ]
    counted = pl.concat(counts).with_columns(pl.col("crime_type").cast(pl.String)).collect()
    every = areas.select("area_code", "area_name").join(pl.DataFrame({"crime_type": list(TYPES)}), how="cross")
    by_area_and_type = every.join(counted, on=["area_code", "crime_type"], how="left", maintain_order="left")
    return _judged(by_area_and_type.with_columns(pl.col("before", "after").fill_null(0)))


def _within(period: Period) -> pl.Expr:
    return pl.col("day").is_between(*period, closed="left")


def _judged(rows: pl.DataFrame) -> pl.DataFrame:
    enough = pl.min_horizontal("before", "after") >= ENOUGH_EVENTS
    ratio = pl.when(pl.col("before") > 0).then(pl.col("after") / pl.col("before"))
    spread = (NORMAL_95 * (1 / pl.col("before") + 1 / pl.col("after")).sqrt()).exp()
    bounded = rows.with_columns(
        change_percent=100 * (ratio - 1),
        low=pl.when(enough).then(100 * (ratio / spread - 1)),
        high=pl.when(enough).then(100 * (ratio * spread - 1)),
    )
    result = (
        pl.when(~enough)
        .then(pl.lit("too few"))
        .when(pl.col("high") < 0)
        .then(pl.lit("fell"))
        .when(pl.col("low") > 0)
        .then(pl.lit("rose"))
        .otherwise(pl.lit("no certain change"))
    )
    return bounded.with_columns(result=result)

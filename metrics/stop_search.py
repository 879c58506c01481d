"""Stop and search: whether the outcome is linked to what was looked for, and who is searched (definitions §7b).

The ethnic group of a search is what the person said; where that was not stated, what the officer saw. A search of which
neither tells a group of the census is in no group. The rates of a month are those of the twelve months to its end, of
which the first months of a series have fewer: both rates of a ratio then have the same.
"""

from datetime import date

import polars as pl

from metrics.ethnicity import REFERENCE_GROUP, ethnic_group
from metrics.feeds import measure_facts
from metrics.indicator import Indicator, Part
from metrics.levels import AREA_COLUMNS, YEAR, local_day

_SEARCHED = "searches"


def stop_search_facts(stop_searches: pl.LazyFrame) -> pl.LazyFrame:
    """Return the source `stop_searches` from searches whose areas are stamped, on the local day of the search."""
    names = ("search_id", "searched_at", "lon", "lat", "legislation", "object", "outcome")
    more = ("linked_outcome", "age_range")
    said, seen = (ethnic_group(pl.col(f"{who}_defined_ethnicity")) for who in ("self", "officer"))
    day = local_day(pl.col("searched_at"))
    return stop_searches.select(*names, *AREA_COLUMNS, *more, day=day, ethnic_group=pl.coalesce(said, seen))


def searches_of_the_year(stop_searches: pl.LazyFrame, until: date) -> pl.LazyFrame:
    """Return the source `searches_year`: searches by group and area in the twelve months to each month's end.

    From the first month with a search to the month of `until`.
    """
    first = pl.col("day").dt.truncate("1mo")
    by = ("day", *AREA_COLUMNS, "ethnic_group")
    counted = stop_searches.with_columns(day=first).group_by(by).agg(pl.len().cast(pl.Int64).alias(_SEARCHED))
    last = pl.min_horizontal(pl.col("day").dt.offset_by(f"{YEAR - 1}mo"), pl.lit(until))
    months = counted.filter(pl.col("day") <= until).with_columns(day=pl.date_ranges("day", last, "1mo"))
    return months.explode("day").group_by(by).agg(pl.col(_SEARCHED).sum())


def population_by_month(population: pl.LazyFrame, members: pl.LazyFrame, since: date, until: date) -> pl.LazyFrame:
    """Return the source `population`: residents by group, area and month, so placed that they add up.

    `population` has area_code, ethnic_group, residents, valid_from: the newest count valid at the month's end holds.
    Areas that `members` does not know are left out.
    """
    known = population.join(members.select(area_code="code").unique(), on="area_code", how="semi")
    groups = known.with_columns(indicator_id=ethnic_group(pl.col("ethnic_group")), numerator="residents")
    first = pl.max_horizontal(pl.col("valid_from").dt.truncate("1mo"), pl.lit(since))
    held = groups.filter(pl.col("valid_from") <= pl.lit(until).dt.month_end())
    dated = held.with_columns(month=pl.date_ranges(first, pl.lit(until), "1mo")).explode("month")
    newest = pl.col("valid_from") == pl.col("valid_from").max().over("area_code", "indicator_id", "month")
    amounts = dated.filter(newest).with_columns(denominator=pl.lit(None, pl.Float64))
    placed = measure_facts(amounts, members)
    residents = pl.col("numerator").cast(pl.Int64)
    return placed.select("day", *AREA_COLUMNS, ethnic_group="indicator_id", residents=residents)


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        id="SAS-01",
        name="linked outcome of stop and search",
        unit="%",
        better="higher",
        numerator=Part(
            words="searches whose outcome is linked to what was looked for",
            source="stop_searches",
            rows=pl.col("linked_outcome").fill_null(False),
        ),
        denominator=Part(
            words="searches of which that is known", source="stop_searches", rows=pl.col("linked_outcome").is_not_null()
        ),
        scale=100,
        why="A search that finds what it was for had good grounds.",
        caveat="Of a search without an outcome it is often not recorded whether it is linked: those are left out.",
        reference="S3 para 50",
        principle="Engaging communities",
        subject="Stop and search",
        page="engagement",
    ),
    Indicator(
        id="SAS-02",
        name="stop and search rate ratio, by ethnic group",
        unit="ratio",
        better="neither",
        numerator=Part(
            words="searches of the group in the 12 months to the month's end",
            source="searches_year",
            rows=pl.when(pl.col("ethnic_group").is_not_null()).then(_SEARCHED),
            stock=True,
            quantity="searches of the year",
        ),
        denominator=Part(
            words="residents of the group", source="population", rows=pl.col("residents"), unit="people", stock=True
        ),
        split="ethnic_group",
        split_both=True,
        relative_to=REFERENCE_GROUP,
        why="Whether one group is searched more often than another, for its number of residents.",
        caveat="Against White residents; withheld below five searches of either. Who is searched need not live there.",
        reference="S3 para 50",
        principle="Engaging communities",
        subject="Stop and search",
        page="engagement",
        news=False,  # each month looks back over twelve
    ),
)

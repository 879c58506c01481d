"""Sources that are made when they are read: small ones, that depend on what was written or known since the load."""

from datetime import date

import polars as pl

from data_access.database.areas import Feeds, neighbourhoods
from data_access.database.members import members
from data_access.scope import Scope
from data_access.settings import ForceSettings
from metrics.asb import audit_facts
from metrics.asb_powers import in_the_year
from metrics.feeds import measure_facts, problem_facts
from metrics.levels import residents_by_month
from metrics.sources import empty_source
from metrics.stop_search import population_by_month, searches_of_the_year
from metrics.surveys import survey_facts

Months = tuple[date, date]
# What is counted over twelve months, and the published facts that it is counted from.
OF_THE_YEAR = {"asb_powers_year": "asb_powers", "searches_year": "stop_searches"}


def residents(feed: Feeds, months: Months | None) -> pl.LazyFrame:
    """People by neighbourhood and month, from the first to the last of `months`: as on the month's last day."""
    known = neighbourhoods(feed).drop("geometry").lazy()
    return residents_by_month(known, *months) if months else empty_source("residents")


def audits(feed: Feeds, recorded: pl.DataFrame, asb: pl.LazyFrame) -> pl.LazyFrame:
    """Dip-sample verdicts, those of the extract and those `recorded` here; of one incident the latter count.

    An incident whose verdict was withdrawn here has none, whichever of the two it came from.
    """
    given = feed("asb_audits")
    verdicts = pl.concat([given.with_columns(withdrawn=pl.lit(False)), recorded.select(*given.columns, "withdrawn")])
    newest = verdicts.unique("incident_id", keep="last", maintain_order=True)
    return audit_facts(newest.filter(~pl.col("withdrawn")).lazy(), asb)


def problems(feed: Feeds, months: Months | None) -> pl.LazyFrame:
    """Return each problem-solving plan in each month to the last one known: what is live goes on being so."""
    rows = feed("problems")
    newest = rows.select(pl.max_horizontal(pl.col("opened_on", "stage_on", "closed_on").max())).item()
    ends = [day for day in (newest, months[1] if months else None) if day]
    until = pl.select(pl.lit(max(ends, default=date.min)).dt.month_end()).item()
    return problem_facts(rows.lazy(), neighbourhoods(feed).lazy(), until)


def measures(feed: Feeds, force: ForceSettings) -> pl.LazyFrame:
    """Return the figures that arrive already added up, so placed that they add up over the areas there are now."""
    return measure_facts(feed("measures").lazy(), _areas(feed, force))


def surveys(feed: Feeds, force: ForceSettings) -> pl.LazyFrame:
    """Return the answers to surveys, placed as measures are."""
    return survey_facts(feed("surveys").lazy(), _areas(feed, force))


def population(feed: Feeds, months: Months | None, force: ForceSettings) -> pl.LazyFrame:
    """Return residents by ethnic group and month, placed as measures are."""
    if months is None:
        return empty_source("population")
    return population_by_month(feed("population").lazy(), _areas(feed, force), *months)


def of_the_year(source: str, rows: pl.LazyFrame, months: Months | None) -> pl.LazyFrame:
    """Return in each month what happened in the twelve to its end, from all rows of what is counted (OF_THE_YEAR)."""
    made = {"asb_powers_year": in_the_year, "searches_year": searches_of_the_year}
    return made[source](rows, months[1]) if months else empty_source(source)


def _areas(feed: Feeds, force: ForceSettings) -> pl.LazyFrame:
    """Return the areas that there are now, all of them: where a figure lies does not depend on who reads it."""
    return members(feed, Scope.whole_force("areas"), force.code, force.name).lazy()

"""Sources that are made when they are read: small ones, that depend on what was written or known since the load."""

from datetime import date

import polars as pl

from data_access.database.areas import Feeds, neighbourhoods
from data_access.database.members import members
from data_access.scope import Scope
from data_access.settings import ForceSettings
from metrics.asb import audit_facts
from metrics.feeds import measure_facts, problem_facts
from metrics.levels import residents_by_month
from metrics.sources import empty_source

Months = tuple[date, date]


def residents(feed: Feeds, months: Months | None) -> pl.LazyFrame:
    """People by neighbourhood and month, from the first to the last of `months`: as on the month's last day."""
    known = neighbourhoods(feed).drop("geometry").lazy()
    return residents_by_month(known, *months) if months else empty_source("residents")


def audits(feed: Feeds, recorded: pl.DataFrame, asb: pl.LazyFrame) -> pl.LazyFrame:
    """Dip-sample verdicts, those of the extract and those `recorded` here; of one incident the latter count."""
    given = feed("asb_audits")
    both = pl.concat([given, recorded.select(given.columns)])
    return audit_facts(both.unique("incident_id", keep="last", maintain_order=True).lazy(), asb)


def problems(feed: Feeds, months: Months | None) -> pl.LazyFrame:
    """Give each problem-solving plan in each month to the last one known: what is live goes on being so."""
    rows = feed("problems")
    newest = rows.select(pl.max_horizontal(pl.col("opened_on", "stage_on", "closed_on").max())).item()
    ends = [day for day in (newest, months[1] if months else None) if day]
    until = pl.select(pl.lit(max(ends, default=date.min)).dt.month_end()).item()
    return problem_facts(rows.lazy(), neighbourhoods(feed).lazy(), until)


def measures(feed: Feeds, force: ForceSettings) -> pl.LazyFrame:
    """Give the figures that arrive already added up, so placed that they add up over the areas there are now."""
    everyone = members(feed, Scope.whole_force("measures"), force.code, force.name)
    return measure_facts(feed("measures").lazy(), everyone.lazy())

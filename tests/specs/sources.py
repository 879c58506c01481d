"""The sources of facts that follow from a case's tables, beside those of the small force."""

from datetime import date

import polars as pl

from metrics import feeds
from metrics.abstraction import duty_facts, duty_intervals, resolve
from metrics.asb import asb_facts
from metrics.harm import crime_facts, with_weights
from metrics.levels import residents_by_month
from metrics.patrol import patrol_facts, tasking_facts
from metrics.response import incident_facts
from metrics.stays import stays
from tests.metrics.stays.force import GROUND, SPOTS, facts_of
from tests.specs.force import FORCE
from tests.specs.notation import Case, rows_of

MAY, END_OF_JUNE = date(2024, 5, 1), date(2024, 6, 30)
NEIGHBOURHOODS = rows_of("neighbourhoods", FORCE["neighbourhoods"])


def duty(case: Case) -> pl.LazyFrame:
    """Give the source `duty` of a case's duties."""
    return duty_facts(
        case.rows("duties"),
        case.rows("activity_codes"),
        case.rows("postings"),
        case.rows("officers"),
        NEIGHBOURHOODS,
    )


def seen(case: Case) -> dict[str, pl.LazyFrame]:
    """Give the sources that follow from a case's fixes and duties."""
    officers = case.rows("officers")
    spots = pl.LazyFrame([(name, *spot) for name, spot in SPOTS.items()], ["spot", "lon", "lat"], orient="row")
    fixes = case.rows("fixes").join(spots, on="spot", how="left")
    codes = case.rows("activity_codes")
    on_duty = duty_intervals(resolve(case.rows("duties"), codes))
    uniformed = officers.filter("uniformed").collect()["officer_id"]
    found = stays(fixes, on_duty, GROUND, uniformed=uniformed)
    return facts_of(found, case.rows("postings"), officers, NEIGHBOURHOODS)


def asb(case: Case) -> pl.LazyFrame:
    """Give the source `asb` of a case's incidents."""
    return asb_facts(case.rows("incidents"), case.rows("closure_codes"))


def incidents(case: Case) -> pl.LazyFrame:
    """Give the source `incidents` of a case's incidents and response standards."""
    return incident_facts(case.rows("incidents"), case.rows("response_standards"))


def residents(month: date) -> pl.LazyFrame:
    """Give the source `residents` of the small force in a month."""
    return residents_by_month(NEIGHBOURHOODS, month, month)


def crimes(case: Case) -> pl.LazyFrame:
    """Give the source `crimes` of a case's crimes, with the weights of the set 'ONS'."""
    facts = crime_facts(*(case.rows(name) for name in ("crimes", "offences", "outcome_codes")))
    return with_weights(facts, case.rows("weights"), "ONS")


def taskings(case: Case) -> pl.LazyFrame:
    """Give the source `taskings` of a case's taskings and held times."""
    return tasking_facts(case.rows("taskings"), case.rows("hotspot_stays"), case.rows("hotspots"))


def patrols(case: Case) -> pl.LazyFrame:
    """Give the source `patrols` of a case's check-ins and held times."""
    return patrol_facts(case.rows("patrols"), case.rows("hotspot_stays"), case.rows("hotspots"))


def specials(case: Case) -> pl.LazyFrame:
    """Give the source `special_hours` of a case's returns."""
    returns, postings, officers = (case.rows(name) for name in ("special_hours", "postings", "officers"))
    return feeds.special_facts(returns, postings, NEIGHBOURHOODS, officers)


def problems(case: Case) -> pl.LazyFrame:
    """Give the source `problems` of a case's plans, until the end of June."""
    return feeds.problem_facts(case.rows("problems"), NEIGHBOURHOODS, END_OF_JUNE)


def measures(case: Case) -> pl.LazyFrame:
    """Give the source `measures` of a case's figures that arrive added up."""
    return feeds.measure_facts(case.rows("measures"), case.rows("members"))


def profiles(case: Case) -> dict[str, pl.LazyFrame]:
    """Give a case's profiles, and the neighbourhoods that they are counted against."""
    return {
        "profiles": feeds.profile_facts(case.rows("profiles"), NEIGHBOURHOODS),
        "residents": residents(MAY),
    }

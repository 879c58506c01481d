"""Incidents, crimes, searches, handovers and ASB powers, each with the areas of its day."""

from datetime import date, timedelta

import polars as pl
from sqlalchemy import or_

from data_access.database.areas import stamp_areas, until_the_next
from data_access.facts.inputs import PLACES, Dataset, Inputs, published_facts, rows_of, table_of
from metrics.asb import asb_facts
from metrics.asb_powers import power_facts
from metrics.harm import crime_facts
from metrics.harm_flags import flag_facts
from metrics.levels import local_day, local_start
from metrics.location import place_all
from metrics.mental_health import handover_facts
from metrics.response import incident_facts
from metrics.stop_search import stop_search_facts


def _asb(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    own, parameters = table_of("incidents").c, inputs.parameters
    codes = inputs.feed("closure_codes")
    asb_codes = codes.filter(pl.col("asb_category").is_not_null())["closure_code"].to_list()
    # Of forty incidents one is ASB: most are left where they are. Which they are exactly, asb_facts decides.
    perhaps_asb = (own.closing_codes.contains(code, autoescape=True) for code in asb_codes)
    back = since - timedelta(days=parameters.repeat_days)
    rows = rows_of(
        inputs,
        "incidents",
        own.reported_at >= local_start(back),
        own.reported_at < local_start(until),
        or_(own.provenance != "force", *perhaps_asb),
    )
    dated = rows.with_columns(day=local_day(pl.col("reported_at")))
    return asb_facts(
        stamp_areas(dated, inputs.neighbourhoods, inputs.neighbourhood_index),
        codes.lazy(),
        repeat_n=parameters.repeat_n,
        repeat_days=parameters.repeat_days,
    )


def _crimes(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    own = table_of("crimes").c
    rows = rows_of(inputs, "crimes", own.recorded_on >= since, own.recorded_on < until)
    dated = stamp_areas(rows.with_columns(day="recorded_on"), inputs.neighbourhoods, inputs.neighbourhood_index)
    for into, index in inputs.hotspot_indexes.items():
        dated = place_all(dated, index, into=into)
    meanings = (inputs.feed(feed).lazy() for feed in ("offences", "outcome_codes"))
    return crime_facts(dated, *meanings)


def _stop_searches(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    at = table_of("stop_searches").c.searched_at
    rows = rows_of(inputs, "stop_searches", at >= local_start(since), at < local_start(until))
    nowhere = pl.lit(None, pl.String)
    dated = rows.with_columns(day=local_day(pl.col("searched_at")), neighbourhood_code=nowhere)
    return stop_search_facts(stamp_areas(dated, inputs.neighbourhoods, inputs.neighbourhood_index))


def _incidents(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    """Build all incidents of the force's own extracts: published ASB alone is no list of incidents."""
    own = table_of("incidents").c
    rows = rows_of(
        inputs,
        "incidents",
        own.provenance == "force",
        own.reported_at >= local_start(since),
        own.reported_at < local_start(until),
    )
    dated = rows.with_columns(day=local_day(pl.col("reported_at")))
    standards = until_the_next(inputs.feed("response_standards"), "grade")
    stamped = stamp_areas(dated, inputs.neighbourhoods, inputs.neighbourhood_index)
    return incident_facts(stamped, standards.lazy())


def _flagged(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    return flag_facts(published_facts(inputs, "crimes", since, until))


def _handovers(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    at = table_of("handovers").c.detained_at
    rows = rows_of(inputs, "handovers", at >= local_start(since), at < local_start(until))
    dated = rows.with_columns(day=local_day(pl.col("detained_at")))
    return handover_facts(stamp_areas(dated, inputs.neighbourhoods, inputs.neighbourhood_index))


def _asb_powers(inputs: Inputs, _since: date, _until: date) -> pl.LazyFrame:
    dated = inputs.feed("asb_powers").lazy().with_columns(day="issued_on")
    return power_facts(stamp_areas(dated, inputs.neighbourhoods, inputs.neighbourhood_index))


EVENTS: tuple[Dataset, ...] = (
    Dataset(
        name="asb",
        dated=("incidents",),
        references=("closure_codes", *PLACES),
        build=_asb,
        reach=lambda parameters: parameters.repeat_days,
        came_by=table_of("incidents").c.reported_at,
    ),
    Dataset(
        name="crimes",
        dated=("crimes",),
        references=("offences", "outcome_codes", "hotspots", *PLACES),
        build=_crimes,
    ),
    Dataset(name="flagged", dated=("crimes",), references=("offences", "outcome_codes", *PLACES), build=_flagged),
    Dataset(name="incidents", dated=("incidents",), references=("response_standards", *PLACES), build=_incidents),
    Dataset(name="handovers", dated=("handovers",), references=PLACES, build=_handovers),
    Dataset(name="asb_powers", dated=("asb_powers",), references=PLACES, build=_asb_powers),
    Dataset(name="stop_searches", dated=("stop_searches",), references=PLACES, build=_stop_searches),
)

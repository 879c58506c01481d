"""Incidents, crimes, searches, handovers and ASB powers, each with the areas of its day."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

import polars as pl

from data_access.database.areas import stamp_areas, until_the_next
from data_access.facts.copies import mentions
from data_access.facts.inputs import ALL_MONTHS, PLACES, Dataset, Inputs, published_facts, rows_begun, rows_of, table_of
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
    parameters, codes = inputs.parameters, inputs.feed("closure_codes")
    asb_codes = codes.filter(pl.col("asb_category").is_not_null())["closure_code"].to_list()
    first, last = local_start(since - timedelta(days=parameters.repeat_days)), local_start(until)

    def perhaps_asb(own: Callable[[str], Any]) -> tuple[Any, ...]:
        # Of forty incidents one is ASB: most are left where they are. Which they are exactly, asb_facts decides.
        told = (mentions(own("closing_codes"), code) for code in asb_codes)
        published_or_told = reduce(or_, told, own("provenance") != "force")
        return own("reported_at") >= first, own("reported_at") < last, published_or_told

    rows = rows_of(inputs, "incidents", perhaps_asb)
    dated = rows.with_columns(day=local_day(pl.col("reported_at")))
    return asb_facts(
        stamp_areas(dated, inputs.neighbourhoods, inputs.neighbourhood_index),
        codes.lazy(),
        repeat_n=parameters.repeat_n,
        repeat_days=parameters.repeat_days,
    )


def _crimes(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    rows = rows_of(inputs, "crimes", lambda own: (own("recorded_on") >= since, own("recorded_on") < until))
    dated = stamp_areas(rows.with_columns(day="recorded_on"), inputs.neighbourhoods, inputs.neighbourhood_index)
    for into, index in inputs.hotspot_indexes.items():
        dated = place_all(dated, index, into=into)
    meanings = (inputs.feed(feed).lazy() for feed in ("offences", "outcome_codes"))
    return crime_facts(dated, *meanings)


def _stop_searches(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    rows = rows_begun(inputs, "stop_searches", "searched_at", since, until)
    nowhere = pl.lit(None, pl.String)
    dated = rows.with_columns(day=local_day(pl.col("searched_at")), neighbourhood_code=nowhere)
    return stop_search_facts(stamp_areas(dated, inputs.neighbourhoods, inputs.neighbourhood_index))


def _incidents(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    """Build all incidents of the force's own extracts: published ASB alone is no list of incidents."""
    rows = rows_begun(inputs, "incidents", "reported_at", since, until).filter(pl.col("provenance") == "force")
    dated = rows.with_columns(day=local_day(pl.col("reported_at")))
    standards = until_the_next(inputs.feed("response_standards"), "grade")
    stamped = stamp_areas(dated, inputs.neighbourhoods, inputs.neighbourhood_index)
    return incident_facts(stamped, standards.lazy())


def _flagged(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    return flag_facts(published_facts(inputs, "crimes", since, until))


def _handovers(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    rows = rows_begun(inputs, "handovers", "detained_at", since, until)
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
    Dataset(
        name="asb_powers", dated=("asb_powers",), references=PLACES, build=_asb_powers, at_once=ALL_MONTHS
    ),
    Dataset(name="stop_searches", dated=("stop_searches",), references=PLACES, build=_stop_searches),
)

"""Patrols of hotspots: what was tasked, and what check-ins and radios say of it."""

from datetime import date, timedelta

import polars as pl

from data_access.facts.inputs import Dataset, Inputs, published_facts, rows_begun
from metrics.patrol import hotspot_months, patrol_facts, tasking_facts
from metrics.patrol_time import hotspot_time

STAY_MARGIN = timedelta(days=2)  # a window that starts in a month ends at most this much later


def _stays(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    rows = rows_begun(inputs, "hotspot_stays", "starts_at", since - STAY_MARGIN, until + STAY_MARGIN)
    return rows.rename({"starts_at": "start", "ends_at": "end"})


def _taskings(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    rows = rows_begun(inputs, "taskings", "window_start", since, until)
    named = rows.with_columns(pl.col("officer_id").replace("", None))
    return tasking_facts(named, _stays(inputs, since, until), inputs.hotspots.lazy())


def _hotspot_months(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    return hotspot_months(published_facts(inputs, "taskings", since, until), inputs.hotspots.lazy())


def _hotspot_time(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    officers = inputs.feed("officers").lazy()
    return hotspot_time(_stays(inputs, since, until), officers, inputs.hotspots.lazy())


def _patrols(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    rows = rows_begun(inputs, "patrols", "checked_in_at", since, until)
    return patrol_facts(rows, _stays(inputs, since, until), inputs.hotspots.lazy())


# A dataset comes after those it reads: `hotspot_months` reads `taskings`.
PATROLS: tuple[Dataset, ...] = (
    Dataset(name="taskings", dated=("taskings",), references=("fixes", "hotspots"), build=_taskings),
    Dataset(name="hotspot_months", dated=("taskings",), references=("fixes", "hotspots"), build=_hotspot_months),
    Dataset(name="patrols", dated=("patrols",), references=("fixes", "hotspots"), build=_patrols),
    Dataset(name="hotspot_time", dated=("fixes",), references=("hotspots", "officers"), build=_hotspot_time),
)

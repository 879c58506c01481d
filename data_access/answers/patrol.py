"""What the Patrols page asks beyond plain indicators: hotspot by hotspot, the calendar, check-ins, hours, outcomes.

Answers are cached like those of `answers`: by store, data version, scope and the frozen question.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

import polars as pl

from data_access.answers.answer import CACHED_ANSWERS
from data_access.scope import Scope
from data_access.store import DataVersion, Store
from metrics import patrol_lists
from metrics.levels import add_months

Source = Literal["taskings", "hotspot_months", "patrols"]


@dataclass(frozen=True, kw_only=True)
class PatrolQuestion:
    """Which hotspots' patrols in which months (`months` of them up to `month`, its first day).

    `kind`, `lpa` and `hotspot` narrow; None: all.
    """

    month: date
    months: int = 1
    kind: str | None = None
    lpa: str | None = None
    hotspot: str | None = None


@dataclass(frozen=True, kw_only=True)
class _Asking:
    store: Store
    version: int
    scope: Scope
    question: PatrolQuestion


def hotspots(store: Store, scope: Scope, question: PatrolQuestion, version: DataVersion | None = None) -> pl.DataFrame:
    """Give metrics.patrol_lists.by_hotspot's rows with area_level, area_code, area_name and lpa_name."""
    return _hotspots(_asking(store, scope, question, version))


def hours_tasked(
    store: Store, scope: Scope, question: PatrolQuestion, by: str, version: DataVersion | None = None
) -> pl.DataFrame:
    """Give hours tasked, patrolled and present by `lpa_code` or `hotspot_id`, with area_name."""
    return _hours_tasked(_asking(store, scope, question, version), by)


def calendar(store: Store, scope: Scope, question: PatrolQuestion, version: DataVersion | None = None) -> pl.DataFrame:
    """Give day, hotspot_id, area_name and the day's best result, 'not tasked' where there was no tasking."""
    return _calendar(_asking(store, scope, question, version))


def check_ins(store: Store, scope: Scope, question: PatrolQuestion, version: DataVersion | None = None) -> pl.DataFrame:
    """Count check-ins by how far they differ from the radio: metrics.patrol_lists.check_ins."""
    return _check_ins(_asking(store, scope, question, version))


def outcomes(store: Store, scope: Scope, question: PatrolQuestion, version: DataVersion | None = None) -> pl.DataFrame:
    """Give each kind of outcome, its number and its rate per 100 patrol hours."""
    return _outcomes(_asking(store, scope, question, version))


def _asking(store: Store, scope: Scope, question: PatrolQuestion, version: DataVersion | None) -> _Asking:
    return _Asking(store=store, version=(version or store.version()).number, scope=scope, question=question)


def _rows(asking: _Asking, source: Source) -> pl.LazyFrame:
    question = asking.question
    since, until = add_months(question.month, 1 - question.months), add_months(question.month, 1)
    rows = asking.store.facts(source, asking.scope, since, until)
    wanted = {"kind": question.kind, "lpa_code": question.lpa, "hotspot_id": question.hotspot}
    return rows.filter([pl.lit(True), *(pl.col(name) == value for name, value in wanted.items() if value)])


def _names(asking: _Asking, level: str) -> pl.DataFrame:
    areas = asking.store.members(asking.scope).filter(pl.col("level") == level)
    return areas.select(area_code="code", area_name="name", parent_code="parent_code")


@lru_cache(maxsize=CACHED_ANSWERS)
def _hotspots(asking: _Asking) -> pl.DataFrame:
    rows = patrol_lists.by_hotspot(_rows(asking, "taskings"), _rows(asking, "hotspot_months")).collect()
    lpas = _names(asking, "lpa").select(lpa_code="area_code", lpa_name="area_name")
    named = rows.with_columns(area_level=pl.lit("hotspot"), area_code="hotspot_id").join(
        _names(asking, "hotspot").drop("parent_code"), on="area_code", how="left", maintain_order="left"
    )
    return named.join(lpas, on="lpa_code", how="left", maintain_order="left")


@lru_cache(maxsize=CACHED_ANSWERS)
def _hours_tasked(asking: _Asking, by: str) -> pl.DataFrame:
    rows = patrol_lists.hours_tasked(_rows(asking, "taskings"), by).collect()
    names = _names(asking, "lpa" if by == "lpa_code" else "hotspot").drop("parent_code")
    return rows.join(names, left_on=by, right_on="area_code", how="left", maintain_order="left").with_columns(
        area_name=pl.coalesce("area_name", by)
    )


@lru_cache(maxsize=CACHED_ANSWERS)
def _calendar(asking: _Asking) -> pl.DataFrame:
    first, last = add_months(asking.question.month, 1 - asking.question.months), add_months(asking.question.month, 1)
    days = pl.LazyFrame({"day": pl.date_range(first, last, closed="left", eager=True)})
    every = days.join(_rows(asking, "hotspot_months").select("hotspot_id").unique(), how="cross")
    best = patrol_lists.calendar(_rows(asking, "taskings"))
    rows = every.join(best, on=["day", "hotspot_id"], how="left").with_columns(pl.col("result").fill_null("not tasked"))
    names = _names(asking, "hotspot").select(hotspot_id="area_code", area_name="area_name").lazy()
    return rows.join(names, on="hotspot_id", how="left").sort("area_name", "day").collect()


@lru_cache(maxsize=CACHED_ANSWERS)
def _check_ins(asking: _Asking) -> pl.DataFrame:
    return patrol_lists.check_ins(_rows(asking, "patrols")).collect()


@lru_cache(maxsize=CACHED_ANSWERS)
def _outcomes(asking: _Asking) -> pl.DataFrame:
    return patrol_lists.outcomes(_rows(asking, "patrols"), _rows(asking, "taskings")).collect()


def radio_days(store: Store, scope: Scope, month: date, version: DataVersion | None = None) -> tuple[int, int]:
    """Count the days of `month` for which radio fixes are loaded, and all its days: without fixes nobody was there."""
    return _radio_days(_asking(store, scope, PatrolQuestion(month=month), version))


@lru_cache(maxsize=CACHED_ANSWERS)
def _radio_days(asking: _Asking) -> tuple[int, int]:
    since, until = asking.question.month, add_months(asking.question.month, 1)
    rows = asking.store.facts("fix_quality", asking.scope, since, until)
    known = rows.filter(pl.col("fixes") > 0).select(pl.col("day").n_unique()).collect().item()
    return known, (until - since).days

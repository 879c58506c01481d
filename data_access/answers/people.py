"""Answers of the workforce and engagement pages that are no indicator: capacity, reply times, plans."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import polars as pl

from data_access.answers.answer import Question, answer
from data_access.scope import Scope
from data_access.store import Store
from metrics.levels import AREA_COLUMNS, Level, add_months, inside, level_code
from metrics.spread import spread
from metrics.workforce import capacity, with_vacancies

CACHED = 256
STRENGTH, ABSTRACTION, NEIGHBOURHOOD = "WRK-01", "ABS-01", "NPT"
A_YEAR = 12


@dataclass(frozen=True, kw_only=True)
class Where:
    """Which areas: those at `level` within an area (nothing: all in scope), in `month` (its first day)."""

    month: date
    level: Level
    within: tuple[tuple[Level, str], ...] = ()


def posts(store: Store, scope: Scope, where: Where) -> pl.DataFrame:
    """Give WRK-01's rows of the month with `vacancies` in FTE."""
    return with_vacancies(_month(store, scope, where, STRENGTH))


def posts_by_role(store: Store, scope: Scope, where: Where) -> pl.DataFrame:
    """Give department, role, strength (numerator), establishment (denominator), value and `vacancies` of the month."""
    asked = _question(where, STRENGTH, by=("department", "role"))
    counted = answer(store, scope, asked).filter((pl.col("numerator") != 0) | (pl.col("denominator") != 0))
    return with_vacancies(counted).sort("department", "role")


def neighbourhood_capacity(store: Store, scope: Scope, where: Where) -> pl.DataFrame:
    """Give neighbourhood officers' FTE, abstraction rate and the FTE that is left, by area; see metrics.workforce."""
    strength = answer(store, scope, _question(where, STRENGTH, department=NEIGHBOURHOOD))
    left = capacity(strength, _month(store, scope, where, ABSTRACTION))
    return left.join(strength.select("area_code", "area_name"), on="area_code", how="left", maintain_order="left")


def as_at(store: Store, scope: Scope, month: date) -> date | None:
    """Give the newest day that the month's establishment figures were counted; None: none are loaded."""
    rows = store.facts("establishment", scope, month, add_months(month, 1))
    return rows.select(pl.col("as_at").max()).collect().item()


def reply_times(store: Store, scope: Scope, where: Where) -> pl.DataFrame:
    """Give area_code, area_name, count, median and p90 of hours to the reply, over the twelve months to the month.

    Queries not answered yet have no duration and are not counted; they count as late in ENG-04.
    """
    return _reply_times(store, store.version().number, scope, where)


def plans(store: Store, scope: Scope, where: Where) -> pl.DataFrame:
    """List the plans (PMP) live at the month's end or closed in it, the oldest first."""
    return _plans(store, store.version().number, scope, where)


def _question(where: Where, indicator: str, **more: object) -> Question:
    return Question(
        indicators=(indicator,), level=where.level, since=where.month, until=where.month, within=where.within, **more
    )


def _month(store: Store, scope: Scope, where: Where, indicator: str) -> pl.DataFrame:
    return answer(store, scope, _question(where, indicator))


@lru_cache(maxsize=CACHED)
def _reply_times(store: Store, _: int, scope: Scope, where: Where) -> pl.DataFrame:
    code = level_code(where.level, AREA_COLUMNS, store.settings.force.code)
    rows = _rows(store, scope, where, "queries", A_YEAR).with_columns(area_code=code)
    found = spread(rows, pl.col("reply_hours"), ["area_code"]).collect()
    members = store.members(scope).filter(pl.col("level") == where.level)
    return members.select(area_code="code", area_name="name").join(found, on="area_code").sort("area_name")


@lru_cache(maxsize=CACHED)
def _plans(store: Store, _: int, scope: Scope, where: Where) -> pl.DataFrame:
    columns = ("problem_id", "title", "neighbourhood_code", "stage", "live", "age_days", "assessed", "effective")
    return (
        _rows(store, scope, where, "problems", 1)
        .filter(pl.col("live") | pl.col("closed"))
        .select(columns)
        .sort("live", "age_days", descending=True, nulls_last=True)
        .collect()
    )


def _rows(store: Store, scope: Scope, where: Where, source: str, months: int) -> pl.LazyFrame:
    rows = store.facts(source, scope, add_months(where.month, 1 - months), add_months(where.month, 1))
    return inside(rows, where.within, store.settings.force.code)

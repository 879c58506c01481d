"""What the Patrols page asks beyond plain indicators: hotspot by hotspot, the calendar, check-ins, hours, outcomes.

Answers are cached by reader and frozen question, like those of `answer`. Hours of fewer than five officers are withheld
(null) where TGP-02's are.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Literal

import polars as pl

from data_access.answers.answer import CACHED_ANSWERS, Question, answer
from data_access.answers.few_officers import counting, reaches
from data_access.answers.reader import Reader
from metrics import id_of, patrol_lists
from metrics.levels import Level, add_months, codes_of, is_area
from metrics.officers import TOO_FEW, few_behind

Source = Literal["taskings", "hotspot_months", "hotspot_time", "patrols"]
HOURS = id_of("patrols", "total")
OF_A_WINDOW = ("officers", "minutes", "officer_minutes")
OF_OFFICERS = ("patrol_hours", "presence_hours")


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


@lru_cache(maxsize=CACHED_ANSWERS)
def hotspots(reader: Reader, question: PatrolQuestion) -> pl.DataFrame:
    """Return metrics.patrol_lists.by_hotspot's rows with area_level, area_code, area_name and lpa_name."""
    taskings, months = (_rows(reader, question, source) for source in ("taskings", "hotspot_months"))
    rows = _without_few(reader, question, patrol_lists.by_hotspot(taskings, months).collect(), "hotspot_id")
    lpas = _names(reader, "lpa").select(lpa_code="area_code", lpa_name="area_name")
    named = rows.with_columns(area_level=pl.lit("hotspot"), area_code="hotspot_id").join(
        _names(reader, "hotspot").drop("parent_code"), on="area_code", how="left", maintain_order="left"
    )
    return named.join(lpas, on="lpa_code", how="left", maintain_order="left")


@lru_cache(maxsize=CACHED_ANSWERS)
def hours_tasked(reader: Reader, question: PatrolQuestion, by: str) -> pl.DataFrame:
    """Return hours tasked, patrolled and present by `lpa_code` or `hotspot_id`, with area_name."""
    rows = patrol_lists.hours_tasked(_rows(reader, question, "taskings"), by).collect()
    rows = _without_few(reader, question, rows, by)
    names = _names(reader, "lpa" if by == "lpa_code" else "hotspot").drop("parent_code")
    return rows.join(names, left_on=by, right_on="area_code", how="left", maintain_order="left").with_columns(
        area_name=pl.coalesce("area_name", by)
    )


@lru_cache(maxsize=CACHED_ANSWERS)
def calendar(reader: Reader, question: PatrolQuestion) -> pl.DataFrame:
    """Return day, hotspot_id, area_name and the day's best result, 'not tasked' where there was no tasking."""
    first, last = add_months(question.month, 1 - question.months), add_months(question.month, 1)
    days = pl.LazyFrame({"day": pl.date_range(first, last, closed="left", eager=True)})
    every = days.join(_rows(reader, question, "hotspot_months").select("hotspot_id").unique(), how="cross")
    best = patrol_lists.calendar(_rows(reader, question, "taskings"))
    rows = every.join(best, on=["day", "hotspot_id"], how="left").with_columns(pl.col("result").fill_null("not tasked"))
    names = _names(reader, "hotspot").select(hotspot_id="area_code", area_name="area_name").lazy()
    return rows.join(names, on="hotspot_id", how="left").sort("area_name", "day").collect()


@lru_cache(maxsize=CACHED_ANSWERS)
def visits(reader: Reader, question: PatrolQuestion) -> pl.DataFrame:
    """Return each tasking with what the radios saw of it in its window: metrics.patrol_lists.visits.

    One window is that of a few officers: its minutes and officers are null for viewers who may not see teams.
    """
    rows = patrol_lists.visits(_rows(reader, question, "taskings")).collect()
    if may_see_who(reader):
        return rows
    return rows.with_columns(pl.lit(None, rows.schema[name]).alias(name) for name in OF_A_WINDOW)


@lru_cache(maxsize=CACHED_ANSWERS)
def next_taskings(reader: Reader, question: PatrolQuestion) -> pl.DataFrame:
    """Return the taskings of the month after the question's, as `visits` does: those a shift can still keep."""
    return visits(reader, replace(question, month=add_months(question.month, 1), months=1))


def may_see_who(reader: Reader) -> bool:
    """Tell whether the viewer may see whose time a single patrol is made of, by role."""
    return reaches(reader.scope, "hotspot")


@lru_cache(maxsize=CACHED_ANSWERS)
def hours_by_role(reader: Reader, question: PatrolQuestion) -> pl.DataFrame:
    """Return the hours that officers were inside, by role: metrics.patrol_lists.hours_by_role.

    Raises PermissionError for a viewer who may not see teams.
    """
    if not may_see_who(reader):
        raise PermissionError("who was there is for viewers who may see teams")
    return patrol_lists.hours_by_role(_rows(reader, question, "hotspot_time")).collect()


@lru_cache(maxsize=CACHED_ANSWERS)
def check_ins(reader: Reader, question: PatrolQuestion) -> pl.DataFrame:
    """Count check-ins by how far they differ from the radio: metrics.patrol_lists.check_ins."""
    return patrol_lists.check_ins(_rows(reader, question, "patrols")).collect()


@lru_cache(maxsize=CACHED_ANSWERS)
def outcomes(reader: Reader, question: PatrolQuestion) -> pl.DataFrame:
    """Return each kind of outcome, its number and its rate per 100 patrol hours."""
    rows = patrol_lists.outcomes(_rows(reader, question, "patrols"), _rows(reader, question, "taskings")).collect()
    shown = pl.lit(not _of_few(reader, question))
    return rows.with_columns(pl.when(shown).then(name).alias(name) for name in ("patrol_hours", "per_100_hours"))


def _without_few(reader: Reader, question: PatrolQuestion, rows: pl.DataFrame, by: str) -> pl.DataFrame:
    few = pl.col(by).is_in(_few(reader, question, "lpa" if by == "lpa_code" else "hotspot"))
    return rows.with_columns(pl.when(~few.fill_null(False)).then(name).alias(name) for name in OF_OFFICERS)


def _of_few(reader: Reader, question: PatrolQuestion) -> bool:
    """Tell whether the hours of all that is asked about are withheld, or of an LPA that the viewer's are made of."""
    if question.hotspot:
        return question.hotspot in _few(reader, question, "hotspot")
    lpas = frozenset(codes_of("lpa", question.lpa)) if question.lpa else reader.scope.lpas
    return not lpas.isdisjoint(_few(reader, question, "lpa")) if lpas else bool(_few(reader, question, "force"))


def _few(reader: Reader, question: PatrolQuestion, level: Level) -> list[str]:
    """List the areas of a level whose patrol hours are withheld from the viewer."""
    hours = Question(
        indicators=(HOURS,),
        level=level,
        since=add_months(question.month, 1 - question.months),
        until=question.month,
        where=(("kind", question.kind),) if question.kind else (),
        grain="1mo" if question.months == 1 else "period",
    )
    return answer(reader, hours).filter(note=TOO_FEW)["area_code"].to_list()


def _rows(reader: Reader, question: PatrolQuestion, source: Source) -> pl.LazyFrame:
    since, until = add_months(question.month, 1 - question.months), add_months(question.month, 1)
    rows = reader.facts(source, since, until)
    wanted = {"kind": question.kind, "hotspot_id": question.hotspot}
    inside = [is_area(pl.col("lpa_code"), "lpa", question.lpa)] if question.lpa else []
    return rows.filter([pl.lit(True), *inside, *(pl.col(name) == value for name, value in wanted.items() if value)])


def _names(reader: Reader, level: str) -> pl.DataFrame:
    areas = reader.members().filter(pl.col("level") == level)
    return areas.select(area_code="code", area_name="name", parent_code="parent_code")


def few_patrolled(reader: Reader, hotspots: Collection[str], since: date, until: date) -> bool:
    """Tell whether the patrol hours of some hotspots in [since, until) tell the viewer of fewer than five officers.

    They do where the hours of all of them are of so few, or what is withheld of them by hotspot and month.
    """
    if reaches(reader.scope, "hotspot"):
        return False
    hours = Question(indicators=(HOURS,), level="hotspot", since=since, until=add_months(until, -1))
    withheld = answer(reader, hours).filter(note=TOO_FEW).select("month", hotspot_id="area_code").lazy()
    own = pl.col("hotspot_id").is_in(list(hotspots)), pl.col("officer_s") > 0
    rows = counting(reader).facts("taskings", since, until).filter(*own)
    monthly = rows.with_columns(month=pl.col("day").dt.truncate("1mo"))
    sums = (rows, monthly.join(withheld, on=["hotspot_id", "month"], how="semi"))
    return any(not few_behind(one, pl.lit("sum").alias("of")).is_empty() for one in sums)


@lru_cache(maxsize=CACHED_ANSWERS)
def radio_days(reader: Reader, month: date) -> tuple[int, int]:
    """Count the days of `month` for which radio fixes are loaded, and all its days: without fixes nobody was there."""
    since, until = month, add_months(month, 1)
    rows = reader.facts("fix_quality", since, until)
    known = rows.filter(pl.col("fixes") > 0).select(pl.col("day").n_unique()).collect().item()
    return known, (until - since).days

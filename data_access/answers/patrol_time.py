"""Officers' hours in any area, hotspot or Impact Area beside what happened there: targeted patrol time, by week."""

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import polars as pl

from data_access.answers.answer import CACHED_ANSWERS, Question, answer
from data_access.answers.few_officers import counting, reaches
from data_access.answers.reader import Reader
from metrics import id_of
from metrics.levels import Level, add_months, is_area, level_code
from metrics.location import AreaIndex, place_all
from metrics.officers import TOO_FEW, few_behind
from metrics.patrol_time import lagged, together, totals, weekly
from metrics.visibility import uniformed, visible

SPOTS = ("hotspot", "impact_area")
HOURS = id_of("visibility", "lead")
_HAPPENED = {"incidents": "asb", "stop_searches": "stop_searches", "crimes": "crimes"}


@dataclass(frozen=True, kw_only=True)
class PatrolTimeQuestion:
    """Which place (an area, a hotspot or an Impact Area), the `months` up to `month`, and how many weeks later.

    `weight_set` None: the one that config.toml names.
    """

    level: Level
    code: str
    month: date
    months: int = 12
    lag: int = 0
    weight_set: str | None = None


def patrol_weeks(reader: Reader, question: PatrolTimeQuestion) -> pl.DataFrame:
    """Return metrics.patrol_time.weekly's rows: in an area the hours are visible ones of officers in uniform, in a
    hotspot or Impact Area all time held inside. Incidents are ASB incidents. Cost by `[cost] hour` of config.toml.
    Hours of an area are withheld (null) as VIS-01's are that week, of a hotspot or Impact Area where they are of fewer
    than five officers, and costs where those of a role are.
    """
    at_once = replace(question, lag=0)  # the lag only moves rows: it is no reason to read them again
    return lagged(_weeks(reader, at_once), question.lag)


def in_total(reader: Reader, question: PatrolTimeQuestion) -> dict[str, float | None]:
    """Return the totals of the weeks: weeks, officer_hours, cost, unpriced_hours and each outcome, in its own weeks."""
    at_once = replace(question, lag=0)
    return totals(patrol_weeks(reader, at_once)).row(0, named=True)


def moving_together(reader: Reader, question: PatrolTimeQuestion) -> pl.DataFrame:
    """Return how each outcome moves with the hours: outcome, weeks, rank_correlation. Association, never effect."""
    return together(patrol_weeks(reader, question))


@lru_cache(maxsize=CACHED_ANSWERS)
def _weeks(reader: Reader, question: PatrolTimeQuestion) -> pl.DataFrame:
    since, until = add_months(question.month, 1 - question.months), add_months(question.month, 1)
    spots = _spot(reader, question) if question.level in SPOTS else None
    loaded = {
        name: reader.facts(source, since, until, weight_set=question.weight_set) for name, source in _HAPPENED.items()
    }
    month = pl.col("day").dt.truncate("1mo").alias("_month")
    unfolded = reader.facts("presence", since, until).filter(pl.col("hour").is_not_null()).select(month).unique()
    fixes = reader.facts("fix_quality", since, until).filter(pl.col("fixes") > 0)
    fixes = fixes.with_columns(month).join(unfolded, on="_month", how="semi").drop("_month")
    rows = weekly(
        _time(reader, question, since, until),
        {name: _inside(rows, reader, question, spots) for name, rows in loaded.items()},
        since,
        until,
        pounds_an_hour=reader.settings.cost.hour,
        loaded={"hours": fixes, **loaded},
    )
    return _without_few(reader, question, rows.collect())


def _without_few(reader: Reader, question: PatrolTimeQuestion, weeks: pl.DataFrame) -> pl.DataFrame:
    """Empty the hours of fewer than five officers, and the costs that would tell of those of a role."""
    weeks_of_few = _spot_weeks_of_few if question.level in SPOTS else _weeks_of_few
    few, few_of_role = (pl.col("week").is_in(weeks_of_few(reader, question, by)) for by in ((), ("role",)))
    costs = [pl.when(~(few | few_of_role)).then(name).alias(name) for name in ("cost", "unpriced_hours")]
    return weeks.with_columns(pl.when(~few).then("officer_hours").alias("officer_hours"), *costs)


def _spot_weeks_of_few(reader: Reader, question: PatrolTimeQuestion, by: tuple[str, ...]) -> list[date]:
    """List the weeks in which fewer than five officers (of a role) were in the hotspot or Impact Area.

    Nothing that is shown adds up to these hours: they are of everybody there, tasked or not, in any clothes.
    """
    if reaches(reader.scope, question.level):
        return []
    since, until = add_months(question.month, 1 - question.months), add_months(question.month, 1)
    held = counting(reader).facts("hotspot_time", since, until).filter(hotspot_id=question.code)
    week = pl.col("day").dt.truncate("1w").alias("week")
    return few_behind(held.filter(pl.col("seconds") > 0), week, *by)["week"].unique().to_list()


def _weeks_of_few(reader: Reader, question: PatrolTimeQuestion, by: tuple[str, ...]) -> list[date]:
    """List the weeks in which visible hours are withheld from the viewer, in the area or in one that it is made of."""
    scope, asked = reader.scope, [(question.level, question.code)]
    if question.level == "force" and not scope.force:  # then it is the viewer's own part that is added up
        asked = [("lpa", code) for code in sorted(scope.lpas)] + [("sector", code) for code in sorted(scope.sectors)]
    found: set[date] = set()
    for level, code in asked:
        hours = Question(
            indicators=(HOURS,),
            level=level,
            since=add_months(question.month, 1 - question.months),
            until=question.month,
            within=() if level == "force" else ((level, code),),
            by=by,
            grain="1w",
        )
        found.update(answer(reader, hours).filter(note=TOO_FEW)["month"].to_list())
    return sorted(found)


def _spot(reader: Reader, question: PatrolTimeQuestion) -> AreaIndex:
    shapes = reader.hotspots(add_months(question.month, 1)).filter(pl.col("hotspot_id") == question.code)
    if shapes.is_empty():
        raise PermissionError("this hotspot or Impact Area is not in your areas, or not valid in this month")
    return AreaIndex.from_features(shapes, code="hotspot_id")


def _inside(rows: pl.LazyFrame, reader: Reader, question: PatrolTimeQuestion, spots: AreaIndex | None) -> pl.LazyFrame:
    if spots is not None:
        placed = place_all(rows, spots, into="_spots")
        return placed.filter(pl.col("_spots").list.contains(question.code))
    code = level_code(question.level, rows.collect_schema().names(), reader.settings.force.code)
    return rows if code is None else rows.filter(is_area(code, question.level, question.code))


def _time(reader: Reader, question: PatrolTimeQuestion, since: date, until: date) -> pl.LazyFrame:
    if question.level in SPOTS:
        held = reader.facts("hotspot_time", since, until)
        return held.filter(pl.col("hotspot_id") == question.code)
    hourly = pl.col("hour").is_not_null()  # of a folded month no week is known
    seen = reader.facts("visibility_place", since, until).filter(uniformed, visible, hourly)
    return _inside(seen, reader, question, None)

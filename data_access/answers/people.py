"""Answers of the workforce and engagement pages that are no indicator: capacity, reply times, plans."""

from datetime import date
from functools import lru_cache

import polars as pl

from data_access.answers.answer import Question, answer
from data_access.answers.few_officers import counting
from data_access.answers.reader import Reader
from data_access.answers.where import Where, facts_of_months
from metrics import id_of
from metrics.durations import quantiles
from metrics.engagement import attendance, joined_and_left
from metrics.levels import AREA_COLUMNS, YEAR, add_months, in_force_in_month, level_code
from metrics.officers import TOO_FEW
from metrics.workforce import capacity, lpas_of_few, tours_of_duty, with_vacancies

CACHED = 256
STRENGTH, ABSTRACTION, NEIGHBOURHOOD = id_of("workforce", "lead"), id_of("abstractions", "lead"), "NPT"
HEADS, SPECIALS_HOURS = id_of("workforce", "heads"), id_of("workforce", "total")
SARA = ("scanning", "analysis", "response", "assessment")


def posts(reader: Reader, where: Where) -> pl.DataFrame:
    """Return WRK-01's rows of the month with `vacancies` in FTE."""
    return with_vacancies(_month(reader, where, STRENGTH, apart=True))


def posts_by_role(reader: Reader, where: Where) -> pl.DataFrame:
    """Return the month's department, role, strength (numerator), establishment (denominator), value, `vacancies`."""
    asked = _question(where, STRENGTH, by=("department", "role"))
    counted = answer(reader, asked).filter((pl.col("numerator") != 0) | (pl.col("denominator") != 0))
    return with_vacancies(counted).sort("department", "role")


def neighbourhood_capacity(reader: Reader, where: Where) -> pl.DataFrame:
    """Return neighbourhood officers' FTE, abstraction rate and the FTE that is left, by area; see metrics.workforce."""
    strength = answer(reader, _question(where, STRENGTH, department=NEIGHBOURHOOD, apart=True))
    left = capacity(strength, _month(reader, where, ABSTRACTION, apart=True))
    return left.join(strength.select("area_code", "area_name"), on="area_code", how="left", maintain_order="left")


def as_at(reader: Reader, month: date) -> date | None:
    """Return the newest day that the month's establishment figures were counted; None: none are loaded."""
    rows = reader.facts("establishment", month, add_months(month, 1))
    return rows.select(pl.col("as_at").max()).collect().item()


@lru_cache(maxsize=CACHED)
def reply_times(reader: Reader, where: Where) -> pl.DataFrame:
    """Return area_code, area_name, count, median and p90 of hours to the reply, over the twelve months to the month.

    Queries not answered yet have no duration and are not counted; they count as late in ENG-04.
    """
    code = level_code(where.level, AREA_COLUMNS, reader.settings.force.code)
    rows = facts_of_months(reader, where, "queries", YEAR).with_columns(area_code=code)
    found = quantiles(rows, pl.col("reply_hours"), ["area_code"]).collect()
    members = reader.members().filter(pl.col("level") == where.level)
    return members.select(area_code="code", area_name="name").join(found, on="area_code").sort("area_name")


@lru_cache(maxsize=CACHED)
def plans(reader: Reader, where: Where) -> pl.DataFrame:
    """List the plans (PMP) live at the month's end or closed in it, the oldest first."""
    columns = ("problem_id", "title", "neighbourhood_code", "stage", "live", "age_days", "assessed", "effective")
    return (
        facts_of_months(reader, where, "problems")
        .filter(pl.col("live") | pl.col("closed"))
        .select(columns)
        .sort("live", "age_days", "problem_id", descending=[True, True, False], nulls_last=True)
        .collect()
    )


@lru_cache(maxsize=CACHED)
def specials(reader: Reader, where: Where) -> pl.DataFrame:
    """Return specials by LPA: area_name, specials, aim, hours, mean_hours, duties, mean_duties.

    `aim` is what the newest row of `targets` in force gives; null where nobody has set one. Specials of no LPA (the
    motorway, students) are one row. Hours and duties of few specials, or that would give theirs away, are null.
    """
    rows = tours_of_duty(facts_of_months(reader, where, "special_hours"), _few_specials(reader, where.month)).collect()
    of_month = in_force_in_month(pl.lit(where.month), "start_date", "end_date")
    aims = reader.targets().filter(of_month, pl.col("indicator_id") == HEADS)
    newest = aims.sort("start_date").unique("area_code", keep="last", maintain_order=True)
    names = reader.members().filter(pl.col("level") == "lpa").select(lpa_code="code", area_name="name")
    named = rows.join(names, on="lpa_code", how="left", maintain_order="left").join(
        newest.select(lpa_code="area_code", aim="value"), on="lpa_code", how="left", maintain_order="left"
    )
    order = ("area_name", "specials", "aim", "hours", "mean_hours", "duties", "mean_duties")
    return named.with_columns(pl.col("area_name").fill_null("of no LPA")).select(order)


def _few_specials(reader: Reader, month: date) -> list[str | None]:
    """List the LPAs whose specials' hours are withheld: the same for every viewer, and with WRK-02's."""
    hours = _month(reader, Where(month=month, level="lpa"), SPECIALS_HOURS)
    of_force = facts_of_months(counting(reader), Where(month=month), "special_hours")
    return lpas_of_few(of_force, hours.filter(note=TOO_FEW)["area_code"].to_list())


@lru_cache(maxsize=CACHED)
def meetings(reader: Reader, where: Where) -> dict[str, float | None]:
    """Return meetings, counted, attendees and the median of the twelve months to the month: metrics.engagement."""
    return attendance(facts_of_months(reader, where, "meetings", YEAR)).collect().row(0, named=True)


@lru_cache(maxsize=CACHED)
def wmnow(reader: Reader, where: Where) -> dict[str, float | None]:
    """Return how many joined WMNow and how many left it in the month: metrics.engagement.joined_and_left."""
    return joined_and_left(facts_of_months(reader, where, "measures")).collect().row(0, named=True)


@lru_cache(maxsize=CACHED)
def stage_days(reader: Reader, where: Where) -> pl.DataFrame:
    """Return stage, count, median and p90 of the days that live plans have been in their stage by the month's end."""
    found = quantiles(facts_of_months(reader, where, "problems"), pl.col("stage_days"), ["stage"]).collect()
    order = pl.col("stage").replace_strict(dict(zip(SARA, range(len(SARA)), strict=True)), default=len(SARA))
    return found.sort(order)


def _question(where: Where, indicator: str, **more: object) -> Question:
    return Question(
        indicators=(indicator,), level=where.level, since=where.month, until=where.month, within=where.within, **more
    )


def _month(reader: Reader, where: Where, indicator: str, **more: object) -> pl.DataFrame:
    return answer(reader, _question(where, indicator, **more))

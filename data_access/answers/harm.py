"""What the Impact areas page asks beyond plain indicators: places side by side, what moved the harm, what is left out.

Answers are cached by reader and frozen question, like those of `answer`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

import polars as pl

from data_access.answers.answer import CACHED_ANSWERS, Question, answer
from data_access.answers.reader import Reader
from metrics import id_of, impact, indicators_of
from metrics import scoreboard as boards
from metrics.harm import change_by_group, without_homicide
from metrics.hotspots import IMPACT_AREA
from metrics.impact import Portion, years_to_date
from metrics.indicator import Indicator
from metrics.levels import Level, add_months, is_area

Side = Literal["in_impact_areas", "in_hotspots"]
Split = Literal["offence_group", "offence_name"]
_PARTS: dict[Portion, bool | None] = {"whole": None, "inside": True, "rest": False}


@dataclass(frozen=True, kw_only=True)
class HarmQuestion:
    """Which crimes, up to which month (its first day), and weighed how.

    `lpa` narrows to one LPA, `spot` to one Impact Area or hotspot, `part` to what lies inside such areas or
    outside them; `side` says which kind of area that is. `offence` narrows to one offence group.
    `weight_set` None: the one that config.toml names.
    """

    month: date
    lpa: str | None = None
    spot: str | None = None
    part: Portion = "whole"
    side: Side = "in_impact_areas"
    weight_set: str | None = None
    without_homicide: bool = False
    offence: str | None = None


def measures() -> tuple[Indicator, ...]:
    """Return the indicators that stand side by side in the row of a place."""
    return tuple(one for one in indicators_of(page="impact_areas") if one.column)


def side_by_side(reader: Reader, question: HarmQuestion) -> pl.DataFrame:
    """Return metrics.impact.side_by_side's row of each place: the force, whole, inside and the rest; then by LPA its
    Impact Areas one by one (hotspots only together), all of them, and the rest. `area_name` says which part it is.
    """
    everywhere = replace(question, spot=None, part="whole")  # one answer, whichever area is being looked at
    return _side_by_side(reader, everywhere)


@lru_cache(maxsize=CACHED_ANSWERS)
def harm_change(
    reader: Reader,
    question: HarmQuestion,
    split: Split = "offence_group",
) -> pl.DataFrame:
    """Split the change from last year to date to this year to date by offence: metrics.harm.change_by_group's rows."""
    before, after = years_to_date(question.month)
    rows = _crimes(reader, question, before[0], after[1])
    return change_by_group(rows, "force", before, after, force_code=reader.settings.force.code, by=split).collect()


def harm_steps(reader: Reader, question: HarmQuestion) -> pl.DataFrame:
    """Return the waterfall of the same change: step, harm, kind."""
    return impact.waterfall(harm_change(reader, question), "last year to date", "this year to date")


def left_out(reader: Reader, question: HarmQuestion) -> pl.DataFrame:
    """Count what the year to date's figures leave out, in one row: see metrics.impact.left_out."""
    return _left_out(reader, question)[0]


def unweighted_codes(reader: Reader, question: HarmQuestion) -> pl.DataFrame:
    """List the offence codes of the year to date that have no weight, with their crimes."""
    return _left_out(reader, question)[1]


def weight_sets(reader: Reader) -> pl.DataFrame:
    """List the weight sets loaded: weight_set, source, codes."""
    return reader.weight_sources()


@lru_cache(maxsize=CACHED_ANSWERS)
def young_areas(reader: Reader, month: date) -> Mapping[str, date]:
    """Return the Impact Areas in scope whose boundary began less than a year before the end of `month`: code to day."""
    end = add_months(month, 1)
    areas = reader.hotspots(end - timedelta(days=1)).filter(
        pl.col("kind") == IMPACT_AREA, pl.col("valid_from").is_between(add_months(end, -12), end, closed="right")
    )
    return dict(areas.sort("name").select("hotspot_id", "valid_from").iter_rows())


@lru_cache(maxsize=CACHED_ANSWERS)
def _side_by_side(reader: Reader, question: HarmQuestion) -> pl.DataFrame:
    spots: list[tuple[Level, Portion]] = [("impact_area", "whole")] if question.side == "in_impact_areas" else []
    places = [*(("force", part) for part in _PARTS), *spots, ("lpa", "inside"), ("lpa", "rest")]
    wide = impact.side_by_side(pl.concat([_rows(reader, question, *place) for place in places]), measures())
    placed = wide.join(_lpa_of(reader), on=["area_level", "area_code"], how="left", maintain_order="left")
    # The force comes first; then each LPA: its areas, all of them, the rest of it.
    step = pl.col("part").replace_strict(list(_PARTS), [0, 1, 2])
    return placed.sort("lpa_name", step, "area_name", nulls_last=False)


def _rows(reader: Reader, question: HarmQuestion, level: Level, part: Portion) -> pl.DataFrame:
    """Return the month's rows of one kind of place, named by its part."""
    inside = _PARTS[part]
    asked = Question(
        indicators=tuple(one.id for one in measures()),
        level=level,
        since=question.month,
        until=question.month,
        within=(("lpa", question.lpa),) if question.lpa and level != "force" else (),
        weight_set=question.weight_set,
        without_homicide=question.without_homicide,
        where=(*_of_offence(question), *(() if inside is None else ((question.side, inside),))),
    )
    rows = answer(reader, asked)
    if inside is not None:  # people live in areas, not in parts of them
        rows = rows.filter(pl.col("indicator_id") != id_of("impact_areas", "per head"))
    return rows.with_columns(part=pl.lit(part), area_name=pl.format(_names(question.side)[part], "area_name"))


def _of_offence(question: HarmQuestion) -> tuple[tuple[str, str], ...]:
    return (("offence_group", question.offence),) if question.offence else ()


def _names(side: Side) -> dict[Portion, str]:
    many = "Impact Areas" if side == "in_impact_areas" else "hotspots"
    return {"whole": "{}", "inside": "All " + many + " of {}", "rest": "{} outside " + many}


def _lpa_of(reader: Reader) -> pl.DataFrame:
    areas = reader.members()
    lpas = areas.filter(pl.col("level") == "lpa")
    spots = areas.join(lpas.select(parent_code="code", lpa_name="name"), on="parent_code")
    columns = {"area_level": "level", "area_code": "code"}
    return pl.concat([spots.select(**columns, lpa_name="lpa_name"), lpas.select(**columns, lpa_name="name")])


@lru_cache(maxsize=CACHED_ANSWERS)
def _left_out(reader: Reader, question: HarmQuestion) -> tuple[pl.DataFrame, pl.DataFrame]:
    rows = _crimes(reader, question, *years_to_date(question.month)[1])
    return impact.left_out(rows).collect(), impact.unweighted_codes(rows).collect()


def _crimes(reader: Reader, question: HarmQuestion, since: date, until: date) -> pl.LazyFrame:
    rows = reader.facts("crimes", since, until, weight_set=question.weight_set)
    kept = rows.filter(_wanted(question))
    return without_homicide(kept) if question.without_homicide else kept


def _wanted(question: HarmQuestion) -> Sequence[pl.Expr]:
    """Tell which crimes lie in the places asked for."""
    inside = _PARTS[question.part]
    polygons = "impact_areas" if question.side == "in_impact_areas" else "hotspots"
    wanted = [pl.lit(True), *(pl.col(name) == value for name, value in _of_offence(question))]
    if question.lpa and not question.spot:
        wanted.append(is_area(pl.col("lpa_code"), "lpa", question.lpa))
    if question.spot:
        wanted.append(pl.col(polygons).list.contains(question.spot))
    if inside is not None:
        wanted.append(pl.col(question.side) == inside)
    return wanted


@lru_cache(maxsize=CACHED_ANSWERS)
def scoreboard(reader: Reader, month: date, lpa: str | None) -> pl.DataFrame:
    """Return metrics.scoreboard's rows of the Impact Areas in scope (of an LPA) valid at the end of `month`."""
    before, after = years_to_date(month)
    spots = reader.hotspots(after[1] - timedelta(days=1)).filter(pl.col("kind") == IMPACT_AREA)
    wanted = spots if lpa is None else spots.filter(is_area(pl.col("lpa_code"), "lpa", lpa))
    areas = wanted.select(area_code="hotspot_id", area_name="name").sort("area_name")
    return boards.scoreboard(reader.facts("crimes", before[0], after[1]), areas, before, after)

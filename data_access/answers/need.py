"""Neighbourhood need beside visible hours: who gets less than a fair share by need, and what moving hours would do."""

from datetime import date
from functools import lru_cache

import polars as pl

from data_access.answers.answer import Question, answer
from data_access.answers.reader import Reader
from data_access.settings import NeedSettings
from metrics import id_of
from metrics.levels import Level
from metrics.need import NeedPart, move_hours, need, served

CACHED = 64
HOURS = id_of("visibility", "lead")
NEIGHBOURHOOD: Level = "neighbourhood"


def needs(reader: Reader, month: date, moved: float = 0.0, within: tuple[tuple[Level, str], ...] = ()) -> pl.DataFrame:
    """Return neighbourhoods: area_code, area_name, each part's figure and rank, need, type, hours and gaps.

    Parts are the rolling 12 months to `month` of the recipe's indicators ([need] in config.toml); `hours` are visible
    hours (VIS-01) of `month`; `moved` hours go from the over-served to the worst-served. Columns as metrics.need has
    them. Index, fair share and moves are of all the neighbourhoods in scope; the rows given are those inside `within`.
    No rows where the recipe is empty.
    """
    everywhere = _needs(reader, month, moved)
    if not within or everywhere.is_empty():
        return everywhere
    asked = Question(indicators=(HOURS,), level=NEIGHBOURHOOD, since=month, until=month, within=within)
    inside = answer(reader, asked)["area_code"].unique().to_list()
    return everywhere.filter(pl.col("area_code").is_in(inside))


def gaps(reader: Reader, month: date, within: tuple[tuple[Level, str], ...]) -> pl.DataFrame:
    """Return the neighbourhoods inside `within` that get less than a fair share by need, the worst served first.

    Columns: area_name, need_type, hours, fair_hours, gap_hours (below 0), area_level, area_code.
    """
    columns = ("area_name", "need_type", "hours", "fair_hours", "gap_hours", "area_level", "area_code")
    rows = needs(reader, month, within=within)
    if rows.is_empty():
        return pl.DataFrame(schema=columns)
    return rows.filter(pl.col("gap_hours") < 0).sort("gap_hours", "area_code").select(columns)


@lru_cache(maxsize=CACHED)
def _needs(reader: Reader, month: date, moved: float) -> pl.DataFrame:
    recipe = reader.settings.need
    ids = tuple(part.indicator for part in recipe.parts)
    asked = Question(indicators=(*ids, HOURS), level=NEIGHBOURHOOD, since=month, until=month)
    rows = answer(reader, asked) if ids else None
    if rows is None or rows.is_empty():
        return pl.DataFrame(schema={"area_code": pl.String})
    figures = rows.filter(pl.col("indicator_id").is_in(ids)).pivot(
        "indicator_id", index=["area_level", "area_code", "area_name"], values="rolling_12_months"
    )
    hours = rows.filter(pl.col("indicator_id") == HOURS).select("area_code", hours="value")
    typed = need(figures, _parts(recipe)).with_columns(need_type=_type_names(recipe))
    return move_hours(served(typed, hours), moved)


def _parts(recipe: NeedSettings) -> list[NeedPart]:
    return [NeedPart(column=one.indicator, words=one.words, weight=one.weight) for one in recipe.parts]


def _type_names(recipe: NeedSettings) -> pl.Expr:
    """Name the types; metrics.need counts them from the least need, config.toml lists them from the most."""
    names = {str(len(recipe.types) - place): name for place, name in enumerate(recipe.types)}
    return pl.col("need_type").cast(pl.String).replace(names)

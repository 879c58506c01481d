"""Every indicator at once: what really changed, who is out of the ordinary, and the targets that somebody owns."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache

import polars as pl

from data_access.answers.answer import Question, answer
from data_access.answers.reader import Reader
from metrics import ids_of, indicators_of, news_ids
from metrics import indicator as find_indicator
from metrics.difference import of_other_areas
from metrics.few import of_a_few
from metrics.funnel import funnel
from metrics.levels import Level, in_force_in_month
from metrics.news import News, news
from metrics.target import with_assurance

CACHED = 1024
Within = tuple[tuple[Level, str], ...]


def changed(reader: Reader, month: date, levels: Iterable[Level], within: Within) -> News:
    """Return what is new in `month` at `levels` inside `within`, of all the figures looked at there.

    Areas counted together are looked at by themselves and as one. Percentages of a few are not looked at: no page,
    briefing, pack or digest calls one a change.
    """
    return _changed(reader, reader.version.judged_at, month, tuple(levels), within)


@lru_cache(maxsize=CACHED)
def _changed(
    reader: Reader, _judged_at: datetime | None, month: date, levels: tuple[Level, ...], within: Within
) -> News:
    of_month = Question(indicators=news_ids(), level="force", since=month, until=month, within=within, apart=True)
    asked = [replace(of_month, level=one) for one in levels]
    as_one = [replace(one, apart=False) for one in asked]  # areas counted together are looked at too
    asked += [one for one in as_one if one.together]
    rows = pl.concat([answer(reader, one) for one in asked], how="diagonal_relaxed")
    return news(rows.filter(~of_a_few(indicators_of())))


def funnel_of(
    reader: Reader,
    month: date,
    level: Level,
    within: tuple[tuple[Level, str], ...],
    indicator: str,
    beside: tuple[tuple[Level, str], ...] | None = None,
) -> pl.DataFrame:
    """Return an indicator's areas at `level` inside `within` with the limits that metrics.funnel draws.

    With `beside`, those inside it follow, and the limits are of them all.
    """
    asked = Question(indicators=(indicator,), level=level, since=month, until=month, within=within, apart=True)
    rows = answer(reader, asked)
    if beside is not None:
        theirs = of_other_areas(answer(reader, replace(asked, within=beside)), rows)
        rows = pl.concat([rows, theirs], how="diagonal_relaxed")
    return funnel(rows, find_indicator(indicator))


def targets(reader: Reader, month: date) -> pl.DataFrame:
    """Return the targets in force in `month` whose area the viewer sees, beside the figure of the month.

    Columns: indicator_id, area_level, area_code, area_name, value, target, owner, start_date, kind, source, assurance
    (metrics.target). No target is ever invented: without rows in `targets` there are none.
    """
    return _targets(reader, reader.version.judged_at, month)


@lru_cache(maxsize=CACHED)
def _targets(reader: Reader, _judged_at: datetime | None, month: date) -> pl.DataFrame:
    known = reader.targets().rename({"value": "target", "area_level": "owned_level"})
    of_month = in_force_in_month(pl.lit(month), "start_date", "end_date")
    held = known.filter(of_month, pl.col("indicator_id").is_in(ids_of()))
    areas = reader.members().select(area_level="level", area_code="code").unique()
    of_level = pl.col("owned_level").is_null() | (pl.col("owned_level") == pl.col("area_level"))
    owned = held.join(areas, on="area_code").filter(of_level).sort("indicator_id", "area_level", "area_code")
    asked = [
        Question(indicators=tuple(ids), level=level, since=month, until=month)
        for level, ids in owned.group_by("area_level", maintain_order=True).agg("indicator_id").iter_rows()
    ]
    columns = (
        "indicator_id", "area_level", "area_code", "area_name", "value", "target", "owner", "start_date", "kind",
        "source", "assurance",
    )  # fmt: skip
    if not asked:
        return pl.DataFrame(schema=columns)
    figures = pl.concat([answer(reader, one) for one in asked], how="diagonal_relaxed")
    key = ["indicator_id", "area_level", "area_code"]
    whole = figures.filter(pl.col("category").is_null())  # a target is owned of an indicator, not of a part of its mix
    beside = whole.select(*key, "area_name", "value", "lower_limit", "upper_limit")
    better = {one.id: one.better for one in indicators_of()}
    beside_figures = owned.join(beside, on=key, how="left", maintain_order="left")
    return with_assurance(beside_figures.with_columns(better=pl.col("indicator_id").replace(better))).select(columns)

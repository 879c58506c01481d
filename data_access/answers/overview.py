"""Every indicator at once: what really changed, who is out of the ordinary, and the targets that somebody owns."""

from datetime import date

import polars as pl

from data_access.answers.answer import BY_ID, Question, answer
from data_access.answers.reader import Reader
from metrics.funnel import funnel
from metrics.levels import Level
from metrics.news import real_changes

HEADLINES = ("ABS-01", "VIS-02", "ASB-01", "HRM-02", "TGP-01")  # what an area is judged by first, in this order
# How good the data is, is no news of policing; a mix's parts and a rate's own count tell the same story twice; and
# outcomes come months after the crime, so that the newest months of TOWN-02 are always low.
NOT_NEWS = frozenset({"VIS-04", "ABS-05", "ASB-02", "ASB-03", "VIS-05", "HRM-07", "TOWN-02", "PS-01", "TGP-09"})
NEWS = tuple(one for one in BY_ID if one not in NOT_NEWS)


def changed(
    reader: Reader, month: date, level: Level, within: tuple[tuple[Level, str], ...]
) -> pl.DataFrame:
    """Give the rows of `month` at `level` inside `within` that really changed, concerns first."""
    asked = Question(indicators=NEWS, level=level, since=month, until=month, within=within)
    return real_changes(answer(reader, asked))


def scoreboard(
    reader: Reader, month: date, months: int, level: Level, within: tuple[tuple[Level, str], ...]
) -> pl.DataFrame:
    """Give every indicator at `level` inside `within` over the `months` up to `month`, a mix by its categories."""
    since = date(month.year - months // 12, month.month, 1)
    return answer(reader, Question(indicators=tuple(BY_ID), level=level, since=since, until=month, within=within))


def funnel_of(
    reader: Reader, month: date, level: Level, within: tuple[tuple[Level, str], ...], indicator: str
) -> pl.DataFrame:
    """Give an indicator's areas at `level` inside `within` with the limits that metrics.funnel draws."""
    asked = Question(indicators=(indicator,), level=level, since=month, until=month, within=within)
    return funnel(answer(reader, asked), BY_ID[indicator])


def targets(reader: Reader, month: date) -> pl.DataFrame:
    """Give the targets in force in `month` whose area the viewer sees, beside the figure of the month.

    Columns: indicator_id, area_level, area_code, area_name, value, target, owner, start_date. No target is ever
    invented: without rows in `targets` there are none.
    """
    known = reader.targets().rename({"value": "target", "area_level": "owned_level"})
    ended = pl.col("end_date").is_not_null() & (pl.col("end_date") <= month)
    held = known.filter(pl.col("start_date") < month.replace(day=28), ~ended, pl.col("indicator_id").is_in(list(BY_ID)))
    areas = reader.members().select(area_level="level", area_code="code").unique()
    of_level = pl.col("owned_level").is_null() | (pl.col("owned_level") == pl.col("area_level"))
    owned = held.join(areas, on="area_code").filter(of_level).sort("indicator_id", "area_level", "area_code")
    asked = [
        Question(indicators=tuple(ids), level=level, since=month, until=month)
        for level, ids in owned.group_by("area_level", maintain_order=True).agg("indicator_id").iter_rows()
    ]
    columns = ["indicator_id", "area_level", "area_code", "area_name", "value", "target", "owner", "start_date"]
    if not asked:
        return pl.DataFrame(schema=columns)
    figures = pl.concat([answer(reader, one) for one in asked], how="diagonal_relaxed")
    key = ["indicator_id", "area_level", "area_code"]
    told = owned.join(figures.select(*key, "area_name", "value"), on=key, how="left", maintain_order="left")
    return told.select(columns)

"""The charts of Explore: a line over months, bars or a map over areas, bars or shaded cells over parts."""

import polars as pl
import streamlit as st

from metrics.indicator import Indicator
from pages.parts import charts, maps, parted
from pages.sections.explore_choice import Asked
from pages.sections.explore_table import in_order
from pages.selections.context import Context
from pages.wording import breakdowns, sentences, words

MOST = 4  # charts: beyond, the table is quicker to read


def draw(context: Context, asked: Asked, rows: pl.DataFrame) -> None:
    """Draw a chart for each figure of the areas chosen that has one, two side by side."""
    drawn = _series(asked, rows)
    known = [(one, frame) for one, frame in drawn if frame["value"].drop_nulls().len()]
    numbered = list(enumerate(known[:MOST]))
    for line in (numbered[:2], numbered[2:]):  # by lines, so that a telephone has them in their order
        room = st.columns(len(numbered[:2]), gap="medium") if line else []
        for column, (number, (indicator, frame)) in zip(room, line, strict=False):
            with column:
                _one(context, asked, indicator, frame, f"explore_{number}")
    if len(known) > MOST:
        st.caption(f"{MOST} of {len(known)} charts are drawn; the table has every figure.")


def _series(asked: Asked, rows: pl.DataFrame) -> list[tuple[Indicator, pl.DataFrame]]:
    """Part the rows into those of a chart each: of one figure, and of one area where months are followed."""
    keys = ["indicator_id", "category", *(["area_level", "area_code"] if asked.months else [])]
    known = {one.id: one for one in asked.indicators}
    own = in_order(asked, rows)
    keys = [name for name in keys if name in own.columns and (name != "category" or "category" not in asked.by)]
    parts = [(known[part["indicator_id"][0]], part) for part in own.partition_by(keys, maintain_order=True)]
    return sorted(parts, key=lambda one: asked.indicators.index(one[0]))


def _one(context: Context, asked: Asked, indicator: Indicator, frame: pl.DataFrame, key: str) -> None:
    category = None if "category" in asked.by else frame["category"][0]
    name = words.capital(sentences.name(indicator, category))
    areas = frame.select("area_level", "area_code").n_unique()
    if asked.months:
        charts.trend(context, frame.sort("month"), key=key, title=f"{name} by month, {frame['area_name'][0]}")
    elif not asked.by and asked.as_map:
        maps.areas(context, frame, key=key, title=f"{name} by {words.level(frame['area_level'][0])}")
    elif not asked.by:
        charts.ranked(context, frame, key=key, title=f"{name} by {words.level(frame['area_level'][0])}")
    else:
        _parts(context, asked, indicator, frame, key=key, title=context.dated(_titled(name, asked, frame)), areas=areas)


def _parts(
    context: Context, asked: Asked, indicator: Indicator, frame: pl.DataFrame, *, key: str, title: str, areas: int
) -> None:
    labels = [[breakdowns.value(name, row[name]) for name in asked.by] for row in frame.to_dicts()]
    if len(asked.by) == 1 and areas == 1:
        parted.bars(context, frame, indicator, [one for (one,) in labels], key=key, title=title)
    elif len(asked.by) == 1:
        named = zip(frame["area_name"], labels, strict=True)
        parted.cells(context, frame, indicator, [(area, part) for area, (part,) in named], key=key, title=title)
    elif areas == 1:
        parted.cells(context, frame, indicator, [(one, other) for one, other in labels], key=key, title=title)
    else:
        st.caption("Two breakdowns of several areas make no readable chart: the table has them.")


def _titled(name: str, asked: Asked, frame: pl.DataFrame) -> str:
    by, level = breakdowns.named(asked.by), words.level(frame["area_level"][0])
    alone = frame["area_code"].n_unique() == 1
    return f"{name} by {by}, {frame['area_name'][0]}" if alone else f"{name} by {by} and {level}"

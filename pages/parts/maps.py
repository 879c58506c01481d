"""Maps that ask no host but the force's own: areas shaded in five fixed classes, with switchable layers on top.

Chart, row and map are not linked by the pointer: Plotly and pydeck in Streamlit tell of clicks, not where it rests.
"""

import json
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from html import escape
from itertools import pairwise
from typing import Any

import polars as pl
import streamlit as st

from metrics.indicator import Indicator
from metrics.levels import codes_of, together
from pages.parts import deck, palette, tables, zoom
from pages.parts.scale import around_nothing, classes, scaled_by
from pages.parts.shapes import SPOTS, code_at, overlays_of, shape_of, shapes_of, whole_of
from pages.selections import filters, lists
from pages.selections.context import Context
from pages.selections.places import AREAS
from pages.wording import figures, plain, words
from pages.wording.sentences import missing

_NEAR = 2  # steps: from there on the names of sectors find room
_MOST_NAMES, _MOST_SPOTS = 30, 4  # so many find room on a map: areas, and places of a few streets
_HATCHED = f"repeating-linear-gradient(-45deg,{palette.NO_DATA} 0 3px,{palette.HATCH} 3px 4.5px)"


def areas(
    context: Context,
    frame: pl.DataFrame,
    *,
    key: str,
    title: str,
    layers: Sequence[str] = (),
    height: int = deck.HEIGHT,
    value: str = "value",
    unit: str = "",
    diverging: bool = False,
    beside: bool = False,
) -> None:
    """Shade the areas of one answer (one indicator, one month or period, one level) and select the one clicked.

    Impact Areas and hotspots are shaded as such, on a plain ground of neighbourhoods. `layers` (of 'hotspots',
    'impact_areas', 'premises') can be switched on. `value` names another column to shade by, in `unit`; `diverging`
    shades less than nothing orange and more than nothing blue. `beside` shades the parts of the area compared with by
    the same classes: `frame` is then what the context gives when asked for its indicator at its level, and no more.
    The list below the map selects from the keyboard.
    """
    context, frame, title = _with_compared(context, frame, title) if beside else (context, frame, title)
    title = context.titled(context.dated(title) if "year_before" in frame.columns else title)
    st.markdown(f"### {plain.markdown(title)}", anchors=False)
    level = frame["area_level"][0] if len(frame) else ""
    rows = {row["area_code"]: row for row in frame.with_columns(value=pl.col(value)).to_dicts()}
    shapes = _shaded(context, level, rows)
    if not rows or not shapes:
        st.info("No areas to draw for this selection. Clear the selections above to see them all.")
        return
    indicator = None if unit else context.indicator(frame["indicator_id"][0])
    unit = unit or indicator.unit
    said = {code: _said(row, unit, indicator) for code, row in rows.items()}
    limits = (around_nothing if diverging else classes)(scaled_by(rows.values(), value))
    colours = palette.DIVERGING[::-1] if diverging else palette.SEQUENTIAL
    shown = _switched_on(layers, key)
    features = [_feature(shape, rows.get(code_at(shape, level)), level, said, limits, colours) for shape in shapes]
    steps = zoom.buttons(context, key)
    picture = _picture(context, level, shapes, features, rows, shown, steps)
    zoom.chart(
        context,
        picture,
        _in_view(context, shapes_of(context.reader)) or shapes,
        key=key,
        height=height,
        alt=_map_words(title, list(rows.values()), unit),
        on_click=lambda clicked: _clicked(context, clicked),
    )
    st.html(_legend(limits, unit, shown, colours, words.unit_of(indicator) if indicator else ""))
    _keyboard(context, level, rows, key)
    tables.twin(context, frame, key=key, title=title)


def _with_compared(context: Context, frame: pl.DataFrame, title: str) -> tuple[Context, pl.DataFrame, str]:
    """Return what is drawn with the parts of the area compared with, where it is one of the selected level.

    All stays as it is where the viewer may not see its parts.
    """
    selected, compared = context.selection, context.compared
    whole = frame.is_empty() or frame["area_level"][0] == selected.level
    chosen = codes_of(selected.level, selected.code)
    if whole or compared is None or compared[0] != selected.level or compared[1] in chosen:
        return context, frame, title
    try:
        theirs = context.ask(frame["indicator_id"][0], level=frame["area_level"][0], within=(compared,))
    except PermissionError:
        return context, frame, title
    theirs = theirs.filter(pl.col("category").eq_missing(frame["category"][0]))
    if theirs["value"].drop_nulls().is_empty():
        return context, frame, title
    both = replace(context, selection=replace(selected, code=together((*chosen, compared[1]))))
    named = f"{title}, {context.place} and {context.compared_name}"
    return both, pl.concat([frame, theirs], how="diagonal_relaxed"), named


def _shaded(context: Context, level: str, codes: Collection[str]) -> Sequence[deck.Shape]:
    """Return the shapes to shade: the Impact Areas or hotspots with these codes, else the areas in view."""
    if level in SPOTS:
        return [one for one in overlays_of(context.reader) if one.kind == SPOTS[level] and one.code in codes]
    whole = _in_view(context, whole_of(context.reader, level)) if level in ("lpa", "sector") else []
    return whole or _in_view(context, shapes_of(context.reader))


def _picture(
    context: Context,
    level: str,
    shapes: Sequence[deck.Shape],
    features: Sequence[str],
    rows: Mapping[str, dict[str, Any]],
    shown: Collection[str],
    steps: int,
) -> deck.Picture:
    """Return what the map shows: the shaded areas, those without a figure, the layers on top, what lies around."""
    ground, around = _around(context)
    return deck.Picture(
        features=features,
        shapes=shapes,
        empty=[shape for shape in shapes if _value(rows.get(code_at(shape, level))) is None],
        overlays=[shape for shape in overlays_of(context.reader) if shape.kind in shown],
        ground=ground if level in SPOTS else (),
        around=around,
        named=_named(context, shapes, level, steps),
        borders=_in_view(context, whole_of(context.reader, "lpa")),
    )


def _around(context: Context) -> tuple[list[deck.Shape], list[deck.Shape]]:
    """Return what lies in the selected area and what around it, each LPA or sector as one shape, without ward lines.

    A neighbourhood lies among its neighbours.
    """
    level = {"force": "lpa", "lpa": "lpa", "sector": "sector"}.get(context.selection.level, "neighbourhood")
    every = shapes_of(context.reader) if level == "neighbourhood" else whole_of(context.reader, level)
    inside = _in_view(context, every)
    within = {shape.code for shape in inside}
    return inside, [shape for shape in every if shape.code not in within]


def _named(context: Context, shapes: Sequence[deck.Shape], level: str, steps: int) -> Sequence[deck.Shape]:
    """Give the shapes whose names stand on the map: the areas themselves where there is room, else their LPAs.

    Zoomed in, a map of LPAs names their sectors.
    """
    if level in AREAS and level != "lpa" and context.selection.level == "lpa" and context.selection.several:
        return _in_view(context, whole_of(context.reader, "lpa"))  # their sectors lie too close for names
    if level == "lpa" and steps >= _NEAR:
        return _in_view(context, whole_of(context.reader, "sector"))
    if len(shapes) <= (_MOST_SPOTS if level in SPOTS else _MOST_NAMES):
        return shapes
    return _in_view(context, whole_of(context.reader, "lpa"))


def places(
    context: Context,
    frame: pl.DataFrame,
    spots: Collection[str],
    *,
    key: str,
    title: str,
    height: int = deck.HEIGHT,
) -> None:
    """Draw the hotspots with the codes `spots` and named places (name, geometry as GeoJSON) on a plain ground."""
    st.markdown(f"### {title}", anchors=False)
    ground, _ = _around(context)
    hotspots = [shape for shape in overlays_of(context.reader) if shape.kind == "hotspots" and shape.code in spots]
    drawn = [shape_of(row, "comparable", "name", "name") for row in frame.to_dicts()]
    picture = deck.Picture(features=(), shapes=(), empty=(), overlays=[*hotspots, *drawn], ground=ground)
    alt = f"Map: {title}. {len(drawn)} comparable places: {', '.join(frame['name'])}."
    zoom.buttons(context, key)
    zoom.chart(context, picture, ground, key=key, height=height, alt=alt)
    keys = [deck.LAYERS[kind] for kind in ("hotspots", "comparable")]
    swatches = (f'<span><i style="background:{colour}"></i>{escape(said)}</span>' for said, colour in keys)
    st.html(f'<div class="npd-legend">{"".join(swatches)}</div>')
    tables.twin(context, frame.drop("geometry"), key=key, title=title)


def _in_view(context: Context, shapes: Sequence[deck.Shape]) -> list[deck.Shape]:
    level, code = context.selection.level, context.selection.code
    codes = codes_of(level, code)
    return list(shapes) if level == "force" else [shape for shape in shapes if code_at(shape, level) in codes]


def _feature(
    shape: deck.Shape,
    row: dict[str, Any] | None,
    level: str,
    said: Mapping[str, str],
    limits: Sequence[float],
    colours: Sequence[str],
) -> str:
    value = _value(row)
    colour = colours[bisect_right(limits, value)] if value is not None else palette.NO_DATA
    properties = {
        "name": escape(row["area_name"] if row else shape.name),
        "said": escape(said.get(code_at(shape, level) or "", missing(None))),
        "level": level,
        "code": code_at(shape, level),
        "fill": deck.rgb(colour),
    }
    return (
        f'{{"type":"Feature","geometry":{shape.geometry},"properties":{json.dumps(properties, separators=(",", ":"))}}}'
    )


def _value(row: dict[str, Any] | None) -> float | None:
    return row["value"] if row else None


def _said(row: dict[str, Any], unit: str, indicator: Indicator | None) -> str:
    if row["value"] is None:
        return missing(row.get("note"))
    if indicator is None:
        return f"{words.figure(row['value'], unit)} {words.unit_words(unit) if unit not in ('%', 'h') else ''}"
    unit_words = "" if unit in ("%", "h", "count") else f" {words.unit_words(unit)}"
    verdict = f" · {figures.mark(indicator, row).word}" if "verdict" in row else ""
    return f"{figures.whole(indicator, row)}{unit_words}{verdict}"


def _switched_on(layers: Sequence[str], key: str) -> list[str]:
    if not layers:
        return []
    names = {layer: deck.LAYERS[layer][0] for layer in layers}
    return st.pills("Also show", list(names), selection_mode="multi", format_func=names.get, key=f"layers_{key}")


def _legend(limits: Sequence[float], unit: str, shown: Sequence[str], colours: Sequence[str], counted: str = "") -> str:
    low, *inner, high = [words.number(limit, unit) for limit in limits]
    steps = [low, *inner, high]
    said = [f"under {low}", *(f"{a} to {b}" for a, b in pairwise(steps)), f"{high} and more"]
    keys = [*zip(colours, said, strict=True), (_HATCHED, "no data or withheld")]
    keys += [(deck.LAYERS[layer][1], deck.LAYERS[layer][0]) for layer in shown]
    swatches = "".join(f'<span><i style="background:{colour}"></i>{escape(text)}</span>' for colour, text in keys)
    return f'<div class="npd-legend"><b>{escape(counted or words.unit_words(unit))}</b>{swatches}</div>'


def _keyboard(context: Context, level: str, rows: dict[str, dict[str, Any]], key: str) -> None:
    """Offer the areas of the map as a list: the way in without a mouse."""
    names = {code: row["area_name"] for code, row in sorted(rows.items(), key=lambda item: item[1]["area_name"])}
    if level not in (*AREAS[1:], *SPOTS) or context.selection.code in names:
        return
    chosen = f"go_{key}"
    lists.single(
        f"Open {words.a_level(level)}",
        list(names),
        None,
        index=None,
        key=chosen,
        words=names.__getitem__,
        placeholder=f"Open {words.a_level(level)} (or click it on the map)",
        label_visibility="collapsed",
        on_change=lambda: filters.drill(context.places, (level, st.session_state[chosen])),
        filter_mode="contains",
    )


def _clicked(context: Context, objects: Mapping[str, Sequence[Any]]) -> None:
    areas_clicked = objects.get("areas", [])
    if areas_clicked:
        properties = areas_clicked[0]["properties"]
        filters.drill(context.places, (properties["level"], properties["code"]))


def _map_words(title: str, rows: Sequence[dict[str, Any]], unit: str) -> str:
    known = sorted((row for row in rows if row["value"] is not None), key=lambda row: row["value"])
    if not known:
        return f"Map: {title}. No area has a value."
    low, high = known[0], known[-1]
    return (
        f"Map: {title}. Highest {high['area_name']} {words.figure(high['value'], unit)}, "
        f"lowest {low['area_name']} {words.figure(low['value'], unit)}."
    )

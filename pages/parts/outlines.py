"""A map as a picture with names: areas in one outline each, shaded, with those that need asking ringed."""

import base64
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from math import cos, radians
from typing import Any

import polars as pl
import shapely
import streamlit as st

from data_access.answers.reader import Reader
from metrics.indicator import Indicator
from metrics.levels import codes_of
from pages.parts import palette
from pages.parts.scale import classes
from pages.parts.shapes import code_at, shapes_of, whole_of
from pages.selections import links
from pages.selections.context import Context
from pages.wording import figures, plain, words

_WIDTH = 560  # units of the drawing
_ROOM = 14  # units around it
_EXACT = 0.0004  # degrees: what is finer than this is not seen at this size
_MOST_NAMES = 14  # so many names find room
# Units that a name takes where the picture is smallest, 340 pixels wide: a letter, what is beside them all, two lines.
_LETTER, _BESIDE, _HIGH = 10.5, 18, 51
Row = dict[str, Any]
Place = tuple[float, float]  # of a name's middle, in units of the drawing


@dataclass(frozen=True, kw_only=True)
class Outline:
    """An area as one shape: its path, and a place inside it for its name, in units of the drawing."""

    code: str
    path: str
    left: float
    top: float


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """The outlines of a level inside an area, and the height of the drawing in its own units."""

    outlines: Sequence[Outline]
    height: float


def draw(context: Context, frame: pl.DataFrame, ringed: Collection[str], *, title: str) -> None:
    """Draw the areas of one answer (one indicator, one month, one level) with their names; `ringed` codes stand out.

    Each name leads to its area. Draws nothing where no area has a shape.
    """
    rows = {row["area_code"]: row for row in frame.to_dicts()}
    level = frame["area_level"][0] if rows else ""
    drawn = outlined(context.reader, level, context.selection.level, context.selection.code)
    if not drawn.outlines or not rows:
        return
    indicator = context.indicator(frame["indicator_id"][0])
    known = [row["value"] for row in rows.values() if row["value"] is not None]
    limits = classes(known)
    picture = base64.b64encode(_svg(drawn, rows, ringed, limits).encode()).decode()
    named = [one for one in drawn.outlines[:_MOST_NAMES] if one.code in rows]
    signs = {one.code: "! " if one.code in ringed else "" for one in named}
    wide = [_LETTER * len(signs[one.code] + rows[one.code]["area_name"]) + _BESIDE for one in named]
    places = apart([(one.left, one.top) for one in named], wide, drawn.height)
    names = "".join(
        _name(context, rows[one.code], level, signs[one.code], (left / _WIDTH, top / drawn.height))
        for one, (left, top) in zip(named, places, strict=True)
    )
    said = ", ".join(f"{row['area_name']} {figures.whole(indicator, row)}" for row in rows.values())
    st.markdown(f"### {plain.markdown(title)}", anchors=False)
    st.html(
        f'<div class="npd-map"><img src="data:image/svg+xml;base64,{picture}" alt="{escape(f"Map. {title}: {said}")}">'
        f"{names}</div>{_key(limits, indicator, ringed)}"
    )


@lru_cache(maxsize=64)
def outlined(reader: Reader, level: str, within: str, code: str) -> Drawing:
    """Give the outlines of a level's areas inside an area, the largest first; kept per data version."""
    shapes = shapes_of(reader) if level == "neighbourhood" else whole_of(reader, level)
    inside = [shape for shape in shapes if within == "force" or code_at(shape, within) in codes_of(within, code)]
    whole = {code_at(shape, level) or "": shapely.from_geojson(shape.geometry) for shape in inside}
    if not whole:
        return Drawing(outlines=(), height=0)
    west, south, east, north = shapely.total_bounds(list(whole.values()))
    squeeze = cos(radians((south + north) / 2))
    scale = (_WIDTH - 2 * _ROOM) / ((east - west) * squeeze)
    height = (north - south) * scale + 2 * _ROOM

    def place(x: float, y: float) -> tuple[float, float]:
        return round(_ROOM + (x - west) * squeeze * scale, 1), round(_ROOM + (north - y) * scale, 1)

    largest_first = sorted(whole.items(), key=lambda item: -item[1].area)
    return Drawing(outlines=[_outline(name, shape, place) for name, shape in largest_first], height=height)


def _outline(code: str, shape: shapely.Geometry, place: Any) -> Outline:
    rings = [ring for part in shapely.get_parts(shape.simplify(_EXACT)) for ring in (part.exterior, *part.interiors)]
    path = "".join(f"M{' '.join('{},{}'.format(*place(x, y)) for x, y in ring.coords)}Z" for ring in rings)
    named = shapely.point_on_surface(shape)
    left, top = place(named.x, named.y)
    return Outline(code=code, path=path, left=left, top=top)


def apart(places: Sequence[Place], wide: Sequence[float], height: float) -> list[Place]:
    """Return where names of these widths stand so that none covers another, each as near its own place as can be.

    A name gives way to those before it, to their left or right, above or below them, and stays on the drawing of this
    height; where there is no such room, in its own place.
    """
    found: list[Place] = []
    for (left, top), width in zip(places, wide, strict=True):
        own = (min(max(left, width / 2), _WIDTH - width / 2), min(max(top, _HIGH / 2), height - _HIGH / 2))
        others = list(zip(found, wide, strict=False))
        around = [own]
        for (x, y), other in others:
            beside = (width + other) / 2
            around += [(x - beside, own[1]), (x + beside, own[1]), (own[0], y - _HIGH), (own[0], y + _HIGH)]
        free = [one for one in around if _is_on(one, width, height) and _is_free(one, width, others)]
        found.append(min(free or [own], key=lambda one: abs(one[0] - own[0]) + abs(one[1] - own[1])))
    return found


def _is_on(place: Place, width: float, height: float) -> bool:
    return width / 2 <= place[0] <= _WIDTH - width / 2 and _HIGH / 2 <= place[1] <= height - _HIGH / 2


def _is_free(place: Place, width: float, others: Sequence[tuple[Place, float]]) -> bool:
    return all(abs(place[0] - x) >= (width + other) / 2 or abs(place[1] - y) >= _HIGH for (x, y), other in others)


def _svg(drawn: Drawing, rows: Mapping[str, Row], ringed: Collection[str], limits: Sequence[float]) -> str:
    plain_first = sorted(drawn.outlines, key=lambda one: one.code in ringed)
    shapes = "".join(_path(one, rows.get(one.code), one.code in ringed, limits) for one in plain_first)
    hatch = (
        '<pattern id="none" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="7" height="7" fill="{palette.PAPER}"/>'
        f'<path d="M0,0V7" stroke="{palette.HATCH}" stroke-width="2.4"/></pattern>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {drawn.height:.0f}"><defs>{hatch}</defs>'
        f"{shapes}</svg>"
    )


def _path(outline: Outline, row: Row | None, ringed: bool, limits: Sequence[float]) -> str:
    value = row["value"] if row else None
    fill = "url(#none)" if value is None else palette.SEQUENTIAL[bisect_right(limits, value)]
    edge = f'stroke="{palette.ORANGE}" stroke-width="6"' if ringed else f'stroke="{palette.PAPER}" stroke-width="2"'
    return f'<path d="{outline.path}" fill="{fill}" fill-rule="evenodd" stroke-linejoin="round" {edge}/>'


def _name(context: Context, row: Row, level: str, sign: str, place: Place) -> str:
    """Name an area at a place in parts of the picture; the name leads there."""
    indicator = context.indicator(row["indicator_id"])
    mark = f"<b>{sign.strip()}</b> " if sign else ""
    said = f"{mark}<u>{escape(row['area_name'])}</u><small>{figures.value(indicator, row)}</small>"
    to = links.link(links.here(context, level, row["area_code"]), said)
    return f'<span class="npd-name" style="left:{place[0]:.1%};top:{place[1]:.1%}">{to}</span>'


def _key(limits: Sequence[float], indicator: Indicator, ringed: Collection[str]) -> str:
    unit = indicator.unit
    steps = [f"under {words.number(limits[0], unit)}", *(f"{words.number(limit, unit)}+" for limit in limits)]
    keys = "".join(
        f'<span><i style="background:{colour}"></i>{said}</span>'
        for colour, said in zip(palette.SEQUENTIAL, steps, strict=True)
    )
    ring = f'<span><i style="border:3px solid {palette.ORANGE}"></i>something to ask</span>' if ringed else ""
    return f'<div class="npd-legend"><b>{escape(words.unit_of(indicator))}</b>{keys}{ring}</div>'

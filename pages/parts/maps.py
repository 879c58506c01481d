"""Maps that ask no other host for anything: areas shaded in five fixed classes, with switchable layers on top."""

import json
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from html import escape
from itertools import pairwise
from math import floor, log10
from typing import Any

import polars as pl
import shapely
import streamlit as st

from data_access.answers.reader import Reader
from metrics.indicator import Indicator
from pages.parts import deck, palette, tables
from pages.selections import filters
from pages.selections.context import Context
from pages.selections.places import AREAS
from pages.wording import figures, plain, words
from pages.wording.sentences import missing

_DECIMALS = 5  # of a degree: about a metre
_SLIVER = 0.0001  # of a degree: about ten metres
_MOST_NAMES = 30  # so many find room on a map
_HATCHED = f"repeating-linear-gradient(-45deg,{palette.NO_DATA} 0 3px,{palette.HATCH} 3px 4.5px)"

_SPOTS = {"impact_area": "impact_areas", "hotspot": "hotspots"}  # level: the kind of shape that is its area


def areas(
    context: Context,
    frame: pl.DataFrame,
    *,
    key: str,
    title: str,
    breaks: Sequence[float] = (),
    layers: Sequence[str] = (),
    height: int = deck.HEIGHT,
    value: str = "value",
    unit: str = "",
    diverging: bool = False,
) -> None:
    """Shade the areas of one answer (one indicator, one month, one area level) and select the one that is clicked.

    Impact Areas and hotspots are shaded as such, on a plain ground of neighbourhoods.

    `breaks` are the four inner limits of the five classes; without them round ones are made from `frame`. `layers`
    (of 'hotspots', 'impact_areas', 'premises') can be switched on. `value` names another column to shade by, in `unit`;
    `diverging` shades less than nothing orange and more than nothing blue. The list below the map selects from the
    keyboard.
    """
    st.markdown(f"### {plain.markdown(title)}", anchors=False)
    ground = _in_view(context, shapes_of(context.reader))
    overlays = overlays_of(context.reader)
    level = frame["area_level"][0] if len(frame) else ""
    spots = [shape for shape in overlays if shape.kind == _SPOTS.get(level)]
    shapes = ground if level not in _SPOTS else [shape for shape in spots if shape.code in set(frame["area_code"])]
    if level in ("lpa", "sector"):
        shapes = _in_view(context, whole_of(context.reader, level)) or shapes
    rows = {row["area_code"]: row for row in frame.with_columns(value=pl.col(value)).to_dicts()}
    if not rows or not shapes:
        st.info("No areas to draw for this selection. Clear the selections above to see them all.")
        return
    indicator = None if unit else context.indicator(frame["indicator_id"][0])
    unit = unit or indicator.unit
    said = {code: _said(row, unit, indicator) for code, row in rows.items()}
    limits = tuple(breaks) or (around_nothing if diverging else classes)(_scaled_by(rows.values(), value))
    colours = palette.DIVERGING[::-1] if diverging else palette.SEQUENTIAL
    shown = _switched_on(layers, key)
    features = [_feature(shape, rows.get(code_at(shape, level)), level, said, limits, colours) for shape in shapes]
    empty = [shape for shape in shapes if _value(rows.get(code_at(shape, level))) is None]
    picture = deck.Picture(
        features=features,
        shapes=shapes,
        empty=empty,
        overlays=[shape for shape in overlays if shape.kind in shown],
        ground=ground if level in _SPOTS else (),
        around=[shape for shape in shapes_of(context.reader) if shape not in ground] if level not in _SPOTS else (),
        named=_named(context, shapes, level),
        borders=_in_view(context, whole_of(context.reader, "lpa")),
    )
    st.pydeck_chart(
        deck.deck(picture, deck.view_of(ground or shapes, height, _width())),
        height=height,
        on_select=lambda: _clicked(context, key),
        key=key,
        alt=_map_words(title, list(rows.values()), unit),
    )
    st.html(_legend(limits, unit, shown, colours))
    _keyboard(context, level, rows, key)
    tables.twin(context, frame, key=key, title=title)


def _named(context: Context, shapes: Sequence[deck.Shape], level: str) -> Sequence[deck.Shape]:
    """Give the shapes whose names stand on the map: the areas themselves where there is room, else their LPAs."""
    if level not in _SPOTS and len(shapes) <= _MOST_NAMES:
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
    ground = _in_view(context, shapes_of(context.reader))
    hotspots = [shape for shape in overlays_of(context.reader) if shape.kind == "hotspots" and shape.code in spots]
    drawn = [_shape(row, "comparable", "name", "name") for row in frame.to_dicts()]
    picture = deck.Picture(features=(), shapes=(), empty=(), overlays=[*hotspots, *drawn], ground=ground)
    alt = f"Map: {title}. {len(drawn)} comparable places: {', '.join(frame['name'])}."
    st.pydeck_chart(deck.deck(picture, deck.view_of(ground, height, _width())), height=height, key=key, alt=alt)
    keys = [deck.LAYERS[kind] for kind in ("hotspots", "comparable")]
    swatches = (f'<span><i style="background:{colour}"></i>{escape(said)}</span>' for said, colour in keys)
    st.html(f'<div class="npd-legend">{"".join(swatches)}</div>')
    tables.twin(context, frame.drop("geometry"), key=key, title=title)


def _width() -> int:
    return deck.PHONE_WIDTH if "Mobi" in (st.context.headers.get("user-agent") or "") else deck.WIDTH


def classes(values: Sequence[float]) -> tuple[float, ...]:
    """Return four round limits that part `values` in five classes of equal width, whatever a twentieth at each end is.

    One city centre would else leave every other neighbourhood in the palest class.
    """
    ordered = sorted(values) or [0.0]
    beyond = len(ordered) // 20
    low, high = ordered[beyond], ordered[-1 - beyond]
    raw = (high - low) / 5 or abs(high) / 5 or 1
    magnitude = 10 ** floor(log10(raw))
    step = next(factor for factor in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if factor * magnitude >= raw) * magnitude
    first = floor(low / step) * step
    return tuple(round(first + step * count, 6) for count in range(1, 5))


def _scaled_by(rows: Collection[dict[str, Any]], value: str) -> list[float]:
    """Return what the classes are made from: the areas' values, and their own usual ones where they are judged.

    The usual ones hardly move from month to month, so that the same shade mostly means the same in all of them.
    One area alone is shaded from nothing up.
    """
    columns = ("value", "centre") if value == "value" else ("value",)
    found = [row.get(column) for row in rows for column in columns]
    return [each for each in (found if len(rows) > 1 else [0.0, *found]) if each is not None]


def around_nothing(values: Sequence[float]) -> tuple[float, ...]:
    """Return four limits that part `values` in five classes alike on both sides of nothing."""
    inner, outer = classes([0, max((abs(value) for value in values), default=0)])[:3:2]
    return (-outer, -inner, inner, outer)


@lru_cache(maxsize=16)
def shapes_of(reader: Reader) -> tuple[deck.Shape, ...]:
    """Read the neighbourhoods of a scope, ready to draw; kept per data version."""
    rows = reader.boundaries().to_dicts()
    return tuple(_shape(row, "neighbourhood", "neighbourhood_code", "neighbourhood_name") for row in rows)


@lru_cache(maxsize=32)
def whole_of(reader: Reader, level: str) -> tuple[deck.Shape, ...]:
    """Give the LPAs or sectors of a scope as one shape each, made of its neighbourhoods; kept per data version."""
    parts: dict[str, list[deck.Shape]] = {}
    for shape in shapes_of(reader):
        parts.setdefault(code_at(shape, level) or "", []).append(shape)
    names = {row["code"]: row["name"] for row in reader.members().filter(level=level).to_dicts()}
    return tuple(_joined(level, code, names.get(code) or code, shapes) for code, shapes in parts.items() if code)


def _joined(level: str, code: str, name: str, shapes: Sequence[deck.Shape]) -> deck.Shape:
    geometries = [shapely.make_valid(shapely.from_geojson(shape.geometry)) for shape in shapes]
    # A hair's breadth closes the slivers between neighbours that were drawn apart.
    joined = shapely.union_all(geometries).buffer(_SLIVER).simplify(_SLIVER)
    rounded = shapely.transform(joined, lambda degrees: degrees.round(_DECIMALS))
    west, south, east, north = joined.bounds
    return deck.Shape(
        kind=level,
        code=code,
        name=name,
        lpa=shapes[0].lpa,
        sector=code if level == "sector" else None,
        geometry=shapely.to_geojson(rounded),
        bounds=(west, south, east, north),
    )


@lru_cache(maxsize=16)
def overlays_of(reader: Reader) -> tuple[deck.Shape, ...]:
    """Read hotspots, Impact Areas and premises of a scope, ready to draw; kept per data version."""
    hotspots = [
        _shape(row, "impact_areas" if row["kind"] == "impact_area" else "hotspots", "hotspot_id", "name")
        for row in reader.hotspots().to_dicts()
    ]
    premises = [_shape(row, "premises", "premises_id", "name") for row in reader.premises().to_dicts()]
    return (*hotspots, *premises)


def _shape(row: dict[str, Any], kind: str, code: str, name: str) -> deck.Shape:
    geometry = json.loads(row["geometry"])
    geometry["coordinates"] = _rounded(geometry["coordinates"])
    points = list(_points(geometry["coordinates"]))
    across, up = [point[0] for point in points], [point[1] for point in points]
    return deck.Shape(
        kind=kind,
        code=row[code],
        name=row[name] or row[code],
        lpa=row.get("lpa_code"),
        sector=row.get("sector_code"),
        geometry=json.dumps(geometry, separators=(",", ":")),
        bounds=(min(across), min(up), max(across), max(up)),
    )


def _rounded(coordinates: list[Any]) -> list[Any]:
    if isinstance(coordinates[0], int | float):
        return [round(number, _DECIMALS) for number in coordinates[:2]]
    return [_rounded(inner) for inner in coordinates]


def _points(coordinates: list[Any]) -> Any:
    if isinstance(coordinates[0], int | float):
        yield coordinates
    else:
        for inner in coordinates:
            yield from _points(inner)


def code_at(shape: deck.Shape, level: str) -> str | None:
    """Give the code of the area of a level that a shape lies in; None where it lies in none."""
    own = {"lpa": shape.lpa, "sector": shape.sector, "neighbourhood": shape.code, **dict.fromkeys(_SPOTS, shape.code)}
    return own.get(level)


def _in_view(context: Context, shapes: Sequence[deck.Shape]) -> list[deck.Shape]:
    level, code = context.selection.level, context.selection.code
    return list(shapes) if level == "force" else [shape for shape in shapes if code_at(shape, level) == code]


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


def _legend(limits: Sequence[float], unit: str, shown: Sequence[str], colours: Sequence[str]) -> str:
    low, *inner, high = [words.number(limit, unit) for limit in limits]
    steps = [low, *inner, high]
    said = [f"under {low}", *(f"{a} to {b}" for a, b in pairwise(steps)), f"{high} and more"]
    keys = [*zip(colours, said, strict=True), (_HATCHED, "no data or withheld")]
    keys += [(deck.LAYERS[layer][1], deck.LAYERS[layer][0]) for layer in shown]
    swatches = "".join(f'<span><i style="background:{colour}"></i>{escape(text)}</span>' for colour, text in keys)
    return f'<div class="npd-legend"><b>{escape(words.unit_words(unit))}</b>{swatches}</div>'


def _keyboard(context: Context, level: str, rows: dict[str, dict[str, Any]], key: str) -> None:
    """Offer the areas of the map as a list: the way in without a mouse."""
    names = {code: row["area_name"] for code, row in sorted(rows.items(), key=lambda item: item[1]["area_name"])}
    if level not in (*AREAS[1:], *_SPOTS) or (level, context.selection.code) in ((level, code) for code in names):
        return
    chosen = f"go_{key}"
    st.session_state[chosen] = None
    st.selectbox(
        f"Open {words.a_level(level)}",
        list(names),
        index=None,
        key=chosen,
        format_func=names.__getitem__,
        placeholder=f"Open {words.a_level(level)} (or click it on the map)",
        label_visibility="collapsed",
        on_change=lambda: filters.drill(context.places, (level, st.session_state[chosen])),
        filter_mode="contains",
    )


def _clicked(context: Context, key: str) -> None:
    objects = st.session_state[key]["selection"]["objects"].get("areas", [])
    if objects:
        properties = objects[0]["properties"]
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

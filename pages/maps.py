"""Maps that ask no other host for anything: areas shaded in five fixed classes, with switchable layers on top."""

import json
from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import pairwise
from math import cos, floor, log2, log10, radians
from typing import Any

import polars as pl
import streamlit as st

from data_access.scope import Scope
from data_access.store import DataVersion, Store
from data_access.wording.sentences import missing
from pages import filters, hatching, palette, tables, words
from pages.context import Context
from pages.places import AREAS

_WIDTH, _HEIGHT = 720, 460
_PHONE_WIDTH = 360  # a server learns no more of a screen than that it is a phone's
_TILE = 512  # deck.gl's zoom 0 shows the world in 512 pixels
_HATCH_PIXELS = 8  # between two lines
_DECIMALS = 5  # of a degree: about a metre
_LAYERS = {
    "hotspots": ("Targeted Guardian Patrol hotspots", palette.PLUM),
    "impact_areas": ("Impact Areas", palette.ORANGE),
    "premises": ("police buildings, hospitals, courts, council offices", palette.INK),
}
_HATCHED = f"repeating-linear-gradient(-45deg,{palette.NO_DATA} 0 3px,{palette.HATCH} 3px 4.5px)"

_SPOTS = {"impact_area": "impact_areas", "hotspot": "hotspots"}  # level: the kind of shape that is its area


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A neighbourhood, hotspot or building: its place in the ladder, its geometry as compact GeoJSON, its bounds."""

    kind: str
    code: str
    name: str
    lpa: str | None
    sector: str | None
    geometry: str
    bounds: tuple[float, float, float, float]


class _Deck:
    """What Streamlit reads off a pydeck.Deck; pydeck's own JSON is six times the size and takes 60 ms to write."""

    def __init__(self, spec: str) -> None:
        self._spec = spec
        self._tooltip = {"html": "<b>{name}</b><br>{said}", "style": {"fontSize": "13px", "maxWidth": "260px"}}

    def to_json(self) -> str:
        """Give the deck as JSON."""
        return self._spec


def areas(
    context: Context,
    frame: pl.DataFrame,
    *,
    key: str,
    title: str,
    breaks: Sequence[float] = (),
    layers: Sequence[str] = (),
    height: int = _HEIGHT,
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
    st.markdown(f"### {title}", anchors=False)
    ground = _in_view(context, shapes_of(context.store, context.scope, context.version))
    overlays = overlays_of(context.store, context.scope, context.version)
    level = frame["area_level"][0] if len(frame) else ""
    spots = [shape for shape in overlays if shape.kind == _SPOTS.get(level)]
    shapes = ground if level not in _SPOTS else [shape for shape in spots if shape.code in set(frame["area_code"])]
    rows = {row["area_code"]: row for row in frame.with_columns(value=pl.col(value)).to_dicts()}
    if not rows or not shapes:
        st.info("No areas to draw for this selection. Clear the selections above to see them all.")
        return
    unit = unit or context.indicator(frame["indicator_id"][0]).unit
    limits = tuple(breaks) or (around_nothing if diverging else classes)(_scaled_by(rows.values(), value))
    colours = palette.DIVERGING[::-1] if diverging else palette.SEQUENTIAL
    shown = _switched_on(layers, key)
    features = [_feature(shape, rows.get(_code_at(shape, level)), level, unit, limits, colours) for shape in shapes]
    empty = [shape for shape in shapes if _value(rows.get(_code_at(shape, level))) is None]
    over = [shape for shape in overlays if shape.kind in shown]
    below = ground if level in _SPOTS else []
    st.pydeck_chart(
        _Deck(_deck(features, over, _view(ground or shapes, height), below, shapes, empty)),
        height=height,
        on_select=lambda: _clicked(context, key),
        key=key,
        alt=_map_words(title, list(rows.values()), unit),
    )
    st.html(_legend(limits, unit, shown, colours))
    _keyboard(context, level, rows, key)
    tables.twin(context, frame, key=key, title=title)


def classes(values: Sequence[float]) -> tuple[float, ...]:
    """Give four round limits that part `values` in five classes of equal width, whatever a twentieth at each end is.

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
    """Give what the classes are made from: the areas' values, and their own usual ones where they are judged.

    The usual ones hardly move from month to month, so that the same shade mostly means the same in all of them.
    One area alone is shaded from nothing up.
    """
    columns = ("value", "centre") if value == "value" else ("value",)
    found = [row.get(column) for row in rows for column in columns]
    return [each for each in (found if len(rows) > 1 else [0.0, *found]) if each is not None]


def around_nothing(values: Sequence[float]) -> tuple[float, ...]:
    """Give four limits that part `values` in five classes alike on both sides of nothing."""
    inner, outer = classes([0, max((abs(value) for value in values), default=0)])[:3:2]
    return (-outer, -inner, inner, outer)


@lru_cache(maxsize=16)
def shapes_of(store: Store, scope: Scope, _: DataVersion) -> tuple[Shape, ...]:
    """Read the neighbourhoods of a scope, ready to draw; kept per data version."""
    rows = store.boundaries(scope).to_dicts()
    return tuple(_shape(row, "neighbourhood", "neighbourhood_code", "neighbourhood_name") for row in rows)


@lru_cache(maxsize=16)
def overlays_of(store: Store, scope: Scope, _: DataVersion) -> tuple[Shape, ...]:
    """Read hotspots, Impact Areas and premises of a scope, ready to draw; kept per data version."""
    hotspots = [
        _shape(row, "impact_areas" if row["kind"] == "impact_area" else "hotspots", "hotspot_id", "name")
        for row in store.hotspots(scope).to_dicts()
    ]
    premises = [_shape(row, "premises", "premises_id", "name") for row in store.premises().to_dicts()]
    return (*hotspots, *premises)


def _shape(row: dict[str, Any], kind: str, code: str, name: str) -> Shape:
    geometry = json.loads(row["geometry"])
    geometry["coordinates"] = _rounded(geometry["coordinates"])
    points = list(_points(geometry["coordinates"]))
    across, up = [point[0] for point in points], [point[1] for point in points]
    return Shape(
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


def _code_at(shape: Shape, level: str) -> str | None:
    own = {"lpa": shape.lpa, "sector": shape.sector, "neighbourhood": shape.code, **dict.fromkeys(_SPOTS, shape.code)}
    return own.get(level)


def _in_view(context: Context, shapes: Sequence[Shape]) -> list[Shape]:
    level, code = context.selection.level, context.selection.code
    return list(shapes) if level == "force" else [shape for shape in shapes if _code_at(shape, level) == code]


def _feature(
    shape: Shape,
    row: dict[str, Any] | None,
    level: str,
    unit: str,
    limits: Sequence[float],
    colours: Sequence[str],
) -> str:
    value = _value(row)
    colour = colours[bisect_right(limits, value)] if value is not None else palette.NO_DATA
    said = _said(row, unit)
    properties = {
        "name": escape(row["area_name"] if row else shape.name),
        "said": escape(said),
        "level": level,
        "code": _code_at(shape, level),
        "fill": _rgb(colour),
    }
    return (
        f'{{"type":"Feature","geometry":{shape.geometry},"properties":{json.dumps(properties, separators=(",", ":"))}}}'
    )


def _value(row: dict[str, Any] | None) -> float | None:
    return row["value"] if row else None


def _said(row: dict[str, Any] | None, unit: str) -> str:
    if row is None or row["value"] is None:
        return missing(row.get("note") if row else None)
    verdict = words.mark(row["verdict"]).word if "verdict" in row else ""
    return f"{words.figure(row['value'], unit)} {words.unit_words(unit) if unit not in ('%', 'h') else ''} · {verdict}"


def _rgb(colour: str) -> list[int]:
    return [int(colour[step : step + 2], 16) for step in (1, 3, 5)]


def _deck(
    features: Sequence[str],
    overlays: Sequence[Shape],
    view: dict[str, float],
    ground: Sequence[Shape] = (),
    rimmed: Sequence[Shape] = (),
    empty: Sequence[Shape] = (),
) -> str:
    frame = {
        "@@type": "GeoJsonLayer",
        "stroked": True,
        "filled": True,
        "lineWidthMinPixels": 1,
        "getLineColor": _rgb(palette.LINE),
    }
    base = {**frame, "id": "areas", "getFillColor": "@@=properties.fill", "pickable": True, "autoHighlight": True}
    if ground:  # a place of a few streets is a speck on a map of the force: its edge makes it large enough to see
        base |= {"getLineColor": "@@=properties.fill", "lineWidthMinPixels": 5}
    plain = {**frame, "id": "ground", "getFillColor": _rgb(palette.GROUND)}
    # The palest class would be lost on the ground: a dark rim sets off every place.
    rim = {**frame, "id": "rim", "getFillColor": _rgb(palette.QUIET), "getLineColor": _rgb(palette.QUIET)}
    layers = [_layer(plain, [_plain(shape) for shape in ground])] if ground else []
    layers += [_layer({**rim, "lineWidthMinPixels": 7}, [_plain(shape) for shape in rimmed])] if ground else []
    layers.append(_layer(base, features))
    if empty:
        layers.append(_hatching(empty, view["zoom"]))
    for kind, (_, colour) in _LAYERS.items():
        drawn = [_outline(shape) for shape in overlays if shape.kind == kind]
        over = {
            **frame,
            "id": kind,
            "getFillColor": [*_rgb(colour), 70],
            "getLineColor": _rgb(colour),
            "pickable": True,
        }
        if drawn:
            layers.append(_layer({**over, "lineWidthMinPixels": 2}, drawn))
    head = json.dumps({"initialViewState": view, "views": [{"@@type": "MapView", "controller": True}]})
    # The style's placeholder is what pydeck writes for "no base map": leaving it out would ask for map tiles.
    return f'{head[:-1]},"mapStyle":"__MAP_STYLE__","mapProvider":null,"layers":[{",".join(layers)}]}}'


def _layer(settings: dict[str, Any], features: Sequence[str]) -> str:
    head = json.dumps(settings, separators=(",", ":"))
    return f'{head[:-1]},"data":{{"type":"FeatureCollection","features":[{",".join(features)}]}}}}'


def _hatching(shapes: Sequence[Shape], zoom: float) -> str:
    spacing = round(_HATCH_PIXELS * 360 / _TILE / 2**zoom, 5)
    lines = (hatching.hatched(shape.geometry, spacing) for shape in shapes)
    settings = {"@@type": "GeoJsonLayer", "id": "hatching", "stroked": True, "lineWidthMinPixels": 1.5}
    return _layer(
        {**settings, "getLineColor": _rgb(palette.HATCH)},
        [f'{{"type":"Feature","geometry":{drawn},"properties":{{}}}}' for drawn in lines],
    )


def _plain(shape: Shape) -> str:
    return f'{{"type":"Feature","geometry":{shape.geometry},"properties":{{}}}}'


def _outline(shape: Shape) -> str:
    properties = json.dumps({"name": escape(shape.name), "said": escape(_LAYERS[shape.kind][0])})
    return f'{{"type":"Feature","geometry":{shape.geometry},"properties":{properties}}}'


def _view(shapes: Sequence[Shape], height: int) -> dict[str, float]:
    """Compute the view that shows `shapes`: deck.gl does not fit to its data by itself."""
    west, south = (min(shape.bounds[side] for shape in shapes) for side in (0, 1))
    east, north = (max(shape.bounds[side] for shape in shapes) for side in (2, 3))
    latitude = (south + north) / 2
    across = max(east - west, 0.005) / 360
    up = max(north - south, 0.005) / 360 / cos(radians(latitude))
    width = _PHONE_WIDTH if "Mobi" in (st.context.headers.get("user-agent") or "") else _WIDTH
    zoom = min(log2(width / _TILE / across), log2(height / _TILE / up)) - 0.15
    return {"longitude": round((west + east) / 2, 5), "latitude": round(latitude, 5), "zoom": round(zoom, 2)}


def _switched_on(layers: Sequence[str], key: str) -> list[str]:
    if not layers:
        return []
    names = {layer: _LAYERS[layer][0] for layer in layers}
    return st.pills("Also show", list(names), selection_mode="multi", format_func=names.get, key=f"layers_{key}")


def _legend(limits: Sequence[float], unit: str, shown: Sequence[str], colours: Sequence[str]) -> str:
    low, *inner, high = [words.number(limit, unit) for limit in limits]
    steps = [low, *inner, high]
    said = [f"under {low}", *(f"{a} to {b}" for a, b in pairwise(steps)), f"{high} and more"]
    keys = [*zip(colours, said, strict=True), (_HATCHED, "no data or withheld")]
    keys += [(_LAYERS[layer][1], _LAYERS[layer][0]) for layer in shown]
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

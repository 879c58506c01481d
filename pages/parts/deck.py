"""A map as the JSON that deck.gl draws: shapes, the ground below them, hatching, layers on top, and the view."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import cos, log2, radians
from typing import Any

import shapely

from pages.parts import hatching, palette

WIDTH, HEIGHT = 720, 460
PHONE_WIDTH = 360  # a server learns no more of a screen than that it is a phone's
_TILE = 512  # deck.gl's zoom 0 shows the world in 512 pixels
_ABOVE = 22  # pixels: the name of a small place stands clear of it
_OVER_A_MAP = 0.65  # opacity of areas that streets are to be seen through
_HATCH_PIXELS = 8  # between two lines
LAYERS = {
    "hotspots": ("Targeted Guardian Patrol hotspots", palette.PLUM),
    "impact_areas": ("Impact Areas", palette.ORANGE),
    "comparable": ("comparable places that nobody patrolled", palette.TEAL),
    "premises": ("police buildings, hospitals, courts, council offices", palette.INK),
}
_FRAME = {
    "@@type": "GeoJsonLayer",
    "stroked": True,
    "filled": True,
    "lineWidthMinPixels": 1,
}


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


class Deck:
    """What Streamlit reads off a pydeck.Deck; pydeck's own JSON is six times the size and takes 60 ms to write."""

    def __init__(self, spec: str) -> None:
        self._spec = spec
        self._tooltip = {"html": "<b>{name}</b><br>{said}", "style": {"fontSize": "13px", "maxWidth": "260px"}}

    def to_json(self) -> str:
        """Return the deck as JSON."""
        return self._spec


@dataclass(frozen=True, kw_only=True)
class Picture:
    """What a map shows: `features` as GeoJSON with a fill each, `shapes` the same as shapes, `empty` those without a
    figure, `overlays` on top. `ground` is what small places are drawn on; without it the shapes fill the map, among
    the grey shapes `around` them. `borders` are drawn thick; the names of `named` stand in their middle.
    """

    features: Sequence[str]
    shapes: Sequence[Shape]
    empty: Sequence[Shape]
    overlays: Sequence[Shape]
    ground: Sequence[Shape] = ()
    around: Sequence[Shape] = ()
    borders: Sequence[Shape] = ()
    named: Sequence[Shape] = ()


def deck(picture: Picture, view: Mapping[str, float], style_url: str = "") -> Deck:
    """Write a picture as deck.gl's JSON, the lowest layer first, on the force's own map where it serves one."""
    areas = {**_AREAS, **_line(palette.LINE), "opacity": _OVER_A_MAP if style_url else 1}
    layers = _places(picture) if picture.ground else [_layer(areas, picture.features)]
    if picture.around and not style_url:
        layers.insert(0, _grey(picture.around, "around"))
    if picture.empty:
        layers.append(_hatching(picture.empty, view["zoom"]))
    if picture.borders:
        layers.append(_layer(_BORDERS, [_plain(shape) for shape in picture.borders]))
    layers += _overlays(picture.overlays)
    if picture.named:
        layers.append(_names(picture.named, _ABOVE if picture.ground else 0))
    # A wheel over the map scrolls the page; a double click or two fingers zoom.
    head = json.dumps({"initialViewState": view, "views": [{"@@type": "MapView", "controller": {"scrollZoom": False}}]})
    # The style's placeholder is what pydeck writes for "no base map": leaving it out would ask for map tiles.
    style = json.dumps(style_url or "__MAP_STYLE__")
    return Deck(f'{head[:-1]},"mapStyle":{style},"mapProvider":null,"layers":[{",".join(layers)}]}}')


_ANGLE = "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}"
_BORDERS = {
    "@@type": "GeoJsonLayer", "id": "borders", "stroked": True, "filled": False, "lineWidthMinPixels": 2.5,
    "getLineColor": [80, 90, 95], "pickable": False,
}  # fmt: skip
_AREAS = {**_FRAME, "id": "areas", "getFillColor": "@@=properties.fill", "pickable": True, "autoHighlight": True}


def _places(picture: Picture) -> list[str]:
    """Draw places of a few streets, specks on a map of the force: an edge makes each large enough to see.

    A dark rim sets it off, since the palest class would be lost on the ground.
    """
    rim = {**_FRAME, "id": "rim", "getFillColor": rgb(palette.QUIET), **_line(palette.QUIET), "lineWidthMinPixels": 7}
    return [
        _grey(picture.ground, "ground"),
        _layer(rim, [_plain(shape) for shape in picture.shapes]),
        _layer({**_AREAS, "getLineColor": "@@=properties.fill", "lineWidthMinPixels": 5}, picture.features),
    ]


def _grey(shapes: Sequence[Shape], name: str) -> str:
    settings = {**_FRAME, "id": name, "getFillColor": rgb(palette.GROUND), **_line(palette.LINE)}
    return _layer(settings, [_plain(shape) for shape in shapes])


def _names(shapes: Sequence[Shape], above: int) -> str:
    """Write names `above` pixels over the middle of their areas, on a light ground, to be read on any shade."""
    # Glyphs, not HTML; still no name may look like a tag to whatever reads the picture later.
    rows = [{"name": shape.name.replace("<", _ANGLE), "at": _middle(shape)} for shape in shapes]
    settings = {
        "@@type": "TextLayer", "id": "names", "data": rows, "getText": "@@=name", "getPosition": "@@=at", "getSize": 13,
        "getPixelOffset": [0, -above], "getColor": rgb(palette.INK),
        "fontFamily": "Source Sans, sans-serif", "fontWeight": 600,
        "characterSet": "auto", "background": True, "getBackgroundColor": [*rgb(palette.PAPER), 215],
        "backgroundPadding": [4, 2], "pickable": False,
    }  # fmt: skip
    return json.dumps(settings, separators=(",", ":"))


def _middle(shape: Shape) -> list[float]:
    point = shapely.point_on_surface(shapely.from_geojson(shape.geometry))
    return [round(point.x, 4), round(point.y, 4)]


def _overlays(shapes: Sequence[Shape]) -> list[str]:
    layers = []
    for kind, (_, colour) in LAYERS.items():
        drawn = [_outline(shape) for shape in shapes if shape.kind == kind]
        over = {**_FRAME, "id": kind, "getFillColor": [*rgb(colour), 70], "pickable": True, **_line(colour)}
        if drawn:
            layers.append(_layer({**over, "lineWidthMinPixels": 2}, drawn))
    return layers


def _line(colour: str) -> dict[str, list[int]]:
    return {"getLineColor": rgb(colour)}


def _layer(settings: dict[str, Any], features: Sequence[str]) -> str:
    head = json.dumps(settings, separators=(",", ":"))
    return f'{head[:-1]},"data":{{"type":"FeatureCollection","features":[{",".join(features)}]}}}}'


def _hatching(shapes: Sequence[Shape], zoom: float) -> str:
    spacing = round(_HATCH_PIXELS * 360 / _TILE / 2**zoom, 5)
    lines = (hatching.hatched(shape.geometry, spacing) for shape in shapes)
    settings = {"@@type": "GeoJsonLayer", "id": "hatching", "stroked": True, "lineWidthMinPixels": 2}
    return _layer(
        {**settings, "getLineColor": rgb(palette.HATCH)},
        [f'{{"type":"Feature","geometry":{drawn},"properties":{{}}}}' for drawn in lines],
    )


def _plain(shape: Shape) -> str:
    return f'{{"type":"Feature","geometry":{shape.geometry},"properties":{{}}}}'


def _outline(shape: Shape) -> str:
    properties = json.dumps({"name": escape(shape.name), "said": escape(LAYERS[shape.kind][0])})
    return f'{{"type":"Feature","geometry":{shape.geometry},"properties":{properties}}}'


def view_of(shapes: Sequence[Shape], height: int, width: int) -> dict[str, float]:
    """Compute the view that shows `shapes` in so many pixels: deck.gl does not fit to its data by itself."""
    west, south = (min(shape.bounds[side] for shape in shapes) for side in (0, 1))
    east, north = (max(shape.bounds[side] for shape in shapes) for side in (2, 3))
    latitude = (south + north) / 2
    across = max(east - west, 0.005) / 360
    up = max(north - south, 0.005) / 360 / cos(radians(latitude))
    zoom = min(log2(width / _TILE / across), log2(height / _TILE / up)) - 0.15
    return {"longitude": round((west + east) / 2, 5), "latitude": round(latitude, 5), "zoom": round(zoom, 2)}


def rgb(colour: str) -> list[int]:
    """Return the parts of a colour as deck.gl wants them, 0 to 255."""
    return [int(colour[step : step + 2], 16) for step in (1, 3, 5)]

"""The shapes of a scope's areas, hotspots and buildings, ready to draw; kept per data version."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import shapely

from data_access.answers.reader import Reader
from pages.parts import deck

_DECIMALS = 5  # of a degree: about a metre
_SLIVER = 0.0001  # of a degree: about ten metres
SPOTS = {"impact_area": "impact_areas", "hotspot": "hotspots"}  # level: the kind of shape that is its area


@lru_cache(maxsize=16)
def shapes_of(reader: Reader) -> tuple[deck.Shape, ...]:
    """Read the neighbourhoods of a scope, ready to draw; kept per data version."""
    rows = reader.boundaries().to_dicts()
    return tuple(shape_of(row, "neighbourhood", "neighbourhood_code", "neighbourhood_name") for row in rows)


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
        shape_of(row, "impact_areas" if row["kind"] == "impact_area" else "hotspots", "hotspot_id", "name")
        for row in reader.hotspots().to_dicts()
    ]
    premises = [shape_of(row, "premises", "premises_id", "name") for row in reader.premises().to_dicts()]
    return (*hotspots, *premises)


def shape_of(row: dict[str, Any], kind: str, code: str, name: str) -> deck.Shape:
    """Return one shape from a row with its geometry as GeoJSON; `code` and `name` name its columns."""
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
    own = {"lpa": shape.lpa, "sector": shape.sector, "neighbourhood": shape.code, **dict.fromkeys(SPOTS, shape.code)}
    return own.get(level)

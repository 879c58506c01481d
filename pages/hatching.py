"""Hatching for areas without a figure: no data must never look like a low value, in print or to a colour-blind eye."""

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from math import ceil

Ring = Sequence[Sequence[float]]


@lru_cache(maxsize=4096)
def hatched(geometry: str, spacing: float) -> str:
    """Give the lines that hatch a GeoJSON Polygon or MultiPolygon from south-west to north-east, as a MultiLineString.

    `spacing` is the distance between two lines across, in degrees of longitude. Holes stay open.
    """
    shape = json.loads(geometry)
    polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    lines = [line for rings in polygons for line in _lines(rings, spacing)]
    return json.dumps({"type": "MultiLineString", "coordinates": lines}, separators=(",", ":"))


def _lines(rings: Sequence[Ring], spacing: float) -> Iterator[list[list[float]]]:
    """Cut the lines x - y = n * spacing where they cross an edge; every second piece lies inside."""
    offsets = [across - up for ring in rings for across, up in ring]
    for step in range(ceil(min(offsets) / spacing), ceil(max(offsets) / spacing)):
        crossed = sorted(x for ring in rings for x in _crossings(ring, step * spacing))
        for start, end in zip(crossed[::2], crossed[1::2], strict=False):
            yield [[round(x, 5), round(x - step * spacing, 5)] for x in (start, end)]


def _crossings(ring: Ring, offset: float) -> Iterator[float]:
    """Give the longitude of every crossing; an end that lies on the line belongs to one of its two edges only."""
    for (west, south), (east, north) in pairwise(ring):
        before, after = west - south - offset, east - north - offset
        if (before < 0) != (after < 0):
            yield west + (east - west) * before / (before - after)

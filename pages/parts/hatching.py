"""Hatching for areas without a figure: no data must never look like a low value, in print or to a colour-blind eye."""

from functools import lru_cache
from math import ceil

import shapely


@lru_cache(maxsize=4096)
def hatched(geometry: str, spacing: float) -> str:
    """Return the lines that hatch a GeoJSON Polygon or MultiPolygon from south-west to north-east: a MultiLineString.

    `spacing` is the distance between two lines across, in degrees of longitude. Holes stay open.
    """
    area = shapely.from_geojson(geometry)
    west, south, east, north = area.bounds
    offsets = [step * spacing for step in range(ceil((west - north) / spacing), ceil((east - south) / spacing))]
    lines = shapely.linestrings([[(west, west - offset), (east, east - offset)] for offset in offsets])
    parts = shapely.get_parts(shapely.intersection(area, lines))
    # A line that misses the area leaves an empty one, and a single one of these lets deck.gl draw none at all.
    drawn = (shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING) & ~shapely.is_empty(parts)
    inside = shapely.multilinestrings(parts[drawn])
    return shapely.to_geojson(shapely.transform(inside, lambda degrees: degrees.round(5)))

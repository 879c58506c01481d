"""How large areas are, and what stands on a square kilometre of them."""

from collections.abc import Sequence

import polars as pl
import shapely
from pyproj import Geod

_EARTH = Geod(ellps="WGS84")


def square_kilometres(geometries: Sequence[str]) -> list[float]:
    """Give the area in km² of each GeoJSON geometry (WGS 84), on the ellipsoid; holes are left out."""
    # An extract may wind its rings either way; holes are only left out where they wind against their outline.
    wound = shapely.orient_polygons(shapely.from_geojson(list(geometries)))
    return [abs(_EARTH.geometry_area_perimeter(one)[0]) / 1e6 for one in wound]


def per_square_kilometre(tidy: pl.DataFrame, extents: pl.DataFrame) -> pl.DataFrame:
    """Add `per_km2`: value over the km² of its area (`extents`: area_code, km2); null where that is unknown."""
    joined = tidy.join(extents, on="area_code", how="left", maintain_order="left")
    return joined.with_columns(per_km2=pl.col("value") / pl.when(pl.col("km2") > 0).then("km2")).drop("km2")

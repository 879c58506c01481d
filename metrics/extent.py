"""How large areas are, and what stands on a square kilometre of them."""

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
import polars as pl
import shapely
from pyproj import Geod

from metrics.edges import to_national_grid
from metrics.hotspots import IMPACT_AREA
from metrics.levels import in_force
from metrics.sources import SOURCES

_EARTH = Geod(ellps="WGS84")
_SQUARE_METRES = 1e6  # in a km²


def square_kilometres(geometries: Sequence[str]) -> list[float]:
    """Return the area in km² of each GeoJSON geometry (WGS 84), on the ellipsoid; holes are left out."""
    # An extract may wind its rings either way; holes are only left out where they wind against their outline.
    wound = shapely.orient_polygons(shapely.from_geojson(list(geometries)))
    return [abs(_EARTH.geometry_area_perimeter(one)[0]) / _SQUARE_METRES for one in wound]


def per_square_kilometre(tidy: pl.DataFrame, extents: pl.DataFrame) -> pl.DataFrame:
    """Add `per_km2`: value over the km² of its area (`extents`: area_code, km2); null where that is unknown."""
    joined = tidy.join(extents, on="area_code", how="left", maintain_order="left")
    return joined.with_columns(per_km2=pl.col("value") / pl.when(pl.col("km2") > 0).then("km2")).drop("km2")


def extent_facts(neighbourhoods: pl.DataFrame, hotspots: pl.DataFrame, months: Iterable[date]) -> pl.LazyFrame:
    """Return the source `extents`: LPA x month (its first day), what its hotspots and its neighbourhoods cover, in km².

    Both are unions in British National Grid of the polygons (GeoJSON) valid on the month's last day; Impact Areas are
    no hotspots. A hotspot is its LPA's. Where polygons of two LPAs overlap, the force's union is less than their sum:
    a row without an LPA holds the difference, so that the force's rows add up to its own union. No rows where no
    hotspot is known at all.
    """
    rows: list[tuple[date, str | None, float, float]] = []
    spots, areas = _projected(hotspots.filter(pl.col("kind") != IMPACT_AREA)), _projected(neighbourhoods)
    for month in months if len(spots) else ():
        covered = [_unions(one, month) for one in (spots, areas)]
        lpas = sorted({lpa for found in covered for lpa in found if lpa is not None})
        parts = [(lpa, *(found.get(lpa, 0.0) for found in covered)) for lpa in lpas]
        rest = (found[None] - sum(found.get(lpa, 0.0) for lpa in lpas) for found in covered)
        rows += [(month, *part) for part in (*parts, (None, *rest))]
    return pl.LazyFrame(rows, schema=dict(SOURCES["extents"]), orient="row")


def _projected(features: pl.DataFrame) -> pl.DataFrame:
    shapes = to_national_grid(shapely.from_geojson(features["geometry"].to_list()))
    return features.select("lpa_code", "valid_from", "valid_to").with_columns(
        shape=pl.Series(shapely.to_wkb(shapely.make_valid(shapes)), dtype=pl.Binary)
    )


def _unions(features: pl.DataFrame, month: date) -> dict[str | None, float]:
    """Return the km² of the union of each LPA's polygons valid on the month's last day; under None, of all."""
    last = pl.lit(month).dt.month_end()
    valid = features.with_columns(_last=last).filter(in_force("_last", "valid_from", "valid_to"))
    found: dict[str | None, float] = {None: _km2(valid["shape"])}
    return found | {lpa: _km2(group["shape"]) for (lpa,), group in valid.group_by("lpa_code")}


def _km2(shapes: pl.Series) -> float:
    return float(shapely.area(shapely.union_all(shapely.from_wkb(np.array(shapes.to_list(), dtype=object))))) / 1e6

"""The worked example's extract files as raw frames, as the store would hand them to the pure functions."""

import csv
import json
from datetime import date

import polars as pl
import shapely

from tests.places import EXAMPLE

FORCE = "E23000014"
OCTOBER = date(2024, 10, 1)

_INSTANTS = {"starts_at", "ends_at", "at", "reported_at", "closed_at", "window_start", "window_end"}
_DATES = {"start_date", "end_date", "valid_from", "valid_to", "recorded_on", "committed_on", "outcome_on"}
_BOOLEANS = {"uniformed", "risk_assessed", "mental_health", "violence_with_injury", "homicide", "town_centre"}
_NUMBERS = {"lon": pl.Float64, "lat": pl.Float64, "weight": pl.Float64, "victim_age": pl.Int64}
_OPTIONAL = {
    "duties": ["worked_area"],
    "taskings": ["officer_id"],
    "incidents": ["grade", "closed_at", "caller_ref", "mental_health"],
    "crimes": ["committed_on", "outcome_code", "outcome_on"],
    "offences": ["homicide", "town_centre"],
}


def feed(name: str) -> pl.LazyFrame:
    """Read `<name>.csv` with typed columns; optional ones that the file lacks are null."""
    raw = pl.read_csv(EXAMPLE / f"extracts/{name}.csv", infer_schema=False)
    raw = raw.with_columns(pl.lit(None, pl.String).alias(c) for c in _OPTIONAL.get(name, []) if c not in raw.columns)
    return raw.with_columns(_typed(column) for column in raw.columns).lazy()


def _typed(column: str) -> pl.Expr:
    text = pl.col(column)
    if column in _INSTANTS:
        return text.str.replace("Z$", "+00:00").str.to_datetime("%Y-%m-%dT%H:%M:%S%z", time_unit="us", time_zone="UTC")
    if column in _DATES:
        return text.str.to_date()
    if column in _BOOLEANS:
        return text == "true"
    return text.cast(_NUMBERS.get(column, pl.String))


def features(name: str) -> list[dict]:
    """Give the features of `<name>.geojson`."""
    return json.loads((EXAMPLE / f"extracts/{name}.geojson").read_text())["features"]


def neighbourhoods() -> pl.LazyFrame:
    """Give the neighbourhoods' properties, open-ended."""
    rows = [feature["properties"] for feature in features("neighbourhoods")]
    open_ended = {name: pl.lit(None, pl.Date) for name in ("valid_from", "valid_to")}
    return pl.LazyFrame(rows).with_columns(**open_ended)


def hotspots() -> pl.LazyFrame:
    """Give the hotspots' properties, open-ended."""
    rows = [feature["properties"] for feature in features("hotspots")]
    open_ended = {name: pl.lit(None, pl.Date) for name in ("valid_from", "valid_to")}
    return pl.LazyFrame(rows).with_columns(**open_ended)


def placed(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Stamp area codes by brute force: the covering neighbourhood of lowest code, else the code given."""
    shapes = sorted(
        (f["properties"]["neighbourhood_code"], shapely.geometry.shape(f["geometry"]))
        for f in features("neighbourhoods")
    )
    rows = frame.collect()
    codes = [_neighbourhood(shapes, *row) for row in rows.select("lon", "lat", "neighbourhood_code").rows()]
    areas = neighbourhoods().select("neighbourhood_code", "sector_code", "lpa_code")
    own = frame.drop("neighbourhood_code").collect().with_columns(neighbourhood_code=pl.Series(codes, dtype=pl.String))
    return own.lazy().join(areas, on="neighbourhood_code", how="left")


def _neighbourhood(shapes: list, lon: float | None, lat: float | None, code: str | None) -> str | None:
    if lon is None or lat is None:
        return code
    point = shapely.Point(lon, lat)
    return next((name for name, shape in shapes if shape.covers(point)), None)


def expected(*indicators: str) -> dict[tuple[str, str, str], float | None]:
    """Give the expected October 2024 values of the indicators named (a mix: all its categories)."""
    with (EXAMPLE / "expected.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["indicator_id"].split(":")[0] in indicators]
    assert rows, f"nothing is expected of {indicators}: check the ids"
    return {
        (row["indicator_id"], row["area_level"], row["area_code"]): float(row["value"]) if row["value"] else None
        for row in rows
    }


def with_polygons(crimes: pl.LazyFrame) -> pl.LazyFrame:
    """Add the Impact Areas and hotspots that hold each position, by brute force."""
    shapes = [(f["properties"], shapely.geometry.shape(f["geometry"])) for f in features("hotspots")]
    rows = crimes.collect()
    points = rows.select("lon", "lat").rows()
    inside = [[p for p, shape in shapes if _covers(shape, *point)] for point in points]
    kinds = {"impact_areas": True, "hotspots": False}
    lists = {
        name: [[p["hotspot_id"] for p in held if (p["kind"] == "impact_area") is impact] for held in inside]
        for name, impact in kinds.items()
    }
    columns = {name: pl.Series(rows, dtype=pl.List(pl.String)) for name, rows in lists.items()}
    return rows.with_columns(**columns).lazy()


def _covers(shape: shapely.Geometry, lon: float | None, lat: float | None) -> bool:
    return lon is not None and lat is not None and shape.covers(shapely.Point(lon, lat))

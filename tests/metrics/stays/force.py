"""Small forces for the tests: a map with every awkward place in it, and frames from plain rows."""

from datetime import UTC, date, datetime

import polars as pl
import shapely

from metrics.levels import AREA_COLUMNS, stamp_home
from metrics.location import AreaIndex
from metrics.stays import Ground, Stays
from tests.metrics.stays.oracle import Area, World

REDRAWN = date(2024, 10, 27)


def at(text: str) -> int:
    """Seconds since 1970 of '2024-10-27 01:30' UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.box(west / 1000 - 2, south / 1000 + 52.4, east / 1000 - 2, north / 1000 + 52.4)


def spot(east: float, north: float) -> tuple[float, float]:
    """A position in thousandths of a degree from the map's corner (68 and 111 metres)."""
    return east / 1000 - 2, north / 1000 + 52.4


WORLD = World(
    neighbourhoods=[
        Area(code="N1", shape=box(0, 0, 10, 10)),
        Area(code="N2", shape=box(10, 0, 20, 10), valid_to=REDRAWN),
        Area(code="N2", shape=box(10, 0, 16, 10), valid_from=REDRAWN),
        Area(code="N3", shape=box(0, 10, 20, 20).difference(box(4, 12, 8, 16))),
        Area(code="N4", shape=box(4, 12, 8, 16)),
    ],
    premises=[
        Area(code="P1", shape=box(2, 2, 2.5, 2.3), kind="police_building"),
        Area(code="P2", shape=box(12, 4, 12.6, 4.4), kind="police_building", valid_to=date(2024, 10, 26)),
        Area(code="H1", shape=box(2.7, 2, 3, 2.3), kind="other_premises"),
        Area(code="H2", shape=box(19.9, 18, 20.4, 18.4), kind="other_premises"),
    ],
    hotspots=[
        Area(code="T1", shape=box(1, 1, 6, 6)),
        Area(code="T2", shape=box(5, 5, 12, 12)),
        Area(code="T3", shape=box(5, 13, 7, 18), valid_from=REDRAWN),
    ],
)
SPOTS = {
    "corner of four": spot(10, 10),
    "border N1 N2": spot(10, 5),
    "in N1": spot(5.5, 5.5),
    "in N2": spot(14, 7),
    "in N2 until redrawn": spot(18, 5),
    "in N3": spot(6, 18),
    "in N4, in the hole": spot(6, 14),
    "on the hole's ring": spot(4, 14),
    "in the police station": spot(2.2, 2.2),
    "15 m from it": spot(2.2, 2.3 + 15 / 111.3),
    "25 m from it": spot(2.2, 2.3 + 25 / 111.3),
    "between station and hospital": spot(2.6, 2.1),
    "in the old station": spot(12.3, 4.2),
    "in a hospital outside": spot(20.3, 18.2),
    "outside": spot(25, 25),
    "far outside": spot(500, 300),
    "nowhere": (0.0, 0.0),
}


def _frame(areas: list[Area], code: str) -> pl.DataFrame:
    def day(bound: date) -> date | None:
        return None if bound in (date.min, date.max) else bound

    return pl.DataFrame(
        {
            code: [area.code for area in areas],
            "kind": ["court" if area.kind == "other_premises" else area.kind for area in areas],
            "geometry": [shapely.to_geojson(area.shape) for area in areas],
            "valid_from": pl.Series([day(area.valid_from) for area in areas], dtype=pl.Date),
            "valid_to": pl.Series([day(area.valid_to) for area in areas], dtype=pl.Date),
        }
    )


def ground_of(world: World) -> Ground:
    return Ground(
        neighbourhoods=AreaIndex.from_features(_frame(world.neighbourhoods, "neighbourhood_code")),
        premises=AreaIndex.from_premises(_frame(world.premises, "premises_id")),
        hotspots=AreaIndex.from_features(_frame(world.hotspots, "hotspot_id"), code="hotspot_id"),
    )


GROUND = ground_of(WORLD)


def instants(seconds: list[float]) -> pl.Series:
    return pl.Series([round(second * 1_000_000) for second in seconds], dtype=pl.Int64).cast(pl.Datetime("us", "UTC"))


def fixes_frame(rows) -> pl.LazyFrame:
    """(officer, second, lon, lat) -> the frame that the engine takes."""
    officer, second, lon, lat = zip(*rows, strict=True) if rows else ([], [], [], [])
    return pl.LazyFrame(
        {
            "officer_id": pl.Series(officer, dtype=pl.String),
            "at": instants(list(second)),
            "lon": pl.Series(lon, dtype=pl.Float64),
            "lat": pl.Series(lat, dtype=pl.Float64),
        }
    )


def duties_frame(rows) -> pl.LazyFrame:
    """(officer, start, end) in seconds -> the frame that the engine takes."""
    officer, start, end = zip(*rows, strict=True) if rows else ([], [], [])
    return pl.LazyFrame(
        {
            "officer_id": pl.Series(officer, dtype=pl.String),
            "start": instants(list(start)),
            "end": instants(list(end)),
        }
    )


def facts_of(
    found: Stays, postings: pl.LazyFrame, officers: pl.LazyFrame, neighbourhoods: pl.LazyFrame
) -> dict[str, pl.LazyFrame]:
    """Stays -> the sources `visibility_home`, `visibility_place` and `presence`, by areas that never change."""
    home = stamp_home(found.visibility, postings, neighbourhoods, officers)
    areas = neighbourhoods.select(AREA_COLUMNS)
    places = areas.rename({name: f"place_{name}" for name in AREA_COLUMNS})
    both = home.join(places, on="place_neighbourhood_code", how="left")
    swapped = {name: f"home_{name}" for name in AREA_COLUMNS} | {f"place_{name}": name for name in AREA_COLUMNS}
    return {
        "visibility_home": both,
        "visibility_place": both.rename(swapped),
        "presence": found.presence.join(areas, on="neighbourhood_code", how="left"),
    }

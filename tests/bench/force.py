"""A made-up month of believable radio fixes over 192 wards, written as Parquet a day at a time."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import shapely

from metrics.presence import united
from tests.places import WARDS

FIRST_DAY = datetime(2024, 10, 1, tzinfo=UTC)  # the month has the long night of the 27th
SHIFT_HOURS = 9
STOPS = 12  # places visited in a shift; the first and last are the station
MEAN_GAP_S = 120.0
FIXES_A_SHIFT = int(SHIFT_HOURS * 3600 / MEAN_GAP_S)
NOISE_M = 7.0
METRE = np.array([1 / 67_900, 1 / 111_200])  # degrees of lon and lat, near Birmingham
NUMBER_OF_WARDS = 192
BOUNDS = (-2.2, 52.35, -1.43, 52.66)  # west, south, east, north of the West Midlands
CORNER_EVERY = 0.003  # degrees: made-up wards have about as many corners as the real ones, 10,500


@cache
def wards() -> pl.DataFrame:
    """neighbourhood_code, geometry (GeoJSON text) of the 192 wards; made-up ones where the published are not there."""
    if not WARDS.exists():
        return made_up_wards()
    features = json.loads(WARDS.read_text())["features"]
    return pl.DataFrame(
        {
            "neighbourhood_code": [feature["properties"]["WD25CD"] for feature in features],
            "geometry": [json.dumps(feature["geometry"]) for feature in features],
        }
    )


def made_up_wards() -> pl.DataFrame:
    """neighbourhood_code, geometry of 192 areas that fill the bounds; neighbours have the same winding edge."""
    random = np.random.default_rng(4)
    west, south, east, north = BOUNDS
    middles = random.uniform((west, south), (east, north), size=(NUMBER_OF_WARDS, 2))
    whole = shapely.box(*BOUNDS)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(middles), extend_to=whole))
    edges = shapely.segmentize(shapely.intersection(cells, whole), CORNER_EVERY)
    shapes = shapely.to_geojson(shapely.transform(edges, _wound))
    return pl.DataFrame({"neighbourhood_code": [f"W{n:03}" for n in range(NUMBER_OF_WARDS)], "geometry": shapes})


def _wound(corners: np.ndarray) -> np.ndarray:
    """Move every corner by where it is, so that edges wind and neighbours still meet."""
    return corners + 0.001 * np.sin(corners[:, ::-1] * 600)


def premises() -> pl.DataFrame:
    """60 footprints of 30-90 m, two in three of them police buildings: kind, geometry."""
    random = np.random.default_rng(1)
    middles = _middles()[random.permutation(NUMBER_OF_WARDS)[:60]]
    half = random.uniform(15, 45, size=(60, 2)) * METRE
    kinds = np.where(np.arange(60) % 3 < 2, "police_building", "hospital")
    boxes = shapely.box(*(middles - half).T, *(middles + half).T)
    return pl.DataFrame({"kind": kinds, "geometry": shapely.to_geojson(boxes)})


def hotspots() -> pl.DataFrame:
    """80 ragged rounds of 150-350 m: hotspot_id, geometry."""
    random = np.random.default_rng(2)
    middles = _middles()[random.integers(0, NUMBER_OF_WARDS, 80)] + random.uniform(-800, 800, size=(80, 2)) * METRE
    turns = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    reach = random.uniform(150, 350, size=(80, 1)) * random.uniform(0.8, 1.2, size=(80, 40))
    rims = middles[:, None, :] + (reach[..., None] * np.stack([np.cos(turns), np.sin(turns)], axis=-1)) * METRE
    shapes = [shapely.to_geojson(shapely.Polygon(rim)) for rim in rims]
    return pl.DataFrame({"hotspot_id": [f"T{n:02}" for n in range(80)], "geometry": shapes})


def write(folder: Path, fixes: int, days: int = 10) -> None:
    """Write about `fixes` fixes as `fixes/<day>.parquet`, and `duties.parquet` (officer_id, start, end)."""
    (folder / "fixes").mkdir(parents=True)
    duties = []
    for number, (rows, duty) in enumerate(_days(fixes // days // FIXES_A_SHIFT, days)):
        rows.write_parquet(folder / "fixes" / f"{number:02}.parquet")
        duties.append(duty)
    united(pl.concat(duties).lazy(), "officer_id").collect().write_parquet(folder / "duties.parquet")


def repeat(source: Path, folder: Path, times: int, days: int) -> None:
    """Write the `days` days of `source` again and again, `times` times in all, one after the other."""
    (folder / "fixes").mkdir(parents=True)
    duties = pl.read_parquet(source / "duties.parquet")
    for turn in range(times):
        later = timedelta(days=turn * days)
        for path in sorted((source / "fixes").glob("*.parquet")):
            rows = pl.read_parquet(path).with_columns(pl.col("at") + later)
            rows.write_parquet(folder / "fixes" / f"{turn:02}-{path.name}")
    turns = [duties.with_columns(pl.col("start", "end") + timedelta(days=turn * days)) for turn in range(times)]
    united(pl.concat(turns).lazy(), "officer_id").collect().write_parquet(folder / "duties.parquet")


def _days(officers: int, days: int) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    random = np.random.default_rng(3)
    middles = _middles()
    beat = random.integers(0, NUMBER_OF_WARDS, officers)
    stations = _stations()
    nearest = np.argmin(np.abs(middles[beat][:, None] - stations[None]).sum(axis=2), axis=1)
    for day in range(days):
        yield _day(random, FIRST_DAY + timedelta(days=day), middles[beat], stations[nearest])


def _day(
    random: np.random.Generator, midnight: datetime, beat: np.ndarray, station: np.ndarray
) -> tuple[pl.DataFrame, pl.DataFrame]:
    officers = len(beat)
    start = random.choice([7, 15, 22], officers) * 3600.0
    gaps = random.exponential(MEAN_GAP_S - 20, size=(officers, FIXES_A_SHIFT)) + 20
    second = np.cumsum(gaps, axis=1).round() - 600  # begins a little before duty: the off-duty tail
    stops = beat[:, None] + random.normal(0, 900, size=(officers, STOPS, 2)) * METRE
    stops[:, [0, -1]] = station[:, None]
    calls = random.random((officers, STOPS)) < 0.12
    stops[calls] += random.normal(0, 5000, size=(int(calls.sum()), 2)) * METRE
    stops[:, STOPS // 2] = station  # the meal break
    travelled = np.clip(second / (SHIFT_HOURS * 3600.0) * (STOPS - 1), 0, STOPS - 1.001)
    leg = travelled.astype(int)
    share = np.clip((travelled - leg - 0.55) / 0.45, 0, 1)[..., None]  # stays a while, then moves on
    row = np.arange(officers)[:, None]
    position = stops[row, leg] * (1 - share) + stops[row, leg + 1] * share
    position += random.normal(0, NOISE_M, size=position.shape) * METRE
    spike = random.random(second.shape) < 0.0005
    position[spike] += 0.3
    position[random.random(second.shape) < 0.0005] = np.nan
    ids = np.array([f"WM{number:05}" for number in range(officers)])
    base = int(midnight.timestamp())
    at = ((base + start[:, None] + second).astype(np.int64) * 1_000_000).ravel()
    rows = pl.DataFrame(
        {
            "officer_id": np.repeat(ids, FIXES_A_SHIFT),
            "at": pl.Series(at).cast(pl.Datetime("us", "UTC")),
            "lon": position[..., 0].ravel(),
            "lat": position[..., 1].ravel(),
        }
    ).with_columns(pl.col("lon", "lat").fill_nan(None))
    begin = pl.Series(((base + start) * 1_000_000).astype(np.int64)).cast(pl.Datetime("us", "UTC"))
    duty = pl.DataFrame({"officer_id": ids, "start": begin, "end": begin + timedelta(hours=SHIFT_HOURS)})
    return rows.sort("at", "officer_id"), duty


def _middles() -> np.ndarray:
    shapes = shapely.from_geojson(wards()["geometry"].to_numpy())
    return shapely.get_coordinates(shapely.point_on_surface(shapes))


def _stations() -> np.ndarray:
    police = premises().filter(kind="police_building")["geometry"].to_numpy()
    return shapely.get_coordinates(shapely.centroid(shapely.from_geojson(police)))

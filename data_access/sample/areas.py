"""Where the sample force is: wards as cells around their real centres, premises, hotspots, and addresses to meet at."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import shapely

from data_access.sample import figures
from data_access.sample.planted import SECOND_WAVE, SECOND_WAVE_EVERY
from data_access.sample.span import Month, stream

ADDRESSES = 300  # per ward
SPOTS = 40  # per hotspot
_ORIGIN = (-1.9, 52.48)
_METRES = np.array([111_320 * np.cos(np.radians(52.48)), 111_195.0])


@dataclass(frozen=True, kw_only=True, eq=False)
class Polygons:
    """Named polygons with the number of their LPA; `spots`, where given, are points inside each (n, SPOTS, 2)."""

    identifiers: list[str]
    names: list[str]
    kinds: list[str]
    lpa: np.ndarray
    shapes: np.ndarray
    spots: np.ndarray

    def of_kind(self, *kinds: str) -> np.ndarray:
        """Return the numbers of those of these kinds."""
        return np.flatnonzero([kind in kinds for kind in self.kinds])


@dataclass(frozen=True, kw_only=True, eq=False)
class Areas:
    """The force's geography. Wards, sectors and LPAs are numbered in the order of their codes."""

    wards: pl.DataFrame
    cells: np.ndarray
    lpas: list[str]
    sectors: list[str]
    lpa_of: np.ndarray
    sector_of: np.ndarray
    lpa_of_sector: np.ndarray
    residents: np.ndarray
    demand: np.ndarray
    addresses: np.ndarray
    premises: Polygons
    hotspots: Polygons


def metres(degrees: np.ndarray) -> np.ndarray:
    """Turn (lon, lat) into metres east and north of the force's middle; affine, so straight lines stay straight."""
    return (np.asarray(degrees) - _ORIGIN) * _METRES


def degrees(position: np.ndarray) -> np.ndarray:
    """Turn metres east and north into (lon, lat)."""
    return np.asarray(position) / _METRES + _ORIGIN


def make_areas(seed: int) -> Areas:
    """Draw the force: cells, premises, hotspots and addresses."""
    wards = figures.read_wards()
    chance = stream(seed, "areas")
    lpas, lpa_of = _numbered(wards["lpa_code"])
    sectors, sector_of = _numbered(wards["sector_code"])
    lpa_of_sector = np.array([lpa_of[sector_of == number][0] for number in range(len(sectors))])
    cells = ward_cells(wards)
    inner = np.array([points_inside(cell, ADDRESSES, chance) for cell in cells])
    demand = _demand(lpa_of, lpas, chance)
    premises = _premises(wards, cells, lpa_of, sector_of, lpas, inner, chance)
    hotspots = _hotspots(cells, lpa_of, lpas, inner, demand, chance)
    return Areas(
        wards=wards, cells=cells, lpas=lpas, sectors=sectors, lpa_of=lpa_of, sector_of=sector_of,
        lpa_of_sector=lpa_of_sector, residents=_residents(lpa_of, lpas, chance), demand=demand,
        addresses=degrees(inner), premises=premises, hotspots=hotspots,
    )  # fmt: skip


def ward_cells(wards: pl.DataFrame) -> np.ndarray:
    """Return for each ward the cell of points nearest to its centre, clipped to a smooth outline, in metres.

    Neighbouring cells share their vertices exactly, because all are faces of one noded net of lines.
    """
    centres = metres(wards.select("lon", "lat").to_numpy())
    outline = _outline(centres, wards["square_km"].to_numpy())
    net = shapely.voronoi_polygons(shapely.MultiPoint(centres), extend_to=outline.buffer(9_000))
    edges = shapely.union_all([*shapely.boundary(shapely.get_parts(net)), outline.boundary])
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(edges)))
    inside = shapely.point_on_surface(faces)
    faces = faces[shapely.within(inside, outline)]
    where = shapely.get_coordinates(shapely.point_on_surface(faces))
    nearest = np.argmin(((where[:, None] - centres[None]) ** 2).sum(axis=2), axis=1)
    return np.array([shapely.union_all(faces[nearest == ward]) for ward in range(len(centres))])


def _outline(centres: np.ndarray, square_km: np.ndarray) -> shapely.Polygon:
    """Draw round every centre a disc a little larger than its ward, join them and smooth the coast."""
    radius = 1.12 * np.sqrt(square_km * 1e6 / np.pi)
    discs = shapely.union_all(shapely.buffer(shapely.points(centres), radius, quad_segs=6))
    smooth = discs.buffer(2_500, quad_segs=6).buffer(-2_500, quad_segs=6)
    largest = max(shapely.get_parts(smooth), key=shapely.area)
    return shapely.Polygon(largest.exterior).simplify(40)


def points_inside(shape: shapely.Polygon, count: int, chance: np.random.Generator) -> np.ndarray:
    """Draw `count` points evenly inside a polygon, (count, 2)."""
    west, south, east, north = shape.bounds
    found = np.empty((0, 2))
    shapely.prepare(shape)
    while len(found) < count:
        tried = chance.uniform((west, south), (east, north), (4 * count, 2))
        found = np.concatenate([found, tried[shapely.contains_xy(shape, tried)]])
    return found[:count]


def area_features(areas: Areas) -> list[dict[str, Any]]:
    """Return the wards as GeoJSON features with the columns of the `neighbourhoods` feed."""
    kept = areas.wards.drop("lon", "lat", "square_km").to_dicts()
    people = areas.residents.tolist()
    return [
        feature({**row, "residents": number}, cell) for row, number, cell in zip(kept, people, areas.cells, strict=True)
    ]


def premises_features(areas: Areas) -> list[dict[str, Any]]:
    """Return the buildings as GeoJSON features with the columns of the `premises` feed."""
    own = areas.premises
    rows = zip(own.identifiers, own.names, own.kinds, own.shapes, strict=True)
    return [feature({"premises_id": i, "name": n, "kind": k}, shape) for i, n, k, shape in rows]


def second_wave(areas: Areas) -> np.ndarray:
    """Return the numbers of the hotspots that are patrolled from a later month on."""
    return areas.hotspots.of_kind("syv_robbery")[::SECOND_WAVE_EVERY]


def hotspot_features(areas: Areas, months: tuple[Month, ...]) -> list[dict[str, Any]]:
    """Return Impact Areas and patrol hotspots as GeoJSON features with the columns of the `hotspots` feed."""
    own, later = areas.hotspots, set(second_wave(areas).tolist())
    first = next((str(month.first) for month in months if month.back == SECOND_WAVE.first_back), None)
    rows = zip(own.identifiers, own.names, own.kinds, own.lpa.tolist(), own.shapes, strict=True)
    return [
        feature(
            {
                "hotspot_id": i, "name": n, "kind": k, "lpa_code": areas.lpas[lpa],
                "valid_from": first if number in later else None,
            },
            shape,
        )
        for number, (i, n, k, lpa, shape) in enumerate(rows)
    ]  # fmt: skip


def feature(properties: dict[str, Any], shape: shapely.Geometry) -> dict[str, Any]:
    """Return a GeoJSON feature in degrees to six decimals; equal metres give equal degrees."""
    placed = shapely.transform(shape, lambda points: np.round(degrees(points), 6))
    return {"type": "Feature", "properties": properties, "geometry": shapely.geometry.mapping(placed)}


def _numbered(codes: pl.Series) -> tuple[list[str], np.ndarray]:
    known = codes.unique().sort()
    return known.to_list(), known.search_sorted(codes).to_numpy().astype(np.int64)


def _residents(lpa_of: np.ndarray, lpas: list[str], chance: np.random.Generator) -> np.ndarray:
    size = chance.lognormal(0, 0.18, len(lpa_of))
    total = np.array([figures.RESIDENTS[code] for code in lpas])
    share = size / np.bincount(lpa_of, size)[lpa_of]
    people = np.floor(share * total[lpa_of]).astype(np.int64)
    for number, missing in enumerate(total - np.bincount(lpa_of, people).astype(np.int64)):
        people[np.flatnonzero(lpa_of == number)[:missing]] += 1
    return people


def _demand(lpa_of: np.ndarray, lpas: list[str], chance: np.random.Generator) -> np.ndarray:
    """Return each ward's share of the force's crime; the shares sum to 1."""
    weight = chance.lognormal(0, 0.55, len(lpa_of))
    share = np.array([figures.CRIME_SHARE[code] for code in lpas])
    return weight / np.bincount(lpa_of, weight)[lpa_of] * share[lpa_of]


_BUILDING_WORDS = {
    "police_building": "police station", "hospital": "hospital", "court": "court", "council": "council house",
}  # fmt: skip
_BUILDING_METRES = {"police_building": (45, 30), "hospital": (220, 150), "court": (60, 40), "council": (70, 45)}


def _premises(
    wards: pl.DataFrame,
    cells: np.ndarray,
    lpa_of: np.ndarray,
    sector_of: np.ndarray,
    lpas: list[str],
    inner: np.ndarray,
    chance: np.random.Generator,
) -> Polygons:
    """Return the buildings: a police station in each sector, ten an LPA at most; in each LPA two hospitals, a court, a
    council house.
    """
    names, kinds, lpa, where = [], [], [], []
    titles = wards["neighbourhood_name"].to_list()
    for number in range(len(lpas)):
        own = np.flatnonzero(lpa_of == number)
        first = [own[sector_of[own] == sector][0] for sector in np.unique(sector_of[own])][:10]
        others = chance.choice(own, 4, replace=False).tolist()
        kind = [*["police_building"] * len(first), "hospital", "hospital", "court", "council"]
        for ward, one in zip([*first, *others], kind, strict=True):
            names.append(f"Sample {titles[ward]} {_BUILDING_WORDS[one]}")
            kinds.append(one)
            lpa.append(number)
            where.append(inner[ward][int(np.argmax(_depth(cells[ward], inner[ward]) > 150))])
    shapes = [
        _rectangle(point, *_BUILDING_METRES[kind], angle)
        for point, kind, angle in zip(where, kinds, chance.uniform(0, np.pi, len(kinds)), strict=True)
    ]
    return Polygons(
        identifiers=[f"SP{number:03d}" for number in range(1, len(names) + 1)], names=names, kinds=kinds,
        lpa=np.array(lpa), shapes=np.array(shapes), spots=degrees(np.array(where))[:, None],
    )  # fmt: skip


def _rectangle(centre: np.ndarray, long: float, wide: float, angle: float) -> shapely.Polygon:
    corners = np.array([[-long, -wide], [long, -wide], [long, wide], [-long, wide]]) / 2
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return shapely.Polygon(corners @ turn + centre)


_HEADS = ("Lark", "Elder", "Raven", "Thistle", "Copper", "Marl", "Fern", "Otter", "Brindle", "Quill")
_TAILS = ("moor", "gate", "mead", "holt", "croft", "well", "stead", "brook", "ridge", "combe")


def _hotspots(
    cells: np.ndarray,
    lpa_of: np.ndarray,
    lpas: list[str],
    inner: np.ndarray,
    demand: np.ndarray,
    chance: np.random.Generator,
) -> Polygons:
    """Draw Impact Areas, then patrol hotspots: half of those inside an Impact Area of their LPA."""
    kinds, lpa, shapes = [], [], []
    for number, code in enumerate(lpas):
        own = np.flatnonzero(lpa_of == number)
        land = shapely.union_all(cells[own])
        busiest = own[np.argsort(-demand[own])]
        taken: list[np.ndarray] = []
        for ward in busiest[: figures.IMPACT_AREAS[code]]:
            centre = inner[ward][int(np.argmax(_depth(cells[ward], inner[ward])))]
            shapes.append(shapely.intersection(_blob(centre, 800, chance), land))
            kinds.append("impact_area")
            lpa.append(number)
        candidates = _candidates(cells, busiest, inner, chance)
        for kind, count in zip(("syv_robbery", "asb"), figures.PATROL_HOTSPOTS[code], strict=True):
            for _ in range(count):
                centre = next(point for point in candidates if _clear(point, taken))
                taken.append(centre)
                radius = np.sqrt(figures.HOTSPOT_SQUARE_KM * 1e6 / np.pi)
                shapes.append(_blob(centre, radius, chance))
                kinds.append(kind)
                lpa.append(number)
    return _named(kinds, np.array(lpa), np.array(shapes), chance)


def _candidates(cells: np.ndarray, wards: np.ndarray, inner: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Return points at least 300 m inside their ward, the busiest wards' first, two from each ward in turn."""
    deep = [inner[ward][_depth(cells[ward], inner[ward]) > 300] for ward in wards]
    rounds = [points[turn * 8 : turn * 8 + 8] for turn in range(6) for points in deep]
    return np.concatenate(rounds)


def _depth(shape: shapely.Polygon, points: np.ndarray) -> np.ndarray:
    return shapely.distance(shape.boundary, shapely.points(points))


def _clear(point: np.ndarray, taken: list[np.ndarray]) -> bool:
    return all(np.hypot(*(point - other)) > 650 for other in taken)


def _blob(centre: np.ndarray, radius: float, chance: np.random.Generator) -> shapely.Polygon:
    """Draw an irregular twelve-sided figure around a centre, of about the area of a circle of that radius."""
    angle = np.arange(12) * np.pi / 6
    reach = radius * chance.uniform(0.9, 1.18, 12)
    return shapely.Polygon(centre + np.column_stack([reach * np.cos(angle), reach * np.sin(angle)]))


def _named(kinds: list[str], lpa: np.ndarray, shapes: np.ndarray, chance: np.random.Generator) -> Polygons:
    words = [head + tail for tail in _TAILS for head in _HEADS]
    titles = {"impact_area": "Sample Impact Area", "syv_robbery": "Sample patrol", "asb": "Sample ASB patrol"}
    prefix = {"impact_area": "SIA", "syv_robbery": "STGP", "asb": "STGP"}
    numbers: dict[str, int] = {}
    identifiers = []
    for kind in kinds:
        numbers[prefix[kind]] = numbers.get(prefix[kind], 0) + 1
        identifiers.append(f"{prefix[kind]}{numbers[prefix[kind]]:02d}")
    return Polygons(
        identifiers=identifiers,
        names=[f"{titles[kind]} {word}" for kind, word in zip(kinds, words, strict=False)],
        kinds=kinds, lpa=lpa, shapes=shapes,
        spots=degrees(np.array([_spots(shape, chance) for shape in shapes])),
    )  # fmt: skip


def _spots(shape: shapely.Polygon, chance: np.random.Generator) -> np.ndarray:
    """Draw points well inside: a patrol walks between them."""
    middle = shapely.buffer(shape, -90)
    return points_inside(middle if middle.area > 0 else shape, SPOTS, chance)

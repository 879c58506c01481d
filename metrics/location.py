"""Which area a position is in: exact, dated, and quick enough for every fix of a force."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import polars as pl
import shapely

from metrics import edges, grid
from metrics.grid import Grid, Pairs
from metrics.parameters import Parameters

# Of 192 wards built in a third of the time that cells of 12 m take, looked up as quickly: 1 fix in 20 is at an edge.
AREA_CELL_METRES = 36.0
PREMISES_CELL_METRES = 12.0  # likewise: a quarter of the time that cells of 5 m take
POLICE_BUILDING, OTHER_PREMISES = "police_building", "other_premises"


@dataclass(frozen=True, kw_only=True, eq=False)
class AreaIndex:
    """Dated areas and their grids. Where several hold a position, the earlier in `codes` wins.

    `geometries` are in degrees or, where `within_metres` is set, in national grid metres: then a position is
    "in" an area up to that far from it (inclusive). An area counts on local days in [valid_from, valid_to).
    `epochs` are the days on which the set of valid areas may change; a grid for each is built when asked.
    """

    codes: tuple[str, ...]
    geometries: np.ndarray
    valid_from: np.ndarray
    valid_to: np.ndarray
    epochs: np.ndarray
    within_metres: float | None = None
    grids: dict[int, Grid | None] = field(default_factory=dict, repr=False)

    @classmethod
    def from_features(cls, features: pl.DataFrame, *, code: str = "neighbourhood_code") -> "AreaIndex":
        """Index areas by containment: a border belongs to its area, the lower code wins, holes are holes.

        `features`: `code` (String), `geometry` (GeoJSON text or WKB), `valid_from` and `valid_to` (Date; null
        or absent: for ever). Raises ValueError where a geometry is not a Polygon or MultiPolygon.
        """
        rows = _dated(features).sort(code)
        shapes = _shapes(rows["geometry"])
        if not np.isin(shapely.get_type_id(shapes), [3, 6]).all():
            raise ValueError(f"{code}: a geometry is missing or no area; give a Polygon or a MultiPolygon")
        return _index(rows, rows[code], shapes, None)

    @classmethod
    def from_premises(
        cls, premises: pl.DataFrame, *, building_buffer_m: float = Parameters.building_buffer_m
    ) -> "AreaIndex":
        """Index footprints by distance; `codes` are place kinds, police buildings before other premises.

        `premises`: `kind` (String), `geometry`, `valid_from`, `valid_to` as in `from_features`; may be empty.
        Distances are in British National Grid metres (EPSG:27700), as `edges.NATIONAL_GRID` says.
        """
        is_police = pl.col("kind") == POLICE_BUILDING
        place_kind = pl.when(is_police).then(pl.lit(POLICE_BUILDING)).otherwise(pl.lit(OTHER_PREMISES))
        rows = _dated(premises).sort(~is_police, maintain_order=True).with_columns(place_kind=place_kind)
        shapes = _shapes(rows["geometry"])
        if shapely.is_missing(shapes).any():
            raise ValueError("premises: a geometry is missing; give each footprint a geometry")
        return _index(rows, rows["place_kind"], edges.to_national_grid(shapes), building_buffer_m)


def lowest(index: AreaIndex, lon: np.ndarray, lat: np.ndarray, days: np.ndarray | date) -> np.ndarray:
    """Return the number in `index.codes` of the first area that holds each position that day; -1: none.

    Degrees (WGS 84), NaN is nowhere. `days` is one local day for all (or an array of one), or a
    datetime64[D] for each. int32.
    """
    by_epoch = _by_epoch(index, len(lon), days)
    if len(by_epoch) == 1 and isinstance(by_epoch[0][1], slice):  # all are of one, and nothing needs to be put together
        return grid.lowest_at(by_epoch[0][0], lon, lat, _holds(index))
    found = np.full(len(lon), -1, dtype=np.int32)
    for cells, chosen in by_epoch:
        found[chosen] = grid.lowest_at(cells, lon[chosen], lat[chosen], _holds(index))
    return found


def every(index: AreaIndex, lon: np.ndarray, lat: np.ndarray, days: np.ndarray | date) -> Pairs:
    """Return (position number, area number) for every area that holds each position that day, in order."""
    points, areas = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int32)]
    for cells, chosen in _by_epoch(index, len(lon), days):
        point, area = grid.all_at(cells, lon[chosen], lat[chosen], _holds(index))
        points.append(np.arange(len(lon))[chosen][point])
        areas.append(area)
    point, area = np.concatenate(points), np.concatenate(areas)
    order = np.lexsort((area, point))
    return point[order], area[order]


def place(frame: pl.LazyFrame, index: AreaIndex, *, into: str = "neighbourhood_code", day: str = "day") -> pl.LazyFrame:
    """Add, as column `into`, the code of the area that holds (`lon`, `lat`) on the local day `day`.

    Null where no area does. A row without a position keeps what `into` held, where that column exists.
    """
    schema = frame.collect_schema()
    given = pl.col(into) if into in schema else pl.lit(None, dtype=pl.String)

    def add(rows: pl.DataFrame) -> pl.DataFrame:
        found = _codes(index, lowest(index, *_positions(rows, day)))
        has_position = pl.all_horizontal(pl.col("lon", "lat").is_not_null())
        return rows.with_columns(pl.when(has_position).then(found).otherwise(given).alias(into))

    return frame.map_batches(add, schema={**schema, into: pl.String})


def place_all(frame: pl.LazyFrame, index: AreaIndex, *, into: str, day: str = "day") -> pl.LazyFrame:
    """Add, as column `into`, the codes of all areas that hold (`lon`, `lat`) that day: a sorted list."""

    def add(rows: pl.DataFrame) -> pl.DataFrame:
        point, area = every(index, *_positions(rows, day))
        members = pl.DataFrame({"_row": point.astype(np.uint32), into: _codes(index, area)})
        lists = members.group_by("_row").agg(pl.col(into).unique().sort())
        placed = rows.drop(into, strict=False).with_row_index("_row")
        placed = placed.join(lists, on="_row", how="left", maintain_order="left").drop("_row")
        return placed.with_columns(pl.col(into).fill_null([]))

    schema = {name: dtype for name, dtype in frame.collect_schema().items() if name != into}
    return frame.map_batches(add, schema={**schema, into: pl.List(pl.String)})


def _positions(rows: pl.DataFrame, day: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    degrees = rows.select(pl.col("lon", "lat").cast(pl.Float64).fill_null(float("nan")))
    days = rows[day].cast(pl.Date).fill_null(date.min).to_numpy().astype("datetime64[D]")
    return degrees["lon"].to_numpy(), degrees["lat"].to_numpy(), days


def _codes(index: AreaIndex, number: np.ndarray) -> pl.Series:
    codes = pl.Series([None, *index.codes], dtype=pl.String)
    return codes.gather(number + 1)


def _dated(features: pl.DataFrame) -> pl.DataFrame:
    absent = [name for name in ("valid_from", "valid_to") if name not in features.columns]
    return features.with_columns(pl.lit(None, dtype=pl.Date).alias(name) for name in absent)


def _shapes(column: pl.Series) -> np.ndarray:
    read: Callable[..., np.ndarray] = shapely.from_wkb if column.dtype == pl.Binary else shapely.from_geojson
    return read(np.array(column.to_list(), dtype=object))


def _index(rows: pl.DataFrame, codes: pl.Series, shapes: np.ndarray, within_metres: float | None) -> AreaIndex:
    shapely.prepare(shapes)
    begins = rows["valid_from"].cast(pl.Date).fill_null(date.min).to_numpy().astype("datetime64[D]")
    ends = rows["valid_to"].cast(pl.Date).fill_null(date.max).to_numpy().astype("datetime64[D]")
    return AreaIndex(
        codes=tuple(codes),
        geometries=shapes,
        valid_from=begins,
        valid_to=ends,
        epochs=np.unique(np.concatenate([[np.datetime64(date.min)], begins, ends])),
        within_metres=within_metres,
    )


def epochs(index: AreaIndex, days: np.ndarray | date) -> np.ndarray:
    """Return the number of the stretch of days, within which no boundary changes, that each local day is in."""
    return np.searchsorted(index.epochs, np.atleast_1d(np.asarray(days, dtype="datetime64[D]")), side="right") - 1


def _by_epoch(index: AreaIndex, count: int, days: np.ndarray | date) -> list[tuple[Grid, slice | np.ndarray]]:
    """Return the grid of each stretch of days asked for, with the positions that belong to it."""
    if count == 0:
        return []
    epoch = epochs(index, days)
    low, high = int(epoch.min()), int(epoch.max())
    asked = [low] if low == high else np.unique(epoch).tolist()
    chosen = [(_grid(index, one), slice(None) if low == high else np.flatnonzero(epoch == one)) for one in asked]
    return [(cells, positions) for cells, positions in chosen if cells is not None]


def _grid(index: AreaIndex, epoch: int) -> Grid | None:
    if epoch not in index.grids:
        first_day = index.epochs[epoch]
        valid = (index.valid_from <= first_day) & (first_day < index.valid_to)
        valid &= ~shapely.is_empty(index.geometries)
        index.grids[epoch] = _build(index, np.flatnonzero(valid)) if valid.any() else None
    return index.grids[epoch]


def _holds(index: AreaIndex) -> grid.Holds:
    if index.within_metres is None:
        return lambda area, lon, lat: shapely.intersects_xy(index.geometries[area], lon, lat)
    return lambda area, lon, lat: edges.metres_from(index.geometries[area], lon, lat) <= index.within_metres


def _build(index: AreaIndex, valid: np.ndarray) -> Grid:
    shapes, metres, holds = index.geometries[valid], index.within_metres, _holds(index)
    boxes = shapely.bounds(shapes) if metres is None else edges.degree_boxes(shapes, metres)
    bounds = (*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0))
    lattice = grid.lattice_over(bounds, AREA_CELL_METRES if metres is None else PREMISES_CELL_METRES)
    tree = shapely.STRtree(shapely.box(*boxes.T))

    def ask(lon: np.ndarray, lat: np.ndarray) -> Pairs:
        point, near = tree.query(shapely.points(lon, lat))
        held = holds(valid[near], lon[point], lat[point])
        return point[held], valid[near[held]]

    if metres is None:
        sides = edges.sides_of(shapes, lattice)
        (cell, owner), keys = edges.border_cells(sides), edges.ring_keys(sides)
        outlines = edges.outlines(sides, valid[sides.area], len(index.codes))
    else:
        (cell, owner), keys = edges.rim_cells(shapes, boxes, metres, lattice), edges.box_keys(boxes, lattice)
        outlines = edges.no_outlines(len(index.codes))
    return grid.build(lattice, (cell, valid[owner]), edges.one_of_each(keys, ask), outlines)

"""Which grid cells an area covers in part only, and British National Grid metres."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyproj
import shapely

from metrics.grid import (
    MARGIN,
    METRES_PER_DEGREE,
    SUB,
    SUB_BITS,
    Covering,
    Lattice,
    Outlines,
    Pairs,
    numbered,
    tokens,
)

SPLIT = 4  # parts each way of a cell that is looked into; SUB is a power of it

Keys = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""(lon, lat) -> a number for each position: alike where the same areas hold both, as far as can be told cheaply."""

# The national grid by the seven-parameter (Helmert) shift, written out so that the answer never depends on a
# grid file that one machine has and another has not. EPSG gives its accuracy as 2 m, but neighbours are out
# together: a distance of 20 m is right to well under a centimetre.
NATIONAL_GRID = (
    "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=push +v_3 "
    "+step +proj=cart +ellps=WGS84 +step +inv +proj=helmert +x=446.448 +y=-125.157 +z=542.06 "
    "+rx=0.15 +ry=0.247 +rz=0.842 +s=-20.489 +convention=position_vector "
    "+step +inv +proj=cart +ellps=airy +step +proj=pop +v_3 "
    "+step +proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy"
)


@lru_cache(maxsize=1)
def _projection() -> pyproj.Transformer:
    return pyproj.Transformer.from_pipeline(NATIONAL_GRID)


def to_national_grid(shapes: np.ndarray) -> np.ndarray:
    """Move geometries from WGS 84 degrees to British National Grid metres, vertex by vertex."""
    return shapely.transform(
        shapes, lambda degrees: np.column_stack(_projection().transform(degrees[:, 0], degrees[:, 1]))
    )


def national_grid_metres(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the British National Grid metres, east and north, of positions in degrees."""
    return _projection().transform(lon, lat)


def to_degrees(shapes: np.ndarray) -> np.ndarray:
    """Move geometries from British National Grid metres to WGS 84 degrees, vertex by vertex."""
    return shapely.transform(
        shapes,
        lambda metres: np.column_stack(_projection().transform(metres[:, 0], metres[:, 1], direction="INVERSE")),
    )


def metres_from(footprints: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Return the distance of each position (degrees) from its footprint (national grid); 0 inside."""
    return shapely.distance(footprints, shapely.points(*_projection().transform(lon, lat)))


def degree_boxes(footprints: np.ndarray, metres: float) -> np.ndarray:
    """Return west, south, east, north (degrees) around all that is within `metres` of each footprint."""
    reach = metres + 1.0  # these boxes only choose what is looked at: a little too large is right
    west, south, east, north = (shapely.bounds(footprints) + np.array([-reach, -reach, reach, reach])).T
    lon, lat = _projection().transform(
        np.array([west, west, east, east]), np.array([south, north, south, north]), direction="INVERSE"
    )
    slack = 1e-5  # degrees, about a metre: the sides of a box bulge a little between their corners
    sides = lon.min(axis=0) - slack, lat.min(axis=0) - slack, lon.max(axis=0) + slack, lat.max(axis=0) + slack
    return np.column_stack(sides)


@dataclass(frozen=True, kw_only=True, eq=False)
class Sides:
    """The sides of areas' rings: ends in fine cells of a lattice (`u` east, `v` north), `ring` and `area` of each.

    `first`: number of its first corner among all `corners` (lon, lat), of which the next one is its other end.
    """

    lattice: Lattice
    corners: np.ndarray
    first: np.ndarray
    u: np.ndarray
    v: np.ndarray
    u_to: np.ndarray
    v_to: np.ndarray
    ring: np.ndarray
    area: np.ndarray


def sides_of(areas: np.ndarray, lattice: Lattice) -> Sides:
    """Return the sides of all rings of areas in degrees."""
    parts, part_owner = shapely.get_parts(areas, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    u = (corners[:, 0] - lattice.west) / lattice.lon_step
    v = (corners[:, 1] - lattice.south) / lattice.lat_step
    first = np.flatnonzero(ring[1:] == ring[:-1])
    area = part_owner[ring_part[ring[first]]]
    ends = {"u": u[first], "v": v[first], "u_to": u[first + 1], "v_to": v[first + 1]}
    return Sides(lattice=lattice, corners=corners, first=first, ring=ring[first], area=area, **ends)


def outlines(sides: Sides, area: np.ndarray, areas: int) -> Outlines:
    """Return the sides by area and row of cells; `area` of each side is below `areas`, and may lack some."""
    low, high = (np.floor(ends).astype(np.int64) for ends in (
        np.minimum(sides.v, sides.v_to) - MARGIN, np.maximum(sides.v, sides.v_to) + MARGIN
    ))  # fmt: skip
    first, last = np.full(areas, np.iinfo(np.int64).max), np.full(areas, -1)
    np.minimum.at(first, area, low)
    np.maximum.at(last, area, high)
    count = np.maximum(last - first + 1, 0)
    offset = np.cumsum(count) - count
    side, nth = numbered(high - low + 1)
    slot = (offset - first)[area][side] + low[side] + nth
    sizes = np.bincount(slot, minlength=count.sum())
    return Outlines(
        first=first,
        count=count,
        offset=offset,
        starts=np.concatenate([[0], np.cumsum(sizes)]),
        sides=sides.first[side[np.argsort(slot, kind="stable")]].astype(np.int32),
        corners=sides.corners,
    )


def no_outlines(areas: int) -> Outlines:
    """Return those of areas that positions are not in but near: their sides do not tell."""
    none, nobody = np.zeros(areas, dtype=np.int64), np.empty(0, dtype=np.int32)
    return Outlines(first=none, count=none, offset=none, starts=none[:1], sides=nobody, corners=np.empty((0, 2)))


def border_cells(sides: Sides) -> Pairs:
    """Return (fine cell, area number) for each cell that an area's border comes into, or within a hair of."""
    du, dv = sides.u_to - sides.u, sides.v_to - sides.v
    # No piece of a side is longer than half a cell, so it lies within two by two cells.
    pieces = np.ceil(2 * np.maximum(np.abs(du), np.abs(dv))).astype(np.int64) + 1
    side, nth = numbered(pieces)
    share = np.array([nth, nth + 1]) / pieces[side]
    (west, east), (south, north) = (
        _cells_between(ends[side] + share * steps[side]) for ends, steps in ((sides.u, du), (sides.v, dv))
    )
    width, wide, high = sides.lattice.columns * SUB, east > west, north > south
    first, area, both = south * width + west, sides.area[side], wide & high
    cells = [first, first[wide] + 1, first[high] + width, first[both] + width + 1]
    return _unique_pairs(np.concatenate(cells), np.concatenate([area, area[wide], area[high], area[both]]))


def ring_keys(sides: Sides) -> Keys:
    """Tell positions apart by the rings that they are inside of, an even or an odd number of times.

    Of the middle line of each row of cells all crossings with rings are known, in order: who stands east of a crossing
    has passed it. So a position less than half a cell beside a border may have the key of the other side.
    """
    lattice, width = sides.lattice, sides.lattice.columns * SUB
    low, high = (np.ceil(pick(sides.v, sides.v_to) - 0.5).astype(np.int64) for pick in (np.minimum, np.maximum))
    side, nth = numbered(high - low)
    row = low[side] + nth
    slope = (sides.u_to - sides.u)[side] / (sides.v_to - sides.v)[side]
    crossing = row * width + sides.u[side] + (row + 0.5 - sides.v[side]) * slope
    order = np.argsort(crossing)
    passed = tokens(int(sides.ring.max()) + 1)[sides.ring[side[order]]]
    key = np.concatenate([np.zeros(1, dtype=np.uint64), np.bitwise_xor.accumulate(passed)])
    crossing = crossing[order]

    def keys(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        u, v = (lon - lattice.west) / lattice.lon_step, (lat - lattice.south) / lattice.lat_step
        return key[np.searchsorted(crossing, np.floor(v) * width + u)]

    return keys


def box_keys(boxes: np.ndarray, lattice: Lattice) -> Keys:
    """Tell every position apart that is in a coarse cell with a part of a box; all others are one."""
    columns, rows = (ends >> SUB_BITS for ends in lattice.fine(boxes[:, ::2], boxes[:, 1::2]))
    near = np.zeros((lattice.rows + 1, lattice.columns + 1), dtype=np.int64)
    for row, column, step in ((0, 0, 1), (0, 1, -1), (1, 0, -1), (1, 1, 1)):
        np.add.at(near, (rows[:, row] + row, columns[:, column] + column), step)
    near = near.cumsum(axis=0).cumsum(axis=1) > 0

    def keys(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        column, row = lattice.fine(lon, lat)
        return np.where(near[row >> SUB_BITS, column >> SUB_BITS], np.arange(1, len(lon) + 1), 0)

    return keys


def one_of_each(keys: Keys, ask: Callable[[np.ndarray, np.ndarray], Pairs]) -> Covering:
    """Ask what holds one sure position of each key, for all of that key; and for each that has no such example."""

    def covering(lon: np.ndarray, lat: np.ndarray, sure: int) -> Pairs:
        key = keys(lon, lat)
        known, example = np.unique(key[:sure], return_index=True)
        alike = np.minimum(np.searchsorted(known, key), len(known) - 1)
        other = np.flatnonzero(known[alike] != key)
        alike[other] = len(known) + np.arange(len(other))
        asked = np.concatenate([example, other])
        point, area = ask(lon[asked], lat[asked])
        order = np.argsort(point, kind="stable")
        count = np.bincount(point, minlength=len(asked))
        owner, nth = numbered(count[alike])
        return owner, area[order][(np.cumsum(count) - count)[alike[owner]] + nth]

    return covering


def rim_cells(footprints: np.ndarray, boxes: np.ndarray, metres: float, lattice: Lattice) -> Pairs:
    """Return (fine cell, footprint number) where some positions are within `metres` and others may not be."""
    south = np.radians(lattice.south)
    # The farthest corner of a cell from its middle; 2 % covers the ellipsoid and the projection's scale.
    half = np.hypot(lattice.lon_step * np.cos(south), lattice.lat_step) / 2 * METRES_PER_DEGREE * 1.02
    columns, rows = (ends >> SUB_BITS for ends in lattice.fine(boxes[:, ::2], boxes[:, 1::2]))
    wide, high = columns[:, 1] - columns[:, 0] + 1, rows[:, 1] - rows[:, 0] + 1
    owner, nth = numbered(wide * high)
    column = (columns[owner, 0] + nth % wide[owner]).astype(np.int64) * SUB
    row = (rows[owner, 0] + nth // wide[owner]).astype(np.int64) * SUB
    borders, side = shapely.boundary(footprints), SUB
    while True:  # large cells first: of a footprint as large as a town, only those at its rim are looked into
        middle = lattice.centres(column + (side - 1) / 2, row + (side - 1) / 2)
        rim = np.abs(_metres_outside(footprints, borders, owner, *middle) - metres) <= half * side
        column, row, owner = column[rim], row[rim], owner[rim]
        if side == 1:
            return _unique_pairs(row * lattice.columns * SUB + column, owner)
        side //= SPLIT
        part = np.arange(SPLIT * SPLIT)
        column = (column[:, None] + part % SPLIT * side).ravel()
        row = (row[:, None] + part // SPLIT * side).ravel()
        owner = np.repeat(owner, SPLIT * SPLIT)


def _metres_outside(
    footprints: np.ndarray, borders: np.ndarray, owner: np.ndarray, lon: np.ndarray, lat: np.ndarray
) -> np.ndarray:
    """Return the distance of each position from its owner; inside, less than 0 by the distance from its border."""
    points = shapely.points(*_projection().transform(lon, lat))
    metres = shapely.distance(footprints[owner], points)
    inside = np.flatnonzero(metres == 0)
    metres[inside] = -shapely.distance(borders[owner[inside]], points[inside])
    return metres


def _cells_between(ends: np.ndarray) -> np.ndarray:
    low, high = ends.min(axis=0) - MARGIN, ends.max(axis=0) + MARGIN
    return np.floor([low, high]).astype(np.int64)


def _unique_pairs(cells: np.ndarray, owners: np.ndarray) -> Pairs:
    count = int(owners.max(initial=0)) + 1
    packed = np.sort(cells * count + owners)  # many times quicker than np.unique, which hashes
    return np.divmod(packed[np.concatenate([[True], packed[1:] != packed[:-1]])[: len(packed)]], count)

"""Which grid cells an area covers in part only, and British National Grid metres."""

from functools import lru_cache

import numpy as np
import pyproj
import shapely

from metrics.grid import MARGIN, METRES_PER_DEGREE, SUB, SUB_BITS, SUB_MASK, Lattice, Pairs, numbered

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


def border_cells(areas: np.ndarray, lattice: Lattice) -> Pairs:
    """Return (fine cell, area number) for each cell that an area's border comes into, or within a hair of."""
    parts, part_owner = shapely.get_parts(areas, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    u = (corners[:, 0] - lattice.west) / lattice.lon_step
    v = (corners[:, 1] - lattice.south) / lattice.lat_step
    first = np.flatnonzero(ring[1:] == ring[:-1])
    du, dv = u[first + 1] - u[first], v[first + 1] - v[first]
    # No piece of a side is longer than half a cell, so it lies within two by two cells.
    pieces = np.ceil(2 * np.maximum(np.abs(du), np.abs(dv))).astype(np.int64) + 1
    side, nth = numbered(pieces)
    share = np.array([nth, nth + 1]) / pieces[side]
    columns = _cells_between(u[first][side] + share * du[side])
    rows = _cells_between(v[first][side] + share * dv[side])
    cells = rows[:, None, :] * lattice.columns * SUB + columns[None, :, :]
    return _unique_pairs(cells.reshape(-1), np.tile(part_owner[ring_part[ring[first][side]]], 4))


def rim_cells(footprints: np.ndarray, boxes: np.ndarray, metres: float, lattice: Lattice) -> Pairs:
    """Return (fine cell, footprint number) where some positions are within `metres` and others may not be."""
    south = np.radians(lattice.south)
    # The farthest corner of a cell from its middle; 2 % covers the ellipsoid and the projection's scale.
    half = np.hypot(lattice.lon_step * np.cos(south), lattice.lat_step) / 2 * METRES_PER_DEGREE * 1.02
    columns, rows = (ends >> SUB_BITS for ends in lattice.fine(boxes[:, ::2], boxes[:, 1::2]))
    within = np.arange(SUB * SUB)
    cells, owners = [], []
    for number, footprint in enumerate(footprints):
        column, row = np.meshgrid(
            np.arange(columns[number, 0], columns[number, 1] + 1, dtype=np.int64) * SUB,
            np.arange(rows[number, 0], rows[number, 1] + 1, dtype=np.int64) * SUB,
        )
        # Coarse cells first: of a footprint as large as a town, only those at its rim are looked into.
        middle = lattice.centres(column + (SUB - 1) / 2, row + (SUB - 1) / 2)
        coarse = np.abs(_metres_outside(footprint, *middle) - metres) <= half * SUB
        column = (column[coarse][:, None] + (within & SUB_MASK)).ravel()
        row = (row[coarse][:, None] + (within >> SUB_BITS)).ravel()
        rim = np.abs(_metres_outside(footprint, *lattice.centres(column, row)) - metres) <= half
        cells.append((row * lattice.columns * SUB + column)[rim])
        owners.append(np.full(len(cells[-1]), number))
    return _unique_pairs(np.concatenate(cells), np.concatenate(owners))


def _metres_outside(footprint: shapely.Geometry, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Return the distance from a footprint; inside, less than 0 by the distance from its border."""
    points = shapely.points(*_projection().transform(lon, lat))
    outside = shapely.distance(footprint, points)
    return np.where(outside > 0, outside, -shapely.distance(shapely.boundary(footprint), points))


def _cells_between(ends: np.ndarray) -> np.ndarray:
    low, high = ends.min(axis=0) - MARGIN, ends.max(axis=0) + MARGIN
    return np.floor([low, high]).astype(np.int64)


def _unique_pairs(cells: np.ndarray, owners: np.ndarray) -> Pairs:
    count = int(owners.max(initial=0)) + 1
    packed = np.sort(cells * count + owners)  # many times quicker than np.unique, which hashes
    return np.divmod(packed[np.diff(packed, prepend=-1) != 0], count)

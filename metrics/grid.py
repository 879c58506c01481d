"""Two-level uniform grids: for every cell, the areas a position in it is in, or may be in."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

SUB = 16  # fine cells along the side of a coarse cell; a power of two, so that both numbers are bits of one
SUB_BITS = 4
SUB_MASK = SUB - 1
METRES_PER_DEGREE = 111_195.0  # of latitude, on the mean sphere: only sizes cells, decides nothing
MAX_COARSE = 4_000_000  # cells; a layer spread wider than this allows gets larger cells, not more memory
CHUNK = 1 << 17  # positions looked up at once, so that the scratch arrays stay in the processor's cache
MARGIN = 1e-6  # of a fine cell: far above rounding, so a position can never fall on the wrong side of an edge

Pairs = tuple[np.ndarray, np.ndarray]
"""Two equally long integer arrays: element i of the first belongs with element i of the second."""
Covering = Callable[[np.ndarray, np.ndarray], Pairs]
"""(lon, lat) -> (position number, area number), one pair for each area that holds each position."""
Holds = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
"""(area numbers, lon, lat) -> whether that area holds that position: the exact test."""


@dataclass(frozen=True, kw_only=True)
class Lattice:
    """Where the cells are: degrees of the south-west corner and of a fine cell, and coarse cells each way."""

    west: float
    south: float
    lon_step: float
    lat_step: float
    columns: int
    rows: int

    def fine(self, lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Column and row of the fine cell of each position; outside (or NaN) goes to the empty border."""
        column = np.fmin(np.fmax((lon - self.west) / self.lon_step, 0.0), self.columns * SUB - 1.0)
        row = np.fmin(np.fmax((lat - self.south) / self.lat_step, 0.0), self.rows * SUB - 1.0)
        return column.astype(np.int32), row.astype(np.int32)

    def centres(self, column: np.ndarray, row: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Longitude and latitude of the middles of fine cells."""
        return self.west + (column + 0.5) * self.lon_step, self.south + (row + 0.5) * self.lat_step


@dataclass(frozen=True, kw_only=True, eq=False)
class Grid:
    """A label for every cell. Labels below `first_edge` are sure: a position there is in exactly the areas of
    that label's set. The others are edges: the set names the areas that may hold the position.

    `coarse` has a label per coarse cell, or `-1 - block`; `fine` has SUB x SUB labels per block, row by row.
    Set i is `members[starts[i]:starts[i + 1]]`, ascending; `lowest[i]` its first (-1: none, or an edge).
    """

    lattice: Lattice
    coarse: np.ndarray
    fine: np.ndarray
    first_edge: int
    starts: np.ndarray
    members: np.ndarray
    lowest: np.ndarray


def lattice_over(bounds: tuple[float, float, float, float], cell_metres: float) -> Lattice:
    """Lay square cells of about `cell_metres` over (west, south, east, north), with an empty border round."""
    west, south, east, north = bounds
    while True:
        lat_step = cell_metres / METRES_PER_DEGREE
        lon_step = lat_step / np.cos(np.radians((south + north) / 2))
        columns = int((east - west) / (lon_step * SUB)) + 3
        rows = int((north - south) / (lat_step * SUB)) + 3
        if columns * rows <= MAX_COARSE:
            break
        cell_metres *= 1.5
    return Lattice(
        west=west - lon_step * SUB, south=south - lat_step * SUB,
        lon_step=float(lon_step), lat_step=lat_step, columns=columns, rows=rows,
    )  # fmt: skip


def build(lattice: Lattice, edges: Pairs, covering: Covering) -> Grid:
    """Build a grid from its edge cells, (fine cell number, area), and from what covers the other middles.

    A fine cell's number is `row * columns * SUB + column`. Every cell that an area covers in part only must
    be among the edges: then a middle speaks for its whole cell, and the first of a run of cells for the run.
    """
    width = lattice.columns * SUB
    edge_cell, edge_area = edges
    coarse_of_edge = (edge_cell // width >> SUB_BITS) * lattice.columns + (edge_cell % width >> SUB_BITS)
    block_cell = np.unique(coarse_of_edge)
    plain_cell = np.setdiff1d(np.arange(lattice.columns * lattice.rows), block_cell, assume_unique=True)

    block = np.searchsorted(block_cell, coarse_of_edge)
    edge_slot = block * SUB * SUB + (edge_cell // width & SUB_MASK) * SUB + (edge_cell % width & SUB_MASK)
    is_edge = np.zeros(len(block_cell) * SUB * SUB, dtype=bool)
    is_edge[edge_slot] = True
    starts_run = is_edge.copy()
    starts_run[::SUB] = True
    starts_run[1:] |= is_edge[:-1]
    speaker = np.flatnonzero(starts_run)  # the slots whose middles are asked; the others repeat the last one

    plain_pairs = covering(*_coarse_centres(lattice, plain_cell))
    speaker_pairs = covering(*_slot_centres(lattice, block_cell, speaker))
    plains = len(plain_cell)
    edge_item = np.searchsorted(speaker, edge_slot)
    labels, sets = _number_sets(
        np.concatenate([np.zeros(plains, dtype=bool), is_edge[speaker]]),
        np.concatenate([plain_pairs[0], plains + speaker_pairs[0], plains + edge_item]),
        np.concatenate([plain_pairs[1], speaker_pairs[1], edge_area]),
    )
    coarse = np.empty(lattice.columns * lattice.rows, dtype=np.int32)
    coarse[plain_cell] = labels[:plains]
    coarse[block_cell] = -1 - np.arange(len(block_cell))
    fine = labels[plains:][np.cumsum(starts_run) - 1]
    return _with_sets(lattice, coarse, fine, sets)


def labels_at(grid: Grid, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Return the label of each position's cell."""
    column, row = grid.lattice.fine(lon, lat)
    label = grid.coarse[(row >> SUB_BITS) * grid.lattice.columns + (column >> SUB_BITS)]
    split = np.flatnonzero(label < 0)
    if split.size:
        within = ((row[split] & SUB_MASK) << SUB_BITS) | (column[split] & SUB_MASK)
        label[split] = grid.fine[(-1 - label[split]) * (SUB * SUB) + within]
    return label


def lowest_at(grid: Grid, lon: np.ndarray, lat: np.ndarray, holds: Holds) -> np.ndarray:
    """Return the lowest-numbered area that holds each position, -1 where none does (int32)."""
    found = np.empty(len(lon), dtype=np.int32)
    for start in range(0, len(lon), CHUNK):
        part = slice(start, start + CHUNK)
        found[part] = _lowest_in_chunk(grid, lon[part], lat[part], holds)
    return found


def all_at(grid: Grid, lon: np.ndarray, lat: np.ndarray, holds: Holds) -> Pairs:
    """Return (position number, area) for every area that holds each position, ordered by both."""
    points, areas = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int32)]
    for start in range(0, len(lon), CHUNK):
        part = slice(start, start + CHUNK)
        point, area = _all_in_chunk(grid, lon[part], lat[part], holds)
        points.append(point + start)
        areas.append(area)
    return np.concatenate(points), np.concatenate(areas)


def numbered(counts: np.ndarray) -> Pairs:
    """Return, of `counts[i]` things for each i, their owners (i) and their numbers within the owner, from 0."""
    owner = np.repeat(np.arange(len(counts)), counts)
    return owner, np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)


def _lowest_in_chunk(grid: Grid, lon: np.ndarray, lat: np.ndarray, holds: Holds) -> np.ndarray:
    label = labels_at(grid, lon, lat)
    found = grid.lowest[label]
    edge = np.flatnonzero(label >= grid.first_edge)
    if edge.size:
        point, area = _tested(grid, label[edge], lon[edge], lat[edge], holds)
        first = np.flatnonzero(np.diff(point, prepend=-1))
        found[edge[point[first]]] = area[first]
    return found


def _all_in_chunk(grid: Grid, lon: np.ndarray, lat: np.ndarray, holds: Holds) -> Pairs:
    label = labels_at(grid, lon, lat)
    some = np.flatnonzero(np.diff(grid.starts)[label])
    sure = some[label[some] < grid.first_edge]
    edge = some[label[some] >= grid.first_edge]
    sure_point, sure_area = _candidates(grid, label[sure])
    edge_point, edge_area = _tested(grid, label[edge], lon[edge], lat[edge], holds)
    point = np.concatenate([sure[sure_point], edge[edge_point]])
    order = np.argsort(point, kind="stable")
    return point[order], np.concatenate([sure_area, edge_area])[order]


def _candidates(grid: Grid, label: np.ndarray) -> Pairs:
    point, nth = numbered(grid.starts[label + 1] - grid.starts[label])
    return point, grid.members[grid.starts[label][point] + nth]


def _tested(grid: Grid, label: np.ndarray, lon: np.ndarray, lat: np.ndarray, holds: Holds) -> Pairs:
    point, area = _candidates(grid, label)
    held = holds(area, lon[point], lat[point])
    return point[held], area[held]


def _coarse_centres(lattice: Lattice, cell: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    half = (SUB - 1) / 2  # the middle of a coarse cell, in fine cells from the middle of its first one
    return lattice.centres(cell % lattice.columns * SUB + half, cell // lattice.columns * SUB + half)


def _slot_centres(lattice: Lattice, block_cell: np.ndarray, slot: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    cell = block_cell[slot // (SUB * SUB)]
    column = cell % lattice.columns * SUB + (slot & SUB_MASK)
    row = cell // lattice.columns * SUB + (slot // SUB & SUB_MASK)
    return lattice.centres(column, row)


def _number_sets(is_edge: np.ndarray, item: np.ndarray, area: np.ndarray) -> tuple[np.ndarray, pl.DataFrame]:
    """Label each item's set of areas; also the sets by label (edge, area): sure first, the empty one 0."""
    pairs = pl.DataFrame({"item": item.astype(np.int64), "area": area.astype(np.int32)}).unique()
    sets_of_items = pairs.sort("item", "area").group_by("item").agg(pl.col("area"))
    items = (
        pl.DataFrame({"item": np.arange(len(is_edge)), "edge": is_edge})
        .join(sets_of_items, on="item", how="left", maintain_order="left")
        .with_columns(pl.col("area").fill_null([]))
        .with_columns(key=pl.col("area").cast(pl.List(pl.String)).list.join(","))
    )
    schema = {"edge": pl.Boolean, "key": pl.String, "area": pl.List(pl.Int32)}
    empty = pl.DataFrame({"edge": [False], "key": [""], "area": [[]]}, schema=schema)
    sets = (
        pl.concat([empty, items.select("edge", "key", "area")])
        .unique(["edge", "key"])
        .sort("edge", "key")
        .with_row_index("label")
    )
    labelled = items.join(sets.drop("area"), on=["edge", "key"], how="left", maintain_order="left")
    return labelled["label"].to_numpy().astype(np.int32), sets


def _with_sets(lattice: Lattice, coarse: np.ndarray, fine: np.ndarray, sets: pl.DataFrame) -> Grid:
    sizes = sets["area"].list.len().to_numpy().astype(np.int64)
    first = sets["area"].list.first().fill_null(-1).to_numpy()
    return Grid(
        lattice=lattice,
        coarse=coarse,
        fine=fine.astype(np.int16) if len(sets) <= np.iinfo(np.int16).max else fine,
        first_edge=int((~sets["edge"]).sum()),
        starts=np.concatenate([[0], np.cumsum(sizes)]),
        members=sets["area"].explode(empty_as_null=False).to_numpy().astype(np.int32),
        lowest=np.where(sets["edge"].to_numpy(), -1, first).astype(np.int32),
    )

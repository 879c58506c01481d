"""Two-level uniform grids: for every cell, the areas a position in it is in, or may be in."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

SUB = 16  # fine cells along the side of a coarse cell; a power of two, so that both numbers are bits of one
SUB_BITS = 4
SUB_MASK = SUB - 1
METRES_PER_DEGREE = 111_195.0  # of latitude, on the mean sphere: only sizes cells, decides nothing
MAX_COARSE = 4_000_000  # cells; a layer spread wider than this allows gets larger cells, not more memory
CHUNK = 1 << 17  # positions tested at once: bounds the scratch memory
MARGIN = 1e-6  # of a fine cell: far above rounding, so a position can never fall on the wrong side of an edge

Pairs = tuple[np.ndarray, np.ndarray]
"""Two equally long integer arrays: element i of the first belongs with element i of the second."""
Covering = Callable[[np.ndarray, np.ndarray, int], Pairs]
"""(lon, lat, sure) -> (position number, area number), one pair for each area that holds each position.

The first `sure` positions are middles of cells that no area covers in part only."""
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
        column = _within((lon - self.west) / self.lon_step, self.columns * SUB)
        row = _within((lat - self.south) / self.lat_step, self.rows * SUB)
        return column, row

    def centres(self, column: np.ndarray, row: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Longitude and latitude of the middles of fine cells."""
        return self.west + (column + 0.5) * self.lon_step, self.south + (row + 0.5) * self.lat_step


@dataclass(frozen=True, kw_only=True, eq=False)
class Outlines:
    """The sides of areas' rings by area and row of fine cells: side s is from `corners` s (lon, lat) to s + 1.

    Those in row `first[a] + i` of area a are `sides[starts[n]:starts[n + 1]]`, where n = `offset[a] + i`. The area has
    `count[a]` rows: none where its sides do not tell.
    """

    first: np.ndarray
    count: np.ndarray
    offset: np.ndarray
    starts: np.ndarray
    sides: np.ndarray
    corners: np.ndarray


@dataclass(frozen=True, kw_only=True, eq=False)
class Grid:
    """A label for every cell. Labels below `first_edge` are sure: a position there is in exactly the areas of
    that label's set. The others are edges: the set names the areas that may hold the position.

    `coarse` has a block per coarse cell; `fine` has SUB x SUB labels per block, row by row. Coarse cells without an
    edge share one block for each label.
    Set i is `members[starts[i]:starts[i + 1]]`, ascending; `lowest[i]` its first (-1: none, or an edge). For nearly
    all positions at an edge `outlines` tell which areas of the set hold them.
    """

    lattice: Lattice
    coarse: np.ndarray
    fine: np.ndarray
    first_edge: int
    starts: np.ndarray
    members: np.ndarray
    lowest: np.ndarray
    outlines: Outlines


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


def build(lattice: Lattice, edges: Pairs, covering: Covering, outlines: Outlines) -> Grid:
    """Build a grid from its edge cells, (fine cell number, area), and from what covers the other middles.

    A fine cell's number is `row * columns * SUB + column`. Every cell that an area covers in part only must
    be among the edges: then a middle speaks for its whole cell, and the first of a run of cells for the run.
    """
    width = lattice.columns * SUB
    edge_cell, edge_area = edges
    row, column = np.divmod(edge_cell, width)
    coarse_of_edge = (row >> SUB_BITS) * lattice.columns + (column >> SUB_BITS)
    is_block = np.zeros(lattice.columns * lattice.rows, dtype=bool)
    is_block[coarse_of_edge] = True
    block_cell, plain_cell = np.flatnonzero(is_block), np.flatnonzero(~is_block)

    block = (np.cumsum(is_block) - 1)[coarse_of_edge]
    edge_slot = block * SUB * SUB + (row & SUB_MASK) * SUB + (column & SUB_MASK)
    is_edge = np.zeros(len(block_cell) * SUB * SUB, dtype=bool)
    is_edge[edge_slot] = True
    starts_run = is_edge.copy()
    starts_run[::SUB] = True
    starts_run[1:] |= is_edge[:-1]
    speaker = np.flatnonzero(starts_run)  # the slots whose middles are asked; the others repeat the last one

    plains = len(plain_cell)
    centres = _coarse_centres(lattice, plain_cell), _slot_centres(lattice, block_cell, speaker)
    lon, lat = (np.concatenate(degrees) for degrees in zip(*centres, strict=True))
    unsure = np.concatenate([np.zeros(plains, dtype=bool), is_edge[speaker]])
    sure_first = np.argsort(unsure, kind="stable")
    point, area = covering(lon[sure_first], lat[sure_first], int((~unsure).sum()))
    labels, sets = _number_sets(
        unsure,
        np.concatenate([sure_first[point], plains + np.searchsorted(speaker, edge_slot)]),
        np.concatenate([area, edge_area]),
    )
    coarse = np.empty(lattice.columns * lattice.rows, dtype=np.uint32)
    plain, shared = np.unique(labels[:plains], return_inverse=True)
    coarse[block_cell], coarse[plain_cell] = np.arange(len(block_cell)), len(block_cell) + shared
    fine = np.concatenate([labels[plains:][np.cumsum(starts_run) - 1], np.repeat(plain, SUB * SUB)])
    return _with_sets(lattice, coarse, fine, sets, outlines)


def labels_at(grid: Grid, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Return the label of each position's cell (int32)."""
    from metrics.compiled import MANY, loops  # here: the loops know of these cells

    if len(lon) >= MANY:
        return loops(len(lon)).labels(lon, lat, *cells_of(grid))
    column, row = grid.lattice.fine(lon, lat)
    block = grid.coarse.take((row >> SUB_BITS) * grid.lattice.columns + (column >> SUB_BITS), mode="clip")
    within = ((row & SUB_MASK) << SUB_BITS) | (column & SUB_MASK)
    return grid.fine.take(block * (SUB * SUB) + within, mode="clip").astype(np.int32)


def lowest_at(grid: Grid, lon: np.ndarray, lat: np.ndarray, holds: Holds) -> np.ndarray:
    """Return the lowest-numbered area that holds each position, -1 where none does (int32)."""
    from metrics.compiled import MANY, loops  # here: the loops know of these cells

    if len(lon) >= MANY:
        found, edge, label = loops(len(lon)).lowest_held(lon, lat, *cells_of(grid), sets_of(grid), outlines_of(grid))
    else:
        found = labels_at(grid, lon, lat)
        edge = np.flatnonzero(found >= grid.first_edge)
        label = found[edge]
        found = grid.lowest[found]
    # By label: positions at one border follow each other, and what shapely keeps of it stays in the cache.
    order = np.argsort(label)
    for start in range(0, len(order), CHUNK):
        part = order[start : start + CHUNK]
        found[edge[part]] = _first_held(grid, label[part], lon[edge[part]], lat[edge[part]], holds)
    return found


def cells_of(grid: Grid) -> tuple:
    """Return a grid's cells as the loops take them: corner, step and size (each east, then north), coarse and fine."""
    cells = grid.lattice
    size = cells.columns * SUB, cells.rows * SUB
    return (cells.west, cells.south), (cells.lon_step, cells.lat_step), size, grid.coarse, grid.fine


def sets_of(grid: Grid) -> tuple:
    """Return a grid's sets of areas as the loops take them."""
    return grid.lowest, grid.first_edge, grid.starts, grid.members


def outlines_of(grid: Grid) -> tuple:
    """Return a grid's outlines as the loops take them."""
    own = grid.outlines
    return own.first, own.count, own.offset, own.starts, own.sides, own.corners


def all_at(grid: Grid, lon: np.ndarray, lat: np.ndarray, holds: Holds) -> Pairs:
    """Return (position number, area) for every area that holds each position, ordered by both."""
    label = labels_at(grid, lon, lat)
    some = np.flatnonzero((np.diff(grid.starts) > 0).take(label))
    is_edge = label[some] >= grid.first_edge
    sure, edge = some[~is_edge], some[is_edge]
    sure_point, sure_area = _candidates(grid, label[sure])
    edge_point, edge_area = _tested(grid, label[edge], lon[edge], lat[edge], holds)
    point = np.concatenate([sure[sure_point], edge[edge_point]])
    order = np.argsort(point, kind="stable")
    return point[order], np.concatenate([sure_area, edge_area])[order]


def numbered(counts: np.ndarray) -> Pairs:
    """Return, of `counts[i]` things for each i, their owners (i) and their numbers within the owner, from 0."""
    owner = np.repeat(np.arange(len(counts)), counts)
    return owner, np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)


def _within(cell: np.ndarray, count: int) -> np.ndarray:
    """Return whole numbers of cells, those of outside (or NaN) put to the first or the last; `cell` may be changed."""
    if not (cell.min() >= 0 and cell.max() < count):  # mostly nobody is outside, and to see that is quick
        np.fmin(np.fmax(cell, 0.0, out=cell), count - 1.0, out=cell)
    return cell.astype(np.int32)


def _first_held(grid: Grid, label: np.ndarray, lon: np.ndarray, lat: np.ndarray, holds: Holds) -> np.ndarray:
    """Test the candidates of positions at edges in turn: mostly the first one holds, and the next is not asked."""
    found, left = np.full(len(label), -1, dtype=np.int32), np.arange(len(label))
    nth, ends = grid.starts[label], grid.starts[label + 1]
    while left.size:
        area = grid.members[nth[left]]
        held = holds(area, lon[left], lat[left])
        found[left[held]] = area[held]
        nth[left] += 1
        left = left[~held & (nth[left] < ends[left])]
    return found


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


@dataclass(frozen=True, kw_only=True, eq=False)
class _Sets:
    """Sets of areas by label, those of sure cells first: set i is `members[starts[i]:starts[i + 1]]`."""

    sure: int
    starts: np.ndarray
    members: np.ndarray


def tokens(count: int) -> np.ndarray:
    """Return numbers (uint64, below 2**63) whose exclusive-or tells sets of things apart, the same in every run."""
    return np.random.default_rng(count).integers(1, 1 << 63, count, dtype=np.uint64)


def _number_sets(is_edge: np.ndarray, item: np.ndarray, area: np.ndarray) -> tuple[np.ndarray, _Sets]:
    """Label each item's set of areas; also the sets by label: sure first, the empty one 0."""
    areas = int(area.max(initial=0)) + 1
    packed = np.sort(item.astype(np.int64) * areas + area)
    item, area = np.divmod(packed[np.diff(packed, prepend=-1) != 0], areas)
    first = np.flatnonzero(np.diff(item, prepend=-1))
    key = is_edge.astype(np.uint64) << np.uint64(63)
    key[item[first]] ^= np.bitwise_xor.reduceat(tokens(areas)[area], first)
    _, example, label = np.unique(key, return_index=True, return_inverse=True)
    sizes = np.bincount(item, minlength=len(is_edge))
    owner, nth = numbered(sizes[example])
    return label.astype(np.int32), _Sets(
        sure=int((~is_edge[example]).sum()),
        starts=np.concatenate([[0], np.cumsum(sizes[example])]),
        members=area[(np.cumsum(sizes) - sizes)[example][owner] + nth].astype(np.int32),
    )


def _with_sets(lattice: Lattice, coarse: np.ndarray, fine: np.ndarray, sets: _Sets, outlines: Outlines) -> Grid:
    some = np.flatnonzero(np.diff(sets.starts)[: sets.sure])
    lowest = np.full(len(sets.starts) - 1, -1, dtype=np.int32)
    lowest[some] = sets.members[sets.starts[some]]
    return Grid(
        lattice=lattice,
        coarse=coarse,
        fine=fine.astype(np.uint16 if len(lowest) <= np.iinfo(np.uint16).max else np.uint32),
        first_edge=sets.sure,
        starts=sets.starts,
        members=sets.members,
        lowest=lowest,
        outlines=outlines,
    )

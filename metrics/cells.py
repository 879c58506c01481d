"""The force area as squares of 100 m on the national grid: how much happened in each."""

from dataclasses import dataclass

import numpy as np
import polars as pl
import shapely

from metrics.edges import national_grid_metres

CELL_METRES = 100
CELL_KM2 = (CELL_METRES / 1000) ** 2
NOWHERE = -1


@dataclass(frozen=True, kw_only=True, eq=False)
class Cells:
    """The squares that the force area comes into, so that whatever lies in it lies in one of them.

    They are numbered row by row from the south-west of a rectangle of `columns` squares whose corner is `west`,
    `south` (whole squares from the grid's origin). `inside` tells of each number whether the force area comes into it.
    """

    west: int
    south: int
    columns: int
    inside: np.ndarray


def cells_of(area: shapely.Geometry) -> Cells:
    """Return the squares of an area given in national grid metres."""
    west, south, east, north = (int(edge // CELL_METRES) for edge in area.bounds)
    columns, rows = east - west + 1, north - south + 1
    cells = Cells(west=west, south=south, columns=columns, inside=np.ones(columns * rows, dtype=bool))
    shapely.prepare(area)
    inside = shapely.intersects(area, squares(cells, np.arange(columns * rows)))
    return Cells(west=west, south=south, columns=columns, inside=inside)


def squares(cells: Cells, numbers: np.ndarray) -> np.ndarray:
    """Return the squares of these numbers as polygons in national grid metres."""
    row, column = np.divmod(numbers, cells.columns)
    x, y = (cells.west + column) * CELL_METRES, (cells.south + row) * CELL_METRES
    return shapely.box(x, y, x + CELL_METRES, y + CELL_METRES)


def numbers_at(cells: Cells, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the number of the square that holds each position (metres); NOWHERE outside the force's squares."""
    column = np.floor(x / CELL_METRES).astype(np.int64) - cells.west
    row = np.floor(y / CELL_METRES).astype(np.int64) - cells.south
    rows = len(cells.inside) // cells.columns
    within = (column >= 0) & (column < cells.columns) & (row >= 0) & (row < rows)
    number = np.where(within, row * cells.columns + column, 0)
    return np.where(within & cells.inside[number], number, NOWHERE)


def amounts(cells: Cells, x: np.ndarray, y: np.ndarray, amount: np.ndarray) -> np.ndarray:
    """Return the sum of `amount` in each square; what lies in none of them is left out."""
    number = numbers_at(cells, x, y)
    known = number != NOWHERE
    return np.bincount(number[known], amount[known], minlength=len(cells.inside))


def positions(rows: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the national grid metres of rows with `lon` and `lat` (degrees, none of them null)."""
    return national_grid_metres(rows["lon"].to_numpy(), rows["lat"].to_numpy())

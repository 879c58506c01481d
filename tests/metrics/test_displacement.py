"""The weighted displacement difference against published figures; rings and comparable places against loops."""

from math import sqrt

import numpy as np
import polars as pl
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from metrics.cells import Cells, amounts, cells_of, numbers_at, positions, squares
from metrics.displacement import (
    Counts,
    away_from,
    cluster_size,
    counts_in,
    ring,
    shape_of,
    weighted_displacement_difference,
    worst_clusters,
)
from metrics.edges import to_degrees, to_national_grid
from tests.laws import examples

NONE = Counts(before=0, after=0)


def pair(before: int, after: int) -> Counts:
    return Counts(before=before, after=after)


def test_the_worked_example_of_wheeler_and_ratcliffe():
    """Crime Science 7:11 (2018), as the package ptools, of the first author, holds itself to it (test-wdd.R).

    control 308 to 318, treated 207 to 110, displacement control 150 to 140, displacement treated 178 to 157.
    """
    found = weighted_displacement_difference(
        control=pair(308, 318), treated=pair(207, 110), control_ring=pair(150, 140), treated_ring=pair(178, 157)
    )
    assert (found.estimate, found.local, found.displaced, found.variance) == (-118, -107, -11, 1568)
    assert found.estimate / sqrt(found.variance) == pytest.approx(-2.98, abs=0.005)
    assert (round(found.low), round(found.high)) == (-196, -40)
    assert not found.could_be_chance


def test_the_example_of_the_package_s_manual():
    """ptools::wdd(c(20, 20), c(20, 10)): -10, standard error 8.3666, which could be chance."""
    found = weighted_displacement_difference(
        control=pair(20, 20), treated=pair(20, 10), control_ring=NONE, treated_ring=NONE
    )
    assert found.estimate == -10
    assert sqrt(found.variance) == pytest.approx(8.366600, abs=5e-7)
    assert found.could_be_chance


def test_no_change_in_percent_on_small_numbers():
    assert [pair(*one).change_percent for one in ((20, 15), (19, 15), (0, 0))] == [-25, None, None]


def test_what_only_moves_round_the_corner_is_no_success():
    moved = weighted_displacement_difference(
        control=pair(500, 500), treated=pair(400, 200), control_ring=pair(300, 300), treated_ring=pair(300, 500)
    )
    assert (moved.local, moved.displaced, moved.estimate) == (-200, 200, 0)


def test_a_ring_is_100_metres_wide_and_leaves_out_other_hotspots():
    place, other = shapely.box(0, 0, 200, 200), shapely.box(250, 0, 450, 200)
    around = ring(place, other)
    assert shapely.buffer(place, 100).area - place.area - 50 * 200 == pytest.approx(around.area, rel=0.01)
    assert counts_in(around, metres((-50, 100), (100, 100), (275, 100)), metres((-101, 100), (225, 100))) == pair(1, 1)


def metres(*points: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    x, y = zip(*points, strict=True)
    return np.array(x, dtype=float), np.array(y, dtype=float)


def board(columns: int, rows: int) -> Cells:
    return Cells(west=4000, south=2900, columns=columns, inside=np.ones(columns * rows, dtype=bool))


def test_squares_are_those_that_the_area_comes_into():
    area = shapely.Polygon([(400_050, 290_050), (400_240, 290_050), (400_050, 290_240)])
    cells = cells_of(area)
    assert (cells.west, cells.south, cells.columns) == (4000, 2900, 3)
    assert cells.inside.reshape(3, 3).tolist() == [[True, True, True], [True, True, False], [True, False, False]]
    places = metres((400_099.9, 290_000), (400_100, 290_000), (400_250, 290_250), (390_000, 290_000))
    assert numbers_at(cells, *places).tolist() == [0, 1, -1, -1]
    assert amounts(cells, *places, np.array([1.5, 2, 4, 8])).tolist() == [1.5, 2, 0, 0, 0, 0, 0, 0, 0]


def test_positions_are_metres_of_the_national_grid():
    # Ordnance Survey's own point on Caister Water Tower, to the 5 m of the shift by seven parameters
    x, y = positions(pl.DataFrame({"lon": [1.716073973], "lat": [52.658007833]}))
    assert (x[0], y[0]) == pytest.approx((651409.80, 313177.45), abs=5)


def test_a_shape_drawn_in_metres_is_where_it_is_in_degrees():
    square = shapely.box(407_000, 286_000, 407_100, 286_100)
    there = to_national_grid(to_degrees(np.array([square])))
    assert shapely.equals_exact(there[0], square, tolerance=1e-3)


def test_comparable_places_are_200_metres_away():
    cells = board(6, 1)
    hotspot = shapely.box(400_000, 290_000, 400_050, 290_100)
    assert away_from(cells, hotspot).tolist() == [False, False, False, True, True, True]
    assert away_from(cells, shapely.MultiPolygon()).all()


# Harm by square, the southern row first. The worst square is 90; beside it 5 and 40; far from it 30 beside 20.
HARM = [
    [0, 5, 0, 0, 0, 0],
    [40, 90, 1, 0, 0, 0],
    [0, 0, 0, 0, 0, 30],
    [0, 0, 0, 0, 0, 20],
]


def test_a_place_grows_from_its_worst_square_and_the_next_stays_apart():
    cells = board(6, 4)
    harm = np.array(HARM, dtype=float).ravel()
    found = worst_clusters(cells, harm, cells.inside, size=2, count=5)
    assert [place.tolist() for place in found] == [[7, 6], [17, 23]]
    assert shapely.area(shape_of(cells, found)) == 4 * 100 * 100


def test_where_every_square_has_harm_but_too_few_are_left_there_are_fewer_places_than_asked():
    cells = cells_of(shapely.box(0, 0, 299, 99))
    (only,) = worst_clusters(cells, np.array([3.0, 2.0, 1.0]), np.ones(3, dtype=bool), size=2, count=5)
    assert sorted(only) == [0, 1]


def test_where_nothing_is_allowed_there_is_no_place():
    cells = board(6, 4)
    harm = np.array(HARM, dtype=float).ravel()
    assert worst_clusters(cells, harm, np.zeros(24, dtype=bool), size=2, count=5) == []
    lonely = np.zeros(24, dtype=bool)
    lonely[7] = True  # one square alone is no place of two
    assert worst_clusters(cells, harm, lonely, size=2, count=5) == []
    assert shape_of(cells, []).is_empty


def test_a_place_has_the_hotspots_mean_size():
    assert [cluster_size(km2) for km2 in (0.18, 0.184, 0.001)] == [18, 18, 1]


@examples(60)
@given(
    st.lists(st.integers(0, 9), min_size=35, max_size=35),
    st.lists(st.booleans(), min_size=35, max_size=35),
    st.integers(1, 4),
)
def test_places_are_whole_apart_and_only_where_allowed(harm: list[int], allowed: list[bool], size: int):
    cells = board(7, 5)
    found = worst_clusters(cells, np.array(harm, dtype=float), np.array(allowed), size=size, count=3)
    assert len(found) <= 3
    boxes = [squares(cells, place) for place in found]
    for place, shapes in zip(found, boxes, strict=True):
        assert len(set(place.tolist())) == size and all(allowed[one] for one in place)
        assert shapely.union_all(shapely.buffer(shapes, 0.1)).geom_type == "Polygon"  # corners touch
    for number, shapes in enumerate(boxes):
        for others in boxes[number + 1 :]:
            assert shapely.distance(shapely.union_all(shapes), shapely.union_all(others)) >= 100
    totals = [sum(harm[one] for one in place) for place in found]
    assert totals == sorted(totals, reverse=True)

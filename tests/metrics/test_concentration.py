"""How few squares hold half, and how well chosen places caught what came: by hand, and by loops."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.concentration import Accuracy, best_catch, curve, holding_half


def test_half_of_the_crime_in_a_fifth_of_the_squares():
    found = holding_half(np.array([1.0, 6, 0, 0, 4, 1, 0, 0, 0, 0]))
    assert (found.cells, found.holding_half, found.amount, found.share) == (10, 1, 12, 10)
    assert holding_half(np.array([1.0, 5, 0, 0, 4, 1, 0, 0, 0, 1])).share == 20


def test_where_nothing_happened_nothing_is_concentrated():
    assert holding_half(np.zeros(10)).share is None
    assert curve(np.zeros(10)) == (pytest.approx([0, 100]), pytest.approx([0, 100]))


def test_the_curve_begins_at_nothing_and_ends_with_all():
    squares, held = curve(np.array([1.0, 2, 0, 1]))
    assert squares.tolist() == [0, 25, 50, 75, 100]
    assert held.tolist() == [0, 50, 75, 100, 100]


def test_accuracy_and_efficiency_of_a_choice():
    # 30 of 100 events in 2 of 50 km²: 30 % in 4 % of the area; the best 2 km² would have held 60.
    found = Accuracy(events=100, inside=30, km2=50, km2_inside=2, best=60)
    assert (found.pai, found.best_pai, found.pei) == (pytest.approx(7.5), pytest.approx(15), 0.5)


@pytest.mark.parametrize("missing", [{"events": 0}, {"km2_inside": 0.0}, {"km2": 0.0}])
def test_without_events_or_area_there_is_no_accuracy(missing: dict):
    assert Accuracy(**{"events": 9, "inside": 0, "km2": 5.0, "km2_inside": 1.0, "best": 0.0} | missing).pai is None


def test_of_the_last_square_as_much_as_there_is_room_for():
    assert best_catch(np.array([3.0, 10, 4]), 0.015) == pytest.approx(12)  # one square of 0.01 km² and half of the next
    assert best_catch(np.array([3.0, 10, 4]), 1) == 17


amounts = st.lists(st.integers(0, 20), min_size=1, max_size=9)


@given(amounts)
def test_no_fewer_squares_hold_half(given_amounts: list[int]):
    total = sum(given_amounts)
    fewest = next(
        (n for n in range(1, len(given_amounts) + 1)
         if any(2 * sum(chosen) >= total for chosen in combinations(given_amounts, n))),
        0,
    ) if total else 0  # fmt: skip
    assert holding_half(np.array(given_amounts, dtype=float)).holding_half == fewest


@given(amounts, st.integers(0, 9))
def test_no_other_squares_of_the_area_catch_more(given_amounts: list[int], count: int):
    most = max((sum(chosen) for chosen in combinations(given_amounts, min(count, len(given_amounts)))), default=0)
    assert best_catch(np.array(given_amounts, dtype=float), 0.01 * count) == pytest.approx(most)

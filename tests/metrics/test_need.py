"""The need index is its recipe and nothing else; moved hours neither appear nor vanish."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.need import NeedPart, move_hours, need, served
from tests.laws import examples

ASB = NeedPart(column="asb", words="ASB per 1,000 residents", weight=3)
PARKS = NeedPart(column="parks", words="green space", weight=1, more_is_need=False)


def figures(**columns: list) -> pl.DataFrame:
    count = len(next(iter(columns.values())))
    return pl.DataFrame({"area_code": [f"N{k:02}" for k in range(count)], **columns})


def test_ranks_are_weighted_and_added():
    found = need(figures(asb=[10.0, 20.0, 30.0], parks=[5.0, 1.0, 3.0]), [ASB, PARKS])
    assert found["need"].to_list() == pytest.approx([0, 62.5, 87.5])
    assert found["need_rank"].to_list() == [3, 2, 1]


def test_equal_figures_share_their_rank():
    found = need(figures(asb=[10.0, 10.0, 30.0]), [ASB])
    assert found["need"].to_list() == [25, 25, 100]


def test_a_neighbourhood_with_an_unknown_part_has_no_index():
    found = need(figures(asb=[10.0, None, 30.0]), [ASB])
    assert found.select("need", "need_rank", "need_type").rows()[1] == (None, None, None)


def test_five_types_of_equal_size():
    found = need(figures(asb=[float(k) for k in range(20)]), [ASB])
    assert found["need_type"].to_list() == [1 + k // 4 for k in range(20)]


def test_a_recipe_needs_weight():
    with pytest.raises(ValueError, match="give at least one part, each with a weight above 0"):
        need(figures(asb=[1.0]), [])


def rows(gets: list[float], needs: list[float]) -> pl.DataFrame:
    frame = figures(need=needs)
    return served(frame, pl.DataFrame({"area_code": frame["area_code"], "hours": gets}))


def test_the_fair_share_follows_need():
    found = rows([60.0, 40.0], [25.0, 75.0])
    assert found["fair_hours"].to_list() == [25, 75]
    assert found["gap_hours"].to_list() == [35, -35]


def test_moved_hours_lift_the_worst_served_first():
    found = move_hours(rows([70.0, 20.0, 10.0], [30.0, 30.0, 40.0]), 24)
    assert found["gap_hours"].to_list() == pytest.approx([40, -10, -30])
    assert found["gap_after"].to_list() == pytest.approx([16, -8, -8])


def test_nobody_is_pushed_past_the_fair_share():
    found = move_hours(rows([60.0, 40.0], [25.0, 75.0]), 1000)
    assert found["gap_after"].to_list() == pytest.approx([0, 0])


def test_where_everybody_has_the_fair_share_nothing_moves():
    found = move_hours(rows([25.0, 75.0], [25.0, 75.0]), 10)
    assert found["moved_hours"].to_list() == [0, 0]


def test_moving_less_than_nothing_is_refused():
    with pytest.raises(ValueError, match="-1 hours to move: give 0 or more"):
        move_hours(rows([60.0, 40.0], [25.0, 75.0]), -1)


@examples(60)
@given(
    st.lists(st.tuples(st.integers(0, 50).map(float), st.integers(1, 9).map(float)), min_size=1, max_size=9),
    st.integers(0, 90).map(float),
)
def test_hours_neither_appear_nor_vanish(places, amount):
    found = move_hours(rows([h for h, _ in places], [n for _, n in places]), amount)
    assert found["moved_hours"].sum() == pytest.approx(0, abs=1e-9)
    assert found["gap_after"].abs().sum() <= found["gap_hours"].abs().sum() + 1e-9

"""What hours and prevented offences cost, in tables small enough to check by hand."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.cost import HoursCost, PoundsRange, cost_of_hours, cost_of_prevented, usual_cost
from metrics.displacement import Difference

PRICES = {"officer": 40.0, "pcso": 28.0}


def by_role(**hours: float | None) -> pl.DataFrame:
    return pl.DataFrame(list(hours.items()), schema={"role": pl.String, "hours": pl.Float64}, orient="row")


def test_hours_cost_what_their_roles_cost_an_hour():
    found = cost_of_hours(by_role(officer=10.0, pcso=5.0), PRICES)
    assert found == HoursCost(pounds=10 * 40 + 5 * 28, hours=15.0, unpriced_hours=0.0)
    assert found.pounds_an_hour == pytest.approx(36)


def test_a_role_without_a_price_is_told_apart_and_not_taken_for_free():
    found = cost_of_hours(by_role(officer=10.0, special=4.0), PRICES)
    assert found == HoursCost(pounds=400.0, hours=10.0, unpriced_hours=4.0)


def test_a_price_of_zero_is_a_price():
    assert cost_of_hours(by_role(special=4.0), {"special": 0.0}) == HoursCost(pounds=0, hours=4, unpriced_hours=0)


@pytest.mark.parametrize(
    ("hours", "prices"),
    [
        (by_role(officer=10.0), {}),
        (by_role(special=10.0), PRICES),
        (by_role(officer=0.0), PRICES),
        (by_role(officer=10.0, pcso=None), PRICES),
        (by_role(), PRICES),
    ],
)
def test_no_cost_where_no_hour_has_a_price_or_one_is_withheld(hours, prices):
    assert cost_of_hours(hours, prices) is None


def test_the_usual_cost_is_the_usual_hours_at_this_month_s_mean_price():
    cost = HoursCost(pounds=540.0, hours=15.0, unpriced_hours=0.0)
    assert usual_cost(cost, 10.0, 20.0) == PoundsRange(low=360.0, estimate=540.0, high=720.0)
    assert usual_cost(cost, None, None) == PoundsRange(low=None, estimate=540.0, high=None)


def test_an_offence_prevented_costs_least_where_most_were_prevented():
    """The example of Wheeler and Ratcliffe: 118 fewer, 95 % interval 196 to 40 fewer; at 11,800 pounds 100 each."""
    published = Difference(local=-107, displaced=-11, variance=1568)
    found = cost_of_prevented(11_800, published)
    assert found.estimate == pytest.approx(100)
    assert (round(found.low), round(found.high)) == (60, 292)


def test_a_difference_that_could_be_chance_has_no_upper_end():
    found = cost_of_prevented(1_000, Difference(local=-10, displaced=0, variance=70))
    assert found.high is None
    assert found.estimate == 100
    assert found.low == pytest.approx(1_000 / (10 + 1.96 * 70**0.5))


def test_nothing_prevented_has_no_cost():
    assert cost_of_prevented(1_000, Difference(local=50, displaced=0, variance=4)) is None
    rose = cost_of_prevented(1_000, Difference(local=5, displaced=0, variance=100))
    assert (rose.estimate, rose.high) == (None, None)


@given(st.floats(1, 1e6), st.integers(-500, 500), st.integers(0, 5000))
def test_the_estimate_lies_inside_its_interval(pounds, estimate, variance):
    found = cost_of_prevented(pounds, Difference(local=estimate, displaced=0, variance=variance))
    if found is not None and found.estimate is not None:
        assert found.low <= found.estimate <= (found.high or float("inf"))

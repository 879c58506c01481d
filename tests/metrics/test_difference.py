"""Differences of two areas, against published intervals, plain loops and simulated months."""

from math import exp, log, sqrt

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from metrics import indicator
from metrics.difference import (
    CHANCE,
    FEW,
    HIGHER,
    LOWER,
    MEDIAN,
    STOCK,
    TOTAL,
    YOUNG,
    differences,
    of_other_areas,
    shares_beside,
    values_beside,
)

SHARE, RATE, HOURS = "OUT-01", "ASB-02", "ABS-01"


def side(of: str, numerator: float | None, denominator: float | None, dispersion: float | None = None) -> pl.DataFrame:
    known = numerator is not None and denominator
    value = indicator(of).scale * numerator / denominator if known else None
    row = {"indicator_id": of, "category": None, "area_name": "A", "value": value, "numerator": numerator}
    return pl.DataFrame(
        [{**row, "denominator": denominator, "dispersion": dispersion}],
        schema_overrides={
            "category": pl.String,
            **dict.fromkeys(("value", "numerator", "denominator", "dispersion"), pl.Float64),
        },
    )


def in_months(of: str, numerators: np.ndarray, denominator: float, dispersion: float) -> pl.DataFrame:
    """Give the sides of many months at once, each as if it were a category."""
    several = [side(of, float(one), denominator, dispersion) for one in numerators]
    return pl.concat(several).with_columns(category=pl.int_range(pl.len()).cast(pl.String))


def compared(of: str, own: tuple, beside: tuple) -> dict:
    (row,) = differences(side(of, *own), side(of, *beside), [indicator(of)]).to_dicts()
    return row


# Newcombe, Interval estimation for the difference between independent proportions, Stat Med 1998, table II, method 10.
@pytest.mark.parametrize(
    ("own", "beside", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
        ((9, 10), (3, 10), 0.1705, 0.8090),
    ],
)
def test_a_difference_of_shares_has_the_published_interval(own: tuple, beside: tuple, low: float, high: float) -> None:
    row = compared(SHARE, own, beside)
    assert (row["basis"], row["low"], row["high"]) == (
        "points",
        pytest.approx(100 * low, abs=0.006),
        pytest.approx(100 * high, abs=0.006),
    )


def test_a_ratio_of_rates_has_the_log_normal_interval_of_a_plain_loop() -> None:
    row = compared(RATE, (60, 20_000), (90, 60_000))
    spread = exp(norm.ppf(0.975) * sqrt(1 / 60 + 1 / 90))
    assert row["ratio"] == pytest.approx(2.0)
    assert (row["low"], row["high"]) == (pytest.approx(2 / spread), pytest.approx(2 * spread))
    assert row["result"] == HIGHER and row["difference"] == pytest.approx(1.5)


@given(st.integers(5, 500), st.integers(5, 500), st.floats(1, 4))
def test_a_dispersion_is_worth_so_many_fewer_events(a: int, b: int, spread: float) -> None:
    wide, plain = compared(RATE, (a, 9000, spread), (b, 9000, spread)), compared(RATE, (a, 9000), (b, 9000))
    if min(a, b) / spread < 5:
        assert (wide["result"], wide["low"]) == (FEW, None)
    else:
        assert log(wide["high"] / wide["low"]) == pytest.approx(sqrt(spread) * log(plain["high"] / plain["low"]))


@given(st.tuples(st.integers(0, 300), st.integers(1, 300)), st.tuples(st.integers(0, 300), st.integers(1, 300)))
def test_sides_exchanged_turn_the_interval_round(one: tuple[int, int], two: tuple[int, int]) -> None:
    a, b = ((min(of, n), n) for of, n in (one, two))
    there, back = compared(SHARE, a, b), compared(SHARE, b, a)
    turned = {HIGHER: LOWER, LOWER: HIGHER, CHANCE: CHANCE, FEW: FEW}
    assert back["result"] == turned[there["result"]]
    if there["low"] is not None:
        assert (back["low"], back["high"]) == (pytest.approx(-there["high"]), pytest.approx(-there["low"]))
        assert there["low"] <= there["difference"] + 1e-9 and there["difference"] - 1e-9 <= there["high"]


@pytest.mark.parametrize("own", [(3, 9), (0, 4)])
def test_a_percentage_of_fewer_than_ten_is_never_judged(own: tuple[int, int]) -> None:
    row = compared(SHARE, own, (900, 1000))
    assert (row["result"], row["low"], row["high"]) == (FEW, None, None)


@pytest.mark.parametrize(
    ("of", "why"), [("ASB-01", TOTAL), ("ABS-04", TOTAL), ("MH-03", MEDIAN), ("WRK-01", STOCK), (HOURS, YOUNG)]
)
def test_what_has_no_interval_says_why(of: str, why: str) -> None:
    row = compared(of, (50, 100), (60, 100))
    assert (row["basis"], row["low"], row["result"], row["why"]) == (None, None, None, why)


def test_parts_of_two_areas_stand_side_by_side_as_shares_of_their_own() -> None:
    own = pl.DataFrame({"what": ["a", "b", "c", None], "n": [3.0, 1.0, 0.0, 9.0]})
    other = pl.DataFrame({"what": ["b", "d", "c"], "n": [5.0, 15.0, None]})
    assert shares_beside(own, other, "what", "n").rows() == [("a", 75.0, 0.0), ("b", 25.0, 25.0), ("d", 0.0, 75.0)]
    assert shares_beside(own, other.clear(), "what", "n").rows() == [("a", 75.0, None), ("b", 25.0, None)]


def test_figures_of_two_areas_stand_side_by_side_as_they_are() -> None:
    own = pl.DataFrame({"hour": [10, 9, 8], "value": [12.5, 7.0, None]})
    other = pl.DataFrame({"hour": [9, 11, 8], "value": [8.0, 3.0, None]})
    assert values_beside(own, other, "hour").rows() == [(9, 7.0, 8.0), (10, 12.5, None), (11, None, 3.0)]


def test_an_area_that_is_there_already_is_not_set_beside_itself() -> None:
    own = pl.DataFrame({"area_level": ["lpa", "lpa"], "area_code": ["L1", "L2"], "value": [1, 2]})
    other = pl.DataFrame({"area_level": ["sector", "lpa", "lpa"], "area_code": ["L1", "L2", "L3"], "value": [5, 2, 3]})
    assert of_other_areas(other, own).rows() == [("sector", "L1", 5), ("lpa", "L3", 3)]


def test_an_unknown_figure_has_no_difference() -> None:
    row = compared(SHARE, (None, None), (5, 20))
    assert (row["difference"], row["result"]) == (None, None)


@pytest.mark.law
def test_of_two_areas_alike_one_in_twenty_intervals_misses() -> None:
    """Months of two equal areas, half as much again as chance: the interval misses in about 5 %."""
    chance, spread, months = np.random.default_rng(7), 1.5, 4000
    counts = chance.negative_binomial(120 / (spread - 1), 1 / spread, size=(months, 2))
    own, beside = (in_months(RATE, of, 9000, spread) for of in counts.T)
    results = differences(own, beside, [indicator(RATE)])["result"]
    assert len(results) == months
    assert 0.04 <= (results != CHANCE).mean() <= 0.06

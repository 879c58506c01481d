"""Funnel limits by hand, and wider where areas differ more than chance."""

import polars as pl
import pytest

from metrics import indicator
from metrics.funnel import funnel, ties


def areas(counts: list[tuple[float, float]], indicator_id: str) -> pl.DataFrame:
    scale = indicator(indicator_id).scale
    rows = [(indicator_id, f"L{k}", n, d, scale * n / d if d else None) for k, (n, d) in enumerate(counts)]
    names = ["indicator_id", "area_code", "numerator", "denominator", "value"]
    return pl.DataFrame(rows, schema=names, orient="row")


def test_a_funnel_of_equal_areas_is_chance_alone():
    found = funnel(areas([(50.0, 100.0)] * 7, "ASB-05"), indicator("ASB-05"))
    error = 100 * (0.25 / 100) ** 0.5
    assert found["funnel_centre"].to_list() == [50] * 7
    assert found["funnel_upper_95"][0] == pytest.approx(50 + 1.959963984540054 * error)
    assert found["funnel_lower"][0] == pytest.approx(50 - 3.090232306167813 * error)
    assert found["funnel_outside"].to_list() == [False] * 7


def test_areas_that_differ_more_than_chance_widen_the_funnel():
    chance = areas([(50.0, 100.0)] * 6 + [(62.0, 100.0)], "ASB-05")
    apart = areas([(20.0, 100.0), (35.0, 100.0), (50.0, 100.0), (65.0, 100.0), (80.0, 100.0)], "ASB-05")
    assert funnel(apart, indicator("ASB-05"))["funnel_outside"].to_list() == [False] * 5
    width = [
        (f["funnel_upper_95"] - f["funnel_lower_95"]).max()
        for f in (funnel(rows, indicator("ASB-05")) for rows in (chance, apart))
    ]
    assert width[1] > 2 * width[0]


def test_there_is_no_funnel_for_hours():
    found = funnel(areas([(1.0, 4.0)] * 4, "ABS-01"), indicator("ABS-01"))
    assert found["funnel_outside"].to_list() == [None] * 4


def test_an_area_of_nobody_has_no_limits():
    found = funnel(areas([(1.0, 10.0)] * 4 + [(0.0, 0.0)], "ASB-05"), indicator("ASB-05"))
    assert found["funnel_upper"].null_count() == 1
    assert found["funnel_outside"].to_list()[-1] is None


def test_two_areas_make_no_funnel():
    found = funnel(areas([(1.0, 10.0), (2.0, 10.0)], "ASB-05"), indicator("ASB-05"))
    assert found["funnel_centre"].to_list() == [None, None]


def test_months_that_vary_more_than_chance_widen_the_funnel():
    rows = areas([(50.0, 100.0)] * 7, "ASB-05")
    wide = funnel(rows.with_columns(dispersion=pl.lit(4.0)), indicator("ASB-05"))
    plain = funnel(rows.with_columns(dispersion=pl.lit(None, pl.Float64)), indicator("ASB-05"))
    assert wide["funnel_upper_95"][0] - 50 == pytest.approx(2 * (plain["funnel_upper_95"][0] - 50))
    less = funnel(rows.with_columns(dispersion=pl.lit(0.5)), indicator("ASB-05"))
    assert (
        less.select(plain.columns[:-1]).drop("dispersion").equals(plain.select(plain.columns[:-1]).drop("dispersion"))
    )


def test_areas_that_differ_by_chance_share_a_rank_and_others_keep_theirs():
    rows = pl.DataFrame(
        {
            "rank": [1, 2, 3, 4, 5, None],
            "funnel_outside": [True, False, False, False, True, False],
        }
    )
    found = ties(rows)
    assert found["tie"].to_list() == [False, True, True, True, False, True]
    assert found["fair_rank"].to_list() == [1, 2, 2, 2, 5, None]


def test_without_a_funnel_the_rank_stands():
    rows = areas([(1.0, 4.0)] * 4, "ABS-01").with_columns(rank=pl.Series([1, 2, 3, 4]))
    found = ties(funnel(rows, indicator("ABS-01")))
    assert found["tie"].to_list() == [None] * 4
    assert found["fair_rank"].to_list() == [1, 2, 3, 4]


def test_where_nothing_happened_anywhere_the_funnel_has_no_width():
    found = funnel(areas([(0.0, 10.0)] * 4, "ASB-05"), indicator("ASB-05"))
    assert found["funnel_upper"].to_list() == [0] * 4
    assert found["funnel_outside"].to_list() == [False] * 4

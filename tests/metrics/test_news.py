"""What really changed, in a table small enough to check by hand."""

import polars as pl

from metrics.news import real_changes, strongest, tally

ROWS = pl.DataFrame(
    {
        "indicator_id": ["ABS-01", "ASB-01", "HRM-01", "TGP-01", "VIS-01"],
        "area_code": ["A", "A", "A", "A", "A"],
        "value": [30.0, 3.0, 50.0, 10.0, 7.0],
        "centre": [20.0, 5.0, 50.0, 20.0, 7.0],
        "lower_limit": [15.0, 0.0, 40.0, 18.0, 7.0],
        "upper_limit": [25.0, 15.0, 60.0, 22.0, 7.0],
        "verdict": ["concern", "change", "no real change", "improvement", "concern"],
    }
)


def test_concerns_come_first_then_the_strongest_and_chance_is_left_out():
    changed = real_changes(ROWS)
    assert changed["indicator_id"].to_list() == ["ABS-01", "VIS-01", "TGP-01", "ASB-01"]
    # 10 of 5; no width, no strength; 10 of 2; 2 of the wider side's 10 (the lower limit was clipped at 0).
    assert changed["strength"].to_list() == [2.0, None, 5.0, 0.2]


def test_verdicts_are_counted_and_missing_ones_are_nought():
    assert tally(ROWS) == {"improvement": 1, "concern": 2, "change": 1, "no real change": 1}
    assert tally(ROWS.clear()) == {"improvement": 0, "concern": 0, "change": 0, "no real change": 0}


def test_a_list_of_news_names_an_indicator_a_few_times_at_most():
    changed = pl.DataFrame({"indicator_id": ["A", "A", "A", "B", "C"], "area_code": list("12345")})
    assert strongest(changed, most=3, each=2)["area_code"].to_list() == ["1", "2", "4"]

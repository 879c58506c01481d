"""Definitions §8: hand-worked tables for every rule, a loop as oracle, and a real series."""

import csv
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics import INDICATORS, indicator
from metrics.compare import compare
from metrics.levels import add_months
from tests.oracle import verdicts
from tests.places import OPEN_DATA, needs_open_data

APRIL = date(2022, 4, 1)
SCHEMA = {
    "indicator_id": pl.String,
    "area_level": pl.String,
    "area_code": pl.String,
    "month": pl.Date,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "value": pl.Float64,
}


def series(numerators, denominators=None, *, indicator_id="HRM-01", area="L1", level="lpa", since=APRIL):
    """Give tidy rows of consecutive months; None is a month without a row."""
    one = indicator(indicator_id)
    per = None if one.denominator is None else one.scale  # then the value is the numerator
    below = denominators or [per] * len(numerators)
    rows = [
        (indicator_id, level, area, add_months(since, k), n, d, None if d == 0 else one.scale * n / (d or one.scale))
        for k, (n, d) in enumerate(zip(numerators, below, strict=True))
        if n is not None
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def months(count: int, since: date = APRIL) -> list[date]:
    return [add_months(since, k) for k in range(count)]


def column(frame: pl.DataFrame, name: str) -> list:
    return frame.sort("month")[name].to_list()


def test_a_total_changes_by_a_difference_and_a_percentage():
    found = compare(series([40.0, 50.0, 30.0]), INDICATORS, months(3))
    assert column(found, "previous_month") == [None, 40, 50]
    assert column(found, "change") == [None, 10, -20]
    assert column(found, "change_percent") == [None, 25, -40]


def test_no_percentage_on_a_base_below_twenty():
    found = compare(series([19.0, 20.0, 30.0]), INDICATORS, months(3))
    assert column(found, "change_percent") == [None, None, 50]


def test_harm_has_a_percentage_only_where_there_were_twenty_crimes():
    crimes, harm = series([19.0, 20.0, 20.0]), series([900.0, 12.0, 15.0], indicator_id="HRM-02")
    found = compare(pl.concat([crimes, harm]), INDICATORS, months(3)).filter(pl.col("indicator_id") == "HRM-02")
    assert column(found, "change") == [None, -888, 3]
    assert column(found, "change_percent") == [None, None, 25]


def test_a_rate_changes_by_a_difference_only():
    found = compare(series([1.0, 2.0], [4.0, 4.0], indicator_id="ASB-05"), INDICATORS, months(2))
    assert column(found, "change") == [None, 25]
    assert column(found, "change_percent") == [None, None]


def test_a_missing_month_is_no_neighbour():
    found = compare(series([40.0, None, 50.0]), INDICATORS, months(3))
    assert column(found, "value") == [40, None, 50]
    assert column(found, "change") == [None, None, None]


def test_the_same_month_last_year():
    found = compare(series([float(n) for n in range(13)]), INDICATORS, months(13))
    assert column(found, "same_month_last_year") == [None] * 12 + [0]
    assert column(found, "change_on_year") == [None] * 12 + [12]


def test_the_year_to_date_restarts_on_1_april():
    found = compare(series([float(n) for n in range(1, 15)]), INDICATORS, months(14))
    assert column(found, "year_to_date")[10:] == [66, 78, 13, 27]
    assert column(found, "year_to_date_last_year") == [None] * 12 + [1, 3]


def test_the_year_to_date_of_a_ratio_is_a_ratio_of_sums():
    found = compare(series([1.0, 1.0], [2.0, 8.0], indicator_id="ASB-05"), INDICATORS, months(2))
    assert column(found, "year_to_date") == [50, 20]


def test_the_year_to_date_is_unknown_while_one_of_its_months_is():
    found = compare(series([5.0, None, 7.0]), INDICATORS, months(3))
    assert column(found, "year_to_date") == [5, None, None]
    begun_in_may = compare(series([5.0, 6.0], since=date(2022, 5, 1)), INDICATORS, [date(2022, 6, 1)])
    assert column(begun_in_may, "year_to_date") == [None]


def test_a_month_that_counted_nothing_is_known():
    found = compare(series([0.0, 1.0], [0.0, 4.0], indicator_id="ASB-05"), INDICATORS, months(2))
    assert column(found, "value") == [None, 25]
    assert column(found, "year_to_date") == [None, 25]


def test_residents_do_not_add_over_months():
    found = compare(series([2.0, 3.0], [1000.0, 2000.0], indicator_id="ASB-02"), INDICATORS, months(2))
    assert column(found, "year_to_date") == [2, 2.5]


def test_rolling_12_months_need_all_twelve():
    found = compare(series([1.0] * 12 + [13.0]), INDICATORS, months(13))
    assert column(found, "rolling_12_months") == [None] * 11 + [12, 24]
    gap = compare(series([1.0] * 5 + [None] + [1.0] * 7), INDICATORS, months(13))
    assert column(gap, "rolling_12_months") == [None] * 13


def ranked(indicator_id: str, values: dict[str, float | None], level: str = "lpa") -> dict[str, tuple]:
    rows = [series([v], indicator_id=indicator_id, area=area, level=level) for area, v in values.items() if v]
    unknown = [
        series([1.0], [0.0], indicator_id=indicator_id, area=area, level=level) for area, v in values.items() if not v
    ]
    found = compare(pl.concat(rows + unknown), INDICATORS, months(1))
    return {row[0]: row[1:] for row in found.select("area_code", "rank", "ranked_of").rows()}


def test_rank_1_is_the_best_and_ties_share_the_better_rank():
    found = ranked("HRM-01", {"L1": 30.0, "L2": 10.0, "L3": 10.0, "L4": 20.0})
    assert found == {"L1": (4, 4), "L2": (1, 4), "L3": (1, 4), "L4": (3, 4)}
    assert ranked("VIS-01", {"L1": 30.0, "L2": 10.0}) == {"L1": (1, 2), "L2": (2, 2)}


def test_unknown_values_are_unranked():
    assert ranked("ABS-03", {"L1": 30.0, "L2": None}) == {"L1": (1, 1), "L2": (None, None)}


def test_where_no_direction_is_good_nobody_is_ranked_and_officers_never_are():
    assert ranked("ASB-01", {"L1": 30.0, "L2": 10.0}) == {"L1": (None, None), "L2": (None, None)}
    assert ranked("ABS-01", {"O1": 30.0, "O2": 10.0}, level="officer")["O1"] == (None, None)


def test_eleven_months_have_no_limits_and_twelve_have():
    found = compare(series([50.0 + k % 2 for k in range(12)], indicator_id="ABS-03"), INDICATORS, months(12))
    assert column(found, "verdict") == [None] * 11 + ["no real change"]
    centre, half = 50.5, 2.66
    assert found["centre"][11] == pytest.approx(centre)
    assert found["lower_limit"][11] == pytest.approx(centre - half)
    assert found["upper_limit"][11] == pytest.approx(centre + half)


def alternating(count: int, *then: float, indicator_id: str = "ABS-03") -> pl.DataFrame:
    values = [50.0 + k % 2 for k in range(count)] + list(then)
    return compare(series(values, indicator_id=indicator_id), INDICATORS, months(len(values)))


def test_the_baseline_is_frozen_after_24_months():
    found = alternating(24, 99.0, 99.0)
    assert column(found, "centre")[23:] == pytest.approx([50.5] * 3)


def test_outside_a_limit_is_special_and_on_it_is_not():
    assert column(alternating(24, 53.2), "verdict")[-1] == "concern"
    assert column(alternating(24, 47.8), "verdict")[-1] == "improvement"
    assert column(alternating(24, 53.1, indicator_id="ASB-05"), "verdict")[-1] == "no real change"
    assert column(alternating(24, 53.2, indicator_id="ASB-05"), "verdict")[-1] == "improvement"


def test_the_eighth_in_a_row_on_one_side_is_special():
    found = column(alternating(24, *[51.0] * 8), "verdict")
    assert found[24:] == ["no real change"] * 6 + ["concern", "concern"]  # month 24 was already above


def test_a_missing_month_breaks_the_row():
    values = [50.0 + k % 2 for k in range(24)] + [51.0] * 5 + [None] + [51.0] * 5
    found = compare(series(values, indicator_id="ABS-03"), INDICATORS, months(len(values)))
    assert set(column(found, "verdict")[11:]) == {"no real change", None}


def test_two_of_three_in_the_outer_third_are_special():
    assert column(alternating(24, 52.5, 50.4, 52.5), "verdict")[24:] == [
        "no real change",
        "no real change",
        "concern",
    ]
    assert column(alternating(24, 52.5, 48.5, 50.4), "verdict")[24:] == ["no real change"] * 3


def test_where_no_direction_is_good_a_special_month_is_a_change():
    found = alternating(24, 99.0, indicator_id="ASB-02")
    assert column(found, "verdict")[-1] == "change"


def test_limits_are_clipped_to_what_is_possible():
    swings = compare(series([0.0, 100.0] * 6, [100.0] * 12, indicator_id="ASB-05"), INDICATORS, months(12))
    assert (swings["lower_limit"][-1], swings["upper_limit"][-1]) == (0, 100)


def test_totals_are_charted_per_day_and_their_limits_scaled_to_the_month():
    per_day = [verdicts.days(month) * 10.0 for month in months(24)]
    found = compare(series(per_day), INDICATORS, months(24))
    assert column(found, "verdict")[11:] == ["no real change"] * 13
    assert column(found, "centre")[22:] == pytest.approx([290.0, 310.0])  # February 2024, March


def test_equal_values_never_change():
    found = compare(series([0.1] * 30, indicator_id="ABS-03"), INDICATORS, months(30))
    assert set(column(found, "verdict")[11:]) == {"no real change"}


def test_a_recorded_step_restarts_the_baseline():
    values = [50.0 + k % 2 for k in range(24)] + [80.0 + k % 2 for k in range(14)]
    step = pl.DataFrame(
        {"indicator_id": ["ABS-03"], "area_level": ["lpa"], "area_code": ["L1"], "month": [months(25)[-1]]}
    )
    found = compare(series(values, indicator_id="ABS-03"), INDICATORS, months(38), steps=step)
    assert column(found, "verdict")[24:] == [None] * 11 + ["no real change"] * 3
    assert column(found, "centre")[-1] == pytest.approx(80.5)


def test_only_what_was_known_by_then_decides():
    values = [50.0 + k % 3 for k in range(30)]
    whole = compare(series(values, indicator_id="ABS-03"), INDICATORS, months(30))
    cut = compare(series(values[:20], indicator_id="ABS-03"), INDICATORS, months(20))
    assert column(whole, "verdict")[:20] == column(cut, "verdict")
    assert column(whole, "upper_limit")[:20] == column(cut, "upper_limit")


def test_nothing_in_nothing_out():
    found = compare(series([]), INDICATORS, months(3))
    assert found.is_empty()
    assert "verdict" in found.columns


values = st.one_of(st.none(), st.integers(0, 60).map(float))


@settings(max_examples=60, deadline=None)
@given(st.lists(values, min_size=1, max_size=40), st.sampled_from(["HRM-01", "ASB-01", "ABS-03", "ASB-05"]))
def test_a_loop_gives_the_same_verdicts(numerators, indicator_id):
    one = indicator(indicator_id)
    below = None if one.denominator is None else [60.0] * len(numerators)
    rows = series(numerators, below, indicator_id=indicator_id)
    if rows.is_empty():
        return
    asked = months(len(numerators))
    found = compare(rows, INDICATORS, asked).sort("month")
    by_month = {
        row[0]: row[1:] for row in found.select("month", "centre", "lower_limit", "upper_limit", "verdict").rows()
    }
    amounts = [None if n is None else one.scale * n / (60 if below else 1) for n in numerators]
    most = 100.0 if one.unit == "%" else None
    expected = verdicts.judge(asked, amounts, one.better, one.denominator is None, most)
    for month, (centre, lower, upper, verdict) in zip(asked, expected, strict=True):
        assert by_month[month][3] == verdict
        assert by_month[month][:3] == (
            pytest.approx(centre, rel=1e-9, abs=1e-9) if centre is not None else None,
            pytest.approx(lower, rel=1e-9, abs=1e-9) if lower is not None else None,
            pytest.approx(upper, rel=1e-9, abs=1e-9) if upper is not None else None,
        )


def real_series(crime_type: str) -> list[float]:
    path = OPEN_DATA / "series" / "birmingham_month_crime_type_2023-06_2026-05.csv"
    with path.open() as file:
        rows = [row for row in csv.DictReader(file) if row["crime_type"] == crime_type]
    return [float(row["count"]) for row in sorted(rows, key=lambda row: row["month"])]


@needs_open_data
def test_the_real_fall_of_asb_in_birmingham_is_a_change():
    counts = real_series("Anti-social behaviour")
    since = date(2023, 6, 1)
    found = compare(series(counts, indicator_id="ASB-01", since=since), INDICATORS, months(36, since))
    last = found.sort("month").row(-1, named=True)
    assert (counts[0], last["value"]) == (848, 394)
    assert last["verdict"] == "change"
    assert last["value"] < last["lower_limit"]

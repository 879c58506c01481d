"""What stands beside visible time, in tables small enough to check by hand."""

from datetime import date

import polars as pl
import pytest

from metrics.beat import PATCHES, by_officer, coded_by_patch, fewest_in_patch, fix_summary, side_by_side

DAY = date(2024, 10, 1)
DUTY = pl.LazyFrame(
    {
        "officer_id": ["A", "A", "B", "C"],
        "day": [DAY] * 4,
        "hour": [9, 9, 9, 9],
        "department": ["NPT", "NPT", "NPT", "Response"],
        "team": ["t", "t", "t", "r"],
        "uniformed": [True, True, True, True],
        "family": ["demand", "core", "core", "aid"],
        "seconds": [900, 2700, 3600, 3600],
    }
)
SEEN = pl.LazyFrame(
    {
        "officer_id": ["A", "A", "A", "B", "B", "C"],
        "day": [DAY] * 6,
        "hour": [9] * 6,
        "department": ["NPT"] * 5 + ["Response"],
        "uniformed": [True] * 6,
        "sector_code": ["S1", "S1", "S1", "S1", None, None],
        "place_sector_code": ["S2", "S1", None, "S1", "S1", "S9"],
        "lpa_code": ["L1"] * 5 + ["L2"],
        "place_lpa_code": ["L1", "L1", None, "L1", "L1", "L9"],
        "place_kind": ["visible", "visible", "out_of_force", "visible", "visible", "visible"],
        "seconds": [1200, 1200, 400, 3600, 3600, 3600],
    }
)


def test_where_part_of_an_hour_is_coded_that_part_of_the_time_counts_as_coded():
    hours = dict(coded_by_patch(DUTY, SEEN).collect().iter_rows())
    # A: a quarter of the hour is demand; 1,200 s seen off the sector and 400 s outside the force, 1,200 s at home.
    assert hours["coded, off patch"] == pytest.approx(1600 / 4 / 3600)
    assert hours["coded, on patch"] == pytest.approx(1200 / 4 / 3600)
    assert hours["not coded, off patch"] == pytest.approx(1600 * 3 / 4 / 3600)
    # B's own hour at home counts; B without a home sector, and Response, do not.
    assert hours["not coded, on patch"] == pytest.approx((1200 * 3 / 4 + 3600) / 3600)


def test_the_fewest_officers_behind_any_of_an_areas_hours_are_counted():
    assert fewest_in_patch(DUTY, SEEN, ["lpa_code"]).collect().item() == 1  # A alone is seen off the sector
    assert fewest_in_patch(DUTY, SEEN.clear(), ["lpa_code"]).collect().item() is None


def test_nothing_seen_is_four_zeros():
    empty = coded_by_patch(DUTY.clear(), SEEN.clear()).collect()
    assert empty["what"].to_list() == list(PATCHES)
    assert empty["hours"].to_list() == [0.0] * 4


def test_officers_are_listed_by_team_and_only_where_the_rows_name_them():
    unnamed = DUTY.with_columns(officer_id=pl.when(pl.col("officer_id") != "C").then("officer_id"))
    people = by_officer(unnamed, SEEN).collect()
    assert people["officer_id"].to_list() == ["A", "B"]
    assert people["duty_hours"].to_list() == [1.0, 1.0]
    assert people["known_hours"].to_list() == pytest.approx([2800 / 3600, 2.0])
    assert people["visible_hours"].to_list() == pytest.approx([2400 / 3600, 2.0])
    assert people["coverage_percent"].to_list() == pytest.approx([100 * 2800 / 3600, 200.0])


def test_off_their_patch_is_off_the_sector_or_where_there_is_none_off_the_lpa():
    people = by_officer(DUTY, SEEN).collect()
    off = dict(people.select("officer_id", "off_patch_percent").rows())
    # A: 1,200 s off the sector and 400 s out of the force, of 2,800 s. B: in the sector, then somewhere in the LPA.
    assert off == {"A": pytest.approx(100 * 1600 / 2800), "B": 0, "C": 100}


def test_the_fixes_behind_a_figure_leave_plain_clothes_out():
    quality = pl.LazyFrame(
        {
            "uniformed": [True, True, False],
            "fixes": [100, 50, 9],
            "bad_position": [1, 0, 9],
            "duplicate": [2, 0, 9],
            "off_duty": [3, 1, 9],
            "spike": [0, 1, 9],
            "median_gap_seconds": [60.0, 180.0, 5.0],
        }
    )
    row = fix_summary(quality).collect().row(0, named=True)
    assert row == {
        "fixes": 150, "bad_position": 1, "duplicate": 2, "off_duty": 4, "spike": 1,
        "median_gap_seconds": 120.0, "officer_days": 2,
    }  # fmt: skip


def test_groups_stand_side_by_side_with_their_own_kind_of_off_patch():
    def row(indicator: str, group: str, value: float | None, below: float | None, note: str | None = None) -> dict:
        named = {"area_code": group, "area_name": group.upper()}
        return {"indicator_id": indicator, **named, "value": value, "denominator": below, "note": note}

    rows = pl.DataFrame(
        [
            row("H", "npt", 120.0, None), row("S", "npt", 60.0, 200.0), row("C", "npt", 80.0, 250.0),
            row("N", "npt", 25.0, 140.0), row("R", "npt", None, 0.0),
            row("H", "response", 90.0, None), row("S", "response", None, None, "withheld"),
            row("C", "response", 40.0, 500.0), row("N", "response", None, 0.0), row("R", "response", 10.0, 95.0),
            row("H", "staff", 0.0, None), row("S", "staff", None, 0.0), row("C", "staff", None, 0.0),
        ],
        infer_schema_length=None,
    )  # fmt: skip
    found = side_by_side(rows, hours="H", share="S", coverage="C", off_patch=("N", "R"))
    assert found.rows() == [
        ("NPT", 250, 120, 60, 25, 140, 80, None),
        ("RESPONSE", 500, 90, None, 10, 95, 40, "withheld"),
        ("STAFF", 0, 0, None, None, None, None, None),
    ]

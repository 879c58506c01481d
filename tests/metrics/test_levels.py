"""Months, performance years, codes of a level, and residents by month."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from metrics.levels import (
    add_months,
    codes_of,
    enumerated,
    in_force_in_month,
    inside,
    level_code,
    local_date,
    local_day,
    local_hour,
    local_midnight,
    local_start,
    month_of,
    months_between,
    performance_year,
    residents_by_month,
    stamp_home,
    together,
)


@pytest.mark.parametrize(
    ("month", "steps", "expected"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 1)),
        (date(2024, 12, 1), 1, date(2025, 1, 1)),
        (date(2024, 1, 1), -1, date(2023, 12, 1)),
        (date(2024, 5, 1), -24, date(2022, 5, 1)),
    ],
)
def test_months_add_over_years(month, steps, expected):
    assert add_months(month, steps) == expected


def test_months_between_has_both_ends():
    assert months_between(date(2023, 12, 5), date(2024, 2, 1)) == [
        date(2023, 12, 1),
        date(2024, 1, 1),
        date(2024, 2, 1),
    ]


def test_the_performance_year_starts_on_1_april():
    assert performance_year(date(2024, 3, 31)) == date(2023, 4, 1)
    assert performance_year(date(2024, 4, 1)) == date(2024, 4, 1)


def test_days_and_hours_are_those_of_the_london_clock():
    instants = [datetime(2024, 6, 30, 23, 30, tzinfo=UTC), datetime(2024, 10, 27, 1, 30, tzinfo=UTC)]
    frame = pl.DataFrame({"at": instants}, schema={"at": pl.Datetime("us", "UTC")})
    found = frame.select(day=local_day(pl.col("at")), hour=local_hour(pl.col("at")))
    assert found.rows() == [(date(2024, 7, 1), 0), (date(2024, 10, 27), 1)]


def test_the_days_of_both_clock_changes_have_23_and_25_hours():
    days = pl.DataFrame({"day": [date(2024, 3, 31), date(2024, 4, 1), date(2024, 10, 27), date(2024, 10, 28)]})
    starts = days.select(local_midnight(pl.col("day")))["day"].to_list()
    hours = [(end - start).total_seconds() / 3600 for start, end in zip(starts[::2], starts[1::2], strict=True)]
    assert hours == [23, 25]


def test_a_local_hour_starts_at_one_instant_whatever_the_clock_shows():
    days = pl.DataFrame({"day": [date(2024, 1, 15), date(2024, 3, 31), date(2024, 7, 1), date(2024, 10, 27)]})
    starts = days.select(local_midnight(pl.col("day")))["day"].to_list()
    assert [local_start(day) for day in days["day"]] == starts
    assert local_start(date(2024, 10, 27), 1) == datetime(2024, 10, 27, 0, tzinfo=UTC)  # the first of two
    assert local_start(date(2024, 10, 27), 2) == datetime(2024, 10, 27, 2, tzinfo=UTC)
    assert [local_date(one) for one in starts] == days["day"].to_list()


@pytest.mark.parametrize(
    ("since", "until", "held"),
    [
        (None, None, True),
        (date(2024, 10, 31), None, True),
        (date(2024, 11, 1), None, False),
        (date(2024, 9, 1), date(2024, 10, 1), False),  # the last day is the one before
        (date(2024, 9, 1), date(2024, 10, 2), True),
    ],
)
def test_what_is_in_force_on_a_day_of_a_month_is_in_force_in_it(since, until, held):
    rows = pl.DataFrame({"since": [since], "until": [until]}, schema={"since": pl.Date, "until": pl.Date})
    found = rows.select(held=in_force_in_month(pl.lit(date(2024, 10, 1)), "since", "until"))
    assert found["held"].to_list() == [held]


def codes(level: str, **row) -> list:
    frame = pl.DataFrame({name: [value] for name, value in row.items()})
    return frame.select(level_code(level, frame.columns, "F").alias("code"))["code"].to_list()


def test_a_team_is_named_with_its_department():
    assert codes("team", department="NPT", team="A") == ["NPT / A"]
    assert codes("team", department="NPT", team=None) == [None]


def test_crimes_lie_in_lists_of_polygons_and_taskings_in_one():
    assert codes("hotspot", hotspots=["T1", "T2"]) == [["T1", "T2"]]
    assert codes("hotspot", hotspot_id="T1") == ["T1"]


def test_a_source_without_the_column_has_no_such_level():
    assert level_code("officer", ["lpa_code"], "F") is None


def test_residents_are_those_of_neighbourhoods_valid_on_the_months_last_day():
    areas = pl.LazyFrame(
        {
            "neighbourhood_code": ["N1", "N2"],
            "sector_code": ["S1", "S1"],
            "lpa_code": ["L1", "L1"],
            "residents": [100, None],
            "valid_from": [None, date(2024, 5, 31)],
            "valid_to": [date(2024, 5, 31), None],
        }
    )
    found = residents_by_month(areas, date(2024, 4, 1), date(2024, 5, 1)).sort("day").collect()
    assert found.select("day", "neighbourhood_code", "residents").rows() == [
        (date(2024, 4, 1), "N1", 100),
        (date(2024, 5, 1), "N2", None),
    ]


def test_somebody_without_a_posting_or_a_role_is_kept_without():
    frame = pl.LazyFrame({"officer_id": ["O9"], "day": [date(2024, 5, 1)]})
    none = pl.LazyFrame(
        schema={
            "officer_id": pl.String,
            **dict.fromkeys(["department", "team", "lpa_code", "sector_code", "neighbourhood_code"], pl.String),
            "start_date": pl.Date,
            "end_date": pl.Date,
        }
    )
    officers = pl.LazyFrame(schema={"officer_id": pl.String, "role": pl.String, "uniformed": pl.Boolean})
    areas = pl.LazyFrame(
        schema={
            **dict.fromkeys(["neighbourhood_code", "sector_code"], pl.String),
            "valid_from": pl.Date,
            "valid_to": pl.Date,
        }
    )
    found = stamp_home(frame, none, areas, officers).collect()
    assert found.row(0, named=True)["department"] is None
    assert found.height == 1


def test_rows_are_those_inside_every_area_and_a_level_that_they_lack_narrows_nothing():
    rows = pl.LazyFrame({"lpa_code": ["L1", "L1", "L2"], "sector_code": ["S1", "S2", "S3"], "n": [1, 2, 3]})
    within = (("force", "E23000014"), ("lpa", "L1"), ("sector", "S2"), ("neighbourhood", "N9"))
    assert inside(rows, within, "E23000014").collect()["n"].to_list() == [2]
    assert inside(rows, (("force", "another"),), "E23000014").collect().is_empty()


def test_the_month_of_a_day_is_its_first():
    assert month_of(date(2024, 10, 31)) == date(2024, 10, 1)


def test_areas_counted_together_have_one_code_and_one_name():
    assert together(["L2", "L1", "L2"]) == "L1 + L2"
    assert codes_of("lpa", "L1 + L2") == ("L1", "L2")
    assert codes_of("team", "NPT / One + Two") == ("NPT / One + Two",)  # a team is never two
    assert [enumerated(names) for names in (["A"], ["A", "B"], ["A", "B", "C"])] == ["A", "A and B", "A, B and C"]

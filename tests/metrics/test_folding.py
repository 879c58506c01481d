"""A month of people's time, folded: nobody apart, every sum of areas and teams as before."""

from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from metrics.folding import HEADS, OFFICERS, fold

OCTOBER = date(2024, 10, 1)
SCHEMA = {
    "officer_id": pl.String,
    "day": pl.Date,
    "hour": pl.Int8,
    "team": pl.String,
    "category": pl.String,
    "seconds": pl.Int64,
    "shifts": pl.Int64,
    "episodes": pl.Int64,
    HEADS: pl.List(pl.String),
}


def duty(*rows: tuple) -> pl.DataFrame:
    """Read (officer, day of October, hour, team, category, seconds, shifts, episodes)."""
    full = [(who, date(2024, 10, day), *rest, None) for who, day, *rest in rows]
    return pl.DataFrame(full, schema=SCHEMA, orient="row")


def backwards(count: int) -> list[int]:
    return list(range(count))[::-1]


def test_a_months_duty_of_a_team_is_one_row_that_names_nobody():
    rows = duty(
        ("A", 1, 9, "One", "patrol", 3600, 1, 0),
        ("A", 2, 10, "One", "patrol", 1800, 1, 0),
        ("B", 2, 10, "One", "patrol", 900, 1, 0),
        ("B", 3, 11, "One", "backfill", 600, 0, 1),
    )
    folded = fold(rows, "duty", backwards)
    assert folded.columns == rows.columns
    assert folded["officer_id"].null_count() == folded["hour"].null_count() == folded.height == 2
    assert folded["day"].to_list() == [OCTOBER] * 2
    assert folded.select("category", "seconds", "shifts", HEADS).rows() == [
        ("patrol", 6300, 3, ["0", "1"]),
        ("backfill", 600, 0, folded[HEADS][1].to_list()),
    ]
    assert len(folded[HEADS][1]) == 1


def test_rows_that_name_nobody_have_nobody_behind_them():
    folded = fold(duty((None, 1, 9, "One", "patrol", 3600, 1, 0)), "duty", backwards)
    assert folded[HEADS].to_list() == [[]]


def test_presence_has_no_people_and_is_summed_all_the_same():
    rows = pl.DataFrame(
        {"neighbourhood_code": ["N1", "N1", "N2"], "day": [date(2024, 10, day) for day in (1, 9, 9)],
         "hour": [9, 10, 10], "seconds": [60, 40, 0]},
    )  # fmt: skip
    assert fold(rows, "presence", backwards).rows() == [("N1", OCTOBER, None, 100), ("N2", OCTOBER, None, 0)]


def test_a_persons_row_of_a_month_stays_a_row_without_its_key():
    rows = pl.DataFrame({"officer_id": ["A", "B"], "day": [date(2024, 10, 9)] * 2, "hours": [10.0, 12.0]})
    folded = fold(rows, "special_hours", backwards)
    assert folded["officer_id"].null_count() == 2
    assert sorted(folded["hours"]) == [10.0, 12.0]


def test_what_names_nobody_stays_as_it_is():
    rows = pl.DataFrame({"hotspot_id": ["H1"], "day": [date(2024, 10, 9)], "hour": [9]})
    assert fold(rows, "patrols", backwards).equals(rows)


def test_time_of_several_has_numbers_in_place_of_who_they_were():
    who = [["A", "B"], ["B"], [], None]
    rows = pl.DataFrame(
        {"hotspot_id": ["H1", "H2", "H3", "H4"], OFFICERS: who, HEADS: [None] * 4},
        schema={"hotspot_id": pl.String, OFFICERS: pl.List(pl.String), HEADS: pl.List(pl.String)},
    )
    folded = fold(rows, "taskings", backwards)
    assert folded.columns == rows.columns and folded[OFFICERS].null_count() == 4
    both, one, nobody, unknown = folded[HEADS].to_list()
    assert (len(both), len(one), nobody, unknown) == (2, 1, [], None)
    assert set(one) < set(both) == {"0", "1"}


row = st.tuples(
    st.sampled_from(["A", "B", "C", None]), st.integers(1, 31), st.integers(0, 23), st.sampled_from(["One", "Two"]),
    st.sampled_from(["patrol", "backfill"]), st.integers(0, 3600), st.integers(0, 1), st.integers(0, 1),
)  # fmt: skip


@given(st.lists(row, min_size=1, max_size=30))
def test_sums_and_the_people_behind_them_are_those_of_the_rows(rows):
    before, after = duty(*rows), fold(duty(*rows), "duty", backwards)
    keys = ["team", "category"]
    sums = [pl.col("seconds", "shifts", "episodes").sum()]
    assert after.group_by(keys).agg(sums).sort(keys).equals(before.group_by(keys).agg(sums).sort(keys))
    people = before.group_by(keys).agg(pl.col("officer_id").drop_nulls().n_unique()).sort(keys)
    heads = after.group_by(keys).agg(pl.col(HEADS).explode().drop_nulls().n_unique()).sort(keys)
    assert heads[HEADS].to_list() == people["officer_id"].to_list()

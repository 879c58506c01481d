"""Officers' time summed by month says the same of a month as its hours do."""

from datetime import date

import polars as pl
from hypothesis import example, given
from hypothesis import strategies as st

from metrics import INDICATORS
from metrics.by_month import by_month
from metrics.compute import compute
from metrics.sources import SOURCES
from tests.laws import examples


def many(row: st.SearchStrategy[dict]) -> st.SearchStrategy[list[dict]]:
    """Draw so many rows of so few values that several are of one month, team and place: those are summed."""
    return st.lists(row, min_size=20, max_size=40)


FIXED = {"role": "officer", "uniformed": True, "lpa_code": "L1", "neighbourhood_code": None, "place_lpa_code": "L1"}
DAYS = st.sampled_from([date(2024, 9, 30), date(2024, 10, 1), date(2024, 10, 2)])
ROW = st.fixed_dictionaries(
    {
        "day": DAYS,
        "hour": st.sampled_from([0, 9]),
        "officer_id": st.sampled_from(["A", "B"]),
        "department": st.sampled_from(["NPT", "NPT", "NPT", "Response", None]),
        "team": st.sampled_from(["t", None]),
        "sector_code": st.sampled_from(["S1", "S2", None]),
        "place_sector_code": st.sampled_from(["S1", "S2", None]),
        "place_kind": st.sampled_from([*["visible"] * 4, "police_building", "other_premises", "out_of_force"]),
        "seconds": st.sampled_from([60, 7, 3600]),
    }
)
ASKED = [one for one in INDICATORS if one.id in ("VIS-02", "ABS-06", "ABS-07")]


@examples(30)
@given(many(ROW))
@example([])
def test_a_months_figures_are_the_same_from_either(rows: list[dict]):
    schema = dict(SOURCES["visibility_home"])
    hours = pl.DataFrame([{**dict.fromkeys(schema), **FIXED, **row} for row in rows], schema).lazy()
    both = [
        compute({"visibility_home": source}, ASKED, level, force_code="F").collect()
        for level in ("force", "sector", "team")
        for source in (hours, by_month(hours))
    ]
    for fine, coarse in zip(both[::2], both[1::2], strict=True):
        assert fine.equals(coarse)


DUTY_ROW = st.fixed_dictionaries(
    {
        "day": DAYS,
        "hour": st.sampled_from([0, 9]),
        "officer_id": st.sampled_from(["A", "B"]),
        "department": st.sampled_from(["NPT", "NPT", "NPT", "Response"]),
        "team": st.sampled_from(["t", None]),
        "sector_code": st.sampled_from(["S1", "S2", None]),
        "family": st.sampled_from(["neighbourhood", "demand", "aid", "mandatory", "off"]),
        "category": st.sampled_from(["backfill", "court", None]),
        "seconds": st.sampled_from([60, 7, 3600, 0]),
        "shifts": st.sampled_from([1, 1, 0]),
        "episodes": st.sampled_from([1, 2, 0]),
    }
)
OF_DUTY = [one for one in INDICATORS if one.id in ("ABS-01", "ABS-02", "ABS-03", "ABS-04", "ABS-05")]


@examples(30)
@given(many(DUTY_ROW))
@example([])
def test_so_does_duty_time(rows: list[dict]):
    schema = dict(SOURCES["duty"])
    hours = pl.DataFrame([{**dict.fromkeys(schema), "lpa_code": "L1", **row} for row in rows], schema).lazy()
    for level in ("force", "sector", "team"):
        fine, coarse = (
            compute({"duty": source}, OF_DUTY, level, force_code="F").collect() for source in (hours, by_month(hours))
        )
        assert fine.equals(coarse)


def test_it_is_far_smaller_and_names_nobody():
    schema = dict(SOURCES["visibility_home"])
    empty = dict.fromkeys(schema)
    rows = [
        {**empty, **FIXED, "day": date(2024, 10, day), "hour": hour, "officer_id": f"O{day}", "seconds": 60}
        for day in range(1, 32)
        for hour in range(24)
    ]
    month = by_month(pl.DataFrame(rows, schema).lazy()).collect()
    assert month.height == 1
    assert month.row(0, named=True)["seconds"] == 31 * 24 * 60
    assert month["officer_id"].to_list() == [None]

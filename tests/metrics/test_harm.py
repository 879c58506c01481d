"""Definitions §5: weights, homicide, what moved the harm, and the arithmetic of the force's paper."""

from collections import defaultdict
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics import INDICATORS, harm, indicator
from metrics.compare import compare
from metrics.compute import compute
from metrics.levels import add_months
from tests.laws import examples

OFFENCES = pl.LazyFrame(
    {
        "offence_code": ["1", "34B", "8N", "45"],
        "offence_name": ["Homicide", "Robbery", "Assault with injury", "Theft from vehicle"],
        "offence_group": ["Violence", "Robbery", "Violence", "Vehicle"],
        "neighbourhood_crime": [None, "robbery", None, "vehicle"],
        "violence_with_injury": [None, None, True, None],
        "homicide": [True, None, None, None],
        "town_centre": [None, None, None, None],
    },
    schema_overrides={"town_centre": pl.Boolean},
)
WEIGHTS = pl.LazyFrame(
    {
        "weight_set": ["a", "a", "a", "b"],
        "offence_code": ["1", "34B", "8N", "34B"],
        "weight": [8000.0, 800.0, 200.0, 1.0],
    }
)
FIELDS = {
    "crime_id": pl.String,
    "recorded_on": pl.Date,
    "committed_on": pl.Date,
    "offence_code": pl.String,
    "victim_age": pl.Int64,
    "lon": pl.Float64,
    "lat": pl.Float64,
    "lpa_code": pl.String,
    "sector_code": pl.String,
    "neighbourhood_code": pl.String,
    "outcome_code": pl.String,
    "outcome_on": pl.Date,
    "impact_areas": pl.List(pl.String),
    "hotspots": pl.List(pl.String),
}
MAY = date(2024, 5, 10)


def crimes(*rows: dict, weight_set: str = "a") -> pl.LazyFrame:
    numbered = [dict.fromkeys(FIELDS) | {"crime_id": f"C{k}", "recorded_on": MAY} | row for k, row in enumerate(rows)]
    return harm.with_weights(harm.crime_facts(pl.LazyFrame(numbered, schema=FIELDS), OFFENCES), WEIGHTS, weight_set)


def value(rows: pl.LazyFrame, indicator_id: str, level: str = "force") -> list[float | None]:
    found = compute({"crimes": rows}, [indicator(indicator_id)], level, force_code="F").collect()
    return found.sort("area_code")["value"].to_list()


def test_a_code_without_a_weight_adds_no_harm_but_is_a_crime():
    found = crimes({"offence_code": "45"}, {"offence_code": "8N"}, {"offence_code": "99"})
    assert (value(found, "HRM-01"), value(found, "HRM-02"), value(found, "HRM-03")) == ([3], [200], [200])
    assert found.collect().filter(pl.col("offence_code") == "99")["offence_group"].to_list() == ["99"]


def test_one_homicide_can_be_left_out():
    found = crimes({"offence_code": "1"}, {"offence_code": "8N"})
    assert value(found, "HRM-02") == [8200]
    assert value(harm.without_homicide(found), "HRM-02") == [200]


def test_crimes_can_be_dated_by_when_they_were_committed():
    rows = crimes(
        {"offence_code": "8N", "committed_on": date(2024, 4, 30)}, {"offence_code": "8N"}, {"offence_code": "45"}
    )
    found = compute({"crimes": harm.by_committed_day(rows)}, [indicator("HRM-01")], "force", force_code="F").collect()
    assert found.select("month", "value").rows() == [(date(2024, 4, 1), 1), (date(2024, 5, 1), 2)]


def test_what_moved_the_harm_largest_first():
    found = harm.change_by_group(
        crimes(
            {"offence_code": "8N", "recorded_on": date(2023, 5, 1), "lpa_code": "L1"},
            {"offence_code": "34B", "recorded_on": date(2023, 5, 31), "lpa_code": "L1"},
            {"offence_code": "8N", "lpa_code": "L1"},
            {"offence_code": "8N", "lpa_code": "L1"},
            {"offence_code": "45", "lpa_code": "L1"},
            {"offence_code": "45", "recorded_on": date(2024, 6, 1), "lpa_code": "L1"},
        ),
        "lpa",
        (date(2023, 5, 1), date(2023, 6, 1)),
        (date(2024, 5, 1), date(2024, 6, 1)),
        force_code="F",
    ).collect()
    columns = ("offence_group", "crimes_change", "harm_change", "unweighted_after")
    assert found.select(columns).rows() == [("Robbery", -1, -800, 0), ("Violence", 1, 200, 0), ("Vehicle", 1, 0, 1)]


def test_what_moved_the_harm_of_each_of_two_impact_areas_that_overlap():
    may, june = (MAY, date(2024, 6, 1)), (date(2024, 6, 1), date(2024, 7, 1))
    found = harm.change_by_group(
        crimes({"offence_code": "8N", "impact_areas": ["I1", "I2"]}, {"offence_code": "34B", "impact_areas": ["I2"]}),
        "impact_area",
        may,
        june,
        force_code="F",
    ).collect()
    changes = [("I1", "Violence", -200), ("I2", "Robbery", -800), ("I2", "Violence", -200)]
    assert found.select("area_code", "offence_group", "harm_change").rows() == changes
    with pytest.raises(ValueError, match="crimes have no level 'team': choose an area level"):
        harm.change_by_group(crimes(), "team", may, june, force_code="F")


row = st.fixed_dictionaries(
    {
        "offence_code": st.sampled_from(["1", "34B", "8N", "45", "99"]),
        "recorded_on": st.dates(date(2024, 1, 1), date(2024, 3, 31)),
        "lpa_code": st.sampled_from(["L1", "L2"]),
        "neighbourhood_code": st.sampled_from(["N1", "N2"]),
    }
)


@examples(40)
@given(st.lists(row, min_size=1, max_size=30))
def test_a_loop_weighs_the_same_and_children_add_to_the_parent(rows):
    weights = {"1": 8000, "34B": 800, "8N": 200}
    totals: defaultdict = defaultdict(float)
    for one in rows:
        for code in (one["lpa_code"], "F"):
            totals[code, one["recorded_on"].replace(day=1)] += weights.get(one["offence_code"], 0)
    found = {
        (code, month): amount
        for level in ("force", "lpa")
        for code, month, amount in compute({"crimes": crimes(*rows)}, [indicator("HRM-02")], level, force_code="F")
        .select("area_code", "month", "value")
        .collect()
        .rows()
    }
    assert {key: amount for key, amount in found.items() if amount} == pytest.approx(
        {key: amount for key, amount in totals.items() if amount}
    )


@examples(20)
@given(st.lists(row, min_size=1, max_size=30))
def test_the_changes_of_the_groups_add_up_to_the_change(rows):
    january, march = (date(2024, 1, 1), date(2024, 2, 1)), (date(2024, 3, 1), date(2024, 4, 1))
    found = harm.change_by_group(crimes(*rows), "force", january, march, force_code="F").collect()
    months = compute({"crimes": crimes(*rows)}, [indicator("HRM-02")], "force", force_code="F").collect()
    by_month = dict(months.select("month", "value").rows())
    whole = by_month.get(march[0], 0) - by_month.get(january[0], 0)
    assert found["harm_change"].sum() == pytest.approx(whole)


def paper(level: str, **halves: tuple[float, float]) -> dict[str, float]:
    """Spread half-years from April evenly over their months, and give the changes of the year to date in %."""
    rows = [
        (indicator_id.replace("_", "-"), level, "A", add_months(start, k), total / 6, None, total / 6)
        for indicator_id, half in halves.items()
        for start, total in zip((date(2023, 4, 1), date(2024, 4, 1)), half, strict=True)
        for k in range(6)
    ]
    names = ["indicator_id", "area_level", "area_code", "month", "numerator", "denominator", "value"]
    tidy = pl.DataFrame(rows, schema=names, orient="row").with_columns(
        pl.col("denominator").cast(pl.Float64), category=pl.lit(None, pl.String)
    )
    found = compare(tidy, INDICATORS, [date(2024, 9, 1)])
    changed = found.select("indicator_id", pl.col("year_to_date_change_percent").round(1))
    return dict(changed.rows())


def test_the_papers_first_six_months_come_out_as_printed():
    """S2 and S3: crime -4.3 % in the force and -4 % in Impact Areas, harm there -13.2 %, on April to September."""
    assert paper("force", HRM_01=(160_000, 153_120)) == {"HRM-01": -4.3}
    inside = paper("impact_area", HRM_01=(12_500, 12_000), HRM_02=(2_500_000.0, 2_170_000.0))
    assert inside == {"HRM-01": -4.0, "HRM-02": -13.2}

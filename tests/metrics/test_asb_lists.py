"""What commanders read row by row about ASB, in tables small enough to count by hand."""

from datetime import date
from types import SimpleNamespace

import polars as pl
import pytest

from metrics.asb_lists import closing_codes, repeats, sample_results, with_code_names
from metrics.levels import AREA_COLUMNS

ROWS = [  # incident, day of October, closing codes, category, location, neighbourhood
    ("I1", 1, "ASBN", "nuisance", "P1", "N1"),
    ("I2", 2, "OTH; ASBP", "personal", "P1", "N1"),
    ("I3", 9, "ASBN", "nuisance", "P1", None),
    ("I4", 9, "ASBP;ASBN", "nuisance", "P2", "N2"),
    ("I5", 9, "NEW", None, None, "N2"),
    ("I6", 10, None, "nuisance", "P2", "N2"),
]
ASB = pl.LazyFrame(
    {
        **{name: [None] * len(ROWS) for name in AREA_COLUMNS},
        "incident_id": [row[0] for row in ROWS],
        "day": [date(2024, 10, row[1]) for row in ROWS],
        "closing_codes": [row[2] for row in ROWS],
        "category": [row[3] for row in ROWS],
        "location_ref": [row[4] for row in ROWS],
        "neighbourhood_code": [row[5] for row in ROWS],
    },
    schema_overrides=dict.fromkeys(AREA_COLUMNS, pl.String),
)
CODES = pl.LazyFrame(
    {
        "closure_code": ["ASBN", "ASBP", "OTH"],
        "closure_name": ["Nuisance", "Personal", "Other"],
        "asb_category": ["nuisance", "personal", None],
    }
)


def test_a_repeat_location_stands_where_its_latest_placed_incident_was():
    found = repeats(ASB, "location_ref", at_least=2).collect()
    assert found.select("location_ref", "neighbourhood_code", "incidents", "last", "categories").rows() == [
        ("P1", "N1", 3, date(2024, 10, 9), "2 nuisance, 1 personal"),
        ("P2", "N2", 2, date(2024, 10, 10), "2 nuisance"),
    ]
    assert repeats(ASB, "location_ref", at_least=3).collect()["location_ref"].to_list() == ["P1"]


def test_the_last_asb_code_of_an_incident_decides_its_category():
    assert closing_codes(ASB, CODES).collect().rows() == [
        ("ASBN", "Nuisance", "nuisance", 3, 3),
        ("ASBP", "Personal", "personal", 2, 1),  # in I4 a later code decides
        ("NEW", None, None, 1, 0),
        ("OTH", "Other", None, 1, 0),
    ]


def test_closing_codes_are_named_in_their_order_and_an_unknown_one_by_itself():
    named = with_code_names(ASB.collect(), CODES.collect())
    assert named.select("incident_id", "closed_as").rows() == [
        ("I1", "Nuisance"),
        ("I2", "Other; Personal"),
        ("I3", "Nuisance"),
        ("I4", "Personal; Nuisance"),
        ("I5", "NEW"),
        ("I6", None),
    ]


def test_an_areas_dip_sample_stands_in_one_row_with_its_wilson_limits():
    tidy = pl.DataFrame(
        {
            "indicator_id": ["X", "Y", "X", "Y"],
            "area_level": ["lpa"] * 4,
            "area_code": ["L1", "L1", "L2", "L2"],
            "area_name": ["One", "One", "Two", "Two"],
            "numerator": [8.0, 1.0, 0.0, 0.0],
            "denominator": [10.0, 10.0, 0.0, 0.0],
            "value": [80.0, 10.0, None, None],
        }
    )
    findings = [SimpleNamespace(id="X", column="correct"), SimpleNamespace(id="Y", column="crime")]
    (row,) = sample_results(tidy, findings).rows(named=True)
    assert (row["area_code"], row["audited"], row["correct"], row["crime"]) == ("L1", 10.0, 80.0, 10.0)
    # Wilson (1927) for 8 of 10 and 1 of 10, as any table of it gives them
    assert (row["correct_lower"], row["correct_upper"]) == pytest.approx((49.02, 94.33), abs=0.01)
    assert (row["crime_lower"], row["crime_upper"]) == pytest.approx((1.79, 40.42), abs=0.01)

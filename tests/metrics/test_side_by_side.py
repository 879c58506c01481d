"""The tables of the Response and ASB pages: grades and powers side by side, with the numbers behind each share."""

from datetime import date

import polars as pl

from metrics.asb_powers import power_facts, power_table
from metrics.response import by_grade, incident_facts
from tests.specs.notation import rows_of

INCIDENTS = """
    incident_id | reported_at      | arrived_at       | grade | attended
    1           | 2024-10-05 10:00 | 2024-10-05 10:10 | P1    | yes
    2           | 2024-10-06 10:00 | 2024-10-06 10:20 | P1    | yes
    3           | 2024-10-06 10:00 |                  | P1    | no
    4           | 2024-10-06 10:00 | 2024-10-06 11:00 | P2    | yes
    5           | 2024-10-06 10:00 | 2024-10-06 11:00 |       | yes
"""
STANDARDS = """
    grade | minutes | valid_from
    P1    | 15      | 2024-01-01
"""


def test_grades_stand_side_by_side_with_what_their_shares_are_of():
    facts = incident_facts(rows_of("incidents", INCIDENTS), rows_of("response_standards", STANDARDS))
    assert by_grade(facts).collect().to_dicts() == [
        {
            "grade": "P1",
            "incidents": 3,
            "attended": 2,
            "arrivals": 2,
            "median": 15.0,
            "p90": 19.0,
            "standard_minutes": 15.0,
            "held": 2,
            "share_within": 50.0,
        },
        {
            "grade": "P2",
            "incidents": 1,
            "attended": 1,
            "arrivals": 1,
            "median": 60.0,
            "p90": 60.0,
            "standard_minutes": None,
            "held": 0,
            "share_within": None,
        },
    ]


def test_powers_stand_side_by_side_the_most_used_first():
    text = """
        power_id | power | issued_on  | breached_on
        1        | cpw   | 2024-10-01 |
        2        | cpn   | 2024-10-01 | 2024-10-09
        3        | cpn   | 2024-10-02 |
    """
    rows = power_table(power_facts(rows_of("asb_powers", text))).collect()
    assert rows.rows() == [("cpn", 2, 1, 50.0), ("cpw", 1, 0, 0.0)]


def test_breaches_that_were_not_handed_over_are_unknown():
    powers = pl.LazyFrame({"power": ["cpw"], "breached": [None], "day": [date(2024, 10, 1)]}, schema_overrides=UNKNOWN)
    assert power_table(powers).collect().rows() == [("cpw", 1, None, None)]


UNKNOWN = {"breached": pl.Boolean}

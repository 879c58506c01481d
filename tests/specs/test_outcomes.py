"""Definitions §7b: what crime led to, which months are old enough to say so, and which outcomes count in a month."""

import polars as pl

from metrics.outcomes import positive_outcomes, recorded_crimes, settled_crimes
from tests.specs.notation import Case, case, spec
from tests.specs.sources import crimes


@spec(
    "OUT-01",
    case(
        "With a positive outcome at most 90 days after, of all recorded; 31 January is 90 days before 30 April",
        40,
        crimes="""
            crime_id | recorded_on | offence_code | outcome_code | outcome_on
            1        | 2024-01-05  | ROBBERY      | charged      | 2024-04-04
            2        | 2024-01-05  | ROBBERY      | charged      | 2024-04-05
            3        | 2024-01-31  | ROBBERY      | 5            | 2024-02-01
            4        | 2024-01-31  | ROBBERY      |              |
            5        | 2024-01-31  | WOUNDING     | 8            | 2024-02-29
            6        | 2024-02-01  | WOUNDING     | 8            | 2024-02-02
            7        | 2024-04-30  | ROBBERY      |              |
        """,
    ),
    case(
        "An outcome tells as well how new the extract is: by 29 May February is known too",
        {"Jan 2024": 100, "Feb 2024": 0},
        crimes="""
            crime_id | recorded_on | offence_code | outcome_code | outcome_on
            1        | 2024-01-05  | ROBBERY      | charged      | 2024-01-06
            2        | 2024-02-29  | ROBBERY      | 5            | 2024-05-29
            3        | 2024-03-01  | ROBBERY      | charged      | 2024-03-02
        """,
    ),
    case(
        "In each Impact Area that held the crime",
        {"I1": 100, "I2": 50},
        level="impact_area",
        crimes="""
            crime_id | recorded_on | offence_code | outcome_code | outcome_on | impact_areas
            1        | 2024-01-05  | ROBBERY      | charged      | 2024-01-06 | I1 I2
            2        | 2024-01-05  | ROBBERY      |              |            | I2
            3        | 2024-08-01  | ROBBERY      |              |            |
        """,
    ),
)
def test_positive_outcomes_within_90_days(case: Case) -> None:
    assert case.figures(settled_crimes=settled_crimes(crimes(case))) == case.figure


@spec(
    "OUT-02",
    case(
        "Positive outcomes dated in the month, of whatever crime, per 100 crimes recorded in it",
        {"Jan 2024": 50, "Feb 2024": 200},
        crimes="""
            crime_id | recorded_on | offence_code | outcome_code | outcome_on
            1        | 2024-01-05  | ROBBERY      | charged      | 2024-01-31
            2        | 2024-01-31  | ROBBERY      | charged      | 2024-02-01
            3        | 2024-02-10  | ROBBERY      | 8            | 2024-02-20
        """,
    ),
    case(
        "No negative outcome counts, nor one without a date",
        25,
        crimes="""
            crime_id | recorded_on | offence_code | outcome_code | outcome_on
            1        | 2024-01-05  | ROBBERY      | charged      | 2024-01-31
            2        | 2024-01-05  | ROBBERY      | 5            | 2024-01-31
            3        | 2024-01-05  | ROBBERY      | charged      |
            4        | 2024-01-05  | ROBBERY      |              |
        """,
    ),
)
def test_positive_outcomes_per_100_crimes(case: Case) -> None:
    rows = crimes(case)
    assert case.figures(outcomes=positive_outcomes(rows), recorded_crimes=recorded_crimes(rows)) == case.figure


def test_without_any_dated_outcome_nothing_is_known() -> None:
    told = case(
        "",
        None,
        crimes="""
            crime_id | recorded_on | offence_code | outcome_code | outcome_on
            1        | 2024-01-05  | ROBBERY      | charged      |
            2        | 2024-08-05  | ROBBERY      |              |
        """,
    )
    rows = crimes(told)
    for source in (recorded_crimes, settled_crimes, positive_outcomes):
        assert source(rows).collect().is_empty()


def test_what_sort_of_crime_it_was_is_never_unknown() -> None:
    told = case(
        "",
        None,
        crimes="""
            crime_id | recorded_on | offence_code | outcome_code | outcome_on | impact_areas
            1        | 2024-01-05  | ROBBERY      | charged      | 2024-01-06 | I1
            2        | 2024-01-05  | UNKNOWN      |              |            |
        """,
    )
    sorts = ("is_neighbourhood_crime", "violence_with_injury", "town_centre", "in_impact_areas")
    found = recorded_crimes(crimes(told)).sort("crime_id").select(pl.col(sorts)).collect()
    assert found.row(1) == (False,) * 4
    assert found.row(0)[0] and found.row(0)[3]

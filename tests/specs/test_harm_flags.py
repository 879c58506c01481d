"""Definitions §7b: crimes flagged as hate, domestic, against women and girls, knife or serious youth violence."""

from datetime import date

from metrics.harm_flags import flag_facts, settled_flags
from tests.specs.notation import Case, case, spec
from tests.specs.sources import crimes, residents


@spec(
    "FLG-01",
    case(
        "A crime counts once under each of its flags",
        {"hate": 1, "knife": 2, "youth": 1},
        crimes="""
            crime_id | recorded_on | offence_code | flags
            1        | 2024-10-05  | 34B          | knife;youth
            2        | 2024-10-05  | 34B          | hate; knife;knife
            3        | 2024-10-05  | 34B          |
        """,
    ),
)
def test_flagged_crime(case: Case) -> None:
    assert case.figures(flagged=flag_facts(crimes(case))) == case.figure


@spec(
    "FLG-03",
    case(
        "Crimes with the flag against all residents, whatever crimes they had",
        {"hate": 1000 * 1 / 4500, "knife": 1000 * 2 / 4500},
        crimes="""
            crime_id | recorded_on | offence_code | flags
            1        | 2024-10-05  | 34B          | knife
            2        | 2024-10-05  | 34B          | hate;knife
            3        | 2024-10-05  | 34B          |
        """,
    ),
)
def test_flagged_crime_per_resident(case: Case) -> None:
    assert case.figures(flagged=flag_facts(crimes(case)), residents=residents(date(2024, 10, 1))) == case.figure


@spec(
    "FLG-02",
    case(
        "A positive outcome at most 90 days after, of the crimes with the flag; known 90 days after the month",
        {"hate": 0, "knife": 50},
        crimes="""
            crime_id | recorded_on | offence_code | flags      | outcome_code | outcome_on
            1        | 2024-05-02  | ROBBERY      | knife      | charged      | 2024-07-31
            2        | 2024-05-02  | ROBBERY      | hate;knife | charged      | 2024-08-01
            3        | 2024-05-02  | ROBBERY      |            | charged      | 2024-08-29
            4        | 2024-06-02  | ROBBERY      | knife      | charged      | 2024-06-03
        """,
    ),
)
def test_positive_outcomes_of_flagged_crime(case: Case) -> None:
    assert case.figures(settled_flags=settled_flags(crimes(case))) == case.figure

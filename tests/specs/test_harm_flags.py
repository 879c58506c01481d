"""Definitions §7b: crimes flagged as hate, domestic, against women and girls, knife or serious youth violence."""

from metrics.harm_flags import flag_facts
from tests.specs.notation import Case, case, spec
from tests.specs.sources import crimes


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

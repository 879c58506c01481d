"""Definitions §3: officers who were seen away from home, whatever their duty codes say."""

from tests.specs.notation import Case, case, spec
from tests.specs.sources import seen


@spec(
    "ABS-06",
    case(
        "Time visible outside the home sector and time outside the force, of both and the visible time at home",
        {"S1": 75},
        level="sector",
        fixes="""
            officer_id | at               | spot
            Ann        | 2024-10-08 12:00 | in N1
            Ann        | 2024-10-08 13:00 | in N2
            Ann        | 2024-10-08 14:00 | in N3
            Ann        | 2024-10-08 15:00 | outside
        """,
    ),
    case(
        "Time in buildings is in neither part",
        0,
        fixes="""
            officer_id | at               | spot
            Ann        | 2024-10-08 12:00 | in N1
            Ann        | 2024-10-08 13:00 | in the police station
        """,
    ),
    case(
        "Of neighbourhood officers with a home sector: not of those posted to a whole LPA, nor of Response",
        0,
        fixes="""
            officer_id | at               | spot
            Ann        | 2024-10-08 12:00 | in N1
            Lea        | 2024-10-08 12:00 | in N3
            Rob        | 2024-10-08 12:00 | in N3
        """,
    ),
)
def test_location_based_abstraction_of_neighbourhood_teams(case: Case) -> None:
    assert case.figures(visibility_home=seen(case)["visibility_home"]) == case.figure


@spec(
    "ABS-07",
    case(
        "Time visible outside the home LPA and time outside the force, of both and the visible time at home",
        {"L1": 50},
        level="lpa",
        fixes="""
            officer_id | at               | spot
            Rob        | 2024-10-08 12:00 | in N1
            Rob        | 2024-10-08 13:00 | in N2
            Rob        | 2024-10-08 14:00 | in N3
            Rob        | 2024-10-08 15:00 | outside
        """,
    ),
    case(
        "Of Response officers only",
        0,
        fixes="""
            officer_id | at               | spot
            Rob        | 2024-10-08 12:00 | in N2
            Ann        | 2024-10-08 12:00 | in N3
        """,
    ),
)
def test_location_based_abstraction_of_response(case: Case) -> None:
    assert case.figures(visibility_home=seen(case)["visibility_home"]) == case.figure

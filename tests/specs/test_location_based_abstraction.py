"""Definitions §3: officers who were seen away from home, whatever their duty codes say."""

from tests.specs.notation import Case, case, spec
from tests.specs.sources import duty, seen


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
    "VIS-06",
    case(
        "Visible time in the home sector, of duty time, known or not: 20 of 60 minutes",
        {"S1": 100 / 3},
        level="sector",
        duties="""
            officer_id | starts_at        | ends_at          | activity_code
            Ann        | 2024-10-08 12:00 | 2024-10-08 13:00 | PATROL
            Ann        | 2024-10-08 13:00 | 2024-10-08 16:00 | LEAVE
        """,
        fixes="""
            officer_id | at               | spot
            Ann        | 2024-10-08 12:00 | in N1
            Ann        | 2024-10-08 12:10 | in N1
            Ann        | 2024-10-08 12:20 | in N2
            Ann        | 2024-10-08 12:30 | in the police station
        """,
    ),
    case(
        "Of neighbourhood officers; one posted to a whole LPA has duty, but no home sector to be seen in",
        50,
        duties="""
            officer_id | starts_at        | ends_at          | activity_code
            Ann        | 2024-10-08 12:00 | 2024-10-08 12:10 | PATROL
            Lea        | 2024-10-08 12:00 | 2024-10-08 12:10 | PATROL
            Rob        | 2024-10-08 12:00 | 2024-10-08 12:10 | PATROL
        """,
        fixes="""
            officer_id | at               | spot
            Ann        | 2024-10-08 12:00 | in N1
            Lea        | 2024-10-08 12:00 | in N1
            Rob        | 2024-10-08 12:00 | in N1
        """,
    ),
)
def test_neighbourhood_officers_time_in_their_community(case: Case) -> None:
    assert case.figures(duty=duty(case), visibility_home=seen(case)["visibility_home"]) == case.figure


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

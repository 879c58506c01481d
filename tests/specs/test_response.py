"""Definitions §7b: how soon an officer arrives, within what standard, and what is graded how."""

from tests.specs.notation import Case, case, spec
from tests.specs.sources import incidents


@spec(
    "RSP-01",
    case(
        "Minutes from report to arrival of attended incidents of a grade: its median, and the 90th percentile",
        {"P1": 10, "P1 p90": 18, "P2": 30, "P2 p90": 30},
        incidents="""
            incident_id | reported_at      | arrived_at       | grade | attended
            1           | 2024-10-05 10:00 | 2024-10-05 10:04 | P1    | yes
            2           | 2024-10-05 10:00 | 2024-10-05 10:10 | P1    | yes
            3           | 2024-10-05 10:00 | 2024-10-05 10:20 | P1    |
            4           | 2024-10-05 10:00 | 2024-10-05 11:00 | P1    | no
            5           | 2024-10-05 10:00 |                  | P1    | yes
            6           | 2024-10-05 10:00 | 2024-10-05 10:30 | P2    | yes
            7           | 2024-10-05 10:00 | 2024-10-05 10:30 |       | yes
        """,
    ),
    case(
        "An hour that a clock shows twice is an hour all the same",
        {"P1": 60, "P1 p90": 60},
        incidents="""
            incident_id | reported_at          | arrived_at           | grade | attended
            1           | 2024-10-27 01:30 BST | 2024-10-27 01:30 GMT | P1    | yes
        """,
    ),
)
def test_time_to_arrive_by_grade(case: Case) -> None:
    assert case.figures(incidents=incidents(case)) == case.figure


@spec(
    "RSP-02",
    case(
        "Within the standard of the grade on that day, its last minute included; a grade without one does not count",
        50,
        incidents="""
            incident_id | reported_at      | arrived_at       | grade | attended
            1           | 2024-10-14 10:00 | 2024-10-14 10:15 | P1    | yes
            2           | 2024-10-15 10:00 | 2024-10-15 10:15 | P1    | yes
            3           | 2024-10-15 10:00 | 2024-10-15 10:05 | P2    | yes
            4           | 2024-10-15 10:00 | 2024-10-15 10:05 | P1    | no
        """,
        response_standards="""
            grade | minutes | valid_from | valid_to
            P1    | 15      | 2024-01-01 | 2024-10-15
            P1    | 10      | 2024-10-15 |
            P2    | 60      | 2024-11-01 |
        """,
    ),
    case(
        "Attended, but nobody wrote down when, is not within the standard",
        50,
        incidents="""
            incident_id | reported_at      | arrived_at       | grade | attended
            1           | 2024-10-14 10:00 | 2024-10-14 10:15 | P1    | yes
            2           | 2024-10-14 10:00 |                  | P1    | yes
        """,
        response_standards="""
            grade | minutes | valid_from
            P1    | 15      | 2024-01-01
        """,
    ),
    case(
        "A month in which no arrival is recorded at all is unknown",
        None,
        incidents="""
            incident_id | reported_at      | grade | attended
            1           | 2024-10-14 10:00 | P1    | yes
        """,
        response_standards="""
            grade | minutes | valid_from
            P1    | 15      | 2024-01-01
        """,
    ),
)
def test_arrived_within_the_standard(case: Case) -> None:
    assert case.figures(incidents=incidents(case)) == case.figure


@spec(
    "RSP-03",
    case(
        "Each grade's share of all incidents, those without a grade among them",
        {"P1 L1": 50, "P2 L1": 25, "P1 L2": 0, "P2 L2": 100},
        level="lpa",
        incidents="""
            incident_id | reported_at      | grade | lpa_code
            1           | 2024-10-05 10:00 | P1    | L1
            2           | 2024-10-05 10:00 | P1    | L1
            3           | 2024-10-05 10:00 | P2    | L1
            4           | 2024-10-05 10:00 |       | L1
            5           | 2024-10-05 10:00 | P2    | L2
        """,
    ),
)
def test_grade_mix(case: Case) -> None:
    assert case.figures(incidents=incidents(case)) == case.figure

"""Definitions §7b: mental health among incidents, and how long a person detained waits for care."""

from metrics.mental_health import handover_facts
from tests.specs.notation import Case, case, spec
from tests.specs.sources import incidents


@spec(
    "MH-01",
    case(
        "Incidents with mental health as a factor, of all; not recorded is no factor",
        25,
        incidents="""
            incident_id | reported_at      | mental_health
            1           | 2024-10-05 10:00 | yes
            2           | 2024-10-05 10:00 | no
            3           | 2024-10-05 10:00 |
            4           | 2024-10-05 10:00 |
        """,
    ),
    case(
        "A month in which it is never recorded is unknown, not nought",
        {"Sep 2024": None, "Oct 2024": 100},
        incidents="""
            incident_id | reported_at      | mental_health
            1           | 2024-09-05 10:00 |
            2           | 2024-10-05 10:00 | yes
        """,
    ),
)
def test_share_of_incidents(case: Case) -> None:
    assert case.figures(incidents=incidents(case)) == case.figure


@spec(
    "MH-02",
    case(
        "Attended, of the mental-health incidents of which that is known",
        50,
        incidents="""
            incident_id | reported_at      | mental_health | attended
            1           | 2024-10-05 10:00 | yes           | yes
            2           | 2024-10-05 10:00 | yes           | no
            3           | 2024-10-05 10:00 | yes           |
            4           | 2024-10-05 10:00 | no            | yes
        """,
    ),
)
def test_attended(case: Case) -> None:
    assert case.figures(incidents=incidents(case)) == case.figure


@spec(
    "MH-03",
    case(
        "Hours from detention to handover, on the local day of the detention; one that is still open is left out",
        {"median Sep 2024": 1, "p90 Sep 2024": 1, "median Oct 2024": 4, "p90 Oct 2024": 7.2},
        handovers="""
            handover_id | detained_at      | handed_over_at
            1           | 2024-09-30 23:30 | 2024-10-01 00:30
            2           | 2024-10-05 10:00 | 2024-10-05 10:00
            3           | 2024-10-05 10:00 | 2024-10-05 14:00
            4           | 2024-10-05 10:00 | 2024-10-05 18:00
            5           | 2024-10-05 10:00 |
        """,
    ),
)
def test_section_136_handover(case: Case) -> None:
    assert case.figures(handovers=handover_facts(case.rows("handovers"))) == case.figure

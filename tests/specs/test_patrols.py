"""Definitions §6: Targeted Guardian Patrols. `hotspot_stays` are the times that radios were held inside a hotspot."""

from metrics.patrol import hotspot_months
from tests.specs.notation import Case, case, spec
from tests.specs.sources import patrols, taskings

EVENING = """
    tasking_id | hotspot_id | window_start     | window_end       | officer_id
    1          | H1         | 2024-10-02 18:00 | 2024-10-02 20:00 | Ann
"""
ANYBODY = EVENING.replace("Ann", "")
TWO_HOTSPOTS_FROM_THE_29TH = """
    hotspot_id | kind | lpa_code | valid_from
    H1         | asb  | L1       | 2024-10-29
    H2         | asb  | L1       | 2024-10-29
"""


@spec(
    "TGP-01",
    case(
        "Just 60 minutes inside the window comply; what lies before and after it does not count",
        100,
        taskings=EVENING,
        hotspot_stays="""
            officer_id | hotspot_id | start            | end
            Ann        | H1         | 2024-10-02 17:30 | 2024-10-02 18:20
            Ann        | H1         | 2024-10-02 19:20 | 2024-10-02 20:30
        """,
    ),
    case(
        "59 minutes are too short",
        0,
        taskings=EVENING,
        hotspot_stays="""
            officer_id | hotspot_id | start            | end
            Ann        | H1         | 2024-10-02 18:00 | 2024-10-02 18:59
        """,
    ),
    case(
        "Two officers together are one visit: 40 minutes of somebody there",
        0,
        taskings=ANYBODY,
        hotspot_stays="""
            officer_id | hotspot_id | start            | end
            Ann        | H1         | 2024-10-02 18:00 | 2024-10-02 18:30
            Bob        | H1         | 2024-10-02 18:10 | 2024-10-02 18:40
        """,
    ),
    case(
        "One after the other makes the hour; where nobody is named anybody counts",
        100,
        taskings=ANYBODY,
        hotspot_stays="""
            officer_id | hotspot_id | start            | end
            Ann        | H1         | 2024-10-02 18:00 | 2024-10-02 18:30
            Bob        | H1         | 2024-10-02 19:00 | 2024-10-02 19:30
        """,
    ),
    case(
        "Where officers are named they alone count",
        0,
        taskings=EVENING,
        hotspot_stays="""
            officer_id | hotspot_id | start            | end
            Bob        | H1         | 2024-10-02 18:00 | 2024-10-02 20:00
        """,
    ),
    case(
        "A tasking counts once, however many officers it names: one of two complied",
        50,
        taskings="""
            tasking_id | hotspot_id | window_start     | window_end       | officer_id
            1          | H1         | 2024-10-02 18:00 | 2024-10-02 20:00 | Ann
            1          | H1         | 2024-10-02 18:00 | 2024-10-02 20:00 | Bob
            2          | H1         | 2024-10-03 18:00 | 2024-10-03 20:00 | Ann
        """,
        hotspot_stays="""
            officer_id | hotspot_id | start            | end
            Ann        | H1         | 2024-10-02 18:00 | 2024-10-02 19:00
            Bob        | H1         | 2024-10-02 18:00 | 2024-10-02 19:00
        """,
    ),
    case(
        "It belongs to the local month in which its window starts, and to the hotspot's LPA",
        {"L1 Jul 2024": 0, "L1 Aug 2024": 100},
        level="lpa",
        taskings="""
            tasking_id | hotspot_id | window_start     | window_end       | officer_id
            1          | H1         | 2024-07-31 23:30 | 2024-08-01 01:30 |
            2          | H1         | 2024-08-01 00:00 | 2024-08-01 02:00 |
        """,
        hotspot_stays="""
            officer_id | hotspot_id | start            | end
            Ann        | H1         | 2024-08-01 01:00 | 2024-08-01 02:00
        """,
    ),
    case(
        "The window over the end of summer time is three hours of the clock and still two hours long",
        100,
        taskings="""
            tasking_id | hotspot_id | window_start         | window_end           | officer_id
            1          | H1         | 2024-10-27 01:30 BST | 2024-10-27 02:30 GMT |
        """,
        hotspot_stays="""
            officer_id | hotspot_id | start                | end
            Ann        | H1         | 2024-10-27 01:30 BST | 2024-10-27 01:30 GMT
        """,
    ),
    case(
        "An Impact Area is not patrolled as a hotspot",
        0,
        taskings="""
            tasking_id | hotspot_id | window_start     | window_end       | officer_id
            1          | H1         | 2024-10-02 18:00 | 2024-10-02 20:00 |
            2          | I1         | 2024-10-02 18:00 | 2024-10-02 20:00 |
        """,
        hotspot_stays="""
            officer_id | hotspot_id | start            | end
            Ann        | I1         | 2024-10-02 18:00 | 2024-10-02 20:00
        """,
    ),
)
def test_compliant_patrols(case: Case) -> None:
    assert case.figures(taskings=taskings(case)) == case.figure


@spec(
    "TGP-02",
    case(
        "Officers' time inside the hotspot in the window: together they count twice",
        1.5,
        taskings=ANYBODY,
        hotspot_stays="""
            officer_id | hotspot_id | start            | end
            Ann        | H1         | 2024-10-02 17:00 | 2024-10-02 19:00
            Bob        | H1         | 2024-10-02 18:30 | 2024-10-02 19:00
        """,
    ),
    case(
        "Only of those named, and only in this hotspot",
        0,
        taskings=EVENING,
        hotspot_stays="""
            officer_id | hotspot_id | start            | end
            Bob        | H1         | 2024-10-02 18:00 | 2024-10-02 19:00
            Ann        | I1         | 2024-10-02 18:00 | 2024-10-02 19:00
        """,
    ),
)
def test_patrol_hours(case: Case) -> None:
    assert case.figures(taskings=taskings(case)) == case.figure


@spec(
    "TGP-03",
    case(
        "Taskings with any presence in the window: on site that day, but outside it, is not enough",
        50,
        taskings="""
            tasking_id | hotspot_id | window_start     | window_end       | officer_id
            1          | H1         | 2024-10-02 18:00 | 2024-10-02 20:00 |
            2          | H1         | 2024-10-03 18:00 | 2024-10-03 20:00 |
        """,
        hotspot_stays="""
            officer_id | hotspot_id | start            | end
            Ann        | H1         | 2024-10-02 19:59 | 2024-10-02 20:10
            Ann        | H1         | 2024-10-03 09:00 | 2024-10-03 18:00
        """,
    ),
)
def test_reached_in_the_window(case: Case) -> None:
    assert case.figures(taskings=taskings(case)) == case.figure


@spec(
    "TGP-04",
    case(
        "Days with a compliant patrol, of a third of the month's days rounded up: 1 of 11",
        {"H1": 100 / 11},
        level="hotspot",
        taskings=EVENING,
        hotspot_stays="""
            officer_id | hotspot_id | start            | end
            Ann        | H1         | 2024-10-02 18:00 | 2024-10-02 19:00
        """,
    ),
    case(
        "Two patrols of one day are one day, and one too short is none: 1 of 11",
        {"H1": 100 / 11},
        level="hotspot",
        taskings="""
            tasking_id | hotspot_id | window_start     | window_end       | officer_id
            1          | H1         | 2024-10-02 10:00 | 2024-10-02 12:00 |
            2          | H1         | 2024-10-02 18:00 | 2024-10-02 20:00 |
            3          | H1         | 2024-10-03 18:00 | 2024-10-03 20:00 |
        """,
        hotspot_stays="""
            officer_id | hotspot_id | start            | end
            Ann        | H1         | 2024-10-02 10:00 | 2024-10-02 20:00
            Ann        | H1         | 2024-10-03 18:00 | 2024-10-03 18:59
        """,
    ),
    case(
        "Of the days on which the hotspot is valid, and capped: two days of the one required count as one of two",
        {"H1": 100, "H2": 0},
        level="hotspot",
        hotspots=TWO_HOTSPOTS_FROM_THE_29TH,
        taskings="""
            tasking_id | hotspot_id | window_start     | window_end       | officer_id
            1          | H1         | 2024-10-29 18:00 | 2024-10-29 20:00 |
            2          | H1         | 2024-10-30 18:00 | 2024-10-30 20:00 |
        """,
        hotspot_stays="""
            officer_id | hotspot_id | start            | end
            Ann        | H1         | 2024-10-29 18:00 | 2024-10-29 19:00
            Ann        | H1         | 2024-10-30 18:00 | 2024-10-30 19:00
        """,
    ),
    case(
        "More at one hotspot does not make up for none at another",
        50,
        hotspots=TWO_HOTSPOTS_FROM_THE_29TH,
        taskings="""
            tasking_id | hotspot_id | window_start     | window_end       | officer_id
            1          | H1         | 2024-10-29 18:00 | 2024-10-29 20:00 |
            2          | H1         | 2024-10-30 18:00 | 2024-10-30 20:00 |
        """,
        hotspot_stays="""
            officer_id | hotspot_id | start            | end
            Ann        | H1         | 2024-10-29 18:00 | 2024-10-29 19:00
            Ann        | H1         | 2024-10-30 18:00 | 2024-10-30 19:00
        """,
    ),
)
def test_one_day_in_three(case: Case) -> None:
    assert case.figures(hotspot_months=hotspot_months(taskings(case), case.rows("hotspots"))) == case.figure


@spec(
    "TGP-05",
    case(
        "Check-in to check-out differs from the radio's time by at most 10 minutes; without a check-out it cannot",
        50,
        patrols="""
            patrol_id | hotspot_id | officer_id | checked_in_at    | checked_out_at
            1         | H1         | Ann        | 2024-10-02 18:00 | 2024-10-02 19:40
            2         | H1         | Ann        | 2024-10-03 18:00 | 2024-10-03 19:41
            3         | H1         | Ann        | 2024-10-04 18:00 |
        """,
        hotspot_stays="""
            officer_id | hotspot_id | start            | end
            Ann        | H1         | 2024-10-02 18:00 | 2024-10-02 19:30
            Ann        | H1         | 2024-10-03 17:00 | 2024-10-03 19:30
            Ann        | H1         | 2024-10-04 18:00 | 2024-10-04 20:00
        """,
    ),
    case(
        "The radio is that of the officer who checked in; unseen they disagree",
        0,
        patrols="""
            patrol_id | hotspot_id | officer_id | checked_in_at    | checked_out_at
            1         | H1         | Ann        | 2024-10-02 18:00 | 2024-10-02 19:00
        """,
        hotspot_stays="""
            officer_id | hotspot_id | start            | end
            Bob        | H1         | 2024-10-02 18:00 | 2024-10-02 19:00
        """,
    ),
)
def test_check_in_agrees_with_gps(case: Case) -> None:
    assert case.figures(patrols=patrols(case)) == case.figure


@spec(
    "TGP-06",
    case(
        "Arrests, stop and searches, intelligence and referrals per 100 officer-hours on site; not given is none",
        300,
        taskings=EVENING,
        hotspot_stays="""
            officer_id | hotspot_id | start            | end
            Ann        | H1         | 2024-10-02 18:00 | 2024-10-02 20:00
        """,
        patrols="""
            patrol_id | hotspot_id | officer_id | checked_in_at    | arrests | stop_searches | intelligence | referrals
            1         | H1         | Ann        | 2024-10-02 18:00 | 1       | 2             |              | 1
            2         | H1         | Bob        | 2024-10-03 18:00 |         |               | 2            |
        """,
    ),
)
def test_outcomes_per_100_patrol_hours(case: Case) -> None:
    assert case.figures(taskings=taskings(case), patrols=patrols(case)) == case.figure

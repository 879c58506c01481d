"""Definitions §7: who can be reached, who answers, and what people say; town centres."""

from metrics import feeds
from tests.specs.notation import Case, case, spec
from tests.specs.sources import MAY, NEIGHBOURHOODS, crimes, measures, profiles, residents

SURVEYS = """
    indicator_id | area_code | month   | numerator | denominator
    SAT-01       | F         | 2024-05 | 80        | 100
    SAT-01       | L1        | 2024-05 | 30        | 40
    SAT-02       | F         | 2024-05 | 11        | 100
    SAT-03       | F         | 2024-05 | 34        | 100
    SAT-04       | F         | 2024-05 | 28        | 100
"""
IN_TOWN = """
    crime_id | recorded_on | offence_code | outcome_code
    1        | 2024-05-01  | SHOPLIFTING  | charged
    2        | 2024-05-01  | SHOPLIFTING  | 8
    3        | 2024-05-01  | SHOPLIFTING  | 5
    4        | 2024-05-01  | SHOPLIFTING  |
    5        | 2024-05-01  | SHOPLIFTING  | unheard of
    6        | 2024-05-01  | ROBBERY      | charged
"""


@spec(
    "ENG-01",
    case(
        "Neighbourhoods whose profile names an officer, of all there are: one without a profile counts as having none",
        {"L1": 50, "L2": 0},
        level="lpa",
        profiles="""
            neighbourhood_code | month   | named_officer
            N1                 | 2024-05 | yes
            N3                 | 2024-05 | no
        """,
    ),
)
def test_named_contactable_officer(case: Case) -> None:
    assert case.figures(**profiles(case)) == case.figure


@spec(
    "ENG-02",
    case(
        "Reviewed at most 92 days before the month's end, 31 May; not 93 days, nor never",
        {"N1": 100, "N2": 0, "N3": 0, "N4": 0},
        level="neighbourhood",
        profiles="""
            neighbourhood_code | month   | priorities_reviewed_on
            N1                 | 2024-05 | 2024-02-29
            N2                 | 2024-05 | 2024-02-28
            N3                 | 2024-05 |
        """,
    ),
    case(
        "A date that is still to come is no review",
        0,
        profiles="""
            neighbourhood_code | month   | priorities_reviewed_on
            N1                 | 2024-05 | 2024-06-01
        """,
    ),
)
def test_priorities_reviewed_in_the_last_92_days(case: Case) -> None:
    assert case.figures(**profiles(case)) == case.figure


@spec(
    "ENG-03",
    case(
        "Meetings held in the month, by anybody's count of who came, per neighbourhood",
        {"L1": 1, "L2": 0.5},
        level="lpa",
        meetings="""
            meeting_id | neighbourhood_code | held_on    | attendees
            1          | N1                 | 2024-05-01 | 5
            2          | N1                 | 2024-05-31 |
            3          | N3                 | 2024-05-31 | 90
        """,
    ),
)
def test_meetings_held_per_neighbourhood(case: Case) -> None:
    meetings = feeds.meeting_facts(case.rows("meetings"), NEIGHBOURHOODS)
    assert case.figures(meetings=meetings, residents=residents(MAY)) == case.figure


@spec(
    "ENG-04",
    case(
        "Answered within 72 hours, of all received that month: one not answered yet is not",
        50,
        queries="""
            query_id | neighbourhood_code | received_at      | answered_at
            1        | N1                 | 2024-05-31 09:00 | 2024-05-31 10:00
            2        | N1                 | 2024-05-31 09:00 | 2024-06-03 09:00
            3        | N1                 | 2024-05-31 09:00 | 2024-06-03 09:01
            4        | N1                 | 2024-05-31 09:00 |
        """,
    ),
    case(
        "72 hours are 72 hours where the clocks go forward: by the clock it took 73",
        100,
        queries="""
            query_id | neighbourhood_code | received_at      | answered_at
            1        | N1                 | 2024-03-29 09:00 | 2024-04-01 10:00
        """,
    ),
)
def test_queries_answered_within_72_hours(case: Case) -> None:
    assert case.figures(queries=feeds.query_facts(case.rows("queries"), NEIGHBOURHOODS)) == case.figure


@spec(
    "ENG-05",
    case(
        "Members at the month's end, as they arrive; unknown, not 0, where none arrived",
        {"May 2024": 122_059, "Jun 2024": None},
        measures="""
            indicator_id | area_code | month   | numerator
            ENG-05       | F         | 2024-05 | 122059
            SAT-01       | F         | 2024-06 | 1
        """,
    ),
)
def test_wmnow_members(case: Case) -> None:
    assert case.figures(measures=measures(case)) == case.figure


@spec(
    "SAT-01",
    case("Satisfied, of victims surveyed: the force's own figure is not added to its LPAs'", 80, measures=SURVEYS),
    case("An LPA's own figure stands", {"L1": 75}, level="lpa", measures=SURVEYS),
    case(
        "An area without a figure of its own is the sum of its children's: 6 of 10",
        60,
        measures="""
            indicator_id | area_code | month   | numerator | denominator
            SAT-01       | N1        | 2024-05 | 3         | 4
            SAT-01       | N2        | 2024-05 | 1         | 4
            SAT-01       | L2        | 2024-05 | 2         | 2
        """,
    ),
)
def test_victims_satisfied(case: Case) -> None:
    assert case.figures(measures=measures(case)) == case.figure


@spec("SAT-02", case("Saw foot patrol, of people asked", 11, measures=SURVEYS))
def test_foot_patrol_seen(case: Case) -> None:
    assert case.figures(measures=measures(case)) == case.figure


@spec("SAT-03", case("Experienced or witnessed ASB, of people asked", 34, measures=SURVEYS))
def test_asb_experienced(case: Case) -> None:
    assert case.figures(measures=measures(case)) == case.figure


@spec("SAT-04", case("Saw or heard what police do, of people asked", 28, measures=SURVEYS))
def test_seen_or_heard_what_police_do(case: Case) -> None:
    assert case.figures(measures=measures(case)) == case.figure


@spec("TOWN-01", case("Crimes whose offence counts as retail and street crime", 5, crimes=IN_TOWN))
def test_retail_and_street_crime(case: Case) -> None:
    assert case.figures(crimes=crimes(case)) == case.figure


@spec(
    "TOWN-02",
    case("With an outcome whose code is positive: 5 is none, nor is one unheard of", 40, crimes=IN_TOWN),
)
def test_positive_outcomes_of_retail_and_street_crime(case: Case) -> None:
    assert case.figures(crimes=crimes(case)) == case.figure

"""Definitions §5: recorded crime, and the harm in it."""

from tests.specs.notation import Case, case, spec
from tests.specs.sources import MAY, crimes, residents


@spec(
    "HRM-01",
    case(
        "Every crime in the month it was recorded, whenever it was committed, weighed or not, known offence or not",
        {"May 2024": 3, "Jun 2024": 1},
        crimes="""
            crime_id | recorded_on | committed_on | offence_code
            1        | 2024-05-01  | 2023-12-24   | ROBBERY
            2        | 2024-05-31  | 2024-05-31   | PERJURY
            3        | 2024-05-31  |              | UNKNOWN
            4        | 2024-06-01  | 2024-05-31   | ROBBERY
        """,
    ),
    case(
        "One without a place counts in no LPA",
        {"L1": 1},
        level="lpa",
        crimes="""
            crime_id | recorded_on | offence_code | lpa_code
            1        | 2024-05-01  | ROBBERY      | L1
            2        | 2024-05-01  | ROBBERY      |
        """,
    ),
    case(
        "One in two Impact Areas counts in each",
        {"I1": 1, "I2": 2},
        level="impact_area",
        crimes="""
            crime_id | recorded_on | offence_code | impact_areas
            1        | 2024-05-01  | ROBBERY      | I1 I2
            2        | 2024-05-01  | ROBBERY      | I2
            3        | 2024-05-01  | ROBBERY      |
        """,
    ),
)
def test_recorded_crime(case: Case) -> None:
    assert case.figures(crimes=crimes(case)) == case.figure


@spec(
    "HRM-02",
    case(
        "The sum of the weights in the set that is asked for; what has no weight adds no harm",
        1810,
        crimes="""
            crime_id | recorded_on | offence_code
            1        | 2024-05-01  | ROBBERY
            2        | 2024-05-01  | ROBBERY
            3        | 2024-05-01  | WOUNDING
            4        | 2024-05-01  | SHOPLIFTING
            5        | 2024-05-01  | PERJURY
        """,
    ),
    case(
        "One homicide can be most of an area's month",
        {"L1": 8000, "L2": 400},
        level="lpa",
        crimes="""
            crime_id | recorded_on | offence_code | lpa_code
            1        | 2024-05-01  | MURDER       | L1
            2        | 2024-05-01  | WOUNDING     | L2
            3        | 2024-05-01  | WOUNDING     | L2
        """,
    ),
)
def test_crime_harm(case: Case) -> None:
    assert case.figures(crimes=crimes(case)) == case.figure


@spec(
    "HRM-03",
    case(
        "Harm of the crimes that have a weight, each: PERJURY has none and is not counted against",
        500,
        crimes="""
            crime_id | recorded_on | offence_code
            1        | 2024-05-01  | ROBBERY
            2        | 2024-05-01  | WOUNDING
            3        | 2024-05-01  | PERJURY
        """,
    ),
    case(
        "Null where no crime has one",
        None,
        crimes="""
            crime_id | recorded_on | offence_code
            1        | 2024-05-01  | PERJURY
        """,
    ),
)
def test_harm_per_crime(case: Case) -> None:
    assert case.figures(crimes=crimes(case)) == case.figure


@spec(
    "HRM-04",
    case(
        "Harm inside Impact Areas, of the force's; in two that overlap it is inside once; hotspots are none",
        20,
        crimes="""
            crime_id | recorded_on | offence_code | impact_areas | hotspots
            1        | 2024-05-01  | WOUNDING     | I1 I2        |
            2        | 2024-05-01  | ROBBERY      |              | H1
            3        | 2024-05-01  | PERJURY      | I1           |
        """,
    ),
)
def test_share_of_force_harm_in_impact_areas(case: Case) -> None:
    assert case.figures(crimes=crimes(case)) == case.figure


@spec(
    "HRM-05",
    case(
        "Crimes whose offence is a neighbourhood crime",
        4,
        offences="""
            offence_code | neighbourhood_crime
            HOUSE        | residential_burglary
            SHOP         |
            ROBBERY      | robbery
            CAR          | vehicle
            PICKPOCKET   | theft_person
        """,
        crimes="""
            crime_id | recorded_on | offence_code
            1        | 2024-05-01  | HOUSE
            2        | 2024-05-01  | SHOP
            3        | 2024-05-01  | ROBBERY
            4        | 2024-05-01  | CAR
            5        | 2024-05-01  | PICKPOCKET
            6        | 2024-05-01  | UNKNOWN
        """,
    ),
)
def test_neighbourhood_crime(case: Case) -> None:
    assert case.figures(crimes=crimes(case)) == case.figure


@spec(
    "HRM-06",
    case(
        "Violence with injury whose victim was under 25; not of an age unknown, nor another crime",
        1,
        crimes="""
            crime_id | recorded_on | offence_code | victim_age
            1        | 2024-05-01  | WOUNDING     | 24
            2        | 2024-05-01  | WOUNDING     | 25
            3        | 2024-05-01  | WOUNDING     |
            4        | 2024-05-01  | ROBBERY      | 16
        """,
    ),
)
def test_violence_with_injury_victim_under_25(case: Case) -> None:
    assert case.figures(crimes=crimes(case)) == case.figure


@spec(
    "HRM-07",
    case(
        "Harm per 1,000 who live there: 1,000 among 4,000 in L1, 10 among 500 in L2",
        {"L1": 250, "L2": 20},
        level="lpa",
        crimes="""
            crime_id | recorded_on | offence_code | lpa_code
            1        | 2024-05-01  | ROBBERY      | L1
            2        | 2024-05-01  | WOUNDING     | L1
            3        | 2024-05-01  | PERJURY      | L1
            4        | 2024-05-01  | SHOPLIFTING  | L2
        """,
    ),
)
def test_harm_per_1000_residents(case: Case) -> None:
    assert case.figures(crimes=crimes(case), residents=residents(MAY)) == case.figure

"""Definitions §3: where officers were, by their radio fixes, on the map of the stays' tests.

A fix holds for ten minutes here, where the next one is not sooner: 10 minutes are 1/6 of an hour.
"""

from datetime import date

import polars as pl

from metrics import indicator
from metrics.compute import compute
from metrics.disclosure import withhold
from tests.specs.notation import FORCE_CODE, Case, by_name, case, spec
from tests.specs.sources import duty, residents, seen

MINUTE = 1 / 60
OCTOBER = date(2024, 10, 1)
HALF_AN_HOUR = """
    officer_id | starts_at        | ends_at          | activity_code
    Ann        | 2024-10-08 12:00 | 2024-10-08 12:50 | PATROL
    Pat        | 2024-10-08 12:00 | 2024-10-08 12:50 | PATROL
"""


@spec(
    "VIS-02",
    case(
        "Visible time, of known time in the force area, in buildings or not; time outside the force is in neither",
        {"L1": 50},
        level="lpa",
        duties=HALF_AN_HOUR,
        fixes="""
            officer_id | at               | spot
            Ann        | 2024-10-08 12:00 | in N1
            Ann        | 2024-10-08 12:10 | in N1
            Ann        | 2024-10-08 12:20 | in the police station
            Ann        | 2024-10-08 12:30 | in a hospital outside
            Ann        | 2024-10-08 12:40 | outside
        """,
    ),
    case(
        "By home posting: time in another LPA is the home's",
        {"L1": 100},
        level="lpa",
        duties=HALF_AN_HOUR,
        fixes="""
            officer_id | at               | spot
            Ann        | 2024-10-08 12:00 | in N3
            Ann        | 2024-10-08 12:10 | in N3
            Ann        | 2024-10-08 12:20 | in N3
        """,
    ),
    case(
        "Shown where just 60 % of uniformed duty time is known; plain clothes are in neither figure",
        {"L1": 200 / 3},
        level="lpa",
        duties=HALF_AN_HOUR,
        fixes="""
            officer_id | at               | spot
            Ann        | 2024-10-08 12:00 | in N1
            Ann        | 2024-10-08 12:10 | in N1
            Ann        | 2024-10-08 12:20 | in the police station
            Pat        | 2024-10-08 12:00 | in N1
        """,
    ),
    case(
        "Withheld where less is known",
        {"L1": None},
        level="lpa",
        duties=HALF_AN_HOUR,
        fixes="""
            officer_id | at               | spot
            Ann        | 2024-10-08 12:00 | in N1
            Ann        | 2024-10-08 12:10 | in N1
            Ann        | 2024-10-08 12:19 | in the police station
        """,
    ),
)
def test_share_of_time_visible(case: Case) -> None:
    facts = {"duty": duty(case).collect().lazy(), "visibility_home": seen(case)["visibility_home"]}
    asked = [indicator("VIS-02"), indicator("VIS-04")]
    rows = compute(facts, asked, case.level, force_code=FORCE_CODE).collect().lazy()
    told = withhold(rows, rows, asked, 60).filter(pl.col("indicator_id") == "VIS-02").collect()
    assert by_name(told) == case.figure
    assert set(told["note"]) == ({"withheld: coverage 58 %"} if told["value"].has_nulls() else {None})


@spec(
    "VIS-03",
    case(
        "Time with anybody there: where two overlap, it counts once",
        15 * MINUTE,
        fixes="""
            officer_id | at               | spot
            Ann        | 2024-10-08 12:00 | in N1
            Bob        | 2024-10-08 12:05 | in N1
        """,
    ),
    case(
        "Per neighbourhood, then summed: two places at once are twice the time",
        20 * MINUTE,
        fixes="""
            officer_id | at               | spot
            Ann        | 2024-10-08 12:00 | in N1
            Bob        | 2024-10-08 12:00 | in N2
        """,
    ),
    case(
        "Nobody is there in plain clothes, in a building or outside every neighbourhood",
        10 * MINUTE,
        fixes="""
            officer_id | at               | spot
            Ann        | 2024-10-08 12:00 | in N1
            Pat        | 2024-10-08 13:00 | in N1
            Bob        | 2024-10-08 14:00 | in the police station
            Bob        | 2024-10-08 15:00 | outside
        """,
    ),
)
def test_neighbourhood_presence_hours(case: Case) -> None:
    assert case.figures(presence=seen(case)["presence"]) == case.figure


@spec(
    "VIS-04",
    case(
        "All time whose place is known, in buildings and outside the force too, of duty time; silence is unknown",
        60,
        duties=HALF_AN_HOUR,
        fixes="""
            officer_id | at               | spot
            Ann        | 2024-10-08 12:00 | in N1
            Ann        | 2024-10-08 12:20 | in the police station
            Ann        | 2024-10-08 12:40 | outside
        """,
    ),
    case(
        "Leave is no duty to be known",
        100,
        duties="""
            officer_id | starts_at        | ends_at          | activity_code
            Ann        | 2024-10-08 12:00 | 2024-10-08 12:10 | PATROL
            Ann        | 2024-10-08 12:10 | 2024-10-08 13:00 | LEAVE
        """,
        fixes="""
            officer_id | at               | spot
            Ann        | 2024-10-08 12:00 | in N1
        """,
    ),
    case(
        "A radio that says nothing covers nothing of its officer's duty",
        50,
        duties="""
            officer_id | starts_at        | ends_at          | activity_code
            Ann        | 2024-10-08 12:00 | 2024-10-08 12:10 | PATROL
            Bob        | 2024-10-08 12:00 | 2024-10-08 12:10 | PATROL
        """,
        fixes="""
            officer_id | at               | spot
            Ann        | 2024-10-08 12:00 | in N1
        """,
    ),
)
def test_data_coverage(case: Case) -> None:
    assert case.figures(duty=duty(case), visibility_home=seen(case)["visibility_home"]) == case.figure


@spec(
    "VIS-05",
    case(
        "Visible hours where they were spent, per 1,000 who live there; null where nobody is known to",
        {"N1": 1 / 6, "N2": 1 / 18, "N3": 0, "N4": None},
        level="neighbourhood",
        fixes="""
            officer_id | at               | spot
            Ann        | 2024-10-08 12:00 | in N1
            Ann        | 2024-10-08 13:00 | in N2
            Ann        | 2024-10-08 14:00 | in N4, in the hole
        """,
    ),
    case(
        "At every level a ratio of sums: 20 minutes for 4,000 residents",
        {"L1": 1 / 12, "L2": 0},
        level="lpa",
        fixes="""
            officer_id | at               | spot
            Ann        | 2024-10-08 12:00 | in N1
            Ann        | 2024-10-08 13:00 | in N2
        """,
    ),
)
def test_visible_hours_per_1000_residents(case: Case) -> None:
    visible = seen(case)["visibility_place"]
    assert case.figures(visibility_place=visible, residents=residents(OCTOBER)) == case.figure

"""Definitions §3: how long officers were visible, by their radio fixes, on the map of the stays' tests.

A fix holds for ten minutes here, where the next one is not sooner: 10 minutes are 1/6 of an hour.
"""

from tests.specs.notation import Case, case, spec
from tests.specs.sources import seen

MINUTE = 1 / 60


@spec(
    "VIS-01",
    case(
        "A fix holds the clock until the next one, for ten minutes at most, and not beyond duty: 5 + 10 + 2",
        17 * MINUTE,
        fixes="""
            officer_id | at               | spot
            Ann        | 2024-10-08 12:00 | in N1
            Ann        | 2024-10-08 12:05 | in N1
            Ann        | 2024-10-08 15:58 | in N1
        """,
    ),
    case(
        "Time in a police building, in other premises and outside the force is not visible",
        10 * MINUTE,
        fixes="""
            officer_id | at               | spot
            Ann        | 2024-10-08 12:00 | in N1
            Ann        | 2024-10-08 13:00 | in the police station
            Ann        | 2024-10-08 14:00 | in a hospital outside
            Ann        | 2024-10-08 15:00 | outside
        """,
    ),
    case(
        "A building reaches 20 metres beyond its footprint: 15 m from it is inside, 25 m is visible",
        10 * MINUTE,
        fixes="""
            officer_id | at               | spot
            Ann        | 2024-10-08 12:00 | 15 m from it
            Ann        | 2024-10-08 13:00 | 25 m from it
        """,
    ),
    case(
        "A building counts while it stands: the old station was left on 26 October",
        {"Sep 2024": 0, "Nov 2024": 10 * MINUTE},
        duties="""
            officer_id | starts_at        | ends_at          | activity_code
            Ann        | 2024-09-30 12:00 | 2024-09-30 13:00 | PATROL
            Ann        | 2024-11-01 12:00 | 2024-11-01 13:00 | PATROL
        """,
        fixes="""
            officer_id | at               | spot
            Ann        | 2024-09-30 12:00 | in the old station
            Ann        | 2024-11-01 12:00 | in the old station
        """,
    ),
    case(
        "One fix in a building between two outside it takes their kind",
        20 * MINUTE,
        fixes="""
            officer_id | at               | spot
            Ann        | 2024-10-08 12:00 | in N1
            Ann        | 2024-10-08 12:05 | in the police station
            Ann        | 2024-10-08 12:10 | in N1
        """,
    ),
    case(
        "One outside between two in a building takes theirs",
        0,
        fixes="""
            officer_id | at               | spot
            Ann        | 2024-10-08 12:00 | in the police station
            Ann        | 2024-10-08 12:05 | in N1
            Ann        | 2024-10-08 12:10 | in the police station
        """,
    ),
    case(
        "Neighbours more than ten minutes away change nothing",
        20 * MINUTE,
        fixes="""
            officer_id | at               | spot
            Ann        | 2024-10-08 12:00 | in N1
            Ann        | 2024-10-08 12:11 | in the police station
            Ann        | 2024-10-08 12:22 | in N1
        """,
    ),
    case(
        "Time outside the force is never unmade",
        15 * MINUTE,
        fixes="""
            officer_id | at               | spot
            Ann        | 2024-10-08 12:00 | in N1
            Ann        | 2024-10-08 12:05 | outside
            Ann        | 2024-10-08 12:10 | in N1
        """,
    ),
    case(
        "Of two fixes at one instant the western one counts",
        {"N1": 10 * MINUTE},
        level="neighbourhood",
        fixes="""
            officer_id | at               | spot
            Ann        | 2024-10-08 12:00 | in N2
            Ann        | 2024-10-08 12:00 | in N1
        """,
    ),
    case(
        "A jump faster than 180 km/h there and back is dropped: the fix before it holds on",
        15 * MINUTE,
        fixes="""
            officer_id | at               | spot
            Ann        | 2024-10-08 12:00 | in N1
            Ann        | 2024-10-08 12:02 | far outside
            Ann        | 2024-10-08 12:05 | in N1
        """,
    ),
    case(
        "Fixes off duty and during leave are dropped",
        10 * MINUTE,
        duties="""
            officer_id | starts_at        | ends_at          | activity_code
            Ann        | 2024-10-08 12:00 | 2024-10-08 13:00 | PATROL
            Ann        | 2024-10-08 13:00 | 2024-10-08 14:00 | LEAVE
        """,
        fixes="""
            officer_id | at               | spot
            Ann        | 2024-10-08 11:59 | in N1
            Ann        | 2024-10-08 12:30 | in N1
            Ann        | 2024-10-08 13:00 | in N1
        """,
    ),
    case(
        "A position that cannot be in the country is no fix",
        0,
        fixes="""
            officer_id | at               | spot
            Ann        | 2024-10-08 12:00 | in the police station
            Ann        | 2024-10-08 12:05 | nowhere
        """,
    ),
    case(
        "Two officers in one car count twice; one in plain clothes does not count",
        20 * MINUTE,
        fixes="""
            officer_id | at               | spot
            Ann        | 2024-10-08 12:00 | in N1
            Bob        | 2024-10-08 12:00 | in N1
            Pat        | 2024-10-08 12:00 | in N1
        """,
    ),
    case(
        "It counts where the fix was, wherever home is; on a shared border in the lower neighbourhood code",
        {"N1": 10 * MINUTE, "N2": 10 * MINUTE, "N3": 10 * MINUTE},
        level="neighbourhood",
        fixes="""
            officer_id | at               | spot
            Ann        | 2024-10-08 12:00 | border N1 N2
            Ann        | 2024-10-08 13:00 | in N2
            Ann        | 2024-10-08 14:00 | in N3
        """,
    ),
    case(
        "A boundary is the one that was valid on the local day: N2 was redrawn on 27 October",
        {"N2": 10 * MINUTE},
        level="neighbourhood",
        duties="""
            officer_id | starts_at        | ends_at          | activity_code
            Ann        | 2024-10-26 22:00 | 2024-10-27 00:30 | PATROL
        """,
        fixes="""
            officer_id | at               | spot
            Ann        | 2024-10-26 23:40 | in N2 until redrawn
            Ann        | 2024-10-27 00:10 | in N2 until redrawn
        """,
    ),
    case(
        "Time is split at local midnight",
        {"Jul 2024": 5 * MINUTE, "Aug 2024": 5 * MINUTE},
        duties="""
            officer_id | starts_at        | ends_at          | activity_code
            Ann        | 2024-07-31 23:00 | 2024-08-01 02:00 | PATROL
        """,
        fixes="""
            officer_id | at               | spot
            Ann        | 2024-07-31 23:55 | in N1
        """,
    ),
)
def test_visible_hours(case: Case) -> None:
    assert case.figures(visibility_place=seen(case)["visibility_place"]) == case.figure

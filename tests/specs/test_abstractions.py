"""Definitions §2: duty-coded time that neighbourhood officers give to other work."""

from tests.specs.notation import Case, case, spec
from tests.specs.sources import duty


@spec(
    "ABS-01",
    case(
        "Time on demand and aid, of duty time",
        50,
        duties="""
            officer_id | starts_at        | ends_at          | activity_code
            Ann        | 2024-03-05 08:00 | 2024-03-05 12:00 | PATROL
            Ann        | 2024-03-05 12:00 | 2024-03-05 13:00 | BACKFILL
            Bob        | 2024-03-05 08:00 | 2024-03-05 11:00 | FOOTBALL
        """,
    ),
    case(
        "Court and training are duty, but not operational; leave is no duty",
        25,
        duties="""
            officer_id | starts_at        | ends_at          | activity_code
            Ann        | 2024-03-05 08:00 | 2024-03-05 09:00 | BACKFILL
            Ann        | 2024-03-05 09:00 | 2024-03-05 10:00 | PATROL
            Ann        | 2024-03-05 10:00 | 2024-03-05 11:00 | COURT
            Ann        | 2024-03-05 11:00 | 2024-03-05 12:00 | TRAINING
            Bob        | 2024-03-05 08:00 | 2024-03-05 16:00 | LEAVE
        """,
    ),
    case(
        "An instant of two segments belongs to the one that started last; the first goes on after it",
        12.5,
        duties="""
            officer_id | starts_at        | ends_at          | activity_code
            Ann        | 2024-03-05 08:00 | 2024-03-05 16:00 | PATROL
            Ann        | 2024-03-05 10:00 | 2024-03-05 11:00 | BACKFILL
        """,
    ),
    case(
        "Of two segments that start together the higher activity code holds, though it ends first",
        50,
        duties="""
            officer_id | starts_at        | ends_at          | activity_code
            Ann        | 2024-03-05 08:00 | 2024-03-05 10:00 | BACKFILL
            Ann        | 2024-03-05 08:00 | 2024-03-05 09:00 | PATROL
        """,
    ),
    case(
        "Only officers whose home department that day is NPT count",
        0,
        duties="""
            officer_id | starts_at        | ends_at          | activity_code
            Ann        | 2024-03-05 08:00 | 2024-03-05 16:00 | PATROL
            Rob        | 2024-03-05 08:00 | 2024-03-05 16:00 | BACKFILL
        """,
    ),
    case(
        "A transfer rewrites no past: the day before it counts with the old team",
        {"L1": 100, "L2": 0},
        level="lpa",
        postings="""
            officer_id | department | team | lpa_code | start_date | end_date
            Ann        | NPT        | A    | L1       | 2020-01-01 | 2024-03-06
            Ann        | NPT        | B    | L2       | 2024-03-06 |
        """,
        duties="""
            officer_id | starts_at        | ends_at          | activity_code
            Ann        | 2024-03-05 08:00 | 2024-03-05 16:00 | BACKFILL
            Ann        | 2024-03-06 08:00 | 2024-03-06 16:00 | PATROL
        """,
    ),
    case(
        "A code means what it meant on the local day",
        25,
        activity_codes="""
            activity_code | category          | family | valid_from | valid_to
            STATION       | front office      | core   | 2020-01-01 | 2024-03-06
            STATION       | response backfill | demand | 2024-03-06 |
        """,
        duties="""
            officer_id | starts_at        | ends_at          | activity_code
            Ann        | 2024-03-05 21:00 | 2024-03-06 01:00 | STATION
        """,
    ),
    case(
        "Time is cut at local midnight: in summer an hour before that of UTC",
        {"Jul 2024": 50, "Aug 2024": 100},
        duties="""
            officer_id | starts_at        | ends_at          | activity_code
            Ann        | 2024-07-31 22:00 | 2024-07-31 23:00 | PATROL
            Ann        | 2024-07-31 23:00 | 2024-08-01 02:00 | BACKFILL
        """,
    ),
    case(
        "The night on which the clocks go back is an hour longer",
        25,
        duties="""
            officer_id | starts_at            | ends_at              | activity_code
            Ann        | 2024-10-27 00:00 BST | 2024-10-27 01:00 BST | BACKFILL
            Ann        | 2024-10-27 01:00 BST | 2024-10-27 03:00 GMT | PATROL
        """,
    ),
    case(
        "Without duty time there is no rate",
        None,
        duties="""
            officer_id | starts_at        | ends_at          | activity_code
            Ann        | 2024-03-05 08:00 | 2024-03-05 16:00 | LEAVE
        """,
    ),
)
def test_operational_abstraction_rate(case: Case) -> None:
    assert case.figures(duty=duty(case)) == case.figure


@spec(
    "ABS-02",
    case(
        "Time on demand, aid and mandatory duties, of duty time; leave is no duty",
        75,
        duties="""
            officer_id | starts_at        | ends_at          | activity_code
            Ann        | 2024-03-05 08:00 | 2024-03-05 09:00 | BACKFILL
            Ann        | 2024-03-05 09:00 | 2024-03-05 10:00 | FOOTBALL
            Ann        | 2024-03-05 10:00 | 2024-03-05 11:00 | COURT
            Ann        | 2024-03-05 11:00 | 2024-03-05 12:00 | PATROL
            Bob        | 2024-03-05 08:00 | 2024-03-05 16:00 | LEAVE
        """,
    ),
    case(
        "Of neighbourhood officers",
        0,
        duties="""
            officer_id | starts_at        | ends_at          | activity_code
            Ann        | 2024-03-05 08:00 | 2024-03-05 16:00 | PATROL
            Rob        | 2024-03-05 08:00 | 2024-03-05 16:00 | COURT
        """,
    ),
)
def test_all_abstraction_rate(case: Case) -> None:
    assert case.figures(duty=duty(case)) == case.figure


@spec(
    "ABS-03",
    case(
        "Episodes of demand or aid per 100 shifts; court is no episode",
        50,
        duties="""
            officer_id | shift_id | starts_at        | ends_at          | activity_code
            Ann        | early    | 2024-03-05 08:00 | 2024-03-05 12:00 | PATROL
            Ann        | early    | 2024-03-05 12:00 | 2024-03-05 16:00 | FOOTBALL
            Bob        | late     | 2024-03-05 16:00 | 2024-03-05 20:00 | COURT
        """,
    ),
    case(
        "A pause of 15 minutes does not end an episode",
        100,
        duties="""
            officer_id | shift_id | starts_at        | ends_at          | activity_code
            Ann        | early    | 2024-03-05 08:00 | 2024-03-05 09:00 | BACKFILL
            Ann        | early    | 2024-03-05 09:15 | 2024-03-05 10:00 | BACKFILL
        """,
    ),
    case(
        "A pause of 16 minutes does",
        200,
        duties="""
            officer_id | shift_id | starts_at        | ends_at          | activity_code
            Ann        | early    | 2024-03-05 08:00 | 2024-03-05 09:00 | BACKFILL
            Ann        | early    | 2024-03-05 09:16 | 2024-03-05 10:00 | BACKFILL
        """,
    ),
    case(
        "Ten minutes of another category are an episode of their own, and end none",
        200,
        duties="""
            officer_id | shift_id | starts_at        | ends_at          | activity_code
            Ann        | early    | 2024-03-05 08:00 | 2024-03-05 09:00 | BACKFILL
            Ann        | early    | 2024-03-05 09:00 | 2024-03-05 09:10 | GUARD
            Ann        | early    | 2024-03-05 09:10 | 2024-03-05 10:00 | BACKFILL
        """,
    ),
    case(
        "An episode is of one officer",
        100,
        duties="""
            officer_id | shift_id | starts_at        | ends_at          | activity_code
            Ann        | early    | 2024-03-05 08:00 | 2024-03-05 09:00 | BACKFILL
            Bob        | late     | 2024-03-05 09:00 | 2024-03-05 10:00 | BACKFILL
        """,
    ),
    case(
        "A shift and an episode count once, on the local day they start",
        {"Jul 2024": 100, "Aug 2024": None},
        duties="""
            officer_id | shift_id | starts_at        | ends_at          | activity_code
            Ann        | night    | 2024-07-31 23:30 | 2024-08-01 06:00 | FOOTBALL
        """,
    ),
    case(
        "A shift that begins with leave starts with its first duty time; one of leave alone is none",
        {"Mar 2024": None, "Apr 2024": 100},
        duties="""
            officer_id | shift_id | starts_at        | ends_at          | activity_code
            Ann        | night    | 2024-03-31 22:00 | 2024-04-01 00:00 | LEAVE
            Ann        | night    | 2024-04-01 00:00 | 2024-04-01 06:00 | BACKFILL
            Bob        | night    | 2024-03-31 22:00 | 2024-04-01 06:00 | LEAVE
        """,
    ),
)
def test_abstraction_frequency(case: Case) -> None:
    assert case.figures(duty=duty(case)) == case.figure


@spec(
    "ABS-04",
    case(
        "Hours on demand and aid, of all officers together; court is not lost",
        3.5,
        duties="""
            officer_id | starts_at        | ends_at          | activity_code
            Ann        | 2024-03-05 08:00 | 2024-03-05 10:00 | BACKFILL
            Ann        | 2024-03-05 10:00 | 2024-03-05 16:00 | COURT
            Bob        | 2024-03-05 08:00 | 2024-03-05 09:30 | FOOTBALL
        """,
    ),
    case(
        "They count at home, wherever they were worked",
        {"S1": 2},
        level="sector",
        duties="""
            officer_id | starts_at        | ends_at          | activity_code | worked_area
            Ann        | 2024-03-05 08:00 | 2024-03-05 10:00 | BACKFILL      | S3
        """,
    ),
    case(
        "Where two postings cover the day, home is that of the one that started last",
        {"S2": 2},
        level="sector",
        postings="""
            officer_id | department | team | lpa_code | sector_code | start_date
            Ann        | NPT        | A    | L1       | S1          | 2020-01-01
            Ann        | NPT        | B    | L1       | S2          | 2024-03-01
        """,
        duties="""
            officer_id | starts_at        | ends_at          | activity_code
            Ann        | 2024-03-05 08:00 | 2024-03-05 10:00 | BACKFILL
        """,
    ),
    case(
        "Who is posted to a whole LPA counts from the LPA upwards",
        {"S1": 2},
        level="sector",
        duties="""
            officer_id | starts_at        | ends_at          | activity_code
            Ann        | 2024-03-05 08:00 | 2024-03-05 10:00 | BACKFILL
            Lea        | 2024-03-05 08:00 | 2024-03-05 16:00 | BACKFILL
        """,
    ),
)
def test_hours_lost_to_operational_abstraction(case: Case) -> None:
    assert case.figures(duty=duty(case)) == case.figure


@spec(
    "ABS-05",
    case(
        "The share of each category in demand, aid and mandatory time; patrol and leave are in none",
        {"response backfill": 50, "football aid": 25, "court": 25},
        duties="""
            officer_id | starts_at        | ends_at          | activity_code
            Ann        | 2024-03-05 08:00 | 2024-03-05 10:00 | BACKFILL
            Ann        | 2024-03-05 10:00 | 2024-03-05 11:00 | FOOTBALL
            Ann        | 2024-03-05 11:00 | 2024-03-05 12:00 | COURT
            Ann        | 2024-03-05 12:00 | 2024-03-05 16:00 | PATROL
            Bob        | 2024-03-05 08:00 | 2024-03-05 16:00 | LEAVE
        """,
    ),
    case(
        "An area in which nobody did it has a share of 0",
        {"court L1": 100, "court L2": 0, "training L1": 0, "training L2": 100},
        level="lpa",
        duties="""
            officer_id | starts_at        | ends_at          | activity_code
            Ann        | 2024-03-05 08:00 | 2024-03-05 10:00 | COURT
            Tom        | 2024-03-05 08:00 | 2024-03-05 09:00 | TRAINING
        """,
    ),
)
def test_abstraction_mix_by_category(case: Case) -> None:
    assert case.figures(duty=duty(case)) == case.figure

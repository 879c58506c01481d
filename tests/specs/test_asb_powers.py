"""Definitions §7b: powers against anti-social behaviour, what became of them, and case reviews."""

from datetime import date

from metrics.asb_powers import in_the_year, power_facts, publication, review_facts
from tests.specs.notation import Case, case, rows_of, spec

OCTOBER = date(2024, 10, 1)
POWERS = """
    power_id | power | issued_on  | breached_on | lpa_code
    1        | cpw   | 2024-10-01 |             | L1
    2        | cpw   | 2024-10-31 |             | L2
    3        | cpn   | 2024-10-05 | 2025-02-01  | L1
    4        | cpn   | 2023-11-01 | 2023-11-05  | L1
    5        | cpn   | 2023-10-31 | 2023-11-05  | L1
"""
REVIEWS = """
    review_id | lpa_code | requested_on | threshold_met | held_on    | recommendations | accepted
    1         | L1       | 2024-04-01   | yes           | 2024-06-01 | 2               | 1
    2         | L1       | 2024-10-02   | no            |            |                 |
    3         | L2       | 2024-10-03   |               |            |                 |
    4         | L2       | 2024-10-04   | yes           | 2024-11-20 | 0               |
    5         | L2       | 2025-04-01   | yes           | 2025-05-01 | 3               | 3
"""


@spec(
    "ASB-08",
    case(
        "Powers issued in the month, by kind",
        {"cpw L1": 1, "cpn L1": 1, "cpw L2": 1, "cpn L2": 0},
        level="lpa",
        asb_powers="""
            power_id | power | issued_on  | lpa_code
            1        | cpw   | 2024-10-01 | L1
            2        | cpw   | 2024-10-31 | L2
            3        | cpn   | 2024-10-05 | L1
        """,
    ),
)
def test_powers_used(case: Case) -> None:
    assert case.figures(asb_powers=power_facts(case.rows("asb_powers"))) == case.figure


@spec(
    "ASB-09",
    case(
        "Breached at any time, of the powers issued in the twelve months to the month's end",
        {"Oct 2024": 50.0},
        asb_powers=POWERS,
    ),
)
def test_powers_breached(case: Case) -> None:
    year = in_the_year(power_facts(case.rows("asb_powers")), OCTOBER)
    assert {"Oct 2024": case.figures(asb_powers_year=year.filter(day=OCTOBER))} == case.figure


@spec(
    "ASB-10",
    case(
        "Met the threshold, of the reviews asked for in the month; one not decided yet has not",
        {"Apr 2024": 100, "Oct 2024": 100 / 3, "Apr 2025": 100},
        case_reviews=REVIEWS,
    ),
)
def test_case_reviews_meeting_the_threshold(case: Case) -> None:
    assert case.figures(case_reviews=review_facts(case.rows("case_reviews"))) == case.figure


def test_the_yearly_publication_counts_what_section_104_names() -> None:
    facts = review_facts(rows_of("case_reviews", REVIEWS)).collect()
    assert publication(facts, date(2024, 4, 1)).rows() == [
        (None, 4, 1, 2, 1, 2, 1),
        ("L1", 2, 1, 1, 1, 2, 1),
        ("L2", 2, 0, 1, 0, 0, 0),
    ]

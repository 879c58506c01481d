"""Definitions §4: anti-social behaviour, and the dip sample of how it was closed."""

from datetime import date

import polars as pl

from metrics.asb import audit_facts, wilson
from tests.specs.notation import Case, case, spec
from tests.specs.sources import asb, residents

THREE_IN_183_DAYS = """
    incident_id | reported_at      | closing_codes | location_ref
    1           | 2024-01-01 00:10 | NUI           | park
    2           | 2024-01-02 12:00 | NUI           | park
    3           | 2024-07-02 23:50 | NUI           | park
"""


@spec(
    "ASB-01",
    case(
        "Incidents with at least one closing code in the ASB set",
        2,
        incidents="""
            incident_id | reported_at      | closing_codes
            1           | 2024-06-01 12:00 | PER
            2           | 2024-06-01 12:00 | DOM; ENV
            3           | 2024-06-01 12:00 | DOM
            4           | 2024-06-01 12:00 | UNKNOWN
            5           | 2024-06-01 12:00 |
        """,
    ),
    case(
        "Open data is ASB as it comes, without closing codes",
        1,
        incidents="""
            incident_id | reported_at      | closing_codes | provenance
            1           | 2024-06-01 12:00 |               | data.police.uk
            2           | 2024-06-01 12:00 |               | force
        """,
    ),
    case(
        "Dated by the local clock of the report",
        {"Jun 2024": 1, "Jul 2024": 2},
        incidents="""
            incident_id | reported_at      | closed_at        | closing_codes
            1           | 2024-06-30 23:59 | 2024-07-02 09:00 | NUI
            2           | 2024-07-01 00:00 | 2024-07-02 09:00 | NUI
            3           | 2024-07-01 00:59 | 2024-07-02 09:00 | NUI
        """,
    ),
    case(
        "One without a place counts in the force: 2",
        2,
        incidents="""
            incident_id | reported_at      | closing_codes | lpa_code
            1           | 2024-06-01 12:00 | NUI           | L1
            2           | 2024-06-01 12:00 | NUI           |
        """,
    ),
    case(
        "And in no LPA",
        {"L1": 1},
        level="lpa",
        incidents="""
            incident_id | reported_at      | closing_codes | lpa_code
            1           | 2024-06-01 12:00 | NUI           | L1
            2           | 2024-06-01 12:00 | NUI           |
        """,
    ),
)
def test_asb_incidents(case: Case) -> None:
    assert case.figures(asb=asb(case)) == case.figure


@spec(
    "ASB-02",
    case(
        "Incidents per 1,000 who live there: 2 among 4,000; nobody called in L2",
        {"L1": 0.5, "L2": 0},
        level="lpa",
        incidents="""
            incident_id | reported_at      | closing_codes | lpa_code
            1           | 2024-06-01 12:00 | NUI           | L1
            2           | 2024-06-01 12:00 | PER           | L1
            3           | 2024-06-01 12:00 | DOM           | L1
        """,
    ),
    case(
        "Null where nobody is known to live",
        {"N1": 0, "N2": 0, "N3": 0, "N4": None},
        level="neighbourhood",
        incidents="""
            incident_id | reported_at      | closing_codes | neighbourhood_code
            1           | 2024-06-01 12:00 | NUI           | N4
        """,
    ),
)
def test_asb_incidents_per_1000_residents(case: Case) -> None:
    assert case.figures(asb=asb(case), residents=residents(date(2024, 6, 1))) == case.figure


@spec(
    "ASB-03",
    case(
        "The category is that of the last ASB code; other codes after it change nothing",
        {"nuisance": 50, "personal": 25, "environmental": 25},
        incidents="""
            incident_id | reported_at      | closing_codes
            1           | 2024-06-01 12:00 | PER;NUI
            2           | 2024-06-01 12:00 | PER;NUI;DOM
            3           | 2024-06-01 12:00 | PER
            4           | 2024-06-01 12:00 | DOM;ENV
            5           | 2024-06-01 12:00 | DOM
        """,
    ),
    case(
        "Open data publishes none",
        {"unknown": 100},
        incidents="""
            incident_id | reported_at      | closing_codes | provenance
            1           | 2024-06-01 12:00 |               | data.police.uk
        """,
    ),
)
def test_asb_by_category(case: Case) -> None:
    assert case.figures(asb=asb(case)) == case.figure


@spec(
    "ASB-04",
    case(
        "From the third on at one location, within 183 local days to the day of this one",
        {"Jan 2024": 0, "Jul 2024": 100},
        incidents=THREE_IN_183_DAYS,
    ),
    case(
        "184 local days are too many, though they begin an hour before those of UTC",
        {"Jan 2024": 0, "Jul 2024": 0},
        incidents=THREE_IN_183_DAYS.replace("2024-07-02 23:50", "2024-07-03 00:30"),
    ),
    case(
        "Every incident of three or more is judged by those before it: 2 of 4 repeat",
        50,
        incidents="""
            incident_id | reported_at      | closing_codes | location_ref
            1           | 2024-06-01 12:00 | NUI           | park
            2           | 2024-06-02 12:00 | NUI           | park
            3           | 2024-06-03 12:00 | NUI           | park
            4           | 2024-06-04 12:00 | NUI           | park
        """,
    ),
    case(
        "Only ASB counts, and only incidents with a location are counted or counted against",
        25,
        incidents="""
            incident_id | reported_at      | closing_codes | location_ref
            1           | 2024-06-01 12:00 | NUI           | park
            2           | 2024-06-01 13:00 | NUI           | park
            3           | 2024-06-01 14:00 | NUI           | park
            4           | 2024-06-01 12:00 | NUI           | mall
            5           | 2024-06-01 13:00 | DOM           | mall
            6           | 2024-06-01 14:00 | DOM           | mall
            7           | 2024-06-01 12:00 | NUI           |
            8           | 2024-06-01 13:00 | NUI           |
            9           | 2024-06-01 14:00 | NUI           |
        """,
    ),
)
def test_repeat_share(case: Case) -> None:
    assert case.figures(asb=asb(case)) == case.figure


@spec(
    "ASB-05",
    case(
        "Personal ASB with a completed risk assessment, of personal ASB; not recorded counts as not done",
        25,
        incidents="""
            incident_id | reported_at      | closing_codes | risk_assessed
            1           | 2024-06-01 12:00 | PER           | yes
            2           | 2024-06-01 12:00 | PER           | no
            3           | 2024-06-01 12:00 | PER           |
            4           | 2024-06-01 12:00 | NUI;PER       |
            5           | 2024-06-01 12:00 | NUI           | yes
        """,
    ),
    case(
        "Null where there was none",
        None,
        incidents="""
            incident_id | reported_at      | closing_codes | risk_assessed
            1           | 2024-06-01 12:00 | NUI           | yes
        """,
    ),
)
def test_personal_asb_risk_assessed(case: Case) -> None:
    assert case.figures(asb=asb(case)) == case.figure


IN_JUNE = """
    incident_id | reported_at      | closing_codes
    1           | 2024-06-01 12:00 | NUI
    2           | 2024-06-01 12:00 | PER
    3           | 2024-06-01 12:00 | ENV
    4           | 2024-06-01 12:00 | NUI
    5           | 2024-06-01 12:00 | NUI
    6           | 2024-06-01 12:00 | DOM
"""


def with_limits(case: Case) -> dict[str, float]:
    """Give the share by its month, and the limits of its 95 % interval (Wilson) to one decimal."""
    audits = audit_facts(case.rows("asb_audits"), asb(case))
    lower, upper = wilson(pl.col("numerator"), pl.col("denominator"))
    month, value, low, high = case.computed(audits=audits).select("month", "value", low=lower, high=upper).row(0)
    return {f"{month:%b %Y}": value, "from": round(low, 1), "to": round(high, 1)}


@spec(
    "ASB-06",
    case(
        "Closed correctly, of those audited, in the month of the incident; an audit of what is no ASB is left out",
        {"Jun 2024": 50, "from": 9.5, "to": 90.5},
        incidents=IN_JUNE,
        asb_audits="""
            incident_id | audited_on | correct | should_be_crime
            1           | 2024-08-01 | yes     | no
            2           | 2024-08-01 | no      | no
            6           | 2024-08-01 | yes     | no
        """,
    ),
)
def test_dip_sample_closed_correctly(case: Case) -> None:
    assert with_limits(case) == case.figure


@spec(
    "ASB-07",
    case(
        "Should have been a crime, of those audited, closed correctly or not",
        {"Jun 2024": 25, "from": 4.6, "to": 69.9},
        incidents=IN_JUNE,
        asb_audits="""
            incident_id | audited_on | correct | should_be_crime
            1           | 2024-08-01 | yes     | no
            2           | 2024-08-01 | no      | yes
            3           | 2024-08-01 | no      | no
            4           | 2024-08-01 | yes     | no
        """,
    ),
)
def test_dip_sample_should_have_been_a_crime(case: Case) -> None:
    assert with_limits(case) == case.figure

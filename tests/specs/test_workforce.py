"""Definitions §7: posts, specials and training."""

from metrics import feeds
from tests.specs.notation import Case, case, spec
from tests.specs.sources import measures, specials


@spec(
    "WRK-01",
    case(
        "Posts filled, of posts funded, in FTE: officers, PCSOs and specials, without staff",
        {"L1": 90},
        level="lpa",
        establishment="""
            month   | lpa_code | department | role    | establishment_fte | strength_fte
            2024-05 | L1       | NPT        | officer | 40                | 38.5
            2024-05 | L1       | NPT        | pcso    | 8                 | 5
            2024-05 | L1       | NPT        | special | 2                 | 1.5
            2024-05 | L1       | NPT        | staff   | 7                 | 7
        """,
    ),
    case(
        "It may exceed 100",
        110,
        establishment="""
            month   | lpa_code | department | role    | establishment_fte | strength_fte
            2024-05 | L1       | NPT        | officer | 50                | 55
        """,
    ),
)
def test_strength_against_establishment(case: Case) -> None:
    assert case.figures(establishment=feeds.establishment_facts(case.rows("establishment"))) == case.figure


@spec(
    "WRK-02",
    case(
        "Hours that specials gave in the month",
        31.5,
        special_hours="""
            month   | officer_id | duties | hours
            2024-05 | Sue        | 3      | 16
            2024-05 | Tom        | 2      | 15.5
        """,
    ),
    case(
        "They count with the home posting of the month's last day",
        {"L2": 16},
        level="lpa",
        postings="""
            officer_id | department | team | lpa_code | start_date | end_date
            Sue        | NPT        | A    | L1       | 2020-01-01 | 2024-05-31
            Sue        | NPT        | B    | L2       | 2024-05-31 |
        """,
        special_hours="""
            month   | officer_id | duties | hours
            2024-05 | Sue        | 3      | 16
        """,
    ),
)
def test_specials_hours(case: Case) -> None:
    assert case.figures(special_hours=specials(case)) == case.figure


@spec(
    "WRK-03",
    case(
        "Specials with at least 16 hours, of those with a return",
        50,
        special_hours="""
            month   | officer_id | duties | hours
            2024-05 | Sue        | 3      | 16
            2024-05 | Tom        | 2      | 15.5
        """,
    ),
)
def test_specials_with_at_least_16_hours(case: Case) -> None:
    assert case.figures(special_hours=specials(case)) == case.figure


@spec(
    "SPC-01",
    case(
        "Specials with a return that month, even of no hours",
        {"L1": 1, "L2": 1},
        level="lpa",
        special_hours="""
            month   | officer_id | duties | hours
            2024-05 | Sue        | 0      | 0
            2024-05 | Tom        | 2      | 15.5
        """,
    ),
)
def test_specials(case: Case) -> None:
    assert case.figures(special_hours=specials(case)) == case.figure


@spec(
    "SPC-02",
    case(
        "Hours, of each special with a return",
        7.75,
        special_hours="""
            month   | officer_id | duties | hours
            2024-05 | Sue        | 0      | 0
            2024-05 | Tom        | 2      | 15.5
        """,
    ),
)
def test_mean_hours_of_a_special(case: Case) -> None:
    assert case.figures(special_hours=specials(case)) == case.figure


@spec(
    "DEV-01",
    case(
        "359 of 1,500 in September 2024, as the force reported",
        359 / 15,
        measures="""
            indicator_id | area_code | month   | numerator | denominator
            DEV-01       | F         | 2024-09 | 359       | 1500
            DEV-02       | F         | 2024-09 | 1         | 1
        """,
    ),
)
def test_trained_in_problem_solving(case: Case) -> None:
    assert case.figures(measures=measures(case)) == case.figure


@spec(
    "DEV-02",
    case(
        "Portfolios completed, of officers eligible, as it arrives",
        40,
        measures="""
            indicator_id | area_code | month   | numerator | denominator
            DEV-02       | F         | 2024-09 | 40        | 100
            DEV-01       | F         | 2024-09 | 1         | 1
        """,
    ),
)
def test_neighbourhood_pathway_portfolios_completed(case: Case) -> None:
    assert case.figures(measures=measures(case)) == case.figure

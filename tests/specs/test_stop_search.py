"""Definitions §7b: whether a search found what it was for, and who is searched."""

from datetime import date

import polars as pl
import pytest

from metrics.stop_search import population_by_month, searches_of_the_year, stop_search_facts
from tests.specs.notation import Case, case, spec

OCTOBER = date(2024, 10, 1)
PEOPLE = """
    area_code | ethnic_group | residents | valid_from
    L1        | White        | 1000      | 2021-03-21
    L1        | Asian        | 500       | 2021-03-21
    L1        | Asian        | 1         | 2024-11-01
    L1        | Black        | 100       | 2021-03-21
"""


def searches(case: Case, *groups: tuple[str, int]) -> pl.LazyFrame:
    """Give the case's searches, and so many more of each group on 1 December 2023, in L1."""
    rows = case.rows("stop_searches")
    more = [
        {"searched_at": date(2023, 12, 1), "self_defined_ethnicity": group, "lpa_code": "L1"} for group, n in groups
    ]
    times = [n for _, n in groups]
    added = pl.DataFrame(more).select(pl.all().repeat_by(pl.Series(times)).explode()) if more else pl.DataFrame()
    schema = rows.collect_schema()
    absent = [pl.lit(None, dtype).alias(name) for name, dtype in schema.items() if name not in added.columns]
    typed = added.with_columns(absent).select(pl.col(name).cast(dtype) for name, dtype in schema.items())
    return pl.concat([rows, typed.lazy()]) if more else rows


@spec(
    "SAS-01",
    case(
        "Linked to what was looked for, of the searches of which that is known",
        100 / 3,
        stop_searches="""
            search_id | searched_at      | linked_outcome
            1         | 2024-10-05 10:00 | yes
            2         | 2024-10-05 10:00 | no
            3         | 2024-10-05 10:00 | no
            4         | 2024-10-05 10:00 |
        """,
    ),
)
def test_linked_outcome(case: Case) -> None:
    assert case.figures(stop_searches=stop_search_facts(case.rows("stop_searches"))) == case.figure


@spec(
    "SAS-02",
    case(
        "Searches of twelve months per resident, to those of White residents; the officer's view where none is said",
        {"White": 1, "Asian": (6 / 500) / (10 / 1000), "Black": None},
        stop_searches="""
            search_id | searched_at          | self_defined_ethnicity          | officer_defined_ethnicity | lpa_code
            1         | 2023-10-31 23:59 GMT | Asian                           |                           | L1
            2         | 2023-11-01 00:00 GMT | Asian/Asian British - Pakistani | White                     | L1
            3         | 2024-10-31 23:59 GMT | Other ethnic group - Not stated | Black                     | L1
            4         | 2024-10-05 10:00     |                                 |                           | L1
        """,
        population=PEOPLE,
    ),
)
def test_rate_ratio_by_ethnic_group(case: Case) -> None:
    rows = searches(case, ("White", 10), ("Asian", 5), ("Black", 3))
    found = case.computed(
        searches_year=searches_of_the_year(stop_search_facts(rows), OCTOBER),
        population=population_by_month(case.rows("population"), case.rows("members"), OCTOBER, OCTOBER),
    )
    october = found.filter(pl.col("month") == OCTOBER)
    values = dict(october.select("category", "value").rows())
    assert values == pytest.approx(case.figure)
    notes = dict(october.select("category", "note").rows())
    assert notes == {"White": None, "Asian": None, "Black": "withheld: fewer than 5 events in one of the groups"}
    asian = october.filter(pl.col("category") == "Asian").row(0, named=True)
    # By hand: exp(ln 1.2 ± 1.96 √(1/6 + 1/10)).
    assert (asian["interval_lower"], asian["interval_upper"]) == pytest.approx((0.436137, 3.301717), abs=1e-6)

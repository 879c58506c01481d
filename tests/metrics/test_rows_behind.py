"""The rows behind a figure, by hand: what each adds, and why others add nothing."""

from datetime import date

import polars as pl
import pytest

from metrics import indicator
from metrics.rows_behind import NOT_MEANT, OTHER_CATEGORY, OTHER_DEPARTMENT, rows_behind
from metrics.sources import SOURCES
from metrics.sums import AS_DEFINED, Cut

MAY = date(2024, 5, 1)
CUT = Cut(level="lpa", by=(), force_code="F", department=AS_DEFINED, grain="1mo")
DUTY = [
    # day, department, lpa, category, family, seconds
    (date(2024, 5, 3), "NPT", "L1", "football aid", "aid", 7200),
    (date(2024, 5, 4), "NPT", "L1", "response backfill", "demand", 1800),
    (date(2024, 5, 4), "NPT", "L1", "patrol", "core", 3600),
    (date(2024, 5, 5), "Response", "L1", "football aid", "aid", 9000),
    (date(2024, 5, 5), "NPT", "L2", "football aid", "aid", 9000),
    (date(2024, 6, 1), "NPT", "L1", "football aid", "aid", 9000),
]


def duty() -> pl.LazyFrame:
    """Return the rows above as facts of duty; the columns that do not matter here are empty."""
    schema = {
        name: SOURCES["duty"][name] for name in ("day", "department", "lpa_code", "category", "family", "seconds")
    }
    rows = pl.LazyFrame(DUTY, schema=schema, orient="row")
    others = {name: dtype for name, dtype in SOURCES["duty"].items() if name not in schema}
    return rows.with_columns(pl.lit(None, dtype).alias(name) for name, dtype in others.items())


def told(indicator_id: str, side: str, category: str | None = None) -> list[tuple]:
    """Return the amount of each row of L1 in May and why it is left out."""
    rows = rows_behind({"duty": duty()}, indicator(indicator_id), side, CUT, "L1", MAY, category).collect()
    return sorted(rows.select("seconds", "amount", "left_out").rows())


def test_hours_lost_are_those_of_demand_and_aid_of_neighbourhood_officers() -> None:
    assert told("ABS-01", "numerator") == [
        (1800, 0.5, None),
        (3600, 0.0, NOT_MEANT),
        (7200, 2.0, None),
        (9000, 0.0, OTHER_DEPARTMENT),
    ]


def test_they_are_divided_by_all_duty_hours_of_neighbourhood_officers() -> None:
    assert [(amount, why) for _, amount, why in told("ABS-01", "denominator")] == [
        (0.5, None),
        (1.0, None),
        (2.0, None),
        (0.0, OTHER_DEPARTMENT),
    ]


def test_of_a_mix_the_rows_of_other_categories_are_left_out() -> None:
    assert told("ABS-05", "numerator", "football aid") == [
        (1800, 0.0, OTHER_CATEGORY),
        (3600, 0.0, OTHER_CATEGORY),
        (7200, 2.0, None),
        (9000, 0.0, OTHER_DEPARTMENT),
    ]


def test_a_plain_total_has_no_denominator() -> None:
    with pytest.raises(ValueError, match="ABS-04 has no denominator: it is a plain total"):
        told("ABS-04", "denominator")

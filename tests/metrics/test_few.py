"""Which percentages are of too few to judge."""

import polars as pl
import pytest

from metrics import indicator
from metrics.few import FEW, is_counted_share, of_a_few


@pytest.mark.parametrize(
    ("indicator_id", "counted"),
    [
        ("OUT-01", True),  # crimes of crimes
        ("SAT-01", False),  # a survey arrives as numbers, which may be fractions
        ("ABS-01", False),  # hours of hours: a tenth of an hour is no person
        ("ASB-02", False),  # a rate, no percentage
        ("ASB-01", False),  # a total, which has no denominator
    ],
)
def test_a_counted_share_is_a_percentage_of_what_is_counted_one_by_one(indicator_id: str, counted: bool) -> None:
    assert is_counted_share(indicator(indicator_id)) is counted


def test_only_a_counted_share_of_fewer_than_ten_is_of_a_few() -> None:
    rows = pl.DataFrame(
        [("OUT-01", FEW - 1.0), ("OUT-01", float(FEW)), ("OUT-01", None), ("ABS-01", 1.0), ("ASB-01", None)],
        schema={"indicator_id": pl.String, "denominator": pl.Float64},
        orient="row",
    )
    known = [indicator(one) for one in ("OUT-01", "ABS-01", "ASB-01")]
    assert rows.select(of_a_few(known)).to_series().to_list() == [True, False, False, False, False]

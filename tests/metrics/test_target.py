"""What a target says beside the expected range: pass, fail, or hit and miss."""

import polars as pl
import pytest

from metrics.target import with_assurance


@pytest.mark.parametrize(
    ("better", "target", "low", "high", "said"),
    [
        ("higher", 60.0, 61.0, 70.0, "pass"),
        ("higher", 60.0, 60.0, 70.0, "pass"),
        ("higher", 60.0, 50.0, 59.0, "fail"),
        ("higher", 60.0, 50.0, 60.0, "hit and miss"),
        ("lower", 8.0, 5.0, 8.0, "pass"),
        ("lower", 8.0, 8.1, 9.0, "fail"),
        ("lower", 8.0, 8.0, 9.0, "hit and miss"),
        ("neither", 8.0, 5.0, 9.0, None),
        ("lower", 8.0, None, None, None),
    ],
)
def test_a_target_is_passed_failed_or_hit_and_missed(better, target, low, high, said) -> None:
    rows = pl.DataFrame(
        {"better": better, "target": target, "lower_limit": low, "upper_limit": high},
        schema_overrides={"lower_limit": pl.Float64, "upper_limit": pl.Float64},
    )
    assert with_assurance(rows)["assurance"].to_list() == [said]

"""The worked example, from its extract files through the pure functions, to 1e-9."""

import polars as pl
import pytest

from metrics import abstraction
from metrics.compute import compute
from metrics.levels import AREA_LEVELS
from tests.metrics import example


def values(
    facts: dict[str, pl.LazyFrame], indicators, levels=AREA_LEVELS
) -> dict[tuple[str, str, str], float | None]:
    answers = [compute(facts, indicators, level, force_code=example.FORCE).collect() for level in levels]
    october = pl.concat(answers).filter(pl.col("month") == example.OCTOBER)
    keys = ("indicator_id", "area_level", "area_code")
    return {row[:3]: row[3] for row in october.select(*keys, "value").rows()}


def agree(found: dict, expected: dict) -> None:
    missing = [key for key, value in expected.items() if value is not None and found.get(key) is None]
    assert not missing
    wrong = {
        key: (found.get(key), value)
        for key, value in expected.items()
        if found.get(key) != pytest.approx(value, rel=1e-9, abs=1e-9)
    }
    assert not wrong
    invented = {key for key, value in found.items() if value not in (None, 0) and key not in expected}
    assert not invented


def test_abstractions():
    duty = abstraction.duty_facts(
        example.feed("duties"),
        example.feed("activity_codes"),
        example.feed("postings"),
        example.feed("officers"),
        example.neighbourhoods(),
    )
    found = values({"duty": duty}, abstraction.INDICATORS)
    agree(found, example.expected(*(indicator.id for indicator in abstraction.INDICATORS)))

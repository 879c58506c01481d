"""The next three months: they hold what comes as often as the rule says, and are not wide for its sake."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from metrics import INDICATORS
from metrics.ahead import MONTHS as AHEAD
from metrics.ahead import expected_ahead, with_months_ahead
from metrics.compare import compare
from metrics.levels import add_months
from tests.bench.simulated import AREAS, CASES, LENGTH, MONTHS, Case, tidy

REPLICAS, SEED = 40, 7
LAST = LENGTH - AHEAD - 1  # the last known month
SHOWN = [
    one
    for one in CASES
    if one.name.startswith(("Poisson 5 ", "Poisson 250", "60 with", "250,", "stock of 200", "hours", "30 %", "45 %"))
]


def asked(case: Case) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what was expected of the months after LAST by what was known then, beside what came; and the range."""
    rows = tidy(case.indicator_id, *case.make(np.random.default_rng(SEED), (REPLICAS, AREAS, LENGTH)))
    until, by = MONTHS[LAST], ["replica"]
    extended = with_months_ahead(rows, until, by=by)
    judged = compare(extended, INDICATORS, [add_months(until, step) for step in range(AHEAD + 1)], by=by)
    expected = expected_ahead(judged, INDICATORS, until, by=by).filter(pl.col("month") > until)
    keys = ["indicator_id", "area_level", "area_code", "month", "replica"]
    came = rows.select(*keys, came="value")
    return expected.join(came, on=keys).filter(pl.col("area_level") == "lpa"), judged


@pytest.mark.parametrize("case", SHOWN, ids=lambda case: case.name)
def test_the_range_holds_what_comes_at_its_stated_rate(case: Case) -> None:
    """Without change 99 in 100 of each of the three months, as the rule flags 1 in 100 of the months it judges."""
    rows, _ = asked(case)
    held = rows.with_columns(held=pl.col("came").is_between("lower_limit", "upper_limit"))
    by_month = held.group_by("month").agg(pl.col("held").mean(), pl.len()).sort("month")
    assert by_month.height == AHEAD
    assert by_month["len"].min() == REPLICAS * AREAS
    assert by_month["held"].min() > 0.975  # 280 series a month: 0.99 less some two and a half standard errors
    assert held["held"].mean() > 0.98


@pytest.mark.parametrize("case", [one for one in SHOWN if "stock" not in one.name], ids=lambda case: case.name)
def test_it_is_no_wider_than_what_comes_asks_for(case: Case) -> None:
    """Half the range is three standard deviations of what came, and a fifth more at most for what is not known."""
    rows, _ = asked(case)
    per_month = rows.group_by("month").agg(
        half=(pl.col("upper_limit") - pl.col("lower_limit")).median() / 2, spread=pl.col("came").std()
    )
    ratio = (per_month["half"] / (3 * per_month["spread"])).to_list()
    assert min(ratio) > 0.75 and max(ratio) < 1.45


def test_a_real_change_leaves_it() -> None:
    case = next(one for one in SHOWN if one.name == "Poisson 250 a month")
    rows, _ = asked(case)
    halved = (pl.col("came") / 2).is_between("lower_limit", "upper_limit")
    assert rows.select(halved.mean()).item() < 0.01


def one_series(values: list[float | None], indicator_id: str = "HRM-01", below: float | None = None) -> pl.DataFrame:
    months = [add_months(date(2023, 1, 1), step) for step in range(len(values))]
    return pl.DataFrame(
        {
            "indicator_id": indicator_id,
            "category": None,
            "area_level": "force",
            "area_code": "F",
            "month": months,
            "numerator": values,
            "denominator": below,
            "value": values if below is None else [None if one is None else 100 * one / below for one in values],
        },
        schema_overrides={
            "category": pl.String,
            "denominator": pl.Float64,
            "numerator": pl.Float64,
            "value": pl.Float64,
        },
    )


def ahead_of(rows: pl.DataFrame, until: date) -> list[dict]:
    extended = with_months_ahead(rows, until)
    months = [add_months(until, step) for step in range(AHEAD + 1)]
    return expected_ahead(compare(extended, INDICATORS, months), INDICATORS, until).sort("month").to_dicts()


def test_the_first_month_is_judged_by_the_very_range_when_it_has_come() -> None:
    values = [float(100 + 7 * (step % 5)) for step in range(30)]
    rows = one_series(values)
    now, first, *_ = ahead_of(rows, rows["month"][28])
    came = compare(rows, INDICATORS, rows["month"].to_list()).row(29, named=True)
    assert (now["value"], first["value"]) == (values[28], None)
    for name in ("centre", "lower_limit", "upper_limit"):
        assert first[name] == pytest.approx(came[name])
    assert first["verdict"] is None


def test_nothing_is_expected_of_a_series_too_young_to_be_judged() -> None:
    rows = one_series([100.0] * 11)
    assert [one["centre"] for one in ahead_of(rows, rows["month"][-1])] == [None] * (AHEAD + 1)


def test_a_stock_goes_on_as_it_grew_and_less_is_known_with_each_month() -> None:
    changes = [9.0, 11.0, 10.0, 8.0, 12.0] * 5
    values = [1000 + sum(changes[:step]) for step in range(25)]
    rows = one_series(values, "ENG-05")
    now, *later = ahead_of(rows, rows["month"][-1])
    assert [one["centre"] for one in later] == pytest.approx([now["value"] + 10 * step for step in (1, 2, 3)])
    halves = [one["upper_limit"] - one["centre"] for one in later]
    assert halves == pytest.approx([halves[0] * step**0.5 for step in (1, 2, 3)])
    assert {one["value"] for one in later} == {None}


def test_a_share_stays_one_and_is_measured_against_the_usual_number_of_cases() -> None:
    rows = one_series([95.0, 98.0, 97.0, 99.0] * 6, "ASB-05", below=100.0)
    *_, last = ahead_of(rows, rows["month"][-1])
    assert last["upper_limit"] <= 100.0
    assert last["denominator"] == 100.0


def test_later_months_are_not_looked_at() -> None:
    values = [float(100 + 7 * (step % 5)) for step in range(30)]
    other = [*values[:25], *[900.0] * 5]
    both = [ahead_of(one_series(given), date(2025, 1, 1)) for given in (values, other)]
    assert both[0] == both[1]

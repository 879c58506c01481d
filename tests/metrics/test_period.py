"""Several months counted as one: an oracle in plain Python over random series, and hand-worked tables."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics import INDICATORS, indicator
from metrics.compare import compare
from metrics.levels import add_months, months_between, performance_year
from metrics.period import beside, in_period, over_months
from tests.laws import examples
from tests.metrics.test_compare import APRIL, months, series

SPAN = months(30)
SUMMED = ("ABS-01", "ABS-04", "ASB-02", "HRM-02", "WRK-01")  # a ratio, a total, a rate per head, a score, a stock
Row = dict[str, Any]


def judged(*frames: pl.DataFrame) -> pl.DataFrame:
    """Give rows as answers have them: judged, named, and with the reason where a figure is missing."""
    rows = compare(pl.concat(frames), INDICATORS, SPAN)
    note = pl.when(pl.col("value").is_null()).then(pl.lit("withheld: for a test"))
    return rows.with_columns(note=note, area_name=pl.lit("LPA ") + pl.col("area_code"))


def asked(counted: list[date], *frames: pl.DataFrame, **more: Any) -> list[Row]:
    return over_months(judged(*frames), INDICATORS, counted, **more).to_dicts()


def oracle(indicator_id: str, parts: dict[date, tuple[float, float | None]], counted: list[date]) -> float | None:
    """Add up what the months give and divide once; of a stock take the last month."""
    one = indicator(indicator_id)
    needed = counted[-1:] if one.numerator.stock else counted
    if any(month not in parts for month in needed):
        return None
    above = sum(parts[month][0] for month in needed)
    if one.denominator is None:
        return one.scale * above
    per = [parts[month][1] or 0 for month in (counted[-1:] if one.denominator.stock else needed)]
    return one.scale * above / sum(per) if sum(per) else None


amounts = st.integers(0, 500).map(float)
one_month = st.one_of(st.none(), st.tuples(amounts, amounts))
histories = st.lists(one_month, min_size=len(SPAN), max_size=len(SPAN)).filter(any)
choices = st.lists(st.sampled_from(SPAN), min_size=1, max_size=14, unique=True).map(sorted)


@given(st.sampled_from(SUMMED), histories, choices)
def test_a_period_is_the_sum_of_its_months_and_a_ratio_of_sums(indicator_id, history, counted) -> None:
    known = {month: parts for month, parts in zip(SPAN, history, strict=True) if parts is not None}
    above, below = ([parts[side] if parts else None for parts in history] for side in (0, 1))
    divided = below if indicator(indicator_id).denominator else None
    if divided is not None:
        divided = [0.0 if one is None else one for one in divided]
    rows = asked(counted, rows_of(indicator_id, above, divided))
    (row,) = rows or [{"value": None, "year_before": None}]
    wanted = oracle(indicator_id, known, counted)
    assert row["value"] == (wanted if wanted is None else pytest.approx(wanted, rel=1e-9))
    before = oracle(indicator_id, known, [add_months(month, -12) for month in counted])
    if rows:
        assert row["year_before"] == (before if before is None else pytest.approx(before, rel=1e-9))
        assert (row["note"] is None) == (wanted is not None)
        assert row["month"] == counted[-1]


def rows_of(indicator_id: str, above: list[float | None], below: list[float] | None) -> pl.DataFrame:
    """Give rows of which a ratio with nothing to divide by has no value, but parts that are known."""
    one = indicator(indicator_id)
    key = (indicator_id, None, "lpa", "L1")
    told = [
        (*key, month, n, None if below is None else d, one.scale * n / (d if below is not None else 1) if d else None)
        for month, n, d in zip(SPAN, above, below or [1.0] * len(SPAN), strict=True)
        if n is not None
    ]
    return pl.DataFrame(told, schema=series([1.0]).schema, orient="row")


@pytest.mark.parametrize("indicator_id", SUMMED)
@examples(6)
@given(above=st.lists(amounts, min_size=30, max_size=30), last=st.integers(12, 29))
def test_the_year_to_date_and_rolling_12_months_are_the_periods_of_that_name(indicator_id, above, last) -> None:
    below = [one + 1 for one in above[::-1]] if indicator(indicator_id).denominator else None
    rows = judged(series(above, below, indicator_id=indicator_id))
    (of_month,) = rows.filter(month=SPAN[last]).to_dicts()
    for name, first in (
        ("year_to_date", performance_year(SPAN[last])),
        ("rolling_12_months", add_months(SPAN[last], -11)),
    ):
        (found,) = over_months(rows, INDICATORS, months_between(first, SPAN[last])).to_dicts()
        assert found["value"] == pytest.approx(of_month[name], rel=1e-12)
    (to_date,) = over_months(rows, INDICATORS, months_between(performance_year(SPAN[last]), SPAN[last])).to_dicts()
    earlier = of_month["year_to_date_last_year"]
    assert to_date["year_before"] == (earlier if earlier is None else pytest.approx(earlier, rel=1e-12))


def test_a_hand_worked_quarter_beside_the_same_one_a_year_before() -> None:
    crimes = series([10.0, 20.0, 30.0, *[1.0] * 9, 40.0, 50.0, 60.0])
    (row,) = asked(months(3, date(2023, 4, 1)), crimes)
    told = ("value", "year_before", "change_on_year", "change_on_year_percent")
    assert [row[name] for name in told] == [150, 60, 90, 150]


def test_no_percentage_on_a_base_below_twenty() -> None:
    (row,) = asked(months(2, date(2023, 4, 1)), series([10.0, 9.0, *[1.0] * 10, 40.0, 50.0]))
    assert (row["change_on_year"], row["change_on_year_percent"]) == (71, None)


def test_areas_are_ranked_by_the_period_and_not_by_its_last_month() -> None:
    first, second = series([1.0, 9.0], area="L1"), series([8.0, 8.0], area="L2")
    found = {row["area_code"]: (row["rank"], row["ranked_of"]) for row in asked(months(2), first, second)}
    assert found == {"L1": (1, 2), "L2": (2, 2)}


def test_the_verdict_is_that_of_the_last_month() -> None:
    rows = judged(series([100.0] * 20 + [400.0] + [100.0] * 3))
    for last in (20, 21):
        of_month = rows.filter(month=SPAN[last]).row(0, named=True)
        (row,) = over_months(rows, INDICATORS, SPAN[last - 1 : last + 1]).to_dicts()
        assert (row["verdict"], row["signal"]) == (of_month["verdict"], of_month["signal"])
    assert "centre" not in row


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ([1.0, None, 1.0], "withheld: for a test (May 2022)"),
        ([1.0, None, None], "withheld: for a test (2 of 3 months, from May 2022)"),
    ],
)
def test_it_says_which_month_leaves_it_without_a_figure(given_, said) -> None:
    (row,) = asked(months(3), series([*given_, 5.0]))
    assert (row["value"], row["numerator"], row["note"]) == (None, None, said)


def test_before_the_data_there_is_none() -> None:
    (row,) = asked(months_between(date(2022, 2, 1), APRIL), series([1.0, 2.0]))
    assert (row["value"], row["note"]) == (None, "no data (2 of 3 months, from Feb 2022)")


def test_nothing_to_divide_by_is_no_data() -> None:
    (row,) = asked(months(2), series([0.0, 0.0], [0.0, 0.0], indicator_id="ABS-01"))
    assert (row["value"], row["numerator"], row["note"]) == (None, 0, "no data")


def test_a_survey_has_the_interval_of_all_that_were_asked() -> None:
    shares = series([60.0, 80.0], [100.0, 100.0], indicator_id="CON-01").with_columns(sample=pl.Series([100.0, 300.0]))
    (row,) = asked(months(2), shares)
    assert (row["value"], row["sample"]) == (70.0, 400.0)
    assert row["interval_lower"] == pytest.approx(65.33, abs=0.01)
    assert row["interval_upper"] == pytest.approx(74.29, abs=0.01)


def test_coverage_is_that_of_the_month_with_the_least() -> None:
    rows = judged(series([1.0, 2.0], indicator_id="VIS-01")).with_columns(
        coverage_percent=pl.when(month=APRIL).then(91.0).otherwise(64.0)
    )
    assert over_months(rows, INDICATORS, months(2))["coverage_percent"].to_list() == [64.0]


def median(value: float | None, count: float) -> pl.DataFrame:
    key = {"indicator_id": "RSP-01", "category": "P1", "area_level": "lpa", "area_code": "L1"}
    return pl.DataFrame([{**key, "value": value, "denominator": count}], schema_overrides={"value": pl.Float64})


def test_a_median_is_of_all_cases_of_the_period_and_of_none_where_they_are_not_given() -> None:
    waits = series([7.0] * 13 + [8.0, 12.0], indicator_id="RSP-01", category="P1").with_columns(
        numerator=pl.lit(None, pl.Float64), denominator=pl.lit(5.0)
    )
    (row,) = asked(SPAN[12:15], waits, durations=(median(9.5, 10.0), median(7.5, 20.0)))
    assert (row["value"], row["denominator"], row["year_before"], row["change_on_year"]) == (9.5, 10, 7.5, 2)
    (without,) = asked(SPAN[12:15], waits)
    assert without["value"] == 12.0


def test_a_period_stands_beside_the_last_month_of_its_series_alone() -> None:
    rows = judged(series([10.0, 20.0, 30.0]))
    told = beside(rows, over_months(rows, INDICATORS, months(2)))
    assert told["period_value"].drop_nulls().to_list() == [30.0]
    assert told.filter(pl.col("period_value").is_not_null())["month"].to_list() == [SPAN[1]]
    assert told["value"].to_list() == rows["value"].to_list()
    shown = in_period(told.filter(month=SPAN[1]))
    assert (shown["value"].item(), shown["numerator"].item(), shown["year_before"].item()) == (30.0, 30.0, None)
    assert in_period(rows).equals(rows)

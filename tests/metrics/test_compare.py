"""Definitions §8: hand-worked tables for every rule, a loop as oracle, and a real series."""

from datetime import date
from math import pi, sin

import polars as pl
import pytest

from metrics import INDICATORS, indicator
from metrics.compare import compare
from metrics.levels import add_months
from tests.bench import xmr
from tests.oracle.verdicts import days, student
from tests.places import OPEN_DATA, needs_open_data

APRIL = date(2022, 4, 1)
SCHEMA = {
    "indicator_id": pl.String,
    "category": pl.String,
    "area_level": pl.String,
    "area_code": pl.String,
    "month": pl.Date,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "value": pl.Float64,
}


def series(numerators, denominators=None, *, indicator_id="HRM-01", category=None, area="L1", level="lpa", since=APRIL):
    """Give tidy rows of consecutive months; None is a month without a row."""
    one = indicator(indicator_id)
    per = None if one.denominator is None else one.scale  # then the value is the numerator
    below = denominators or [per] * len(numerators)
    key = (indicator_id, category, level, area)
    rows = [
        (*key, add_months(since, k), n, d, None if d == 0 else one.scale * n / (d or one.scale))
        for k, (n, d) in enumerate(zip(numerators, below, strict=True))
        if n is not None
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def months(count: int, since: date = APRIL) -> list[date]:
    return [add_months(since, k) for k in range(count)]


def column(frame: pl.DataFrame, name: str) -> list:
    return frame.sort("month")[name].to_list()


def test_a_total_changes_by_a_difference_and_a_percentage():
    found = compare(series([40.0, 50.0, 30.0]), INDICATORS, months(3))
    assert column(found, "previous_month") == [None, 40, 50]
    assert column(found, "change") == [None, 10, -20]
    assert column(found, "change_percent") == [None, 25, -40]


def test_no_percentage_on_a_base_below_twenty():
    found = compare(series([19.0, 20.0, 30.0]), INDICATORS, months(3))
    assert column(found, "change_percent") == [None, None, 50]


def test_harm_has_a_percentage_only_where_there_were_twenty_crimes():
    crimes, harm = series([19.0, 20.0, 20.0]), series([900.0, 12.0, 15.0], indicator_id="HRM-02")
    found = compare(pl.concat([crimes, harm]), INDICATORS, months(3)).filter(pl.col("indicator_id") == "HRM-02")
    assert column(found, "change") == [None, -888, 3]
    assert column(found, "change_percent") == [None, None, 25]


def test_a_rate_changes_by_a_difference_only():
    found = compare(series([1.0, 2.0], [4.0, 4.0], indicator_id="ASB-05"), INDICATORS, months(2))
    assert column(found, "change") == [None, 25]
    assert column(found, "change_percent") == [None, None]


def test_a_missing_month_is_no_neighbour():
    found = compare(series([40.0, None, 50.0]), INDICATORS, months(3))
    assert column(found, "value") == [40, None, 50]
    assert column(found, "change") == [None, None, None]


def test_the_same_month_last_year():
    found = compare(series([float(n) for n in range(13)]), INDICATORS, months(13))
    assert column(found, "same_month_last_year") == [None] * 12 + [0]
    assert column(found, "change_on_year") == [None] * 12 + [12]


def test_the_year_to_date_restarts_on_1_april():
    found = compare(series([float(n) for n in range(1, 15)]), INDICATORS, months(14))
    assert column(found, "year_to_date")[10:] == [66, 78, 13, 27]
    assert column(found, "year_to_date_last_year") == [None] * 12 + [1, 3]


def test_the_year_to_date_of_a_ratio_is_a_ratio_of_sums():
    found = compare(series([1.0, 1.0], [2.0, 8.0], indicator_id="ASB-05"), INDICATORS, months(2))
    assert column(found, "year_to_date") == [50, 20]


def test_the_year_to_date_is_unknown_while_one_of_its_months_is():
    found = compare(series([5.0, None, 7.0]), INDICATORS, months(3))
    assert column(found, "year_to_date") == [5, None, None]
    begun_in_may = compare(series([5.0, 6.0], since=date(2022, 5, 1)), INDICATORS, [date(2022, 6, 1)])
    assert column(begun_in_may, "year_to_date") == [None]


def test_the_year_to_date_takes_no_month_of_another_area():
    """Begun in July, each lacks three months of the year; the three of the area above would make up for them."""
    july = add_months(APRIL, 3)
    areas = [series([5.0, 7.0, 9.0], area=area, since=july) for area in ("L1", "L2")]
    assert compare(pl.concat(areas), INDICATORS, months(3, july))["year_to_date"].to_list() == [None] * 6


def test_a_month_that_counted_nothing_is_known():
    found = compare(series([0.0, 1.0], [0.0, 4.0], indicator_id="ASB-05"), INDICATORS, months(2))
    assert column(found, "value") == [None, 25]
    assert column(found, "year_to_date") == [None, 25]


def test_residents_do_not_add_over_months():
    found = compare(series([2.0, 3.0], [1000.0, 2000.0], indicator_id="ASB-02"), INDICATORS, months(2))
    assert column(found, "year_to_date") == [2, 2.5]


def test_rolling_12_months_are_of_one_series_alone():
    both = compare(pl.concat([series([1.0] * 13), series([5.0] * 13, area="L2")]), INDICATORS, months(13))
    for area, year in (("L1", 12), ("L2", 60)):
        assert column(both.filter(pl.col("area_code") == area), "rolling_12_months") == [None] * 11 + [year, year]


def test_rolling_12_months_need_all_twelve():
    found = compare(series([1.0] * 12 + [13.0]), INDICATORS, months(13))
    assert column(found, "rolling_12_months") == [None] * 11 + [12, 24]
    gap = compare(series([1.0] * 5 + [None] + [1.0] * 7), INDICATORS, months(13))
    assert column(gap, "rolling_12_months") == [None] * 13


def ranked(indicator_id: str, values: dict[str, float | None], level: str = "lpa") -> dict[str, tuple]:
    rows = [series([v], indicator_id=indicator_id, area=area, level=level) for area, v in values.items() if v]
    unknown = [
        series([1.0], [0.0], indicator_id=indicator_id, area=area, level=level) for area, v in values.items() if not v
    ]
    found = compare(pl.concat(rows + unknown), INDICATORS, months(1))
    return {row[0]: row[1:] for row in found.select("area_code", "rank", "ranked_of").rows()}


def test_rank_1_is_the_best_and_ties_share_the_better_rank():
    found = ranked("HRM-01", {"L1": 30.0, "L2": 10.0, "L3": 10.0, "L4": 20.0})
    assert found == {"L1": (4, 4), "L2": (1, 4), "L3": (1, 4), "L4": (3, 4)}
    assert ranked("VIS-01", {"L1": 30.0, "L2": 10.0}) == {"L1": (1, 2), "L2": (2, 2)}


def test_unknown_values_are_unranked():
    assert ranked("ABS-03", {"L1": 30.0, "L2": None}) == {"L1": (1, 1), "L2": (None, None)}


def test_where_no_direction_is_good_nobody_is_ranked_and_officers_never_are():
    assert ranked("ASB-01", {"L1": 30.0, "L2": 10.0}) == {"L1": (None, None), "L2": (None, None)}
    assert ranked("ABS-01", {"O1": 30.0, "O2": 10.0}, level="officer")["O1"] == (None, None)


def crimes(values: list[float | None], area: str = "L1", indicator_id: str = "HRM-01") -> pl.DataFrame:
    """Give totals of so many a day, so that every month expects the same of each of its days."""
    daily = [None if v is None else v * days(month) for v, month in zip(values, months(len(values)), strict=True)]
    return series(daily, indicator_id=indicator_id, area=area)


def judged(rows: pl.DataFrame, count: int, **given) -> pl.DataFrame:
    return compare(rows, INDICATORS, months(count), **given).sort("area_code", "month")


def test_twelve_months_are_needed_before_the_one_judged():
    found = judged(series([50.0 + k % 2 for k in range(14)], indicator_id="ABS-03"), 14)
    assert column(found, "verdict") == [None] * 12 + ["no real change"] * 2
    assert column(found, "centre")[:12] == [None] * 12


def test_a_ratio_is_judged_by_its_level_and_the_spread_of_its_months():
    # 40 and 60 of 100 in turn: level ½, differences of 0.2, each 0.04 / (½ · 2/100) = 4 times what chance gives.
    found = judged(series([40.0, 60.0] * 6 + [50.0], [100.0] * 13, indicator_id="ABS-03"), 13)
    tau = (4 * (1 + 1 / 12) / 50) ** 0.5 * student(11 * 2 / 3)  # 11 differences of its own, and no peers
    assert column(found, "centre")[12] == pytest.approx(50)
    assert column(found, "lower_limit")[12] == pytest.approx(50 * (1 - 2 * tau) ** 1.5)
    assert column(found, "upper_limit")[12] == pytest.approx(50 * (1 + 2 * tau) ** 1.5)
    assert column(found, "surprise")[12] == pytest.approx(0, abs=1e-12)


def test_counts_never_vary_less_than_chance():
    found = judged(crimes([2.0] * 13), 13)
    mu = 2.0 * 30  # April
    tau = ((1 + 30 / 365) / mu) ** 0.5
    assert column(found, "upper_limit")[12] == pytest.approx(mu * (1 + 2 * tau) ** 1.5)


def test_above_the_range_is_a_spike_and_the_verdict_says_which_way():
    for indicator_id, up, down in (
        ("HRM-01", "concern", "improvement"),
        ("ABS-03", "concern", "improvement"),
        ("ASB-01", "change", "change"),
        ("SAT-01", "improvement", "concern"),
    ):
        level = [400.0, 401.0] * 10
        below = [1000.0] * 21 if indicator(indicator_id).denominator else None
        rows = [series([*level, last], below, indicator_id=indicator_id) for last in (900.0, 100.0)]
        found = [judged(one, 21).row(-1, named=True) for one in rows]
        assert [one["verdict"] for one in found] == [up, down]
        assert [one["signal"] for one in found] == ["spike", "spike"]
        assert all(one["surprise"] > 3 and one["since"] is None for one in found)


def test_a_lasting_fall_is_news_once_and_stands_with_its_date_and_size():
    found = judged(crimes([10.0, 11.0] * 12 + [7.0, 7.5] * 8), 40)
    signals = column(found, "signal")
    at = signals.index("shift")
    assert signals.count("shift") == 1
    assert column(found, "since")[at:] == [months(25)[-1]] * (40 - at)
    assert column(found, "since")[:at] == [None] * at
    assert column(found, "verdict")[at] == "improvement"
    assert set(column(found, "verdict")[at + 6 :]) == {"no real change"}
    assert column(found, "level_change_percent")[-1] == pytest.approx(-31, abs=3)
    assert column(found, "level_change")[-1] == pytest.approx(-0.31 * 10.5 * 30.4, rel=0.1)
    assert column(found, "level_change")[: at - 1] == [None] * (at - 1)


def test_a_new_level_settles_for_six_months():
    found = judged(crimes([10.0, 11.0] * 12 + [3.0, 3.1] * 8), 40)
    at = column(found, "signal").index("shift")
    settling = found[at + 1 : 30]
    assert settling["verdict"].to_list() == [None] * (29 - at)
    assert settling["centre"].to_list() == [None] * (29 - at)
    assert set(settling["since"].to_list()) == {months(25)[-1]}
    assert column(found, "verdict")[30] == "no real change"


def test_no_percentage_on_a_level_below_twenty_and_none_of_a_rate():
    few = judged(crimes([0.6, 0.5] * 12 + [3.0] * 8), 32).row(-1, named=True)
    assert few["level_change"] > 60
    assert few["level_change_percent"] is None
    rate = series([400.0, 401.0] * 12 + [600.0] * 8, [1000.0] * 32, indicator_id="SAT-01")
    told = judged(rate, 32).row(-1, named=True)
    assert (told["level_change"], told["level_change_percent"]) == (pytest.approx(20, abs=1), None)


def test_a_recorded_step_is_a_new_start_and_no_news():
    values = [10.0, 11.0] * 12 + [16.0, 17.0] * 7
    step = pl.DataFrame(
        {"indicator_id": ["HRM-01"], "area_level": ["lpa"], "area_code": ["L1"], "month": [months(25)[-1]]}
    )
    found = judged(crimes(values), 38, steps=step)
    assert column(found, "signal") == [None] * 38
    assert column(found, "verdict")[24:] == [None] * 6 + ["no real change"] * 8
    assert column(found, "since")[24:] == [months(25)[-1]] * 6 + [None] * 8
    assert column(found, "level_change") == [None] * 38
    assert column(judged(crimes(values), 38), "signal").count("shift") == 1


def test_a_recorded_step_is_one_of_every_category_of_a_mix():
    step = pl.DataFrame(
        {"indicator_id": ["ASB-03"], "area_level": ["lpa"], "area_code": ["L1"], "month": [months(25)[-1]]}
    )
    above, below = [40.0, 41.0] * 12 + [60.0] * 8, [100.0] * 32
    mix = [series(above, below, indicator_id="ASB-03", category=one) for one in ("nuisance", "personal")]
    for rows in judged(pl.concat(mix), 32, steps=step).partition_by("category"):
        assert column(rows, "signal") == [None] * 32


def test_categories_of_a_mix_are_series_of_their_own_and_have_no_percentage():
    few, many = ([n] * 13 for n in (30.0, 60.0))
    mix = [series(one, indicator_id="FLG-01", category=flag) for flag, one in (("hate", few), ("knife", many))]
    found = compare(pl.concat(mix), INDICATORS, months(13)).filter(pl.col("month") == months(13)[-1])
    assert found.select("category", "rolling_12_months", "change_percent").rows() == [
        ("hate", 360, None),
        ("knife", 720, None),
    ]


def test_a_recorded_step_before_the_first_month_asks_for_twelve():
    step = pl.DataFrame(
        {"indicator_id": ["HRM-01"], "area_level": ["lpa"], "area_code": ["L1"], "month": [months(3)[-1]]}
    )
    found = judged(crimes([None, None, None, *[10.0, 11.0] * 8]), 19, steps=step)
    assert column(found, "verdict").index("no real change") == 15
    assert column(found, "since") == [None] * 19  # nothing settles where nothing was before


def test_a_provisional_month_has_a_range_and_no_verdict():
    rows = crimes([10.0, 11.0] * 10 + [2.0]).with_columns(provisional=pl.col("month") == months(21)[-1])
    last = judged(rows, 21).row(-1, named=True)
    assert (last["verdict"], last["signal"], last["surprise"], last["since"]) == (None, None, None, None)
    assert last["value"] < last["lower_limit"]


def test_a_share_above_one_half_is_judged_by_its_complement():
    above = series([5.0, 6.0] * 10 + [40.0], [100.0] * 21, indicator_id="ASB-05")
    below = series([95.0, 94.0] * 10 + [60.0], [100.0] * 21, indicator_id="ASB-05")
    high, low = (judged(rows, 21).row(-1, named=True) for rows in (above, below))
    assert low["surprise"] == pytest.approx(high["surprise"])
    assert low["upper_limit"] == pytest.approx(100 - high["lower_limit"])
    assert low["lower_limit"] == pytest.approx(100 - high["upper_limit"])
    assert (high["verdict"], low["verdict"]) == ("improvement", "concern")


def test_limits_are_clipped_to_what_is_possible():
    found = judged(series([0.0, 10.0] * 6 + [5.0], [10.0] * 13, indicator_id="ASB-05"), 13)
    assert (found["lower_limit"][-1], found["upper_limit"][-1]) == (0, 100)


def test_totals_are_expected_by_the_days_of_their_month():
    found = judged(crimes([10.0] * 24), 24)
    assert column(found, "centre")[22:] == pytest.approx([290.0, 310.0])  # February 2024, March


def test_a_summer_is_no_change_once_the_force_has_shown_two():
    season = [1 + 0.3 * sin(k * pi / 6) for k in range(60)]
    force = crimes([100.0 * s for s in season]).with_columns(area_level=pl.lit("force"), area_code=pl.lit("F"))
    area = crimes([2.0 * s for s in season])
    found = judged(pl.concat([force, area]), 60)
    for code in ("F", "L1"):
        mine = found.filter(pl.col("area_code") == code)
        assert set(column(mine, "signal")[12:24]) != {None}  # not known yet: a summer looks like a rise
        assert set(column(mine, "verdict")[24:]) == {"no real change"}
        assert column(mine, "since")[24:] == [None] * 36


def test_a_stock_that_grows_is_judged_by_its_growth():
    members = [1000.0 + 10 * k + (0, 4, 1, 5, 2, 3)[k % 6] for k in range(30)]
    found = judged(series([*members, members[-1] + 150], indicator_id="ENG-05"), 31)
    assert set(column(found, "verdict")[13:30]) == {"no real change"}
    assert column(found, "verdict")[-1] == "change"
    assert column(found, "centre")[-1] == members[-1] + 9  # the median of its changes


def test_a_duration_is_judged_by_its_value():
    rows = series([100.0, 104.0, 98.0, 101.0] * 5 + [300.0], [9.0] * 21, indicator_id="PS-03", category="median")
    rows = rows.with_columns(value="numerator", numerator=pl.lit(None, pl.Float64))
    last = judged(rows, 21).row(-1, named=True)
    assert (last["centre"], last["signal"], last["verdict"]) == (100.5, "spike", "change")


def test_where_nothing_ever_happened_one_event_is_no_change_and_three_are():
    for events, verdict in ((0.0, "no real change"), (1.0, "no real change"), (3.0, "concern")):
        found = judged(series([0.0] * 24 + [events]), 25)
        assert column(found, "verdict")[-1] == verdict
    hours = judged(series([0.0] * 24 + [5.0], indicator_id="ABS-04"), 25)
    assert column(hours, "verdict") == [None] * 25  # of hours, nobody knows what one event is


def test_hours_that_never_varied_are_not_judged_by_their_rounding():
    found = judged(series([0.1] * 30, [3.0] * 30, indicator_id="ABS-06"), 30)
    assert set(column(found, "verdict")[12:]) == {"no real change"}


def test_only_what_was_known_by_then_decides():
    values = [50.0 + k % 3 for k in range(30)]
    whole = compare(series(values, indicator_id="ABS-03"), INDICATORS, months(30))
    cut = compare(series(values[:20], indicator_id="ABS-03"), INDICATORS, months(20))
    assert column(whole, "verdict")[:20] == column(cut, "verdict")
    assert column(whole, "upper_limit")[:20] == column(cut, "upper_limit")


def test_nothing_in_nothing_out():
    found = compare(series([]), INDICATORS, months(3))
    assert found.is_empty()
    assert "verdict" in found.columns


@needs_open_data
def test_the_real_series_of_birmingham_are_seldom_called_a_change():
    path = OPEN_DATA / "series" / "birmingham_month_crime_type_2023-06_2026-05.csv"
    counts = pl.read_csv(path).with_columns(pl.col("month").str.to_date("%Y-%m"), pl.col("count").cast(pl.Float64))
    kept = [pl.lit(one, pl.String).alias(name) for name, one in zip(SCHEMA, ("HRM-01", None, "lpa", "B"), strict=False)]
    rows = counts.select(*kept, "month", "crime_type", value="count", numerator="count", denominator=None)
    since = date(2023, 6, 1)
    found = compare(rows, INDICATORS, months(36, since), by=["crime_type"])
    daily = counts.sort("crime_type", "month").select(pl.col("count") / pl.col("month").dt.days_in_month())
    charted = xmr.flags(daily.to_numpy().reshape(-1, 36), since=11)  # the XmR chart that this rule replaced
    assert (charted.size, charted.sum()) == (350, 155)
    assert (found["verdict"].count(), found["signal"].count(), (found["signal"] == "shift").sum()) == (315, 28, 19)
    last = found.filter(pl.col("crime_type") == "Anti-social behaviour", pl.col("signal") == "shift").row(
        -1, named=True
    )
    assert (last["month"], last["since"], last["verdict"]) == (date(2026, 2, 1), date(2025, 12, 1), "improvement")
    assert last["level_change_percent"] == pytest.approx(-50, abs=1)

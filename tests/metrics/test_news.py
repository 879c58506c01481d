"""What is news and what is not, in a table small enough to check by hand."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from metrics import INDICATORS, indicator, news_ids
from metrics.news import news, strongest, tally, to_ask

SEPTEMBER = date(2025, 9, 1)
SCHEMA = {
    "indicator_id": pl.String,
    "area_code": pl.String,
    "verdict": pl.String,
    "signal": pl.String,
    "surprise": pl.Float64,
    "since": pl.Date,
    "level_change": pl.Float64,
}


def table(rows: list[tuple]) -> pl.DataFrame:
    """Read rows of indicators that are no mixes."""
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").with_columns(category=pl.lit(None, pl.String))


ROWS = table(
    [
        ("ABS-01", "A", "concern", "spike", 4.0, None, None),
        ("ASB-01", "A", "change", "shift", 1.5, SEPTEMBER, -31.0),
        ("HRM-01", "A", "no real change", None, 0.5, None, None),
        ("HRM-02", "A", "no real change", None, 0.2, SEPTEMBER, 12.0),
        ("TGP-01", "A", "improvement", "spike", 5.0, None, None),
        ("VIS-01", "A", "concern", "shift", 2.0, SEPTEMBER, 3.0),
        ("VIS-02", "A", None, None, None, SEPTEMBER, 3.0),  # settles, or has no value
    ]
)


def names(rows: pl.DataFrame) -> list[str]:
    return rows["indicator_id"].to_list()


def test_shifts_and_spikes_are_told_apart_and_what_stands_is_no_news():
    told = news(ROWS)
    assert names(told.shifts) == ["VIS-01", "ASB-01"]
    assert names(told.spikes) == ["TGP-01", "ABS-01"]
    assert names(told.standing) == ["HRM-02"]
    assert names(told.new) == ["VIS-01", "ASB-01", "TGP-01", "ABS-01"]
    assert told.looked_at == 6


def of_many(count: int, *spikes: float) -> pl.DataFrame:
    quiet = [("HRM-01", f"L{k}", "no real change", None, 0.5, None, None) for k in range(count)]
    loud = [("HRM-01", f"S{k}", "concern", "spike", z, None, None) for k, z in enumerate(spikes)]
    return table(quiet + loud)


def test_one_spike_of_three_deviations_is_news_of_ten_figures_and_none_of_a_thousand():
    # p = 0.0027: of 10 figures 0.1 / 10 is allowed, of 1,000 only 0.0001.
    assert news(of_many(9, 3.01)).spikes.height == 1
    assert news(of_many(999, 3.01)).spikes.height == 0
    assert news(of_many(999, 3.01, 5.0)).spikes["area_code"].to_list() == ["S1"]


def test_many_spikes_carry_each_other():
    assert news(of_many(900, *[3.1] * 100)).spikes.height == 100  # 0.0019 is less than a tenth of 100 / 1,000


@pytest.mark.law
def test_a_tenth_of_the_spikes_told_are_false_at_most():
    chance, false, told = np.random.default_rng(5), 0, 0
    for _ in range(200):
        z = np.abs(chance.normal(size=400))
        z[:20] += 4.0
        rows = [
            ("HRM-01", f"{'T' if k < 20 else 'F'}{k}", "concern", "spike" if one > 3 else None, one, None, None)
            for k, one in enumerate(z)
        ]
        spikes = news(table(rows)).spikes
        told += spikes.height
        false += spikes["area_code"].str.starts_with("F").sum()
    assert told > 2000
    assert false / told <= 0.1


def test_nothing_judged_is_no_news():
    told = news(ROWS.clear())
    assert (told.spikes.height, told.looked_at) == (0, 0)


def test_verdicts_are_counted_and_missing_ones_are_nought():
    assert tally(ROWS) == {"improvement": 1, "concern": 2, "change": 1, "no real change": 2}
    assert tally(ROWS.clear()) == {"improvement": 0, "concern": 0, "change": 0, "no real change": 0}


def test_a_list_of_news_names_an_indicator_a_few_times_at_most():
    changed = pl.DataFrame({"indicator_id": list("AAABC"), "category": list("mmmmm"), "area_code": list("12345")})
    assert strongest(changed, most=3, each=2)["area_code"].to_list() == ["1", "2", "4"]


def test_the_order_of_ties_is_that_of_indicator_and_area():
    assert news(of_many(5, 4.0, 4.0)).spikes["area_code"].to_list() == ["S0", "S1"]
    assert news(of_many(5, 4.0, 4.0)).spikes["surprise"].to_list() == pytest.approx([4.0, 4.0])


def test_what_got_worse_is_asked_about_first_what_is_new_and_never_what_got_better():
    """ABS-01 and VIS-01 are new concerns, ASB-01 a new change; HRM-02 stands, higher where lower is better."""
    told = news(ROWS.with_columns(area_level=pl.lit("lpa")))
    better = {"HRM-02": "lower", "TGP-01": "higher"}
    assert names(to_ask(told, better, 9)) == ["VIS-01", "ABS-01", "ASB-01", "HRM-02"]
    assert names(to_ask(told, better, 2)) == ["VIS-01", "ABS-01"]
    assert "HRM-02" not in names(to_ask(told, {"HRM-02": "higher"}, 9))
    assert "HRM-02" not in names(to_ask(told, {"HRM-02": "neither"}, 9))


def test_what_is_news_is_said_by_the_indicator():
    assert "ASB-01" in news_ids()
    assert {indicator(one).news for one in news_ids()} == {True}
    assert all(one.id in news_ids() or not one.news for one in INDICATORS)

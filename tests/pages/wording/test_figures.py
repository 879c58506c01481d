"""A percentage has its n beside it; one of fewer than ten is written as what it is of, and never coloured."""

import base64
import re
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics import indicator, indicators_of
from metrics.few import of_a_few
from pages.parts import palette
from pages.parts.drawing import card_html, trend
from pages.wording import explored, figures, words

COUNTED = indicator("ASB-05")  # a share of incidents
HOURS = indicator("ABS-01")  # a share of hours
TOTAL = indicator("ASB-01")


def row(value, numerator=None, denominator=None, verdict="concern"):
    return {"value": value, "numerator": numerator, "denominator": denominator, "verdict": verdict}


@pytest.mark.parametrize(
    ("one", "given", "said"),
    [
        (COUNTED, row(50.0, 12, 24), "50.0 %, 12 of 24"),
        (COUNTED, row(50.0, 2, 4), "2 of 4"),
        (COUNTED, row(100.0, 9, 9), "9 of 9"),
        (COUNTED, row(100.0, 10, 10), "100.0 %, 10 of 10"),
        (HOURS, row(25.0, 1.5, 6.0), "25.0 %, 1.5 of 6 h"),  # six hours are no six cases
        (TOTAL, row(1629.0, 1629, None), "1,629"),
        (COUNTED, row(None, None, 4), "–"),
    ],
)
def test_a_figure_stands_with_its_n(one, given, said):
    assert figures.whole(one, given) == said


def test_a_rate_names_what_it_is_for():
    (rate,) = [one for one in indicators_of() if one.id == "ASB-02"]
    assert figures.whole(rate, row(0.56, 1629, 2_919_600)) == "0.56, 1,629 for 2.92 m"


@given(st.integers(1, 40), st.data(), st.sampled_from(["concern", "improvement", "change"]))
def test_a_percentage_of_a_few_is_never_coloured_and_never_a_percentage(of, data, verdict):
    part = data.draw(st.integers(0, of))
    given_row = row(100 * part / of, part, of, verdict)
    few = of < 10
    assert (figures.mark(COUNTED, given_row).word == verdict) == (not few)
    assert ("%" in figures.whole(COUNTED, given_row)) == (not few)
    assert f"{part} of {of}" in figures.whole(COUNTED, given_row)


def test_a_card_of_a_few_has_neither_percentage_nor_colour():
    month = {"month": None, "note": None, "lower_limit": 1.0, "upper_limit": 2.0, "centre": 1.5, "signal": "spike"}
    newest = {**row(50.0, 2, 4), **month, "change": None, "change_on_year": None}
    html = card_html(COUNTED, [newest], name="share")
    assert '<p class="npd-value">2 of 4<' in html
    assert palette.VERDICTS["concern"][0] not in html
    assert "50.0 %" not in html.split("alt=")[0]


@pytest.mark.parametrize(
    ("value", "said"),
    [(3_823_001.0, "3.82 m"), (999_999.0, "999,999"), (-0.04, "0.0"), (-0.06, "−0.1"), (-2_000_000.0, "−2.00 m")],
)
def test_a_number_is_no_longer_than_it_can_be_read(value, said):
    assert words.number(value, "score" if abs(value) > 100 else "%") == said


@pytest.mark.parametrize(
    ("change", "of", "written"),
    [(-0.0058, 0.57, "−0.01"), (0.0008, 0.004, "+0.0008"), (0.004, 45.7, "no change"), (-3.31, 46.3, "−3.3")],
)
def test_a_rate_changes_by_no_more_decimals_than_it_has(change: float, of: float, written: str) -> None:
    assert words.change(change, "per 1,000", of) == written


@given(st.integers(0, 20) | st.none(), st.sampled_from(indicators_of()))
def test_rows_together_and_one_by_one_tell_the_same_few(of, one):
    frame = pl.DataFrame({"indicator_id": [one.id], "denominator": pl.Series([of], dtype=pl.Float64)})
    assert frame.select(of_a_few([one])).item() == figures.is_few(one, row(50.0, 1, of))


def test_no_picture_colours_a_percentage_of_a_few():
    months = [
        {**row(50.0, 2, of), "month": date(2024, 9 + step, 1), "lower_limit": 1.0, "upper_limit": 2.0, "centre": 1.5}
        for step, of in enumerate((40, 4))
    ]
    colour = palette.VERDICTS["concern"][0]
    assert trend(COUNTED, months[:1]).count(colour) == 1
    assert trend(COUNTED, months[1:]).count(colour) == 0
    card = card_html(COUNTED, [{**months[1], "change": None, "change_on_year": None, "signal": "spike"}], name="share")
    drawn = base64.b64decode(re.search('base64,([^"]*)', card)[1]).decode()
    assert colour not in drawn
    assert "▲" not in card


def test_an_explored_table_counts_no_percentage_of_a_few():
    rows = [{**row(50.0, 2, of), "indicator_id": COUNTED.id} for of in (40, 4)]
    assert explored.changed("x", rows) == "x: 1 of 1 figures really changed"
    assert explored.changed("x", rows[1:]) == "x: no verdict yet"

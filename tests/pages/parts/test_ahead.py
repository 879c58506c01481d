"""What is expected of the months after a trend: hatched, labelled and said in words, or not there at all."""

from collections.abc import Callable
from datetime import date
from typing import Any

import plotly.graph_objects as go
from streamlit.testing.v1 import AppTest

from metrics import indicator
from pages.parts import ahead

COMING = [
    {"month": date(2026, month, 1), "centre": 20.0, "lower_limit": 15.0 - month, "upper_limit": 25.0}
    for month in (2, 3)
]


def said(indicator_id: str, rows: list[dict[str, Any]] = COMING) -> str:
    return ahead.words_of(indicator(indicator_id), rows)


def test_the_range_is_hatched_with_dashed_edges_and_says_what_it_is() -> None:
    figure = go.Figure()
    ahead.draw(figure, COMING, "%")
    edges = [one for one in figure.data if one.line.dash == "dash"]
    assert [list(one.y) for one in edges] == [[25.0, 25.0], [13.0, 12.0]]
    assert edges[1].fillpattern.shape == "/"
    assert [one.text for one in figure.layout.annotations] == ["hatched: expected if nothing changes"]
    ahead.draw(nothing := go.Figure(), [], "%")
    assert not nothing.data and not nothing.layout.annotations


def test_the_words_name_each_month_and_what_is_assumed() -> None:
    assert said("ABS-01").startswith("Expected if nothing changes: Feb 2026 13.0 to 25.0 %, Mar 2026 12.0 to 25.0 %.")
    assert "and duty time as in the last 12 months" in said("ABS-01")
    assert "level, season and spread of the months before. No forecast" in said("ASB-01")
    assert "goes on changing" in said("ENG-05")
    assert "varies about the level" in said("MH-03")
    assert said("ABS-01", []) == ""


def test_a_series_too_young_to_be_judged_has_none(shell: Callable[..., AppTest]) -> None:
    app = shell(page="figure", indicator="ASB-01", month="2024-10")
    assert not app.exception
    assert not [one.value for one in app.caption if "Expected if nothing changes" in one.value]

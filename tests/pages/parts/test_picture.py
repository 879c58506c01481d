"""A chart's picture says what it is of by itself, and goes out by the one door."""

from collections.abc import Callable

import plotly.graph_objects as go
from streamlit.testing.v1 import AppTest

from pages.parts import house, picture
from pages.shell import start
from tests.pages.conftest import with_all_opened


def test_it_has_its_title_and_marking_as_text_and_leaves_the_chart_as_it_was() -> None:
    given = go.Figure(go.Bar(x=[1], y=[2]), house.layout(300, "hours"))
    before = given.to_json()
    told = picture.alone(given, "Hours in <b>A & B</b>", "OFFICIAL · A · Oct 2024")
    assert given.to_json() == before
    assert told.layout.title.text == "Hours in &lt;b&gt;A &amp; B&lt;/b&gt;"
    assert told.layout.title.subtitle.text == "OFFICIAL · A · Oct 2024"
    assert told.layout.height - told.layout.margin.t == given.layout.height - given.layout.margin.t
    assert told.layout.paper_bgcolor == "#ffffff"


def test_opening_it_is_entered_in_the_audit_trail(shell: Callable[..., AppTest]) -> None:
    app = with_all_opened(shell(lpa="L1"))
    app.button(key="picture_abs_trend").click().run()
    assert not app.exception
    entered = start.store().trail().filter(what="exported").row(0, named=True)
    assert entered["whom"].endswith("_official.png")
    assert entered["viewer"] == "chief"

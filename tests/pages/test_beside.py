"""Two areas side by side: both figures, how far apart they are, and whether chance could make it."""

import json
import re
from collections.abc import Callable
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from metrics.difference import CHANCE, FEW, HIGHER, LOWER
from pages.wording.differences import how_many_differ
from tests.pages.test_asb import cards
from tests.pages.test_shell import text

Run = Callable[..., AppTest]


def table(app: AppTest, title: str) -> dict[str, list[str]]:
    """Give the lines of the table of two areas by figure, as they are read."""
    for frame in app.dataframe:
        if "Is it real?" in frame.value.columns:
            return {line[0]: list(line[1:]) for line in frame.value.itertuples(index=False)}
    found = next(one.proto.body for one in app.get("html") if "Is it real?" in one.proto.body)
    lines = re.findall(r"<tr.*?</tr>", found, re.DOTALL)
    cells = [[unescape(re.sub("<.*?>", "", cell)) for cell in re.findall(r"<t[dh].*?</t[dh]>", line)] for line in lines]
    return {line[0]: line[1:] for line in cells if line}


@pytest.mark.parametrize("page", ["asb", "abstractions", "visibility"])
def test_a_page_has_each_card_beside_that_of_the_other_area(shell: Run, page: str) -> None:
    app, own, other = (
        shell(page=page, **address)
        for address in (
            {"lpa": "L1", "compare": "lpa:L2"},
            {"lpa": "L1"},
            {"lpa": "L2"},
        )
    )
    assert not app.exception
    title = "LPA L1 beside LPA L2, Oct 2024"
    assert title in text(app)
    assert title not in text(own)
    lines = {name.lower(): line for name, line in table(app, title).items()}
    for name, value in cards(own).items():
        mine, theirs, _, real = lines[unescape(name)]
        if value != "no figure":
            assert mine.startswith(value)
        if cards(other)[name] != "no figure":
            assert theirs.startswith(cards(other)[name])
        assert real


def test_the_lines_of_a_trend_are_of_both_areas_by_their_rate(shell: Run) -> None:
    app = shell(page="asb", lpa="L1", compare="lpa:L2")
    assert "ASB incidents per 1,000 residents by month" in text(app)
    drawn = next(one.proto.spec for one in app.get("plotly_chart") if "LPA L2" in one.proto.spec)
    assert "LPA L1" in drawn


# Charts that show the other area, by the page and tab of the address: what the chart is called, and what its axis says.
DRAWN = {
    ("abstractions", "when"): {"Hours lost by hour": "% of the area's hours", "What takes the time": "% of the area's"},
    ("visibility", "when"): {"Visible by hour": "% of the area's visible hours"},
    ("patrols", "hotspots"): {"What became of the taskings": "% of the area's taskings"},
    ("impact_areas", "crimes"): {"Neighbourhood crime by type": "% of the area's neighbourhood crime"},
}


@pytest.mark.parametrize(("page", "tab"), DRAWN)
def test_charts_of_parts_and_hours_have_both_areas(shell: Run, page: str, tab: str) -> None:
    app = shell("analyst", page=page, month="2024-10", lpa="L1", compare="lpa:L2", **{f"{page}_tab": tab})
    assert not app.exception
    for title, axis in DRAWN[page, tab].items():
        assert title in text(app)
        drawn = [one.proto.spec for one in app.get("plotly_chart") if axis in one.proto.spec]
        assert any('"name":"LPA L1"' in one and '"name":"LPA L2"' in one for one in drawn), title


@pytest.mark.parametrize(("viewer", "beside"), [("analyst", True), ("commander", False)])
def test_what_moved_the_harm_is_told_of_both_areas_to_whoever_sees_them_whole(
    shell: Run, viewer: str, beside: bool
) -> None:
    for other, name in (("lpa:L2", "LPA L2"), ("force", "West Midlands Police")):
        app = shell(viewer, page="impact_areas", month="2024-10", lpa="L1", compare=other)
        assert not app.exception
        drawn = [one.proto.spec for one in app.get("plotly_chart") if "change in harm score" in one.proto.spec]
        assert [f'"name":"Impact Areas, {name}"' in one for one in drawn] == [beside]
        figure = json.loads(drawn[0])
        (low, high), values = figure["layout"]["xaxis"]["range"], [x for one in figure["data"] for x in one["x"] if x]
        assert not beside or all(low < x < high for x in values), "a bar's words have room beyond it"


def test_the_calendar_of_patrols_is_shown_of_both_areas(shell: Run) -> None:
    app = shell("analyst", page="patrols", month="2024-10", lpa="L1", compare="lpa:L2", patrols_tab="calendar")
    assert not app.exception
    assert "Calendar of patrols, LPA L2" in text(app)


def test_a_funnel_tells_the_areas_of_both_apart(shell: Run) -> None:
    def points(viewer: str, compare: str) -> dict[str | None, int]:
        asked = {"lpa": "L1", "compare": compare, "framework_tab": "fairly", "funnel": "ASB-02"}
        app = shell(viewer, page="framework", month="2024-10", **asked)
        assert not app.exception
        (drawn,) = [one for one in app.get("plotly_chart") if "markers+text" in one.proto.spec]
        traces = [one for one in json.loads(drawn.proto.spec)["data"] if one["mode"] == "markers+text"]
        return {one.get("name"): len(one["hovertext"]) for one in traces}

    assert points("analyst", "lpa:L2") == {"LPA L1": 2, "LPA L2": 2}
    assert points("commander", "force") == {None: 2}  # the force's other areas are not theirs


@pytest.mark.parametrize("page", ["patrols", "impact_areas", "workforce"])
def test_a_page_opens_beside_an_area_that_has_none_of_its_figures(shell: Run, page: str) -> None:
    assert not shell("analyst", page=page, month="2024-10", lpa="L1", compare="sector:S2").exception


@pytest.mark.parametrize(("page", "tab"), [("abstractions", "when"), ("asb", "again"), ("visibility", "where")])
def test_a_map_has_the_parts_of_both_areas_for_whoever_may_see_them(shell: Run, page: str, tab: str) -> None:
    def sectors(viewer: str, **address: str) -> set[str]:
        app = shell(viewer, page=page, month="2024-10", lpa="L1", **{f"{page}_tab": tab}, **address)
        assert not app.exception
        (drawn,) = (json.loads(one.proto.json) for one in app.get("deck_gl_json_chart"))
        (areas,) = [layer for layer in drawn["layers"] if layer["id"] == "areas"]
        return {one["properties"]["code"] for one in areas["data"]["features"]}

    own, both = sectors("analyst"), sectors("analyst", compare="lpa:L2")
    assert own < both
    assert sectors("commander", compare="lpa:L2") == own


def test_bars_of_areas_have_the_force_and_the_other_area_as_lines(shell: Run) -> None:
    def lines(**address: str) -> set[str]:
        app = shell(page="abstractions", month="2024-10", lpa="L1", **address)
        charts = [json.loads(one.proto.spec) for one in app.get("plotly_chart")]
        (bars,) = [one for one in charts if one["data"][0].get("orientation") == "h" and one["layout"].get("shapes")]
        return {one["text"] for one in bars["layout"]["annotations"]}

    assert lines() == {"West Midlands Police 10.1 %"}
    assert lines(compare="force") == {"West Midlands Police 10.1 %"}
    assert {one.rsplit(" ", 2)[0] for one in lines(compare="lpa:L2")} == {"West Midlands Police", "LPA L2"}


def test_a_total_says_why_it_has_no_interval(shell: Run) -> None:
    lines = table(shell(page="asb", lpa="L1", compare="force"), "")
    assert lines["ASB incidents"][-1] == "no interval: a total follows the size of its area: compare the rate"


def test_the_area_that_holds_the_other_is_said(shell: Run) -> None:
    assert "holds LPA L1: the true interval is narrower" in text(shell(page="asb", lpa="L1", compare="force"))
    assert "true interval" not in text(shell(page="asb", lpa="L1", compare="lpa:L2"))


@pytest.mark.parametrize("page", ["asb", "abstractions", "visibility"])
def test_the_closed_table_says_how_many_of_its_figures_differ(shell: Run, page: str) -> None:
    app = shell(page=page, lpa="L1", compare="lpa:L2")
    real = [line[-1] for line in table(app, "").values() if line[-1] != "Is it real?"]  # the heading, if there is one
    (opener,) = [one for one in app.expander if one.label.startswith("Beside LPA L2: ")]
    assert not opener.proto.expanded
    differing = real.count("▲ higher") + real.count("▼ lower")
    unjudged = len(real) - differing - real.count("could be chance")
    left = f"; {unjudged} cannot be judged" if unjudged else ""
    assert opener.label == f"Beside LPA L2: {differing} of {len(real)} really differ{left}"


def test_what_cannot_be_judged_is_counted_apart() -> None:
    assert how_many_differ([HIGHER, LOWER, CHANCE, FEW, None]) == "2 of 5 really differ; 2 cannot be judged"
    assert how_many_differ([HIGHER, CHANCE]) == "1 of 2 really differ"

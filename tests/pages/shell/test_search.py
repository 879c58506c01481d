"""The search box: what it offers a viewer, and where what is chosen opens."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from data_access.scope import Scope
from metrics import indicators_of
from pages.selections.places import DRILLED, Places, places_of
from pages.shell import search
from pages.shell.order import PAGES
from tests.pages.components import given, tell

Run = Callable[..., AppTest]


def _place(level: str, code: str, name: str, parent: tuple[str, str] = ("", "")) -> dict[str, str]:
    return {"level": level, "code": code, "name": name, "parent_level": parent[0], "parent_code": parent[1]}


@pytest.fixture
def places() -> Places:
    """Two LPAs that each have a neighbourhood of the same name, one hotspot, one Impact Area."""
    rows = [
        _place("force", "F", "The force"),
        _place("lpa", "A", "Avon", ("force", "F")),
        _place("lpa", "B", "Brent", ("force", "F")),
        _place("sector", "A1", "North", ("lpa", "A")),
        _place("sector", "A2", "South", ("lpa", "A")),
        _place("neighbourhood", "N1", "Market", ("sector", "A1")),
        _place("neighbourhood", "N2", "Market", ("sector", "A1")),
        _place("hotspot", "H1", "High Street", ("lpa", "B")),
        _place("impact_area", "I1", "Old Town", ("lpa", "A")),
    ]
    return places_of(rows, Scope.whole_force("tests"))


def test_everything_with_a_name_is_offered_and_no_name_twice(places: Places) -> None:
    named = search.offered(places)
    kinds = [key.partition(":")[0] for key in named]
    assert kinds.count("page") == len(PAGES)
    assert kinds.count("indicator") == len(indicators_of())
    assert {place for place in places.names if place[0] in DRILLED} <= {tuple(key.split(":", 1)) for key in named}
    assert len(set(named.values())) == len(named)
    assert named["neighbourhood:N1"] == "Market · neighbourhood in North (N1)"
    assert named["hotspot:H1"] == "High Street · hotspot in Brent"
    assert named["lpa:A"] == "Avon · LPA"


@pytest.mark.parametrize(
    ("found", "page", "address"),
    [
        ("lpa:B", None, {"month": "2024-10", "lpa": "B"}),
        ("neighbourhood:N1", None, {"month": "2024-10", "lpa": "A", "sector": "A1", "neighbourhood": "N1"}),
        ("hotspot:H1", "hotspot", {"month": "2024-10", "lpa": "B", "hotspot": "H1"}),
        ("impact_area:I1", "impact_areas", {"month": "2024-10", "lpa": "A", "impact_area": "I1"}),
        ("indicator:ABS-01", "figure", {"month": "2024-10", "lpa": "A", "sector": "A2", "indicator": "ABS-01"}),
        ("page:asb", "asb", {"month": "2024-10", "lpa": "A", "sector": "A2"}),
    ],
)
def test_what_is_found_opens_where_it_is_shown(
    places: Places, found: str, page: str | None, address: dict[str, str]
) -> None:
    given = {"month": "2024-10", "lpa": "A", "sector": "A2"}
    assert search.address(found, places, given) == (page, address)


def choose(app: AppTest, found: str) -> AppTest:
    return tell(app, "npd_search", "found", found)


def test_choosing_an_area_selects_it(shell: Run) -> None:
    app = choose(shell(), "sector:S2")
    assert not app.exception
    assert app.query_params["sector"] == "S2"
    assert app.multiselect(key="choose_sector").value == ["S2"]


def test_choosing_an_indicator_opens_it_in_the_area_selected(shell: Run) -> None:
    app = choose(shell(lpa="L1"), "indicator:ABS-01")
    (script,) = [str(one.proto.body) for one in app.get("html") if "location.assign" in str(one.proto.body)]
    to = urlsplit(script.split('"')[1])
    assert to.path == "figure"
    assert parse_qs(to.query) == {"lpa": ["L1"], "indicator": ["ABS-01"]}


def test_a_viewer_finds_only_what_is_theirs(shell: Run) -> None:
    app = shell("commander")
    offered = [name for _, name in given(app, "npd_search")]
    assert "LPA L1 · LPA" in offered
    assert not [one for one in offered if "L2" in one]
    before = dict(app.query_params)
    for others in ("lpa:L2", "lpa:L9", "nothing", ""):
        assert not choose(app, others).exception
        assert dict(app.query_params) == before, others

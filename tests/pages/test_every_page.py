"""Every page opens, for every viewer, at every depth of the areas, with the data of the worked example and without."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from pages.shell.order import PAGES
from tests.pages.conftest import with_all_opened

NAMES = [module.__name__.rsplit(".", 1)[-1] for module in PAGES]
OF_NO_MONTH = ("about", "yours")
# What each title says of a month for which little is loaded.
LITTLE = {
    "overview": "too few months",
    "abstractions": "No abstraction figure",
    "visibility": "No visible time figure",
    "need": "No need index yet",
    "asb": "too few months",
    "impact_areas": "too few months",
    "patrols": "No patrols in this month",
    "hotspot": "No hotspot with a tasking",
    "response": "No response figure",
    "framework": "indicators have a figure for Apr 2024",
    "workforce": "No strength figure",
    "figure": "No operational abstraction rate figure",
    "explore": "no verdict yet",
    "engagement": "No timely replies figure",
    "benchmark": "too few months",
}
# The tabs that a page has, by the words of the address; each opens for a viewer who may see all of them.
TABS = {
    "abstractions": ("when", "whose", "every"),
    "visibility": ("where", "when", "patch", "share", "groups", "people"),
    "asb": ("again", "sample", "powers", "codes", "every"),
    "impact_areas": ("where", "crimes", "types", "outcomes", "flagged", "beside"),
    "patrols": ("hotspots", "calendar", "where", "violence", "done", "worked", "right", "time"),
    "framework": ("beside", "mixes", "fairly", "targets"),
    "workforce": ("posts", "capacity", "specials"),
    "engagement": ("asked", "plans", "said", "searched", "done"),
}
PLACES = [{}, {"lpa": "L1"}, {"neighbourhood": "N001"}, {"lpa": "L1,L2"}, {"neighbourhood": "N001,N002"}]


@pytest.mark.parametrize("page", NAMES)
@pytest.mark.parametrize("viewer", ["chief", "commander"])
@pytest.mark.parametrize("place", PLACES, ids=["top", "lpa", "neighbourhood", "lpas", "neighbourhoods"])
def test_it_opens_with_a_finding_as_its_title(shell: Callable[..., AppTest], page: str, viewer: str, place: dict):
    app = shell(viewer, page, month="2024-10", **place)
    assert not app.exception
    titles = [text.value for text in app.markdown if text.value.startswith("# ")]
    assert len(titles) == 1, titles


@pytest.mark.parametrize("page", [name for name in NAMES if name not in OF_NO_MONTH])
def test_its_title_says_so_where_a_month_has_little_data(shell: Callable[..., AppTest], page: str):
    app = shell("chief", page, month="2024-04")
    assert not app.exception
    (title,) = [text.value for text in app.markdown if text.value.startswith("# ")]
    assert LITTLE[page] in title


@pytest.mark.parametrize("page", TABS)
def test_every_tab_of_it_opens_by_the_address(shell: Callable[..., AppTest], page: str):
    for tab in TABS[page]:
        app = shell("analyst", page, month="2024-10", **{f"{page}_tab": tab})
        assert not app.exception, tab
        assert len(app.tabs) >= len(TABS[page]), tab
        assert sum(not one.children for one in app.tabs) == len(TABS[page]) - 1, "only the open tab is worked out"
        assert not [one.value for one in app.warning if "no part of this page" in one.value], tab
        assert not with_all_opened(app).exception, tab


@pytest.mark.parametrize("page", [name for name in NAMES if name not in TABS])
def test_what_stands_behind_its_quiet_signs_is_drawn_when_they_are_opened(shell: Callable[..., AppTest], page: str):
    assert not with_all_opened(shell("analyst", page, month="2024-10")).exception


def test_a_quiet_sign_has_nothing_behind_it_until_it_is_opened(shell: Callable[..., AppTest]):
    app = shell("analyst", "abstractions", month="2024-10")
    assert not app.get("download_button")
    assert {button.proto.label for button in with_all_opened(app).get("download_button")} == {"CSV", "Excel"}


def test_a_tab_that_is_gone_is_said(shell: Callable[..., AppTest]):
    app = shell("analyst", "patrols", month="2024-10", patrols_tab="gone")
    assert [one.value for one in app.warning if "“gone” is no part of this page" in one.value]

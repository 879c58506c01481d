"""Every page opens, for every viewer, at every depth of the areas, with the data of the worked example and without."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from pages.shell.order import PAGES

NAMES = [module.__name__.rsplit(".", 1)[-1] for module in PAGES]
# What each title says of a month for which little is loaded; About is of all months.
LITTLE = {
    "overview": "too few months",
    "abstractions": "No abstraction figure",
    "visibility": "No visible time figure",
    "need": "No need index yet",
    "asb": "too few months",
    "impact_areas": "too few months",
    "patrols": "No patrols in this month",
    "response": "No response figure",
    "framework": "indicators have a figure for Apr 2024",
    "workforce": "No strength figure",
    "figure": "No operational abstraction rate figure",
    "engagement": "No timely replies figure",
    "benchmark": "too few months",
}
PLACES = [{}, {"lpa": "L1"}, {"neighbourhood": "N001"}]


@pytest.mark.parametrize("page", NAMES)
@pytest.mark.parametrize("viewer", ["chief", "commander"])
@pytest.mark.parametrize("place", PLACES, ids=["top", "lpa", "neighbourhood"])
def test_it_opens_with_a_finding_as_its_title(shell: Callable[..., AppTest], page: str, viewer: str, place: dict):
    app = shell(viewer, page, month="2024-10", **place)
    assert not app.exception
    titles = [text.value for text in app.markdown if text.value.startswith("# ")]
    assert len(titles) == 1, titles


@pytest.mark.parametrize("page", [name for name in NAMES if name != "about"])
def test_its_title_says_so_where_a_month_has_little_data(shell: Callable[..., AppTest], page: str):
    app = shell("chief", page, month="2024-04")
    assert not app.exception
    (title,) = [text.value for text in app.markdown if text.value.startswith("# ")]
    assert LITTLE[page] in title

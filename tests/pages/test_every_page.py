"""Every page opens, for every viewer, at every depth of the areas, with the data of the worked example and without."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from pages.shell.order import PAGES

NAMES = [module.__name__.rsplit(".", 1)[-1] for module in PAGES]
PLACES = [{}, {"lpa": "L1"}, {"neighbourhood": "N001"}]


@pytest.mark.parametrize("page", NAMES)
@pytest.mark.parametrize("viewer", ["chief", "commander"])
@pytest.mark.parametrize("place", PLACES, ids=["top", "lpa", "neighbourhood"])
def test_it_opens_with_a_finding_as_its_title(shell: Callable[..., AppTest], page: str, viewer: str, place: dict):
    app = shell(viewer, page, month="2024-10", **place)
    assert not app.exception
    titles = [text.value for text in app.markdown if text.value.startswith("# ")]
    assert len(titles) == 1, titles


@pytest.mark.parametrize("page", NAMES)
def test_it_says_so_where_a_month_has_little_data(shell: Callable[..., AppTest], page: str):
    assert not shell("chief", page, month="2024-04").exception

"""A cell opens exactly its figure: indicator, category, area and month are in the address."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import parse_qs, urlsplit

from streamlit.testing.v1 import AppTest

from tests.pages.test_shell import text

Run = Callable[..., AppTest]
CELL = re.compile(r'<td><a href="([^"]+)"[^>]*aria-label="([^"]+)"')


def test_every_cell_of_the_overview_opens_the_figure_that_it_shows(shell: Run) -> None:
    app = shell("chief", "overview", month="2024-10")
    (matrix,) = [str(one.proto.body) for one in app.get("html") if 'class="npd-matrix"' in str(one.proto.body)]
    cells = [(unescape(address), unescape(label)) for address, label in CELL.findall(matrix)]
    assert len(cells) >= 10
    for address, label in cells[:6]:
        page, asked = urlsplit(address).path, parse_qs(urlsplit(address).query)
        assert page == "figure"
        assert asked["month"] == ["2024-10"]
        opened = shell("chief", "figure", **{name: value for name, (value,) in asked.items()})
        assert not opened.exception
        shown = label.split(": ", 1)[1].split(",")[0]
        assert shown in text(opened), (label, address)

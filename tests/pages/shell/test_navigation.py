"""The line of links to the pages: which of them, where they lead, which is open."""

import re

from pages.shell.navigation import html
from pages.shell.order import OFF_NAVIGATION, PAGES

LINK = re.compile(r'<a href="([^"]*)"( aria-current="page")?>([^<]*)</a>')


def links(opened: str, **selected: str) -> dict[str, tuple[str, bool]]:
    """Return by title where a link leads, and whether it is said to be the open page."""
    written = html(opened, selected)
    assert LINK.sub("", written) == ""
    return {title: (to, bool(current)) for to, current, title in LINK.findall(written)}


def test_every_page_but_those_off_it_has_its_link_in_their_order() -> None:
    assert [*links("asb")] == [module.TITLE for module in PAGES if module not in OFF_NAVIGATION]


def test_each_carries_the_selection_and_the_first_page_leads_to_the_root() -> None:
    found = links("asb", lpa="L1", team='A"&<b>')
    assert found["Overview"] == ("./?lpa=L1&amp;team=A%22%26%3Cb%3E", False)
    assert found["ASB"] == ("asb?lpa=L1&amp;team=A%22%26%3Cb%3E", True)
    assert links("asb")["Overview"] == ("./", False)


def test_one_page_at_most_is_the_open_one() -> None:
    assert [title for title, (_, current) in links("overview").items() if current] == ["Overview"]
    assert not any(current for _, current in links("yours").values())

"""What a real browser makes of hostile names: no link of theirs, no style, no tag, on any page or under the pointer."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pages.shell.order import PAGES
from tests.browser.conftest import PATIENCE, WINDOW, free_port, serving
from tests.browser.test_shell import at_rest
from tests.data_access.hostile_force import ATTACK, HOST
from tests.pages.test_hostile_text import hostile_store

__all__ = ["hostile_store"]
NAMES = ["", *(module.__name__.rsplit(".", 1)[-1] for module in PAGES[1:])]
# A link to the attacker, in HTML or in a drawing; or the attacker's word in an element of its own.
FOUND = """host => [...document.querySelectorAll('*')].filter(one =>
  ['href', 'xlink:href', 'src'].some(name => (one.getAttribute(name) || '').startsWith('//' + host)
    || (one.getAttribute(name) || '').startsWith('http://www.' + host))
  || (one.children.length === 0 && one.textContent.trim() === 'evil')).map(one => one.outerHTML.slice(0, 200))"""

CLICK = """address => {
  const link = document.body.appendChild(document.createElement('a'));
  link.href = address;
  link.click();
  link.remove();
}"""


@pytest.fixture(scope="module")
def address(hostile_store: Path) -> Iterator[str]:
    with serving(free_port(), hostile_store / "config.toml") as served:
        yield served


@pytest.fixture(scope="module")
def window(browser: Browser, address: str) -> Iterator[Page]:
    opened = browser.new_context(**WINDOW, base_url=address).new_page()
    opened.set_default_timeout(PATIENCE)
    opened.goto("/figure?indicator=ASB-05&month=2024-09")  # none of those that the tests follow links to
    at_rest(opened)
    yield opened
    opened.context.close()


def follow(window: Page, address: str) -> None:
    """Open a page of the suite as a link in it does: the frontend is not loaded again."""
    before = window.locator("h1").inner_text()
    window.evaluate(CLICK, address)
    expect(window.locator("h1")).not_to_have_text(before)
    at_rest(window)


@pytest.mark.parametrize("name", NAMES)
def test_no_page_obeys_a_name(window: Page, name: str) -> None:
    follow(window, f"/{name}?month=2024-10")
    assert window.evaluate(FOUND, HOST) == []


def test_what_the_pointer_shows_is_text(window: Page) -> None:
    window.goto("/abstractions?month=2024-10")
    bar = window.locator(".st-key-abs_where .barlayer .point path").first
    bar.scroll_into_view_if_needed()
    at_rest(window)
    box = bar.bounding_box()
    assert box is not None
    window.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    shown = window.locator(".st-key-abs_where .hoverlayer")
    expect(shown).to_contain_text("<b>evil</b>")
    assert window.evaluate(FOUND, HOST) == []


def test_a_link_in_an_address_stays_text(window: Page) -> None:
    window.goto(f"/?month=[Sign in](//{HOST})")
    expect(window.get_by_test_id("stAlert").filter(has_text="[Sign in](//")).to_have_count(1)
    assert window.evaluate(FOUND, HOST) == []


def test_an_area_of_that_name_can_still_be_chosen(window: Page) -> None:
    window.goto("/abstractions?month=2024-10")
    expect(window.locator("h1")).to_be_visible()
    window.get_by_role("combobox", name="LPA", exact=True).click()
    window.get_by_role("option", name=f"{ATTACK}LPA L1", exact=True).click()
    window.keyboard.press("Tab")  # the list stays open for another
    expect(window.get_by_role("button", name=re.compile("^LPA: .*LPA L1 ✕$"))).to_be_visible()

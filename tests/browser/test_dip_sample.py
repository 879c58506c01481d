"""An auditor's verdicts by keyboard alone: one after the other, corrected and withdrawn."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE, WINDOW, free_port, serving
from tests.browser.test_shell import at_rest
from tests.pages.conftest import VIEWERS

ON = "() => document.activeElement.closest('[data-testid=stRadio], [data-testid=stTextInput], button')?.textContent"


@pytest.fixture(scope="module")
def address(example_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a copy of the worked example, in which something may be written."""
    folder = tmp_path_factory.mktemp("audited") / "own"
    copytree(example_store, folder)
    (folder / "config.toml").write_text(f'[store]\nurl = "sqlite:///npd.sqlite"\n{VIEWERS}')
    with serving(free_port(), folder / "config.toml") as served:
        yield served


def test_verdicts_are_given_and_withdrawn_by_keyboard_alone(browser: Browser, address: str) -> None:
    page = browser.new_page(**WINDOW, base_url=address)
    page.set_default_timeout(PATIENCE)
    page.goto("/asb?month=2024-10&lpa=L1&asb_tab=sample")
    toggle = page.get_by_label("Draw a sample and record verdicts")
    toggle.focus()
    page.keyboard.press("Space")
    incident = page.get_by_role("combobox", name="Incident (or click its row below)")
    first = incident.input_value()
    at_rest(page)
    _tab_to(page, "Closed correctly?")
    _judge(page, "ArrowRight", "Space", "read the log")  # no, yes
    expect(page.get_by_text("Verdict on", exact=False).first).to_be_visible()
    expect(incident).not_to_have_value(first)
    expect(page.locator("[data-testid=stForm] input[type=radio]").first).to_be_focused()
    second = incident.input_value()
    at_rest(page)
    _judge(page, "Space", "ArrowRight", "codes fit")  # yes, no; the focus is on the next incident's first answer
    expect(page.get_by_text("2 of ")).to_be_visible()
    expect(incident).not_to_have_value(second)
    incident.focus()
    page.keyboard.type(first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Withdraw the verdict")).to_be_visible()
    at_rest(page)
    _tab_to(page, "Reason")
    page.keyboard.type("the wrong log")
    _tab_to(page, "Withdraw the verdict")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 of ")).to_be_visible()
    expect(incident).to_have_value(first)
    page.close()


def _judge(page: Page, correct: str, crime: str, reason: str) -> None:
    """Answer from the first question on, and record."""
    page.keyboard.press(correct)
    _tab_to(page, "Should it have been a crime?")
    page.keyboard.press(crime)
    _tab_to(page, "Reason")
    page.keyboard.type(reason)
    _tab_to(page, "Record the verdict")
    page.keyboard.press("Enter")


def _tab_to(page: Page, name: str) -> None:
    """Press Tab until the focus is on what is so named; far sooner than a page has places to stop at."""
    reached = []
    while not reached or name not in (reached[-1] or ""):
        assert len(reached) < 40, reached
        page.keyboard.press("Tab")
        reached.append(page.evaluate(ON))

"""What viewers write: an auditor's verdicts by keyboard alone, and an explanation beside its figure."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import PATIENCE, WINDOW, free_port, serving
from tests.browser.test_shell import at_rest
from tests.pages.conftest import VIEWERS

ON = "() => document.activeElement.closest('[data-testid=stRadio], [data-testid=stTextInput], button')?.textContent"


@pytest.fixture(scope="module")
def address(example_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a copy of the worked example, in which something may be written."""
    folder = tmp_path_factory.mktemp("written") / "own"
    copytree(example_store, folder)
    who = VIEWERS.replace('people = "team"', 'people = "team"\nmay_explain = true')
    (folder / "config.toml").write_text(f'[store]\nurl = "sqlite:///npd.sqlite"\n{who}')
    with serving(free_port(), folder / "config.toml") as served:
        yield served


@pytest.fixture(scope="module")
def window(browser: Browser, address: str) -> Iterator[BrowserContext]:
    opened = browser.new_context(**WINDOW, base_url=address)
    opened.set_default_timeout(PATIENCE)
    yield opened
    opened.close()


def test_verdicts_are_given_and_withdrawn_by_keyboard_alone(window: BrowserContext) -> None:
    page = window.new_page()
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


def test_a_figure_is_explained_in_its_dialog_and_numbered_on_its_chart(window: BrowserContext) -> None:
    page = window.new_page()
    page.goto("/abstractions?month=2024-10")
    expect(page.get_by_text("OFFICIAL").first).to_be_visible()
    expect(page.get_by_test_id("stStatusWidget")).to_be_hidden()
    page.get_by_role("button", name="How is this worked out?").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Explain this figure").click()
    dialog.get_by_label("In a sentence").fill("Officers <i>policed</i> a march.")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("an explanation needs an owner")).to_be_visible()
    expect(dialog.get_by_label("In a sentence")).to_have_value("Officers <i>policed</i> a march.")
    dialog.get_by_label("Owner: who answers for it").fill("Chief Inspector")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="How is this worked out?").first.click()  # while the page is still drawn again
    expect(dialog.get_by_role("listitem").get_by_text("Officers <i>policed</i> a march.")).to_be_visible()
    dialog.get_by_text("Supersede the explanation of this month").click()
    expect(dialog.get_by_label("In a sentence")).to_have_value("")
    expect(page.locator(".annotation-text", has_text="1").first).to_be_visible()


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

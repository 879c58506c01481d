"""The force's own sign-in, with a real OpenID Connect provider: who is let in, as what, and until when."""

import json
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from data_access.store import Store
from tests.browser.conftest import PATIENCE, WINDOW, free_port, serving
from tests.processes import ending_with_us

COMMANDER, STRANGER, UNVERIFIED = "commander@force.example", "stranger@force.example", "analyst@force.example"
CONFIG = f"""
[store]
url = "sqlite:///npd.sqlite"
[sign_in]
mode = "oidc"
claim = "email"
[start]
figures_ahead = false
[[viewers]]
id = "{COMMANDER.upper()}"
name = "Commander of L1"
lpas = ["L1"]
"""
ANALYST = f"""
[[viewers]]
id = "{UNVERIFIED}"
name = "Performance analyst"
force = true
"""


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """Start an identity provider that knows three people, one by an address that nobody verified; give its address."""
    port = free_port()
    verified = {COMMANDER: True, STRANGER: True, UNVERIFIED: False}
    people = [json.dumps({"sub": name, "email": name, "email_verified": sure}) for name, sure in verified.items()]
    known = [part for person in people for part in ("--user-claims", person)]
    process = subprocess.Popen(ending_with_us(sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *known))
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture(scope="module")
def suite(example_store: Path, provider: str) -> Iterator[str]:
    """Serve the worked example to whoever signs in there."""
    port = free_port()
    config, known = example_store / "sign-in.toml", example_store / "secrets.toml"
    config.write_text(CONFIG + ANALYST)
    known.write_text(f"""
[auth]
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
cookie_secret = "{secrets.token_hex(16)}"
client_id = "npd"
client_secret = "{secrets.token_hex(16)}"
server_metadata_url = "{provider}/.well-known/openid-configuration"
""")
    with serving(port, config, STREAMLIT_SECRETS_FILES=str(known)) as address:
        yield address


@pytest.fixture(scope="module")
def kept(browser: Browser, suite: str) -> Iterator[BrowserContext]:
    """Keep one browser's cache and process for all: the frontend is fetched and compiled once."""
    opened = browser.new_context(**WINDOW)
    opened.set_default_timeout(PATIENCE)
    opened.new_page().goto(f"{suite}/health")  # the process lives as long as a window of it
    yield opened
    opened.close()


@pytest.fixture
def machine(kept: BrowserContext) -> Iterator[BrowserContext]:
    """Give a machine that nobody is signed in on: without cookies, nor windows left open."""
    yield kept
    kept.clear_cookies()
    for page in kept.pages[1:]:
        page.close()


def signed_in(machine: BrowserContext, address: str, person: str) -> Page:
    page = machine.new_page()
    page.goto(address)
    expect(page.locator(".npd-value")).to_have_count(0)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=person).click()
    return page


def entered(folder: Path, person: str) -> list[str]:
    """What the audit trail has of somebody, the oldest first."""
    with closing(Store.open(f"sqlite:///{folder}/npd.sqlite")) as store:
        rows = store.trail(None).sort("number").rows(named=True)
    return [row["what"] for row in rows if row["viewer"].casefold() == person.casefold()]


def test_a_commander_comes_back_to_the_link_and_sees_their_own_area(machine: BrowserContext, suite: str) -> None:
    page = signed_in(machine, f"{suite}/abstractions?month=2024-09", COMMANDER)
    expect(page.get_by_text("Sep 2024 · LPA L1", exact=True)).to_be_visible()
    expect(page).to_have_url(f"{suite}/abstractions?month=2024-09")
    page.goto(suite)
    expect(page.get_by_text("Oct 2024 · LPA L1", exact=True)).to_be_visible()
    expect(page).to_have_url(f"{suite}/")
    page.get_by_role("button", name="Sign out").click()
    expect(page).not_to_have_url(f"{suite}/")  # the provider's own page says good-bye
    page.goto(suite)
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_an_account_that_is_not_listed_sees_nothing_and_it_is_entered(
    machine: BrowserContext, suite: str, example_store: Path
) -> None:
    page = signed_in(machine, suite, STRANGER)
    expect(page.get_by_text("no areas are assigned")).to_be_visible()
    expect(page.locator(".npd-value")).to_have_count(0)
    assert entered(example_store, STRANGER) == ["refused"]


def test_an_address_that_nobody_verified_signs_nobody_in(machine: BrowserContext, suite: str) -> None:
    page = signed_in(machine, suite, UNVERIFIED)
    expect(page.get_by_text("not verified by the identity provider")).to_be_visible()
    expect(page.locator(".npd-value")).to_have_count(0)


def test_signing_out_ends_the_open_tab_and_a_saved_cookie(
    browser: Browser, machine: BrowserContext, suite: str, example_store: Path
) -> None:
    page = signed_in(machine, f"{suite}/abstractions", COMMANDER)
    expect(page.locator(".npd-value").first).to_be_visible()
    saved = page.context.cookies()
    tab = page.context.new_page()
    tab.goto(f"{suite}/abstractions")
    expect(tab.locator(".npd-value").first).to_be_visible()
    page.bring_to_front()  # what lies behind another tab is not drawn, and cannot be seen to hold still
    page.get_by_role("button", name="Sign out").click()
    expect(page).not_to_have_url(re.compile(f"^{suite}"))
    tab.bring_to_front()
    tab.get_by_role("link", name="Visibility").click()
    expect(tab.get_by_text("You have signed out")).to_be_visible()
    expect(tab.locator(".npd-value")).to_have_count(0)
    thief = browser.new_context()
    thief.add_cookies(saved)
    stolen = thief.new_page()
    stolen.goto(f"{suite}/abstractions")
    expect(stolen.get_by_text("You have signed out")).to_be_visible()
    expect(stolen.locator(".npd-value")).to_have_count(0)
    thief.close()
    assert entered(example_store, COMMANDER)[-2:] == ["signed in", "signed out"]


def test_a_viewer_who_is_taken_off_the_list_sees_nothing_at_the_next_click(
    machine: BrowserContext, suite: str, example_store: Path
) -> None:
    page = signed_in(machine, f"{suite}/abstractions", COMMANDER)
    expect(page.locator(".npd-value").first).to_be_visible()
    try:
        (example_store / "sign-in.toml").write_text(CONFIG.partition("[[viewers]]")[0] + ANALYST)
        page.get_by_role("link", name="Visibility").click()
        expect(page.get_by_text("no areas are assigned")).to_be_visible()
        expect(page.locator(".npd-value")).to_have_count(0)
    finally:
        (example_store / "sign-in.toml").write_text(CONFIG + ANALYST)

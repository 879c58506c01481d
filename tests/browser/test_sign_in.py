"""The force's own sign-in, with a real OpenID Connect provider: whoever is not listed sees nothing."""

import json
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import free_port, serving
from tests.processes import ending_with_us

COMMANDER, STRANGER = "commander@force.example", "stranger@force.example"
CONFIG = f"""
[store]
url = "sqlite:///npd.sqlite"
[sign_in]
mode = "oidc"
claim = "email"
[[viewers]]
id = "{COMMANDER}"
name = "Commander of L1"
lpas = ["L1"]
"""


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """Start an identity provider that knows two people; give its address."""
    port = free_port()
    people = [json.dumps({"sub": email, "email": email}) for email in (COMMANDER, STRANGER)]
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
    config.write_text(CONFIG)
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


def signed_in(browser: Browser, address: str, person: str) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(address)
    expect(page.locator(".npd-value")).to_have_count(0)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=person).click()
    return page


def test_a_commander_comes_back_to_the_link_and_sees_their_own_area(browser: Browser, suite: str) -> None:
    page = signed_in(browser, f"{suite}/abstractions?month=2024-09", COMMANDER)
    expect(page.get_by_text("Sep 2024 · LPA L1", exact=True)).to_be_visible()
    expect(page).to_have_url(f"{suite}/abstractions?month=2024-09")
    page.goto(suite)
    expect(page.get_by_text("Oct 2024 · LPA L1", exact=True)).to_be_visible()
    expect(page).to_have_url(f"{suite}/")
    page.get_by_role("button", name="Sign out").click()
    expect(page).not_to_have_url(f"{suite}/")  # the provider's own page says good-bye
    page.goto(suite)
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    page.context.close()


def test_an_account_that_is_not_listed_sees_nothing(browser: Browser, suite: str) -> None:
    page = signed_in(browser, suite, STRANGER)
    expect(page.get_by_text("no areas are assigned")).to_be_visible()
    expect(page.locator(".npd-value")).to_have_count(0)
    page.context.close()

"""A real server with the worked example, and a real browser that must never ask another host for anything."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlparse
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.pages.conftest import example_store
from tests.places import ROOT
from tests.processes import ending_with_us

__all__ = ["example_store"]
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# All is drawn by the processor, so nothing is drawn for nobody or made twice: windows of a site share a process, which
# compiles the frontend once; a map's shaders are compiled when they first draw, not ahead as well.
SPARING = ["--process-per-site", "--disable-angle-features=supportsGraphicsPipelineLibrary,warmUpPipelineCacheAtLink"]
WINDOW = {"viewport": {"width": 1440, "height": 900}}
STARTS_WITHIN = 120  # seconds
# Milliseconds: the suite's other workers have the cores as well; how soon a page is there is measured elsewhere.
PATIENCE = 120_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="package")
def server(example_store: Path) -> Iterator[str]:
    """Serve the worked example; give the address."""
    with serving(free_port(), example_store / "config.toml") as address:
        yield address


def free_port() -> int:
    """Give a loopback port that nobody uses."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def serving(port: int, config: Path, **settings: str) -> Iterator[str]:
    """Start the suite as the README does, with a config.toml and environment variables; give its address."""
    environment = {**os.environ, "NPD_CONFIG": str(config), **settings}
    environment.pop("NPD_STORE_URL", None)
    command = ending_with_us(sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port))
    said = config.with_suffix(".log")
    with said.open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            wait_for(f"http://127.0.0.1:{port}/health", process, said)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=20)


def wait_for(health: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        assert process.poll() is None, f"the server stopped: {log.read_text()[-2000:]}"
        try:
            urlopen(health, timeout=2).close()
            return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.3)
    raise AssertionError(f"the server did not answer {health} within {STARTS_WITHIN} s: {log.read_text()[-2000:]}")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Start Chromium for the tests here alone: Playwright's loop would be in the way of others that have their own."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *SPARING])
        yield started
        started.close()


def _is_ours(message: ConsoleMessage) -> bool:
    """Tell an error of ours from Streamlit's own search for its base path on a deep link, which meets a 404."""
    return message.type == "error" and "/_stcore/" not in message.location["url"]


@pytest.fixture(scope="package")
def context(browser: Browser, server: str) -> Iterator[BrowserContext]:
    """Keep one browser's cache and process for all windows: the 12 MB of the frontend are fetched and compiled once."""
    kept = browser.new_context(**WINDOW, base_url=server)
    kept.set_default_timeout(PATIENCE)
    kept.new_page().goto("/health")  # the process lives as long as a window of it
    yield kept
    kept.close()


@pytest.fixture
def page(context: BrowserContext, server: str) -> Iterator[Page]:
    """Open a window on the server; at the end nothing may have been asked of another host, nor written as an error."""
    outside: set[str | None] = set()
    errors: list[str] = []
    opened = context.new_page()
    own = urlparse(server).hostname
    opened.on("request", lambda request: outside.add(urlparse(request.url).hostname))
    opened.on("console", lambda message: errors.append(message.text) if _is_ours(message) else None)
    yield opened
    opened.close()
    assert outside - {own, None, ""} == set()
    assert errors == []

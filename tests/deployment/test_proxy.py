"""Two processes of the suite behind Debian's Caddy, all three as `deployment/` has them; a viewer outlives one of them.

Only ports, folders and the certificate are others than on a force's server.
"""

import asyncio
import os
import re
import secrets
import shlex
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from configparser import ConfigParser
from contextlib import AsyncExitStack, ExitStack, closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPSConnection
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Cookie, Page, expect, sync_playwright
from prometheus_client.parser import text_string_to_metric_families
from websockets import connect

from data_access.feeds.contract import FEEDS
from tests.browser.conftest import CHROMIUM, FLAGS, SPARING, STARTS_WITHIN, WINDOW, free_port, wait_for
from tests.browser.test_sign_in import COMMANDER, CONFIG, provider
from tests.data_access.test_mail import certificate
from tests.pages.conftest import example_store
from tests.places import ROOT
from tests.processes import ending_with_us
from tests.serving.test_gates import asked

__all__ = ["example_store", "provider"]
HOST = "npd.force.example"
DEPLOYMENT = ROOT / "deployment"
CADDY = f"caddy run --config {DEPLOYMENT / 'Caddyfile'} --adapter caddyfile"
METRICS = '\n[metrics]\naddresses = ["127.0.0.1"]\n'


@dataclass(kw_only=True)
class Deployed:
    """The suite as its viewers reach it, and its processes by port."""

    address: str
    certificate: Path
    proxy: int
    processes: dict[int, subprocess.Popen[bytes]]

    def number(self, port: int, name: str) -> float:
        """Return what a process says of itself to this machine."""
        status, _, body = asked(f"http://127.0.0.1:{port}/metrics")
        assert status == 200
        families = text_string_to_metric_families(body.decode())
        return sum(sample.value for family in families for sample in family.samples if sample.name == name)

    def serving(self) -> int:
        """Return the port of the one process that has viewers."""
        busy = [port for port in self.processes if self.number(port, "npd_viewers")]
        assert len(busy) == 1, busy
        return busy[0]

    def through_proxy(self, path: str, **headers: str) -> tuple[int, list[tuple[str, str]], bytes]:
        """Ask by the suite's own name; return the status, every header and the body."""
        trusted = ssl.create_default_context(cafile=self.certificate)
        connection = HTTPSConnection(HOST, self.proxy, timeout=30)
        connection.sock = trusted.wrap_socket(
            socket.create_connection(("127.0.0.1", self.proxy), 30), server_hostname=HOST
        )
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(connection):
            connection.request("GET", path, headers={"Host": f"{HOST}:{self.proxy}", **sent})
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()


def unit(name: str) -> ConfigParser:
    """Read a systemd unit; of a key that stands several times the last is kept."""
    read = ConfigParser(strict=False, interpolation=None, comment_prefixes=("#",))
    read.optionxform = str
    read.read(DEPLOYMENT / "systemd" / name)
    return read


@contextmanager
def process(port: int, config: Path, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the unit's own command for a port, with its credentials in `folder`."""
    service = unit("npd@.service")["Service"]
    placed = {"%i": str(port), "%d": str(folder), "/etc/npd/config.toml": str(config)}
    placed["/opt/npd/.venv/bin/python"] = sys.executable
    command, given = service["ExecStart"], service["Environment"]
    for there, here in placed.items():
        command, given = command.replace(there, here), given.replace(there, here)
    environment = {**os.environ, "CREDENTIALS_DIRECTORY": str(folder)}
    environment.pop("NPD_STORE_URL", None)
    environment.update(one.split("=", 1) for one in shlex.split(given))
    with running(command, folder / f"{port}.log", environment) as started:
        yield started


@contextmanager
def running(command: str, log: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("w") as said:
        asked_for = ending_with_us(*shlex.split(command))
        started = subprocess.Popen(asked_for, cwd=ROOT, env=environment, stdout=said, stderr=said)
        try:
            yield started
        finally:
            started.terminate()
            started.wait(timeout=20)


def proxied(folder: Path, site: str, chain: Path, key: Path, ports: Iterable[int]) -> dict[str, str]:
    """Return the variables that the Caddyfile asks for, with a folder of Caddy's own."""
    return {
        "NPD_SITE": site,
        "NPD_HTTP_PORT": str(free_port()),
        "NPD_CERTIFICATE": str(chain),
        "NPD_KEY": str(key),
        "NPD_PROCESSES": " ".join(f"127.0.0.1:{port}" for port in ports),
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CONFIG_HOME": str(folder / "config"),
    }


@pytest.fixture(scope="module")
def deployed(example_store: Path, provider: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """Start two processes and the proxy before them, with what a force keeps in /etc/npd."""
    folder, proxy, ports = tmp_path_factory.mktemp("deployed"), free_port(), (free_port(), free_port())
    config = folder / "config.toml"
    config.write_text(CONFIG.replace("sqlite:///npd.sqlite", "sqlite:///none.sqlite") + METRICS)
    (folder / "NPD_STORE_URL").write_text(f"sqlite:///{example_store}/npd.sqlite\n")
    (folder / "NPD_secrets.toml").write_text(f"""
[auth]
redirect_uri = "https://{HOST}:{proxy}/oauth2callback"
cookie_secret = "{secrets.token_hex(32)}"
client_id = "npd"
client_secret = "{secrets.token_hex(16)}"
server_metadata_url = "{provider}/.well-known/openid-configuration"
""")
    chain, key = certificate(folder, HOST)
    given = proxied(folder, f"{HOST}:{proxy}", chain, key, ports)
    with ExitStack() as stack:
        processes = {port: stack.enter_context(process(port, config, folder)) for port in ports}
        stack.enter_context(running(CADDY, folder / "caddy.log", {**os.environ, **given}))
        for port, started in processes.items():
            wait_for(f"http://127.0.0.1:{port}/health", started, folder / f"{port}.log")
        yield Deployed(certificate=chain, address=f"https://{HOST}:{proxy}", proxy=proxy, processes=processes)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start a Chromium that finds the suite's name on this machine."""
    with sync_playwright() as playwright:
        named = [*FLAGS, *SPARING, f"--host-resolver-rules=MAP {HOST} 127.0.0.1"]
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=named)
        yield started
        started.close()


def figures(page: Page) -> list[str]:
    expect(page.locator(".npd-value").first).to_be_visible()
    expect(page.get_by_text("Sep 2024 · LPA L1", exact=True)).to_be_visible()
    return page.locator(".npd-value").all_inner_texts()


@pytest.mark.parametrize(
    "path",
    ["/metrics", "/metrics/", "//metrics", "/%6Detrics", "/metrics?x=1", "/x/../metrics", "/_stcore/metrics"],
)
def test_the_suites_numbers_are_not_to_be_had_through_the_proxy(deployed: Deployed, path: str) -> None:
    for headers in ({}, {"X_Forwarded_For": "127.0.0.1"}, {"Forwarded": "for=127.0.0.1"}):
        status, _, body = deployed.through_proxy(path, **headers)
        assert (status, b"npd_" in body) in {(404, False), (200, False)}  # 200: a page of the name, without numbers


def test_nor_past_it_by_what_came_through_another(deployed: Deployed) -> None:
    port = next(iter(deployed.processes))
    assert asked(f"http://127.0.0.1:{port}/metrics")[0] == 200
    for header in ("X_Forwarded_For", "Forwarded", "Via"):
        assert asked(f"http://127.0.0.1:{port}/metrics", **{header: "127.0.0.1"})[0] == 404


def test_what_prometheus_reads_names_nobody(deployed: Deployed) -> None:
    port = next(iter(deployed.processes))
    assert asked(f"http://127.0.0.1:{port}/api/v1/answer")[0] == 401
    _, headers, body = asked(f"http://127.0.0.1:{port}/metrics")
    families = {one.name: one for one in text_string_to_metric_families(body.decode())}
    assert headers["content-type"].startswith("text/plain; version=")
    assert {name for name in families if name.startswith("npd_")} == {
        "npd_answer_seconds",
        "npd_api_requests",
        "npd_data_version",
        "npd_data_version_shown",
        "npd_feed_late",
        "npd_load_age_seconds",
        "npd_step_seconds",
        "npd_store_up",
        "npd_viewers",
    }
    assert deployed.number(port, "npd_store_up") == deployed.number(port, "npd_data_version") == 1
    assert deployed.number(port, "npd_data_version_shown") == 1
    assert 0 < deployed.number(port, "npd_load_age_seconds") < 3600
    assert deployed.number(port, "process_resident_memory_bytes") > 50_000_000
    labels = {name for one in families.values() for sample in one.samples for name in sample.labels}
    assert labels <= {"le", "feed", "status", "generation", "implementation", "major", "minor", "patchlevel", "version"}
    feeds = {sample.labels["feed"] for sample in families["npd_feed_late"].samples}
    assert feeds <= {"fixes", *FEEDS}


def test_headers_come_once_and_cookies_by_tls_alone(deployed: Deployed) -> None:
    status, headers, _ = deployed.through_proxy("/")
    names = [name.lower() for name, _ in headers]
    assert status == 200
    assert [name for name in set(names) if names.count(name) > 1 and name not in ("set-cookie", "vary")] == []
    assert {"content-security-policy", "strict-transport-security", "x-content-type-options"} <= set(names)
    assert "server" not in names
    cookies = [value for name, value in headers if name.lower() == "set-cookie"]
    assert any(one.startswith("npd_process=") for one in cookies)
    assert [one for one in cookies if "Secure" not in one or "HttpOnly" not in one] == []


def test_a_viewer_goes_on_when_their_process_is_killed(browser: Browser, deployed: Deployed) -> None:
    """The same address, the same figures and the same sign-in, by the other process."""
    context = browser.new_context(ignore_https_errors=True, **WINDOW)
    page = context.new_page()
    link = f"{deployed.address}/abstractions?month=2024-09"
    page.goto(link)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=COMMANDER).click()
    seen = figures(page)
    expect(page).to_have_url(link)

    first = deployed.serving()
    (second,) = set(deployed.processes) - {first}
    assert deployed.number(first, "npd_viewers") == 1
    assert deployed.number(first, "npd_step_seconds_count") >= 2  # asked to sign in, then let in
    assert connected(deployed, context.cookies(), 4) == {first: 5, second: 0}

    deployed.processes[first].kill()
    deployed.processes[first].wait()
    until(lambda: deployed.number(second, "npd_viewers") == 1)
    expect(page).to_have_url(link)
    assert figures(page) == seen
    page.get_by_role("link", name="Visibility").click()
    expect(page).to_have_url(f"{deployed.address}/visibility?month=2024-09")
    expect(page.get_by_text("Sep 2024 · LPA L1", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    context.close()


def test_what_went_wrong_names_no_viewer_and_no_area(tmp_path: Path) -> None:
    """No process is there: the journal says so, and not who asked for what."""
    chain, key = certificate(tmp_path, HOST)
    port, log = free_port(), tmp_path / "caddy.log"
    given = proxied(tmp_path, f"{HOST}:{port}", chain, key, [free_port()])
    alone = Deployed(certificate=chain, address=f"https://{HOST}:{port}", proxy=port, processes={})
    with running(CADDY, log, {**os.environ, **given}):
        until(lambda: "server running" in log.read_text())
        status, _, _ = alone.through_proxy("/abstractions?area=E05011157", User_Agent="a viewer's browser")
        until(lambda: '"http.log.error"' in log.read_text())
    assert status == 503
    said = [line for line in log.read_text().splitlines() if '"http.log.error"' in line]
    assert '"msg":"no upstreams available"' in said[0]
    assert not re.search("E05011157|abstractions|remote_|browser", "".join(said))


def connected(deployed: Deployed, cookies: list[Cookie], times: int) -> dict[int, float]:
    """Connect a browser's further tabs through the proxy; return how many viewers each process has meanwhile.

    By asyncio, in a thread beside Playwright's: the client of threads reads and writes one TLS connection at the same
    time, which Python 3.11 does not guard, and it has hung there.
    """
    sent = {"Cookie": "; ".join(f"{one['name']}={one['value']}" for one in cookies)}
    trusted = ssl.create_default_context(cafile=deployed.certificate)
    url = f"wss://{HOST}:{deployed.proxy}/_stcore/stream"
    at = {"host": "127.0.0.1", "port": deployed.proxy, "ssl": trusted, "proxy": None, "open_timeout": STARTS_WITHIN}

    async def counted() -> dict[int, float]:
        async with AsyncExitStack() as open_ones:
            for _ in range(times):
                tab = connect(url, origin=deployed.address, additional_headers=sent, **at)
                await open_ones.enter_async_context(tab)
            return {port: deployed.number(port, "npd_viewers") for port in deployed.processes}

    with ThreadPoolExecutor(1) as beside:
        return beside.submit(asyncio.run, counted()).result()


def until(is_so: Callable[[], bool]) -> None:
    """Wait for what the browser does by itself, as long as for anything on a page."""
    last = time.monotonic() + 45
    while not is_so():
        assert time.monotonic() < last
        time.sleep(0.2)

"""`python -m tests.bench.clicks [--store URL]`: how long a viewer waits for a figure after choosing another LPA.

A real browser on every page of the suite, on the store of config.toml or the one given, beside the least that a
Streamlit page can do on the same machine in the same run. The browser draws in software and shares the processors
with the server: a viewer's own machine is quicker.
"""

import argparse
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.request import urlopen

from playwright.sync_api import Page, expect, sync_playwright

from data_access.settings import ROOT
from pages.shell.order import PAGES
from tests.browser.conftest import CHROMIUM, FLAGS

ASKED = 0.3  # seconds until the page's finding, figures or cells have changed, in the median
OF_NO_AREA = ("benchmark", "about", "yours", "figure")  # the same for every LPA until something more is asked for
LPAS = ("Coventry", "Sandwell", "Walsall", "Dudley")
CLICKS, WARMING, RESTS = 12, 2, 2.0  # clicks counted on a page, clicks before them, seconds between two
STARTS_WITHIN = 120  # seconds
# The answer is there when the figures have changed or, on a page that has none, its finding or its captions have.
WATCH = """() => {
  const figures = document.querySelector('.npd-value, .npd-matrix') ? '.npd-value, .npd-matrix'
    : 'h1, [data-testid=stCaptionContainer]';
  const said = () => [...document.querySelectorAll(figures)].map(one => one.textContent).join('|');
  const before = said(), seen = {};
  window.seen = seen;
  document.addEventListener('click', () => { seen.from = performance.now(); }, {capture: true, once: true});
  seen.watch = new MutationObserver(() => {
    if (seen.from && !seen.took && said() !== before) seen.took = performance.now() - seen.from;
  });
  seen.watch.observe(document.body, {subtree: true, childList: true, characterData: true});
}"""
TOOK = "() => { window.seen.watch.disconnect(); return window.seen.took / 1000; }"


def main() -> int:
    """Measure and print the table; exit 1 where a page is slower than asked."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.clicks", description=__doc__)
    parser.add_argument("--store", metavar="URL", help="a store with the sample force (default: that of config.toml)")
    parser.add_argument("--warm", metavar="SECONDS", type=float, default=0, help="wait for what is worked out ahead")
    arguments = parser.parse_args()
    environment = {**os.environ, **({"NPD_STORE_URL": arguments.store} if arguments.store else {})}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        with serving("tests/bench/bare.py", environment) as address:
            bare = clicks(page, address)
        print(f"{'page':<16}{'median':>10}{'slowest':>10}{'of bare Streamlit':>20}   asked < {ASKED} s")
        met = [row("bare Streamlit", bare, bare)]
        with serving("app.py", environment) as address:
            time.sleep(arguments.warm)
            for step, module in enumerate(PAGES):
                name = module.__name__.rsplit(".", 1)[-1]
                if name not in OF_NO_AREA:
                    met.append(row(name, clicks(page, f"{address}/{name if step else ''}"), bare))
        browser.close()
    return 0 if all(met) else 1


def clicks(page: Page, address: str) -> list[float]:
    """Open a page and choose one LPA after the other; give the seconds until each answer."""
    page.goto(address)
    expect(page.locator("h1")).to_be_visible(timeout=STARTS_WITHIN * 1000)
    return [click(page, LPAS[step % len(LPAS)]) for step in range(WARMING + CLICKS)][WARMING:]


def click(page: Page, lpa: str) -> float:
    """Choose an LPA; give the seconds until the answer."""
    page.get_by_role("combobox", name="Search").fill(lpa)  # the filter would add it to those chosen
    option = page.get_by_role("option", name=f"{lpa} · LPA", exact=True)
    option.wait_for()
    page.wait_for_timeout(RESTS * 200)  # the list has unfolded
    page.evaluate(WATCH)
    option.click()
    page.wait_for_timeout(RESTS * 1000)
    return page.evaluate(TOOK)


def row(name: str, took: list[float], bare: list[float]) -> bool:
    """Print a line of the table; tell whether its median is as asked."""
    usual = median(took)
    met = usual < ASKED
    times = usual / median(bare)
    print(f"{name:<16}{usual:>8.2f} s{max(took):>8.2f} s{times:>18.1f} x{'' if met else '   NOT MET'}", flush=True)
    return met


@contextmanager
def serving(script: str, environment: dict[str, str]) -> Iterator[str]:
    """Serve a script by Streamlit on a free port; give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    line = [sys.executable, "-m", "streamlit", "run", str(Path(ROOT) / script), "--server.port", str(port)]
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(line, cwd=ROOT, env=environment, **silent) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/_stcore/health")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def wait_for(health: str) -> None:
    """Wait until a server answers."""
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        try:
            urlopen(health, timeout=5).close()
            return
        except OSError:  # not there yet, or at work
            time.sleep(0.2)
    raise SystemExit(f"the server did not answer within {STARTS_WITHIN} s: start it by hand to see why")


if __name__ == "__main__":
    sys.exit(main())

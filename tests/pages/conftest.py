"""The worked example as a small store, and the shell run on it without a browser."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import update
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from data_access.database.connection import writing
from data_access.database.schema import metadata
from data_access.load.ingest import load
from data_access.settings import Settings, settings_file
from data_access.store import Store
from pages.shell import start
from tests.places import EXAMPLE, ROOT

# Each AppTest searches every installed package for components: that was two thirds of what a test of a page cost.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)

VIEWERS = """
[start]
figures_ahead = false

[[viewers]]
id = "chief"
name = "Chief officer"
force = true
people = "team"

[[viewers]]
id = "commander"
name = "Commander of L1"
lpas = ["L1"]
people = "none"

[[viewers]]
id = "analyst"
name = "Performance analyst"
force = true
people = "officer"

[[viewers]]
id = "sergeant"
name = "Sergeant in L1"
lpas = ["L1"]
people = "officer"

[[viewers]]
id = "elsewhere"
name = "Commander of an LPA without data"
lpas = ["L9"]
"""


def for_the_demo(store: Store) -> None:
    """Let the demo's viewers look at a store of published data: they look at a sample only."""
    with writing(store.engine) as connection:
        connection.execute(update(metadata.tables["loads"]).values(sample=True))


RUNS_WITHIN = 120  # seconds: a busy test machine is slower than a viewer's patience; speed is measured elsewhere


@pytest.fixture(scope="session")
def example_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Load the worked example once; give the folder with its config.toml."""
    folder = tmp_path_factory.mktemp("example")
    (folder / "config.toml").write_text(f'[store]\nurl = "sqlite:///npd.sqlite"\n{VIEWERS}')
    report = load(Store.open(f"sqlite:///{folder}/npd.sqlite"), EXAMPLE / "extracts", by="tests")
    assert report.error is None or report.error == "", report.error
    return folder


@pytest.fixture
def shell(example_store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AppTest]]:
    """Run the main script with a page and an address, as the server would for a first request."""
    yield from running(example_store, monkeypatch)


def running(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AppTest]]:
    """Give the function that runs the main script on the store and the config.toml of a folder."""
    monkeypatch.setenv("NPD_CONFIG", str(folder / "config.toml"))
    monkeypatch.delenv("NPD_STORE_URL", raising=False)
    serve_as_configured()

    def run(viewer: str = "chief", page: str = "abstractions", **address: str) -> AppTest:
        serve_as_configured()
        app = AppTest.from_file(str(ROOT / "pages" / "_shell.py"), default_timeout=RUNS_WITHIN)
        app.switch_page(f"{page}.py")
        app.session_state["viewer"] = viewer
        for name, value in address.items():
            app.query_params[name] = value
        return app.run()

    yield run


def with_all_opened(app: AppTest) -> AppTest:
    """Run the page again with what stands behind each of its quiet signs (table, files, picture ...)."""
    signs = [one.key for one in app.get("popover") if (one.key or "").startswith("twin_")]
    for key in signs:
        app.session_state[key] = True
    return app.run()


_served: dict[tuple[Path, str], Settings] = {}  # the config.toml whose store is open, and what was read from it


def serve_as_configured() -> None:
    """Let another config.toml be read, and its store be opened; the same one's goes on serving, with its answers.

    So does a server's, from viewer to viewer.
    """
    file = settings_file()
    asked = (file, file.read_text())
    if asked not in _served or _served[asked] is not start.settings():
        start.settings.cache_clear()
        start.store.cache_clear()
        _served.clear()
        _served[asked] = start.settings()

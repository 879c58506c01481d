"""A target that somebody owns stands on the card, on the trend and in the Framework's choice; without one, nothing."""

from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest
from streamlit.testing.v1 import AppTest

from data_access.load.ingest import load
from data_access.sample_mark import MARKER, MARKER_TEXT
from data_access.store import Store
from pages.shell import start
from tests.places import ROOT

TARGETS = (
    "indicator_id,area_code,value,owner,start_date,end_date,kind,source\n"
    "ABS-01,E23000014,9,<i>Force</i> lead,2024-04-01,,aim,Policing plan\n"
)
VIEWER = '[[viewers]]\nid = "chief"\nname = "Chief officer"\nforce = true\n'
Run = Callable[[str], AppTest]


@pytest.fixture
def opened(example_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Open a page on a copy of the worked example with one target."""
    folder = tmp_path / "own"
    copytree(example_store, folder)
    (folder / "config.toml").write_text(f'[store]\nurl = "sqlite:///npd.sqlite"\n{VIEWER}')
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "targets.csv").write_text(TARGETS)
    (tmp_path / "more" / MARKER).write_text(MARKER_TEXT)
    store = Store.open(f"sqlite:///{folder}/npd.sqlite")
    assert not load(store, tmp_path / "more", by="tests").error
    store.close()
    monkeypatch.setenv("NPD_CONFIG", str(folder / "config.toml"))
    monkeypatch.delenv("NPD_STORE_URL", raising=False)
    start.settings.cache_clear()
    start.store.cache_clear()

    def run(page: str, **address: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "pages" / "_shell.py"), default_timeout=120)
        app.switch_page(f"{page}.py")
        for name, value in {"month": "2024-10", **address}.items():
            app.query_params[name] = value
        return app.run()

    return run


def test_the_card_and_the_trend_say_whose_target_it_is(opened: Run) -> None:
    app = opened("abstractions")
    assert not app.exception
    cards = [one.proto.body for one in app.get("html") if "npd-card" in one.proto.body]
    told = [one for one in cards if "Aim 9.0 % (&lt;i&gt;Force&lt;/i&gt; lead)" in one]
    assert len(told) == 1
    assert "Operational abstraction rate" in told[0] or "operational abstraction rate" in told[0]
    assert any("Aim 9.0 %" in one.proto.spec for one in app.get("plotly_chart"))


def test_the_framework_lists_it_with_its_source(opened: Run) -> None:
    app = opened("framework", framework_tab="targets")
    assert not app.exception
    (held,) = [frame.value for frame in app.dataframe if "owner" in frame.value.columns]
    assert held[["target", "kind", "source"]].values.tolist() == [[9.0, "aim", "Policing plan"]]


def test_a_page_whose_figures_have_no_target_says_nothing_of_one(opened: Run) -> None:
    app = opened("asb")
    assert not app.exception
    assert not any("lead)" in one.proto.body for one in app.get("html"))

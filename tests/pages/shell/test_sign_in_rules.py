"""The demo sign-in is for invented data on one's own machine; where people sign in, nothing is ever invented."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data_access.load.ingest import load
from data_access.store import Store
from pages.shell import start
from tests.pages.conftest import VIEWERS
from tests.places import EXAMPLE, ROOT

OIDC = '[sign_in]\nmode = "oidc"\n'


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Run the main script on a store and settings of its own."""

    def run(settings: str = "") -> AppTest:
        (tmp_path / "config.toml").write_text(f'[store]\nurl = "sqlite:///npd.sqlite"\n{settings}{VIEWERS}')
        monkeypatch.setenv("NPD_CONFIG", str(tmp_path / "config.toml"))
        monkeypatch.delenv("NPD_STORE_URL", raising=False)
        start.settings.cache_clear()
        start.store.cache_clear()
        return AppTest.from_file(str(ROOT / "pages" / "_shell.py"), default_timeout=60).run()

    yield run
    start.settings.cache_clear()
    start.store.cache_clear()


def own_data(folder: Path) -> None:
    """Load the example as a force's own: the same files without the sample's marker."""
    (folder / "own").mkdir()
    for path in (EXAMPLE / "extracts").iterdir():
        if path.name != "SAMPLE.txt":
            (folder / "own" / path.name).write_bytes(path.read_bytes())
    store = Store.open(f"sqlite:///{folder}/npd.sqlite")
    assert load(store, folder / "own", by="tests").error is None
    store.close()


def test_the_demo_refuses_a_forces_own_data_and_says_how_to_sign_in(opened, tmp_path: Path) -> None:
    own_data(tmp_path)
    app = opened()
    (refusal,) = app.error
    for named in ('mode = "oidc"', "[auth]", "redirect_uri", "cookie_secret", "[[viewers]]"):
        assert named in refusal.value
    assert not app.selectbox
    assert not app.dataframe


def test_where_people_sign_in_an_empty_store_stays_empty(tmp_path: Path, opened, monkeypatch) -> None:
    from pages.shell import first_run, viewers

    monkeypatch.setattr(viewers, "_from_identity", lambda settings, _: settings.viewers[0])  # signed in, for once
    monkeypatch.setattr(first_run, "_build", lambda *_: pytest.fail("a sample force was built"))
    app = opened(OIDC)
    assert "python -m data_access load DIR" in app.info[0].value
    assert start.store().version().number == 0

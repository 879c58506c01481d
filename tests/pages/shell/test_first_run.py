"""The first start on an empty store: the sample force is built, and the suite opens on it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.shell import start
from tests.pages.conftest import VIEWERS
from tests.places import ROOT


def test_an_empty_store_becomes_the_sample_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sample = "[sample]\nseed = 1\nmonths = 1\nscale = 0.01\n"
    (tmp_path / "config.toml").write_text(f'[store]\nurl = "sqlite:///npd.sqlite"\n{sample}{VIEWERS}')
    monkeypatch.setenv("NPD_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.delenv("NPD_STORE_URL", raising=False)
    start.settings.cache_clear()
    start.store.cache_clear()
    try:
        start.warm_answers()  # of an empty store there is nothing to work out
        app = AppTest.from_file(str(ROOT / "pages" / "_shell.py"), default_timeout=240)
        app.switch_page("abstractions.py")
        app.run()
        assert not app.exception
        assert [error.value for error in app.error] == []
        assert "Birmingham" in app.multiselect(key="choose_lpa").options
        assert any("SAMPLE DATA" in element.proto.body for element in app.get("html"))
    finally:
        start.settings.cache_clear()
        start.store.cache_clear()

"""What the server works out ahead of its viewers."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest
from streamlit.testing.v1 import AppTest

import app
from data_access.answers import answer as answers
from data_access.load.ingest import load
from data_access.sample_mark import MARKER, MARKER_TEXT
from pages.shell import start
from tests.pages.conftest import running
from tests.places import ROOT


def test_no_viewers_thread_is_left_to_import_pandas_beside_another() -> None:
    asked = "import sys, app; print(sys.modules['pandas'].Series.__name__)"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("Series\n", 0), done.stderr


def test_the_first_viewer_finds_the_series_worked_out(shell: Callable[..., AppTest]) -> None:
    start.store.cache_clear()  # whatever pages of other tests have asked
    shell()
    start.warm_answers()
    worked_out = answers._tidy.cache_info().misses
    for page in ("overview", "abstractions", "asb", "impact_areas", "patrols", "response", "framework", "need"):
        assert not shell("commander", page=page, lpa="L1").exception
    assert answers._tidy.cache_info().misses == worked_out


def test_nothing_is_worked_out_ahead_where_the_settings_say_so(shell: Callable[..., AppTest]) -> None:
    shell()
    before = answers._tidy.cache_info().misses
    asyncio.run(asyncio.wait_for(app._keep_warm(), timeout=60))  # else it would go on for as long as the server
    assert answers._tidy.cache_info().misses == before


# Everybody's series are worked out anew for each version: for the page of one, one is enough.
COMMANDER = """
[start]
figures_ahead = false

[[viewers]]
id = "commander"
name = "Commander of L1"
lpas = ["L1"]
people = "none"
"""


def test_pages_show_the_version_of_before_until_the_next_is_worked_out(
    example_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = copytree(example_store, tmp_path / "own")
    (own / "config.toml").write_text(f'[store]\nurl = "sqlite:///npd.sqlite"\n{COMMANDER}')
    for shell in running(own, monkeypatch):
        shell("commander")
        start.warm_answers()
        add_a_crime(tmp_path / "night")
        held = shell("commander", page="response", lpa="L1")
        assert version_told(held) == ["**Data version 1**"]
        start.warm_answers()
        worked_out = answers._tidy.cache_info().misses
        assert version_told(shell("commander", page="response", lpa="L1")) == ["**Data version 2**"]
        assert answers._tidy.cache_info().misses == worked_out


def add_a_crime(folder: Path) -> None:
    """Load a crime more into the store that is served."""
    folder.mkdir()
    (folder / "crimes.csv").write_text("crime_id,recorded_on,offence_code,lon,lat\nNEW,2024-10-05,45,-1.9,52.45\n")
    if start.store().version().sample:
        (folder / MARKER).write_text(MARKER_TEXT)
    assert not load(start.store(), folder, by="tests").error


def version_told(page: AppTest) -> list[str]:
    assert not page.exception
    return [one.value.partition(",")[0] for one in page.markdown if "Data version" in one.value]

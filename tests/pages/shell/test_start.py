"""What the server works out ahead of its viewers."""

import asyncio
import subprocess
import sys
from collections.abc import Callable

from streamlit.testing.v1 import AppTest

import app
from data_access.answers import answer as answers
from pages.shell import start
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
    for page in ("overview", "framework", "need"):
        assert not shell("commander", page=page, lpa="L1").exception
    assert answers._tidy.cache_info().misses == worked_out


def test_nothing_is_worked_out_ahead_where_the_settings_say_so(shell: Callable[..., AppTest]) -> None:
    shell()
    before = answers._tidy.cache_info().misses
    asyncio.run(asyncio.wait_for(app._keep_warm(), timeout=60))  # else it would go on for as long as the server
    assert answers._tidy.cache_info().misses == before

"""A page that fails: a reference for the viewer that is in the log, and nobody's name in either."""

import asyncio
import logging
import re
import shutil
from pathlib import Path

from serving.failures import NobodyNamed, places
from tests.browser.conftest import free_port, serving
from tests.serving.test_downloads import Session

NAME = "Constable Ada Example O-1234"


def failing() -> None:
    try:
        raise KeyError(NAME)
    except KeyError as error:
        raise ValueError(f"no hours of {NAME}") from error


def test_the_log_has_the_place_of_a_failure_and_not_its_words(caplog) -> None:
    logger = logging.getLogger("test of failures")
    logger.addFilter(NobodyNamed())
    try:
        failing()
    except ValueError as error:
        logger.exception("Uncaught app execution")
        assert places(error).startswith("ValueError at tests/serving/test_failures.py:")
    assert NAME not in caplog.text
    assert "because of KeyError at tests/serving/test_failures.py:" in caplog.text


def test_a_failed_page_shows_a_reference_that_is_in_the_log(example_store: Path, tmp_path: Path) -> None:
    shutil.copytree(example_store, tmp_path / "own")
    config = tmp_path / "own" / "config.toml"

    async def said(address: str) -> str:
        async with Session(address) as own:
            await own.open()
            return own.alert

    with serving(free_port(), config) as address:
        store = tmp_path / "own" / "npd.sqlite"
        for beside in (store, store.with_name("npd.sqlite-wal")):
            if beside.exists():
                beside.write_bytes(b"broken" * 1000)
        words = asyncio.run(said(address))
    (reference,) = re.findall(r"reference: ([0-9A-F]{8})", words)
    log = config.with_suffix(".log").read_text()
    assert f"reference {reference}: " in log
    assert str(tmp_path) not in words

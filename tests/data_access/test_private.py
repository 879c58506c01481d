"""What is written is for its owner alone: store, desk, facts, exports, briefings, reports, whatever the umask."""

import os
from pathlib import Path

import pytest

from data_access.__main__ import main
from data_access.store import Store
from tests.data_access.small_force import FORCE, write


@pytest.fixture(autouse=True)
def open_to_all():
    """Work as an account whose files everybody may read, as Debian's are."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    return [path.name for path in (folder, *folder.rglob("*")) if path.stat().st_mode & 0o077]


def test_nothing_that_is_written_can_be_read_by_others(tmp_path):
    url, out = f"sqlite:///{tmp_path}/own/npd.sqlite", tmp_path / "out"
    folder = write(tmp_path / "in", FORCE)
    report = tmp_path / "report.json"
    assert main(["load", str(folder), "--store", url, "--report", str(report)]) == 0
    assert main(["export", "--month", "2024-10", "--out", str(out), "--store", url]) == 0
    page = tmp_path / "pages" / "briefing.html"
    assert main(["briefing", "--month", "2024-10", "--out", str(page), "--store", url]) == 0
    assert {path.name for path in (tmp_path / "own").iterdir()} >= {"npd.sqlite", "npd.sqlite.desk", "npd.sqlite.facts"}
    for written in (tmp_path / "own", out, page.parent, report):
        assert open_to_others(written) == []


def test_what_was_open_to_others_is_closed_at_the_start(tmp_path):
    url = f"sqlite:///{tmp_path}/npd.sqlite"
    Store.open(url).close()
    for path, mode in ((tmp_path / "npd.sqlite", 0o644), (tmp_path / "npd.sqlite.desk", 0o666)):
        path.chmod(mode)
    (tmp_path / "npd.sqlite.facts").chmod(0o755)
    Store.open(url).close()
    assert [name for name in open_to_others(tmp_path) if name.startswith("npd")] == []

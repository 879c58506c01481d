"""What is installed: every package pinned with the hashes of its files, and its licence listed."""

import re

import pytest

from tests.licences import LOCKS, PINNED, pinned, table
from tests.places import ROOT

ASKED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[^]]*\])?==(?P<version>\S+)", re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_with_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(entries) == len(pinned(lock)) > 40
    for entry in entries:
        assert PINNED.match(entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry


@pytest.mark.parametrize(
    ("listed", "lock"),
    [
        ("requirements.txt", "requirements.lock"),
        ("requirements.txt", "tests/requirements.lock"),
        ("requirements-spark.txt", "tests/requirements.lock"),
        ("tests/requirements.txt", "tests/requirements.lock"),
    ],
)
def test_the_lock_has_what_is_asked_for(listed: str, lock: str) -> None:
    asked = {one["name"].lower(): one["version"] for one in ASKED.finditer((ROOT / listed).read_text())}
    locked = pinned(lock)
    assert {name: locked.get(name, ("none", True))[0] for name in asked} == asked, "run: ./run lock"


def test_tests_run_on_the_packages_that_the_suite_runs_on() -> None:
    suite, tests = (pinned(lock) for lock in LOCKS)
    assert {name: tests.get(name) for name in suite} == suite, "run: ./run lock"


def test_the_licences_are_those_that_the_packages_name() -> None:
    assert (ROOT / "LICENCES.md").read_text(encoding="utf-8") == table(), "run: ./run lock"


def test_the_suite_installs_by_the_lock_alone() -> None:
    script = (ROOT / "run").read_text(encoding="utf-8")
    assert "--require-hashes" in script
    assert re.findall(r"install_python (\S+)", script) == [
        "requirements.lock", "tests/requirements.lock", "tests/requirements.lock"
    ]  # fmt: skip

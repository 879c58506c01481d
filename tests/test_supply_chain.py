"""What is installed: every package pinned with the hashes of its files, and its licence listed."""

import re
import subprocess
import sys

import pytest

from tests.licences import LOCKS, PINNED, pinned, table
from tests.places import ROOT

ASKED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[^]]*\])?==(?P<version>\S+)", re.MULTILINE)


@pytest.mark.parametrize(("lock", "at_least"), [("requirements.lock", 40), ("tests/requirements.lock", 20)])
def test_every_package_is_pinned_with_hashes(lock: str, at_least: int) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(entries) == len(pinned(lock)) > at_least
    for entry in entries:
        assert PINNED.match(entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry


@pytest.mark.parametrize(
    ("listed", "locks"),
    [
        ("requirements.txt", ["requirements.lock"]),
        ("requirements-spark.txt", list(LOCKS)),
        ("tests/requirements.txt", list(LOCKS)),
    ],
)
def test_the_locks_have_what_is_asked_for(listed: str, locks: list[str]) -> None:
    asked = {one["name"].lower(): one["version"] for one in ASKED.finditer((ROOT / listed).read_text())}
    locked = {name: version for lock in locks for name, (version, _) in pinned(lock).items()}
    assert {name: locked.get(name, "none") for name in asked} == asked, "run: ./run lock"


def test_no_package_is_in_both_locks() -> None:
    """Tests run on the versions that the suite runs on: no second one is installed over them."""
    suite, tests = (set(pinned(lock)) for lock in LOCKS)
    assert suite & tests == set(), "run: ./run lock"


def test_what_is_installed_has_all_that_it_needs() -> None:
    """A package that both need is left to the suite's lock: it must be there, in a version that both take."""
    done = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_licences_are_those_that_the_packages_name() -> None:
    assert (ROOT / "LICENCES.md").read_text(encoding="utf-8") == table(), "run: ./run lock"


def test_the_suite_installs_by_the_lock_alone() -> None:
    script = (ROOT / "run").read_text(encoding="utf-8")
    assert "--require-hashes" in script
    assert re.findall(r"install_python (\S+)", script) == [
        "requirements.lock", *LOCKS, *LOCKS
    ]  # fmt: skip

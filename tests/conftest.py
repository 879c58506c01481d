"""What tests of several layers share: the PostgreSQL server, Hypothesis without a stop-watch, the long files first."""

import gc
from collections import Counter

import pytest
from hypothesis import HealthCheck, settings

from tests.laws import DEEP, USUAL
from tests.postgres import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]

# How long an example takes says how busy the machine is, not whether a law holds.
settings.register_profile("suite", max_examples=USUAL, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("deep", settings.get_profile("suite"), max_examples=DEEP)
settings.load_profile("suite")

# The files of 25 s and more, longest first. Each runs as a whole on one core, so that one begun last would leave the
# others idle; xdist's own order, by number of tests, begins the fuzzing, a single test, at the very end.
LONGEST = (
    "browser/test_shell.py",
    "data_access/stays/test_command.py",
    "data_access/load/test_erasure.py",
    "pages/shell/test_first_run.py",
    "data_access/answers/test_together.py",
    "pages/shell/test_start.py",
    "browser/test_sign_in.py",
    "data_access/load/test_stays_folders.py",
    "data_access/load/test_fixes.py",
    "data_access/load/test_folding.py",
    "data_access/test_export.py",
    "data_access/sample/test_planted.py",
    "data_access/load/test_pseudonyms.py",
    "bench/test_fuzz.py",
    "data_access/load/test_hostile_files.py",
    "data_access/sample/test_every_row.py",
)
PLACES = {file: place for place, file in enumerate(LONGEST)}


# Coverage of metrics/ is taken of these, but for their laws: single cases alone must reach every line, and coverage
# makes Python half as slow again, which hundreds of random cases feel most.
COVERING = ("tests/metrics/", "tests/specs/")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what coverage is taken of; on several cores, begin the files that take longest, then those of most tests."""
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker("law")
        if item.nodeid.startswith(COVERING) and not item.get_closest_marker("law"):
            item.add_marker("covers")
    if hasattr(config, "workerinput"):
        files = {item: item.path.relative_to(config.rootpath / "tests").as_posix() for item in items}
        tests = Counter(files.values())
        items.sort(key=lambda item: (PLACES.get(files[item], len(PLACES)), -tests[files[item]], files[item]))


def pytest_collection_finish() -> None:
    """Leave out of every later search for garbage the half a million objects of the packages that are imported now.

    And search less often than at every 700 new objects: that took 4 % of the suite's processor time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)

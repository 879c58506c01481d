"""Loads that die, that fill the disk, and that are read while they run: the old version whole, or the new one."""

import subprocess
import sys
from contextlib import contextmanager

import pytest

from data_access.load.ingest import load
from data_access.store import Store
from tests.data_access.small_force import FORCE, everything, write
from tests.places import ROOT

MOMENTS = ("officers.csv", "crimes.csv", "facts: duty", "facts: asb", "facts: crimes")
NEWS = {
    "crimes.csv": FORCE["crimes.csv"] + "C3,2024-10-07,45,-1.92,52.45\n",
    "duties.csv": FORCE["duties.csv"] + "A,A2,2024-10-02T08:00:00Z,2024-10-02T09:00:00Z,PAT\n",
    "officers.csv": "officer_id,role\nA,officer\nB,pcso\nC,special\n",
    "incidents.csv": FORCE["incidents.csv"] + "I4,2024-10-09T10:00:00Z,ASBP,-1.94,52.45,P1\n",
}


@contextmanager
def stepping(store, folder, *limit):
    command = [
        sys.executable,
        "-m",
        "tests.data_access.load.loader",
        store.engine.url.render_as_string(hide_password=False),
        str(store.facts_dir),
        str(folder),
        *limit,
    ]
    running = subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        yield running
    finally:
        running.kill()
        running.communicate()


def steps(running):
    """The words of each step; the next step begins when the next words are asked for."""
    for line in running.stdout:
        yield line.strip()
        if line.startswith("done:"):
            return
        running.stdin.write("\n")
        running.stdin.flush()


def killed(store, folder, moment):
    """Start a load in another process, and kill it at the step that begins with `moment`."""
    with stepping(store, folder) as running:
        for words in steps(running):
            if words.startswith(moment):
                running.kill()
                running.wait()
                return
    raise AssertionError(f"the load never came to {moment!r}")


@pytest.fixture
def news(tmp_path):
    return write(tmp_path / "news", NEWS)


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """What a store holds after an undisturbed load of the news."""
    folder = tmp_path_factory.mktemp("calm")
    calm = Store.open(f"sqlite:///{folder / 'npd.sqlite'}")
    load(calm, write(folder / "before", FORCE), "somebody")
    load(calm, write(folder / "news", NEWS), "somebody")
    found = everything(calm)
    calm.close()
    return found


def test_a_reader_sees_one_version_whole_at_every_step_of_a_load(force_store, news, expected):
    before, seen = everything(force_store), []
    with stepping(force_store, news) as running:
        for words in steps(running):
            seen.append(words)
            if not words.startswith("done:"):
                assert everything(force_store) == before
                assert force_store.version().number == 1
    assert seen[-1] == "done: 0 None"
    assert all(any(words.startswith(moment) for words in seen) for moment in MOMENTS)
    assert force_store.version().number == 2
    assert everything(force_store) == expected != before


@pytest.mark.parametrize(
    ("force_store", "moment"),
    [*(("sqlite", one) for one in MOMENTS), *(("postgres", one) for one in MOMENTS[1::2])],
    indirect=["force_store"],
)
def test_a_load_that_is_killed_leaves_the_old_version_and_can_be_run_again(force_store, news, expected, moment):
    before = everything(force_store)
    killed(force_store, news, moment)
    assert force_store.version().number == 1
    assert everything(force_store) == before
    assert load(force_store, news, "somebody").exit_code == 0
    assert everything(force_store) == expected
    assert list(force_store.facts_dir.glob("*/*.unfinished")) == list(force_store.facts_dir.glob("stage-*")) == []


@pytest.mark.parametrize(
    ("force_store", "largest"), [("sqlite", one) for one in (2_000, 50_000, 300_000)], indirect=["force_store"]
)
def test_a_full_disk_leaves_the_old_version(force_store, tmp_path, news, expected, largest):
    before = everything(force_store)
    big = NEWS["crimes.csv"] + "".join(f"D{n},2024-10-07,45,-1.92,52.45\n" for n in range(20_000))
    folder = write(tmp_path / "big", {**NEWS, "crimes.csv": big})
    with stepping(force_store, folder, str(largest)) as running:
        *_, last = steps(running)
    assert last.startswith("done: 2 ")
    assert force_store.version().number == 1
    assert everything(force_store) == before
    assert load(force_store, news, "somebody").exit_code == 0
    assert everything(force_store) == expected


def test_what_viewers_write_does_not_wait_for_a_load(force_store, news):
    with stepping(force_store, news) as running:
        for words in steps(running):
            if words.startswith("facts: crimes"):
                force_store.record("viewer", "viewed", "A", "a question of mine")
                force_store.judge("viewer", "I1", correct=True, should_be_crime=False, reason="read the log")
    assert force_store.trail().sort("at")["what"].to_list() == ["viewed", "judged"]
    assert force_store.version().number == 2
    assert force_store.version().judged_at is not None

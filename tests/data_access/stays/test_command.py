"""`python -m data_access stays`: by days or on a real local Spark, the facts are those of one whole run."""

import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from data_access.database.connection import reading
from data_access.load.ingest import load
from data_access.settings import ROOT
from data_access.stays.job import job_of, scan
from data_access.stays.task import DATASETS, VISIBLE, officer_facts, presence_facts
from data_access.store import Store
from metrics.parameters import Parameters
from tests.metrics import example
from tests.places import EXAMPLE

ONE_FIX = pl.DataFrame(
    {"officer_id": ["A1"], "at": [datetime(2024, 10, 8, 11, tzinfo=UTC)], "lon": [-1.94], "lat": [52.45]}
)


@dataclass(frozen=True, kw_only=True)
class Force:
    url: str
    fixes: Path
    whole: dict[str, pl.DataFrame]


@pytest.fixture(scope="module")
def force(tmp_path_factory) -> Force:
    """The worked example in a store of its own, its fixes as Parquet in two folders, and its facts by one run."""
    folder = tmp_path_factory.mktemp("stays")
    url, fixes = f"sqlite:///{folder}/store.db", folder / "fixes"
    store = Store.open(url, folder / "facts")
    load(store, EXAMPLE / "extracts", "a test", lambda _: None)
    rows = example.feed("fixes").collect()
    for number in range(2):
        (fixes / f"{number}").mkdir(parents=True)
        rows[number::2].write_parquet(fixes / f"{number}" / "fixes.parquet")
    with reading(store.engine) as connection:
        job = job_of(connection, Parameters())
    whole = officer_facts(scan(fixes), job, job.ground())
    whole["presence"] = presence_facts(whole.pop(VISIBLE).lazy(), job)
    return Force(url=url, fixes=fixes, whole=whole)


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "data_access", "stays", *arguments]
    return subprocess.run(line, capture_output=True, text=True, cwd=ROOT, check=False)


def assert_same_facts(out: Path, whole: dict[str, pl.DataFrame]) -> None:
    for name in DATASETS:
        facts = pl.read_parquet(out / name / "*.parquet")
        expected = whole[name]
        assert len(expected) > 0
        assert facts.schema == expected.schema
        assert facts.sort(expected.columns).equals(expected.sort(expected.columns)), name


@pytest.mark.parametrize("days", ["1", "9"])
def test_days_at_a_time_give_the_facts_of_one_run(force, tmp_path, days):
    done = command("--fixes", str(force.fixes), "--out", str(tmp_path), "--store", force.url, "--days", days)
    assert done.returncode == 0, done.stderr
    assert_same_facts(tmp_path, force.whole)


def test_spark_on_two_cores_gives_the_facts_of_one_machine(force, tmp_path):
    where = ("--fixes", str(force.fixes), "--out", str(tmp_path), "--store", force.url)
    done = command("--engine", "spark", "--master", "local[2]", *where)
    assert done.returncode == 0, done.stderr
    assert_same_facts(tmp_path, force.whole)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (ONE_FIX.drop("lon"), "no column 'lon'"),
        (ONE_FIX.with_columns(pl.col("at").dt.replace_time_zone(None)), "make it an instant with a time zone"),
        (None, "no .parquet file"),
    ],
)
def test_fixes_that_cannot_be_used_are_refused_in_words(force, tmp_path, rows, words):
    fixes = tmp_path / "fixes"
    fixes.mkdir()
    if rows is not None:
        rows.write_parquet(fixes / "fixes.parquet")
    refused = command("--fixes", str(fixes), "--out", str(tmp_path / "out"), "--store", force.url)
    assert (refused.returncode, words in refused.stderr) == (2, True), refused.stderr


def test_facts_already_there_are_not_touched(force, tmp_path):
    (tmp_path / "mine.txt").write_text("keep")
    refused = command("--fixes", str(force.fixes), "--out", str(tmp_path), "--store", force.url)
    assert (refused.returncode, [p.name for p in tmp_path.iterdir()]) == (2, ["mine.txt"])
    assert "give a new folder" in refused.stderr

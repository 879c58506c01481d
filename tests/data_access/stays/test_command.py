"""`python -m data_access stays`: by days, on local Spark or on a cluster that loses a machine, the facts are one."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pyspark
import pytest

from data_access.__main__ import main
from data_access.load.ingest import load
from data_access.settings import ROOT
from data_access.stays.manifest import MANIFEST
from data_access.stays.task import DATASETS, REJECTED
from data_access.store import Store
from tests.metrics import example
from tests.places import EXAMPLE

ONE_FIX = pl.DataFrame(
    {"officer_id": ["A1"], "at": [datetime(2024, 10, 8, 11, tzinfo=UTC)], "lon": [-1.94], "lat": [52.45]}
)
BAD = pl.DataFrame(
    {
        "officer_id": [None, " ", "O04", "O04", "\tO04 "],
        "at": [datetime(year, 10, 8, 11, tzinfo=UTC) for year in (2024, 2024, 1999, 2099, 2024)],
        "lon": [-1.94] * 5,
        "lat": [52.45] * 5,
    },
    schema=ONE_FIX.schema,
)
# On loopback alone. Of so small a job half the processor went into making the compiled Java faster still (42 s of a
# local run, 22 s without), and the machines of a cluster have as many collectors of memory as there are servers. That
# Spark's own classes are well-formed is not looked at again by each of them: a ninth of the processor.
SERVERS = {
    "SPARK_LOCAL_IP": "127.0.0.1",
    "SPARK_PUBLIC_DNS": "127.0.0.1",
    "JDK_JAVA_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
    " -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote",
}
SPARK = Path(pyspark.__file__).parent


@dataclass(frozen=True, kw_only=True)
class Force:
    url: str
    fixes: Path
    whole: Path


@pytest.fixture(scope="module")
def force(tmp_path_factory) -> Force:
    """The worked example in a store of its own, its fixes as Parquet in two folders, and its facts by one run."""
    folder = tmp_path_factory.mktemp("stays")
    url, fixes = f"sqlite:///{folder}/store.db", folder / "fixes"
    store = Store.open(url, folder / "facts")
    load(store, EXAMPLE / "extracts", "a test", lambda _: None)
    store.close()
    rows = pl.concat([example.feed("fixes").collect(), BAD])
    for number in range(2):
        (fixes / f"part {number}").mkdir(parents=True)
        rows[number::2].write_parquet(fixes / f"part {number}" / "fixes.parquet")
    made = Force(url=url, fixes=fixes, whole=folder / "whole")
    done = command(*where(made, made.whole), "--days", "99")
    assert done.returncode == 0, done.stderr
    return made


def where(force: Force, out: Path) -> tuple[str, ...]:
    return "--fixes", str(force.fixes), "--out", str(out), "--store", force.url


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "data_access", "stays", *arguments]
    environment = os.environ | SERVERS
    return subprocess.run(line, capture_output=True, text=True, cwd=ROOT, env=environment, check=False)


def assert_same_facts(out: Path, force: Force) -> None:
    assert json.loads((out / MANIFEST).read_text()) == json.loads((force.whole / MANIFEST).read_text())
    for name in (*DATASETS, REJECTED):
        facts, expected = (pl.read_parquet(folder / name / "*.parquet") for folder in (out, force.whole))
        assert len(expected) > 0, name
        assert facts.schema == expected.schema
        assert facts.sort(expected.columns).equals(expected.sort(expected.columns)), name


@pytest.mark.parametrize("days", ["1", "9"])
def test_days_at_a_time_give_the_facts_of_one_run(force, tmp_path, days):
    assert main(["stays", *where(force, tmp_path), "--days", days]) == 0
    assert_same_facts(tmp_path, force)


def test_rows_that_break_a_rule_are_told_with_their_file_and_line(force):
    rows = pl.read_parquet(force.whole / REJECTED / "*.parquet")
    found = rows.group_by("rule", "column_name").len().sort("rule").rows()
    assert found == [("not_before_2000", "at", 1), ("not_in_the_future", "at", 1), ("required", "officer_id", 2)]
    assert set(rows["file"]) == {"part 0/fixes.parquet", "part 1/fixes.parquet"}


def test_spark_on_two_cores_gives_the_facts_of_one_machine(force, tmp_path):
    done = command("--engine", "spark", "--master", "local[2]", *where(force, tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert_same_facts(tmp_path / "out", force)


def test_a_cluster_that_loses_a_machine_gives_the_facts_of_one_machine(force, tmp_path):
    """A standalone master and two workers on loopback, the job by spark-submit, a worker killed with its executor after
    that one's first share of the work is done: Spark does that share again elsewhere.
    """
    with cluster(tmp_path) as (master, workers):
        job = submitted(master, force, tmp_path)
        killed = kill_a_machine(tmp_path / "first", workers[0], job)
        said = job.communicate(timeout=900)[1]
    assert job.returncode == 0, said
    assert killed
    assert "Lost executor" in said, said
    assert_same_facts(tmp_path / "out", force)


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Run a master and two workers of one core each; give the master's address and the workers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"spark://127.0.0.1:{port}"
    host = ("--host", "127.0.0.1", "--webui-port", "0")
    servers = [server(folder / "master", "master.Master", *host, "--port", str(port))]
    try:
        for name in ("first", "second"):
            work = ("--work-dir", str(folder / name / "work"), "--cores", "1", "--memory", "1g")
            servers.append(server(folder / name, "worker.Worker", *host, *work, address))
        yield address, servers[1:]
    finally:
        for one in servers:
            os.killpg(one.pid, signal.SIGTERM)
            one.wait(timeout=60)


def server(folder: Path, name: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start one of Spark's servers with folders of its own, in a process group of its own."""
    folder.mkdir()
    own = os.environ | SERVERS | {"SPARK_LOCAL_DIRS": str(folder / "local"), "SPARK_DAEMON_MEMORY": "256m"}
    line = (str(SPARK / "bin" / "spark-class"), f"org.apache.spark.deploy.{name}", *arguments)
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(line, stdout=log, stderr=log, env=own, start_new_session=True)


def submitted(master: str, force: Force, folder: Path) -> subprocess.Popen[str]:
    """Submit the job as an administrator would: the packages as an archive, the session Spark's own."""
    for package in ("data_access", "metrics"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, folder / "packages" / package, ignore=ignored)
    archive = shutil.make_archive(str(folder / "suite"), "zip", folder / "packages")
    # Two cores at first would do all of so little work at once: one share is done before the next begins.
    line = [str(SPARK / "bin" / "spark-submit"), "--master", master, "--py-files", archive]
    line += ["--conf", "spark.executor.memory=512m", "--conf", "spark.ui.enabled=false"]
    line += [str(ROOT / "data_access" / "__main__.py"), "stays", "--engine", "spark", *where(force, folder / "out")]
    python = {"PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON": sys.executable}
    environment = os.environ | SERVERS | python
    return subprocess.Popen(line, stderr=subprocess.PIPE, text=True, cwd=folder, env=environment)


def kill_a_machine(folder: Path, worker: subprocess.Popen[bytes], job: subprocess.Popen[str]) -> bool:
    """Wait until the worker's executor has rows of its own on disk, then kill all that runs on that machine."""
    while job.poll() is None:
        if any(folder.glob("local/**/shuffle_*.data")):
            os.killpg(worker.pid, signal.SIGKILL)
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (ONE_FIX.drop("lon", "lat"), "columns 'lon', 'lat' are missing"),
        (ONE_FIX.with_columns(pl.col("at").dt.replace_time_zone(None)), "make it an instant with a time zone"),
        (BAD[:2], "no row of the fixes keeps the rules"),
        (None, "no .parquet file"),
    ],
)
def test_fixes_that_cannot_be_used_are_refused_in_words(force, tmp_path, capsys, rows, words):
    fixes = tmp_path / "fixes"
    fixes.mkdir()
    if rows is not None:
        rows.write_parquet(fixes / "fixes.parquet")
    code = main(["stays", "--fixes", str(fixes), "--out", str(tmp_path / "out"), "--store", force.url])
    said = capsys.readouterr().err
    assert (code, words in said) == (2, True), said


def test_facts_already_there_are_not_touched(force, tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("keep")
    code = main(["stays", *where(force, tmp_path)])
    assert (code, [p.name for p in tmp_path.iterdir()]) == (2, ["mine.txt"])
    assert "give a new folder" in capsys.readouterr().err

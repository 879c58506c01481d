"""`python -m tests.bench.editions STORE`: the whole benchmark (all figures of all months) beside the first edition's.

STORE is an SQLite store's file with its facts beside it. The first edition comes out of this repository's history, and
reads a copy of the same store in the same run: schema 0001 is still whole in it, later migrations only added to it. The
later edition has more indicators, so processor seconds are given for each row of the CSV too. Exit 1 where it takes
more than twice as long.
"""

import argparse
import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

from data_access.settings import ROOT

FIRST, FIRST_SCHEMA = "2560c78daea79c7c59c02316ad21797dc6492e1f", "0001"
TIMES_AS_LONG = 2.0
MEASURE = """
import json, sys, time
from data_access.export import benchmark
from data_access.scope import Scope
from data_access.settings import load_settings
from data_access.store import Store
store = Store.open(load_settings(), url=f"sqlite:///{{sys.argv[1]}}")
{eyes}
wall, cpu = time.perf_counter(), time.process_time()
rows = benchmark(*eyes, month)
cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
ids = rows["indicator_id"].str.split(":").list.first().n_unique()
print(json.dumps({{"cpu": cpu, "wall": wall, "rows": rows.height, "indicators": ids}}))
"""
OURS = """
from dataclasses import replace
from data_access.answers.reader import Reader
eyes = [Reader.open(store, replace(Scope.whole_force("export"), people="officer"))]
month = eyes[0].version.months[1]
"""
THEIRS = """
eyes = [store, Scope(viewer="export", force=True, people="none")]
month = store.version().months[1]
"""


def main() -> int:
    """Measure both and print the table; 1 where ours takes too long."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.editions", description=__doc__)
    parser.add_argument("store", type=Path, help="the file of an SQLite store, its facts beside it")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        tree, store = _first_edition(Path(scratch) / "tree"), _copied(given.store, Path(scratch) / "npd.sqlite")
        first = _measured(THEIRS, tree, store)
    ours = _measured(OURS, ROOT, given.store.resolve())
    print(f"{'':<16}{'processor':>12}{'wall':>10}{'indicators':>12}{'rows':>9}{'a row':>10}")
    for name, one in {"first edition": first, "this one": ours}.items():
        a_row = f"{1000 * one['cpu'] / one['rows']:.2f} ms"
        times = f"{one['cpu']:>10.1f} s{one['wall']:>8.1f} s"
        print(f"{name:<16}{times}{one['indicators']:>12}{one['rows']:>9,}{a_row:>10}")
    longer = ours["cpu"] / first["cpu"]
    print(f"{longer:.2f} times as long, asked <= {TIMES_AS_LONG:g}{'' if longer <= TIMES_AS_LONG else '  NOT MET'}")
    return 0 if longer <= TIMES_AS_LONG else 1


def _first_edition(folder: Path) -> Path:
    """Unpack the first edition; git says so where the clone is too shallow to have it."""
    packed = folder.with_suffix(".tar")
    subprocess.run(["git", "archive", "--output", packed, FIRST], cwd=ROOT, check=True)
    shutil.unpack_archive(packed, folder, filter="data")
    return folder


def _copied(store: Path, copy: Path) -> Path:
    """Copy a store and say of the copy that it has the first edition's schema."""
    with sqlite3.connect(store) as source, sqlite3.connect(copy) as target:
        source.backup(target)
        target.execute("UPDATE alembic_version SET version_num = ?", [FIRST_SCHEMA])
    shutil.copytree(f"{store}.facts", f"{copy}.facts")
    return copy


def _measured(eyes: str, tree: Path, store: Path) -> dict[str, float]:
    """Make the newest month's benchmark in a process of its own; what it needs is every month."""
    line = [sys.executable, "-c", MEASURE.format(eyes=eyes), str(store)]
    done = subprocess.run(line, cwd=tree, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    sys.exit(main())

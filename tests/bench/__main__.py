"""`python -m tests.bench`: speed and memory of the visibility engine beside others', each job in a fresh process.

Needs tests/bench/requirements.txt. `--large` adds 100 million fixes: some minutes, and 3 GB of scratch space.

Where the time of 3 M fixes goes (1.2 s of processor on 2 busy cores, the best of three in one process; the first time
1.6, of which 0.24 to read the loops' machine code; Numba's start, 0.7 s more, is in neither, as the import of the
others is not): survey 0.09, reading 0.21, order 0.09, indexing the areas 0.09 and making up the force's areas 0.02,
both once a run; which area 0.08, judging 0.10, stays, names and sums 0.25, fixes to keep 0.07, writing 0.07, duty and
manifest 0.05. Decoding is 0.08. What is left is spread over a dozen steps, most of them about the decoding each: three
times cannot be had by making steps quicker. It would take reading straight into the loops, and no text until the end:
to name, order and write visibility and the fixes to keep takes by itself three times as long as decoding.
A hundred million, day by day: 52 s of processor and 800 MB, 9.3 times as long as ten million and 1.06 times the memory.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from data_access.settings import ROOT
from tests.bench import force
from tests.bench.jobs import AT_ONCE, TIMES
from tests.places import WARDS

COMPARED, TEN = 3_000_000, 10_000_000
DAYS = 3  # of both; a hundred million are ten times the ten
AGREEING = 60_000
DAY_BY_DAY = 1
MAX_DECODINGS = 3
MAX_TEN_MB = 1_200
LINEAR = 1.25  # ten times the fixes may take this many times ten times as long, and this many times the memory


def main() -> int:
    """Measure and print the table; exit 1 where a figure is not as asked."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--large", action="store_true", help="also 100 million fixes")
    parser.add_argument("--scratch", metavar="DIR", help="where the made-up fixes go (default: the system's)")
    arguments = parser.parse_args()
    areas = "the published wards" if WARDS.exists() else f"made-up wards: no published ones at {WARDS}"
    with tempfile.TemporaryDirectory(dir=arguments.scratch) as scratch:
        print(f"Areas: {areas}")
        print(f"{'':<50}{'ours':>18}{'the other':>18}{'figure':>12}   asked")
        met = [*compare(Path(scratch) / "compared"), *grow(Path(scratch), arguments.large)]
    return 0 if all(met) else 1


def compare(folder: Path) -> list[bool]:
    """Time the engine and the others on the same fixes."""
    force.write(folder, COMPARED, DAYS)
    lookup, engine = measured("engine_lookup", folder), measured("engine", folder, AT_ONCE)
    return [
        ratio("which ward: geopandas sjoin", lookup, measured("geopandas_lookup", folder), 150),
        ratio("which ward: SedonaDB", lookup, measured("sedona_lookup", folder), 14),
        ratio("whole job: geopandas and pandas", engine, measured("geopandas_job", folder), 20),
        agrees(folder.with_name("agree")),
        ratio("whole job: SedonaDB, all in SQL", engine, measured("sedona_job", folder), 8),
        # Both the best of several in one process: the first run also reads the loops' machine code.
        beside_decoding(measured("engine", folder, AT_ONCE, TIMES), measured("decode", folder)),
    ]


def agrees(folder: Path) -> bool:
    """Tell whether the SQL that the engine is measured against does the same job."""
    force.write(folder, AGREEING, DAYS)
    same = bool(measured("sedona_agrees", folder)["same"])
    if not same:
        print("whole job: SedonaDB's facts are not the engine's  NOT MET")
    return same


def beside_decoding(engine: dict[str, float], decoding: dict[str, float]) -> bool:
    """Print how many times as much processor time the whole job takes as decoding the Parquet that it reads."""
    found = engine["cpu_seconds"] / decoding["cpu_seconds"]
    other, met = f"{decoding['cpu_seconds']:.2f} s cpu", found <= MAX_DECODINGS
    row("whole job: decoding its Parquet", engine, other, f"{found:.1f} x", f"<= {MAX_DECODINGS} x", met)
    return met


def grow(scratch: Path, large: bool) -> list[bool]:
    """Measure the whole job on ten million fixes at once and, if asked, day by day beside a hundred million."""
    force.write(scratch / "ten", TEN, DAYS)
    once = measured("engine", scratch / "ten", AT_ONCE)
    met = once["megabytes"] < MAX_TEN_MB
    row("10 M fixes at once: peak memory", once, "", f"{once['megabytes']:.0f} MB", f"< {MAX_TEN_MB} MB", met)
    if not large:
        return [met]
    force.repeat(scratch / "ten", scratch / "hundred", 10, DAYS)
    ten, hundred = (measured("engine", scratch / size, DAY_BY_DAY) for size in ("ten", "hundred"))
    times, more = hundred["cpu_seconds"] / ten["cpu_seconds"], hundred["megabytes"] / ten["megabytes"]
    linear, bounded = times <= 10 * LINEAR, more <= LINEAR
    print(f"day by day: 10 M took {ten['megabytes']:.0f} MB, 100 M {hundred['megabytes']:.0f} MB")
    row("100 M fixes: processor time against 10 M", hundred, "", f"{times:.1f} x", f"<= {10 * LINEAR:.1f} x", linear)
    row("100 M fixes: memory against 10 M", hundred, "", f"{more:.2f} x", f"<= {LINEAR} x", bounded)
    return [met, linear, bounded]


def measured(job: str, folder: Path, *arguments: object) -> dict[str, float]:
    """Run a job of tests/bench/jobs.py in a process of its own."""
    line = [sys.executable, "-m", "tests.bench.jobs", job, str(folder), *map(str, arguments)]
    done = subprocess.run(line, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def ratio(what: str, ours: dict[str, float], other: dict[str, float], asked: float) -> bool:
    """Print how many times as long the other takes; tell whether that is as asked.

    In processor time, which other work on the machine changes little, with the clock's ratio beside it.
    """
    found, clock = (other[name] / ours[name] for name in ("cpu_seconds", "seconds"))
    beside = f">= {asked} x ({clock:.1f} x by the clock)"
    row(what, ours, f"{other['cpu_seconds']:.2f} s cpu", f"{found:.1f} x", beside, found >= asked)
    return found >= asked


def row(what: str, ours: dict[str, float], other: str, figure: str, asked: str, met: bool) -> None:
    """Print a line of the table."""
    own = f"{ours['cpu_seconds']:.3f} s cpu"
    print(f"{what:<50}{own:>18}{other:>18}{figure:>12}   {asked}{'' if met else '  NOT MET'}", flush=True)


if __name__ == "__main__":
    sys.exit(main())

"""Files of every kind, broken in every way: `python -m tests.bench.fuzz --files 10000`.

Each file starts as one of the small force's and is mutated: bytes flipped, cut, doubled, swapped for others that mean
something to a reader. It is read and judged as a load would; of every tenth the whole load is tried on a store that
holds the sound force. A file may be refused with a sentence, or rows of it set aside. What may not happen: any other
end, a store that changed though nothing was loaded, or time and memory without bound.
"""

import argparse
import random
import resource
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pyarrow.parquet as parquet
from sqlalchemy import func, select

from data_access.database.connection import reading
from data_access.database.schema import metadata
from data_access.feeds.checks import check, last_of_each_key
from data_access.feeds.contract import FEEDS, FIXES, columns_of
from data_access.feeds.fixes import read_fixes
from data_access.feeds.open_data import open_kind, read_open
from data_access.feeds.reading import UnreadableFile, batches, header
from data_access.load.discovery import NothingToLoad, find_files
from data_access.load.ingest import load
from data_access.store import Store
from tests.data_access.small_force import FORCE, write
from tests.places import EXAMPLE

LOADS_EACH = 10
TOLD_EACH = 500
TELLING = (
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b'""', b"\r", b"\n", b",", b";", b"[", b"]]]]", b"{", b"}", b"null",
    b"NaN", b"Infinity", b"-0", b"1e999", b"9" * 5000, b"2024-02-30", b"0000-00-00T00:00:00Z", b"\xf0\x9f\x9a\x93",
    b"\xed\xa0\x80", b"=cmd|' /C calc'!A0", b"PAR1", b"\x15\x04", b"[" * 2000, b"," * 2000, b"x" * 70_000,
)  # fmt: skip
STREET = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context\n"
    ",2024-10,W,W,-1.94,52.45,On or near X,E01,X,Anti-social behaviour,,\n"
    "c1,2024-10,W,W,-1.94,52.45,On or near X,E01,X,Burglary,Under investigation,\n"
)


def sound(folder: Path) -> list[Path]:
    """Write a sound file of every kind that a load reads; list them."""
    write(folder, {**FORCE, "2024-10-west-midlands-street.csv": STREET})
    for path in (EXAMPLE / "extracts").iterdir():
        if path.name != "SAMPLE.txt" and not (folder / path.name).exists():
            shutil.copy(path, folder / path.name)
    for name in ("crimes", "duties", "fixes"):
        rows = pl.read_csv(folder / f"{name}.csv", infer_schema=False).head(200)
        parquet.write_table(rows.to_arrow(compat_level=pl.CompatLevel.oldest()), folder / f"{name}-more.parquet")
    return sorted(folder.iterdir())


def mutated(content: bytes, chance: random.Random) -> bytes:
    """Break some bytes in one to four ways."""
    broken = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        place, width = chance.randrange(len(broken) + 1), chance.choice((1, 1, 2, 8, 64, 1024))
        deed = chance.randrange(6)
        if deed == 0 and place < len(broken):
            broken[place] ^= 1 << chance.randrange(8)
        elif deed == 1:
            del broken[place : place + width]
        elif deed == 2:
            broken[place:place] = broken[place : place + width] * chance.choice((1, 2, 50))
        elif deed == 3:
            broken[place:place] = chance.choice(TELLING)
        elif deed == 4:
            broken[place : place + width] = chance.randbytes(width)
        else:
            del broken[chance.randrange(len(broken) + 1) :]
    return bytes(broken)


def judged(folder: Path) -> str:
    """Read the one file of a folder as a load does; give what became of it."""
    try:
        ours, _ = find_files(folder)
        for one in ours:
            _read(one.path, one.feed or "", bool(one.open_data))
    except (NothingToLoad, UnreadableFile) as refusal:
        assert "\n" not in str(refusal) and len(str(refusal)) < 500, refusal
        return "refused"
    return "read"


def _read(path: Path, feed: str, is_open: bool) -> None:
    if is_open:
        read_open(path, open_kind(path))
        return
    if feed == FIXES:
        for _ in read_fixes(path, datetime.now(UTC)) if header(path) else ():
            pass
        return
    if not header(path):
        return
    for batch in batches(path, [column.name for column in columns_of(FEEDS[feed])]):
        if all(column.name in batch.rows.columns for column in columns_of(FEEDS[feed]) if not column.info["optional"]):
            last_of_each_key(FEEDS[feed], check(FEEDS[feed], batch.rows)[0])


def loaded(store: Store, folder: Path) -> str:
    """Load a folder into the store that holds the sound force; a load that fails may change nothing."""
    before = contents(store)
    report = load(store, folder, "fuzz")
    if report.error:
        assert "\n" not in report.error and len(report.error) < 500, report.error
        assert contents(store) == before
        return "load refused"
    counted = [(one.rows_read, one.rows_loaded + one.rows_set_aside) for one in report.files]
    assert all(read == told for read, told in counted)
    return "loaded"


def contents(store: Store) -> tuple[object, ...]:
    """What a store holds: its version, and how many rows each of its tables has."""
    with reading(store.engine) as connection:
        counted = (connection.execute(select(func.count()).select_from(table)) for table in metadata.sorted_tables)
        return store.version(), tuple(one.scalar_one() for one in counted)


def run(files: int, seed: int = 1) -> Iterator[tuple[str, float]]:
    """Try so many mutated files; give what became of each, and the seconds that it took."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as name:
        folder = Path(name)
        originals = [(path.name, path.read_bytes()) for path in sound(folder / "sound")]
        store = Store.open(f"sqlite:///{folder}/npd.sqlite")
        assert load(store, write(folder / "first", FORCE), "fuzz").error is None
        for number in range(files):
            kind, content = originals[number % len(originals)]
            one = write(folder / "one", {kind: mutated(content, chance)})
            began = time.monotonic()
            became = loaded(store, one) if number % LOADS_EACH == 0 else judged(one)
            yield became, time.monotonic() - began
            shutil.rmtree(one)
        store.close()


def megabytes() -> int:
    """Give the most memory that this process has taken."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def main() -> None:
    """Print what became of the files, the slowest, and the memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    before, became, slowest = megabytes(), Counter(), 0.0
    for number, (what, seconds) in enumerate(run(asked.files, asked.seed), start=1):
        became[what] += 1
        slowest = max(slowest, seconds)
        if number % TOLD_EACH == 0:
            print(f"{number:,} files: {dict(became)}", flush=True)
    print(f"{dict(became)}; the slowest took {slowest:.1f} s; memory grew by {megabytes() - before} MB")


if __name__ == "__main__":
    main()

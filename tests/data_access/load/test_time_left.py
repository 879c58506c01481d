"""How far a load is: by its rows, never backwards, and no word of the time left before there is a pace."""

import polars as pl
import pytest

from data_access.facts.datasets import DATASETS
from data_access.load.discovery import find_files, in_order
from data_access.load.ingest import load
from data_access.load.time_left import MADE_OF_ROWS, clock_of, left, rows_in, share_done, with_time_left
from tests.data_access.small_force import FORCE, write

HEADER = "officer_id,at,lon,lat\n"
FIXES = HEADER + "".join(f"A,2024-10-01T08:{minute:02d}:00Z,-1.94,52.45\n" for minute in range(50))


def clock(folder, files, read=()):
    return clock_of(in_order(find_files(write(folder, files))[0]), read, 0.0)


def test_rows_are_counted_before_they_are_read(tmp_path):
    write(tmp_path, {"fixes.csv": FIXES, "neighbourhoods.geojson": "{}", "empty.csv": ""})
    pl.DataFrame({"officer_id": ["A"] * 70}).write_parquet(tmp_path / "crimes.parquet")
    assert rows_in(tmp_path / "crimes.parquet") == 70
    assert rows_in(tmp_path / "fixes.csv") == pytest.approx(50, abs=1)
    assert rows_in(tmp_path / "neighbourhoods.geojson") == rows_in(tmp_path / "empty.csv") == 0
    many = tmp_path / "many.csv"
    many.write_text(FIXES + FIXES.removeprefix(HEADER) * 200)
    assert rows_in(many) == pytest.approx(201 * 50, rel=0.02)


def test_each_step_begins_where_the_one_before_it_ends(tmp_path):
    # 50 lines of duties: 50 x 14 to read and 50 x 28 to make facts of; 51 of fixes: 51 x 0.4, 51 x 2.5 and 51 x 1.0.
    duties = "officer_id,starts_at,ends_at,activity_code\n" + "A,2024-10-01T08:00:00Z,2024-10-01T16:00:00Z,PAT\n" * 49
    known = clock(tmp_path, {"duties.csv": duties, "fixes.csv": FIXES})
    whole = 50 * 42 + 51 * 3.9
    for words, done in (
        ("duties.csv: 0 rows", 0),
        ("duties.csv: 25 rows", 25 * 14),
        ("fixes.csv: 0 rows", 50 * 14),
        ("fixes: 2024-10-01, 0%", 50 * 14 + 51 * 0.4),
        ("fixes: 2024-10-03, 50%", 50 * 14 + 51 * (0.4 + 1.25)),
        ("facts: duty 2024-10", 50 * 14 + 51 * 2.9),
        ("facts: asb 2024-10", whole),
        ("weights.csv (ships with the suite): 0 rows", 0),
        ("folding: duty 2022-01", 0),
    ):
        assert share_done(known, words) == pytest.approx(done / whole), words
    known = clock(tmp_path, {}, read={"duties.csv"})
    assert share_done(known, "fixes.csv: 0 rows") == 0


def test_facts_are_made_in_the_order_that_the_clock_knows():
    known = [one.removeprefix("facts: ") for one in MADE_OF_ROWS if one.startswith("facts: ")]
    assert known == [one.name for one in DATASETS if one.name in known]


@pytest.mark.parametrize(
    ("share", "seconds", "words"),
    [
        (0.5, 120, " (50% of all, about 2 min left)"),
        (0.25, 60, " (25% of all, about 3 min left)"),
        (0.9, 60, " (90% of all, less than a minute left)"),
        (1.0, 60, " (100% of all, less than a minute left)"),
        (0.5, 4.9, ""),
        (0.01, 60, ""),
    ],
)
def test_the_rest_takes_as_long_as_the_same_work_took_before(share, seconds, words):
    assert left(share, seconds) == words


def test_a_load_never_tells_that_it_went_back(tmp_path):
    files, seconds, told = in_order(find_files(write(tmp_path, {**FORCE, "fixes.csv": FIXES}))[0]), [0.0], []

    def now():
        seconds[0] += 60
        return seconds[0]

    tell = with_time_left(told.append, files, now=now)
    for words in ("officers.csv: 0 rows", "fixes: 2024-10-01, 50%", "crimes.csv: 0 rows", "who knows what"):
        tell(words)
    shares = [words.partition(" (")[2].partition("%")[0] for words in told]
    assert told[0] == "officers.csv: 0 rows"
    assert 0 < int(shares[1]) == int(shares[2]) == int(shares[3]) < 100


def test_what_a_load_tells_is_known_to_its_clock(sqlite_store, tmp_path):
    folder, told = write(tmp_path / "in", {**FORCE, "fixes.csv": FIXES}), []
    known = clock_of(in_order(find_files(folder)[0]), (), 0.0)
    load(sqlite_store, folder, "somebody", told.append)
    shares = [share for share in (share_done(known, words) for words in told) if share]
    assert shares == sorted(shares)
    assert len(shares) > 10
    assert shares[-1] > 0.9

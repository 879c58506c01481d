"""Facts of a first load are made of copies of its rows: the same as those made of the store's own rows."""

import pytest

from data_access.facts import copies
from data_access.feeds import reading
from data_access.load.ingest import load, rebuild
from tests.data_access.small_force import FORCE, everything, write

FIXES = "officer_id,at,lon,lat\n" + "".join(
    f"A,2024-10-01T09:{minute:02}:00Z,{-1.94 - minute / 10_000},52.45\n" for minute in range(0, 60, 5)
)
FEW_CRIMES = "crime_id,recorded_on,offence_code,lon,lat\nC1,2024-10-03,45,-1.92,52.45\nC9,2024-10-09,45,-1.92,52.45\n"


@pytest.mark.parametrize("held_rows", [0, copies.HELD_ROWS], ids=("in files", "in memory"))
def test_facts_made_of_copies_are_those_made_of_the_store(store, tmp_path, monkeypatch, held_rows):
    monkeypatch.setattr(copies, "HELD_ROWS", held_rows)
    # C1 comes again, in crimes.csv, which is read later: its row is replaced after it was copied.
    files = {**FORCE, "fixes.csv": FIXES, "crimes-first.csv": FEW_CRIMES}
    assert load(store, write(tmp_path / "in", files), "somebody").error is None
    made_of_copies = everything(store)
    rebuild(store, "somebody")
    assert everything(store) == made_of_copies
    assert made_of_copies["visibility_home"]
    assert sorted(row[0].day for row in made_of_copies["crimes"]) == [5, 6, 9]
    assert list(store.facts_dir.glob("stage-*")) == []


def test_a_key_that_comes_again_in_a_later_batch_of_a_first_file_is_told(sqlite_store, tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "BLOCK_BYTES", 256)
    many = "".join(f"D{number},2024-10-07,45,,\n" for number in range(40))
    files = {**FORCE, "crimes.csv": f"{FORCE['crimes.csv']}{many}C1,2024-10-09,45,,\n"}
    report = load(sqlite_store, write(tmp_path / "in", files), "somebody")
    assert [(one.rule, one.line, one.value) for one in report.set_aside] == [("duplicate_key", 2, "C1")]
    days = [row[0].day for row in everything(sqlite_store)["crimes"]]
    assert (len(days), days.count(9), days.count(5)) == (42, 1, 0)

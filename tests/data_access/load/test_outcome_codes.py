"""What an outcome means: the names that ship with the suite, the force's own word, and facts of before either."""

import polars as pl

from data_access.load import discovery
from data_access.load.ingest import load
from tests.data_access.small_force import FORCE, facts, write

CRIMES = """crime_id,recorded_on,offence_code,lon,lat,outcome_code,outcome_on
C1,2024-10-05,45,-1.94,52.45,Suspect charged,2024-10-09
C2,2024-10-06,45,-1.94,52.45,Unable to prosecute suspect,2024-10-09
C3,2024-10-06,45,-1.94,52.45,8,2024-10-09
C4,2024-10-06,45,-1.94,52.45,our own words,2024-10-09
C5,2024-10-06,45,-1.94,52.45,,
"""
OWN = """outcome_code,outcome_name,positive
our own words,Referred,true
8,Community resolution,false
"""


def outcomes(store):
    return dict(facts(store, "crimes").select("crime_id", "positive_outcome").sort("crime_id").rows())


def test_published_names_and_home_office_numbers_are_known_without_a_feed(holding):
    store = holding(FORCE | {"crimes.csv": CRIMES})
    assert outcomes(store) == {"C1": True, "C2": False, "C3": True, "C4": None, "C5": None}


def test_the_force_s_own_word_comes_before_ours_also_when_ours_loads_again(store, tmp_path, monkeypatch):
    load(store, write(tmp_path / "in", FORCE | {"crimes.csv": CRIMES, "outcome_codes.csv": OWN}), "somebody")
    expected = {"C1": True, "C2": False, "C3": False, "C4": True, "C5": None}
    assert outcomes(store) == expected
    new_edition = tmp_path / "outcome_codes.csv"
    new_edition.write_text("outcome_code,outcome_name,positive\n8,Ours again,true\nUnder investigation,Open,false\n")
    monkeypatch.setitem(discovery.SHIPPED, "outcome_codes", new_edition)
    load(store, write(tmp_path / "more", {"officers.csv": "officer_id,role\nC,officer\n"}), "somebody")
    assert outcomes(store) == expected


def test_facts_of_before_the_column_say_unknown_until_the_next_load_makes_them_again(holding, tmp_path):
    store = holding(FORCE | {"crimes.csv": CRIMES})
    for path in (store.facts_dir / "crimes").glob("*.parquet"):
        pl.read_parquet(path).drop("positive_outcome").write_parquet(path)
    assert set(outcomes(store).values()) == {None}
    load(store, write(tmp_path / "more", {"officers.csv": "officer_id,role\nC,officer\n"}), "somebody")
    assert outcomes(store) == {"C1": True, "C2": False, "C3": True, "C4": None, "C5": None}


def test_retail_crime_with_a_positive_outcome_is_counted_by_the_codes(store, tmp_path):
    town = "offence_code,offence_name,offence_group,town_centre\n45,Shop theft,Theft,true\n"
    files = FORCE | {"crimes.csv": CRIMES, "offences.csv": town, "outcome_codes.csv": OWN}
    load(store, write(tmp_path / "in", files), "somebody")
    rows = facts(store, "crimes").filter("town_centre")
    assert rows["positive_outcome"].sum() == 2 and len(rows) == 5

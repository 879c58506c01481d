"""One person out of the store: not a byte of them left at rest, nothing else lost, and never taken in again."""

from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import text

from data_access.database.connection import reading, writing
from data_access.erase import Erasure, as_text, differences, erase, figures
from data_access.erase import run as run_command
from data_access.feeds.pseudonyms import naming_of, pseudonym_of
from data_access.load import ingest
from data_access.load.ingest import NothingToErase, load
from data_access.settings import PrivacySettings, Settings
from tests.data_access.load.test_pseudonyms import IDS, PEOPLED, everything_at_rest
from tests.data_access.small_force import facts, set_aside, write

ALPHA, BRAVO, CHARLIE, NAME = IDS
WHY = "a request under article 17, upheld"


@pytest.fixture
def loaded(holding, kind):
    """People as they came in the embedded store, under pseudonyms on the server."""
    privacy = PrivacySettings(pseudonyms=kind == "postgres", keep_fixes_days=30)
    return holding(PEOPLED, Settings(privacy=privacy))


def stored(store, person: str, kind: str) -> str:
    return pseudonym_of(person, kind, naming_of(store.secret)) if store.naming() else person


def bytes_of_files(store) -> bytes:
    """Every byte beside and in an embedded store: what a thief of the disk would have."""
    folder = Path(str(store.engine.url.database)).parent if store.engine.dialect.name == "sqlite" else store.facts_dir
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and "/in/" not in str(path)]
    return b"".join(path.read_bytes() for path in paths)


def test_an_officer_goes_and_everybody_else_stays(loaded):
    kept = facts(loaded, "duty").filter(pl.col("officer_id") == stored(loaded, BRAVO, "officer"))
    gone = stored(loaded, ALPHA, "officer")
    assert gone.encode() in everything_at_rest(loaded)
    done = erase(loaded, ALPHA, "the tests", WHY)
    for name in (gone, ALPHA, NAME):
        assert name.encode() not in everything_at_rest(loaded)
        assert name.encode() not in bytes_of_files(loaded)
    assert facts(loaded, "duty").equals(kept.select(facts(loaded, "duty").columns))
    assert done.rows == {
        "officers": 1, "postings": 1, "duties": 1, "taskings": 1, "patrols": 1, "visibility": done.rows["visibility"],
        "hotspot_stays": done.rows["hotspot_stays"], "fix_quality": 1, "fix_edges": 24,
    }  # fmt: skip
    changed = done.changed.filter(indicator_id="ABS-04", area_level="force").select("before", "after")
    assert changed.rows() == []  # nobody was abstracted of whom it tells; duty hours changed:
    rate = done.changed.filter(indicator_id="ABS-01", area_level="force").select("before", "after").rows()
    assert rate == [(100 * 4 / 12, 100.0)]
    assert "figures of areas changed" in as_text(done)
    entry = loaded.trail(1).row(0, named=True)
    assert (entry["viewer"], entry["what"], entry["reason"]) == ("the tests", "erased", WHY)
    assert ALPHA not in str(entry)
    assert loaded.trail_of(ALPHA)["what"].to_list() == ["erased"]
    assert loaded.verify_trail()[0] is None


def test_a_caller_goes_and_the_incidents_stay(loaded):
    assert facts(loaded, "asb")["caller_ref"].to_list() == [stored(loaded, CHARLIE, "caller")] * 4
    done = erase(loaded, CHARLIE, "the tests", WHY)
    assert done.rows == {"incidents": 4}
    assert done.changed.is_empty()
    assert "No figure of any area changed" in as_text(done)
    assert facts(loaded, "asb")["caller_ref"].to_list() == [None] * 4
    for name in (CHARLIE, stored(loaded, CHARLIE, "caller")):
        assert name.encode() not in everything_at_rest(loaded)


def test_figures_that_stay_are_not_told_as_changed(example_store):
    """Of a mix there is one of each category."""
    before = figures(example_store)
    assert before.filter(pl.col("category").is_not_null())["category"].n_unique() > 3
    assert differences(before, before).is_empty()
    telling = pl.col("indicator_id").eq("ASB-03") & (pl.col("area_level") == "force") & (pl.col("value") > 0)
    changed = differences(before, before.with_columns(value=pl.when(telling).then(1.0).otherwise("value")))
    assert changed.height == before.filter(telling).height > 1
    told = as_text(Erasure(rows={}, changed=changed, left={}))
    assert "ASB-03:personal force" in told


def test_a_later_extract_does_not_bring_anybody_back(loaded, tmp_path):
    erase(loaded, ALPHA, "the tests", WHY)
    erase(loaded, CHARLIE, "the tests", WHY)
    before = facts(loaded, "duty")
    report = load(loaded, write(tmp_path / "in", {name: f"{body}\n" for name, body in PEOPLED.items()}), "somebody")
    assert report.error is None
    names = ("officers", "postings", "duties", "taskings", "patrols")
    told = set_aside(loaded).select("feed", "rule", "value").sort("feed").rows()
    assert told == [(name, "person_was_erased", None) for name in sorted(names)]
    assert "24 fixes of people who were erased" in str(report.files)
    assert facts(loaded, "duty").equals(before)
    for name in (ALPHA, CHARLIE, NAME, stored(loaded, ALPHA, "officer")):
        assert name.encode() not in everything_at_rest(loaded)


def test_an_unknown_person_or_no_reason_changes_nothing(holding):
    store = holding(PEOPLED)
    before, length = everything_at_rest(store), store.trail_length()
    with pytest.raises(NothingToErase, match="no row of that officer or caller"):
        ingest.erase(store, "Nobody", "the tests")
    with pytest.raises(ValueError, match="needs a reason"):
        erase(store, ALPHA, "the tests", "  ")
    assert (everything_at_rest(store), store.trail_length()) == (before, length)


def test_a_value_that_named_them_goes_too(holding):
    loaded = holding(PEOPLED)
    with writing(loaded.engine) as connection:
        file_id = connection.execute(text("SELECT min(file_id) FROM load_files")).scalar()
        connection.execute(
            text("INSERT INTO rejected (file_id, line, rule, value) VALUES (:file, 1, 'old', :value)"),
            {"file": file_id, "value": f"see {ALPHA}"},
        )
    erase(loaded, ALPHA, "the tests", WHY)
    with reading(loaded.engine) as connection:
        assert connection.execute(text("SELECT value FROM rejected WHERE rule = 'old'")).scalar() is None


def test_what_is_written_about_them_is_counted_and_said(loaded, tmp_path):
    plans = (
        "problem_id,title,neighbourhood_code,opened_on,stage,stage_on\n"
        f"P1,Ask {ALPHA.lower()} about the alley,N1,2024-10-01,scanning,2024-10-01\n"
        f"P2,{NAME}'s idea,N1,2024-10-01,scanning,2024-10-01\n"
        f"P3,{ALPHA}-2 is another,N1,2024-10-01,scanning,2024-10-01\n"
        f"P4,{ALPHA}2 too,N1,2024-10-01,scanning,2024-10-01\n"
    )
    assert load(loaded, write(tmp_path / "plans", {"problems.csv": plans}), "somebody").exit_code == 0
    loaded.judge("I1", "somebody", correct=True, should_be_crime=False, reason=f"as {NAME} said")
    with writing(loaded.engine) as connection:
        file_id = connection.execute(text("SELECT min(file_id) FROM load_files")).scalar()
        told = [{"file": file_id, "line": n, "value": value} for n, value in enumerate((NAME.upper(), ALPHA.lower()))]
        row = "INSERT INTO rejected (file_id, line, rule, value) VALUES (:file, :line, 'old', :value)"
        connection.execute(text(row), told)
    done = erase(loaded, ALPHA, "the tests", WHY)
    assert done.rows["rejected"] == 2
    assert done.left == {("problems", "title"): 3, ("verdicts", "reason"): 1, ("trail", "reason"): 1}
    said = as_text(done)
    assert "problems (title)" in said and "3 rows of problems.title have the id or the name" in said
    assert ALPHA not in said and NAME not in said


def test_an_erasure_is_entered_even_where_older_copies_cannot_be_cleaned_away(holding):
    """Nothing can bring the person back then: that it happened, and why, must not be lost with the failure."""
    store = holding(PEOPLED)
    (store.facts_dir / "stage-left" / "by another").mkdir(parents=True)
    with pytest.raises(OSError, match="stage-left"):
        erase(store, ALPHA, "the tests", WHY)
    assert store.trail_of(ALPHA)["what"].to_list() == ["erased"]


def test_the_command_says_what_went(sqlite_store, tmp_path, capsys):
    from argparse import Namespace

    load(sqlite_store, write(tmp_path / "in", PEOPLED), "somebody")
    url = str(sqlite_store.engine.url)
    asked = {"store": url, "reason": WHY, "viewer": None}
    assert run_command(Namespace(person=BRAVO, **asked)) == 0
    said = capsys.readouterr().out
    assert said.startswith("Erased: 1 of ") and "1 of duties" in said and BRAVO not in said
    assert run_command(Namespace(person=BRAVO, **asked)) == 3
    assert "no row of that officer" in capsys.readouterr().err

"""Corrections reach the past: days whose fixes are kept are judged again, and the others are marked in the figures."""

import shutil
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from data_access.answers.answer import Question, answer
from data_access.answers.reader import Reader
from data_access.sample_mark import MARKER
from data_access.settings import PrivacySettings, Settings
from data_access.store import Store
from tests.data_access.conftest import KINDS
from tests.data_access.copies import copy_of
from tests.data_access.load.corrections import BAD, loaded, longer, moved, plain_clothed, radio, sample_folder
from tests.data_access.small_force import WHOLE, everything
from tests.metrics import example
from tests.places import EXAMPLE

OCTOBER = date(2024, 10, 1)
KEPT = Settings(privacy=PrivacySettings(keep_fixes_days=60))
CORRECTIONS = {
    "duties.csv": longer,
    "officers.csv": plain_clothed,
    "premises.geojson": moved,
    "neighbourhoods.geojson": moved,
    "hotspots.geojson": moved,
}


@pytest.fixture(scope="module")
def extracts(tmp_path_factory):
    """The worked example, with fixes that have no position, come twice or break a rule."""
    folder = tmp_path_factory.mktemp("extracts")
    shutil.copytree(EXAMPLE / "extracts", folder / "all", ignore=shutil.ignore_patterns("fixes*"))
    fixes = example.feed("fixes").collect()
    twice = fixes.filter(pl.col("officer_id") == "O04")[:50]
    moved_twice = twice.with_columns(pl.col("lon") + 0.001)
    pl.concat([fixes, twice, moved_twice, BAD]).write_parquet(folder / "all" / "fixes.parquet")
    return folder / "all"


@pytest.fixture(scope="module")
def files(extracts):
    """The same, as the files of a store that is loaded once."""
    return {path.name: path.read_bytes() for path in extracts.iterdir()}


def corrected(extracts, folder, feeds):
    sample_folder(folder)
    for feed in feeds:
        CORRECTIONS[feed](shutil.copy(extracts / feed, folder / feed))
    return folder


def facts(store):
    """What the store keeps, but for the ledger of files."""
    return {name: rows for name, rows in radio(store).items() if name not in ("files", "rejected")}


@pytest.fixture(scope="module")
def original(request, loaded_once, files):
    """A store of each kind in which the example is loaded, closed, for copies."""
    server = request.getfixturevalue("postgres_server") if request.param == "postgres" else None
    return server, loaded_once(request.param, files, KEPT)


@pytest.fixture
def keeping(original, tmp_path):
    """A copy of the original."""
    server, store = original
    with copy_of(store, tmp_path, server) as copy:
        yield copy


@pytest.fixture(scope="module")
def corrections(request, extracts, tmp_path_factory):
    """Corrected feeds, a folder of them, and the store into which everything came right from the first."""
    folder = tmp_path_factory.mktemp("corrections")
    given = corrected(extracts, folder / "corrections", request.param)
    right = shutil.copytree(extracts, folder / "right")
    shutil.copytree(given, right, dirs_exist_ok=True)
    store = Store.open(KEPT, url=f"sqlite:///{folder / 'right.sqlite'}")
    loaded(store, right)
    yield request.param, given, store
    store.close()


ALONE = [("sqlite", [one]) for one in CORRECTIONS]
TOGETHER = [(kind, list(CORRECTIONS)) for kind in KINDS]


@pytest.mark.parametrize(("original", "corrections"), ALONE + TOGETHER, indirect=True, scope="module")
def test_days_whose_fixes_are_kept_are_judged_again(keeping, corrections):
    """As if everything had been right from the first."""
    feeds, given, right = corrections
    report = loaded(keeping, given)

    expected = facts(right)
    for name, rows in facts(keeping).items():
        assert rows.equals(expected[name]), name
    assert everything(keeping) == everything(right)
    assert sum("judged again, by the fixes that are kept" in note for note in report.notes) == len(feeds)
    assert not marked(keeping, 2)


def marked(store, version):
    """Tell whether a reader of a data version sees a mark."""
    reader = Reader.open(store, WHOLE)
    return not replace(reader, version=replace(reader.version, number=version)).judged_earlier().is_empty()


def value(store, indicator="VIS-01"):
    question = Question(indicators=(indicator,), level="force", since=OCTOBER, until=OCTOBER)
    (row,) = answer(Reader.open(store, WHOLE), question).rows(named=True)
    return row["value"], row["note"]


def test_days_whose_fixes_are_let_go_are_marked_in_the_figures_until_they_come_again(
    holding, files, extracts, tmp_path
):
    store = holding(files)
    first, before = facts(store), value(store)
    assert before[1] is None
    report = loaded(store, corrected(extracts, tmp_path / "corrections", ["duties.csv"]))
    assert all(rows.equals(first[name]) for name, rows in facts(store).items())
    assert any("and let go" in note and "the figures of their months say so" in note for note in report.notes)
    seen, note = value(store)
    assert seen == before[0]
    assert "judged by duties as known before" in note
    assert value(store, "HRM-01")[1] is None

    (tmp_path / "again").mkdir()
    for name in ("fixes.parquet", MARKER):
        shutil.copy(extracts / name, tmp_path / "again")
    loaded(store, tmp_path / "again")
    assert value(store)[1] is None
    assert value(store)[0] > seen
    assert marked(store, 2)  # a reader of the version before goes on seeing its marks


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_days_of_which_only_a_part_was_kept_are_marked_and_not_judged_by_that_part(holding, files, extracts, tmp_path):
    """The setting was raised after the fixes came: only those about midnight are there."""
    raised = replace(holding(files), settings=KEPT)
    first = facts(raised)
    loaded(raised, corrected(extracts, tmp_path / "corrections", ["premises.geojson"]))
    assert all(rows.equals(first[name]) for name, rows in facts(raised).items())
    assert "judged by premises as known before" in value(raised)[1]


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_an_officer_of_another_rank_changes_no_day(holding, files, extracts, tmp_path):
    store = holding(files)
    promoted = sample_folder(tmp_path / "promoted")
    rows = pl.read_csv(extracts / "officers.csv").with_columns(rank=pl.lit("sergeant"))
    rows.write_csv(promoted / "officers.csv")
    assert loaded(store, promoted).notes == ()
    assert not marked(store, 2)

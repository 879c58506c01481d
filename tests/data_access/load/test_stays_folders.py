"""A folder of stays loads as its fixes would: to the value, on both stores, and only where the store judges alike."""

import json
import os
import shutil
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from data_access.load.ingest import load
from data_access.sample_mark import MARKER
from data_access.settings import PrivacySettings, Settings
from data_access.stays.command import basis_of
from data_access.stays.job import run_local
from data_access.stays.manifest import MANIFEST
from metrics.levels import local_day
from metrics.parameters import Parameters
from tests.data_access.copies import copy_of
from tests.data_access.load.corrections import BAD, loaded, longer, moved, plain_clothed, radio, sample_folder
from tests.data_access.small_force import everything
from tests.metrics import example
from tests.places import EXAMPLE

CUTS = (date(2024, 10, 9), date(2024, 10, 27))  # both in the middle of duties; the second is the long night's day
@pytest.fixture(scope="module")
def extracts(tmp_path_factory):
    """The worked example's extracts without its fixes, and these in three parts by local day."""
    folder = tmp_path_factory.mktemp("extracts")
    shutil.copytree(EXAMPLE / "extracts", folder / "feeds", ignore=shutil.ignore_patterns("fixes*"))
    fixes = pl.concat([example.feed("fixes").collect(), BAD])
    days = fixes.select(local_day(pl.col("at"))).to_series()
    for part, inside in enumerate((days < CUTS[0], days.is_between(*CUTS, closed="left"), days >= CUTS[1])):
        (folder / f"{part}").mkdir()
        shutil.copy(EXAMPLE / "extracts" / MARKER, folder / f"{part}")
        fixes.filter(inside.fill_null(part == 0)).write_parquet(folder / f"{part}" / f"fixes-{part}.parquet")
    return folder


@pytest.fixture(scope="module")
def feeds(extracts):
    """The worked example's files but its fixes."""
    return {path.name: path.read_bytes() for path in (extracts / "feeds").iterdir()}


@pytest.fixture(scope="module")
def furnished_once(loaded_once, feeds):
    """A closed store with the feeds."""
    return loaded_once("sqlite", feeds, Settings())


@pytest.fixture(scope="module")
def stays_once(furnished_once, extracts, tmp_path_factory):
    """The stays of the first two parts of the fixes."""
    folder = tmp_path_factory.mktemp("stays")
    made = [judged(furnished_once, extracts, part, folder / f"{part}") for part in range(2)]
    furnished_once.close()
    return made


@pytest.fixture
def furnished(furnished_once, stays_once, tmp_path):
    """A copy of the store, which was closed when the stays were made of it."""
    with copy_of(furnished_once, tmp_path / "furnished", None) as opened:
        yield opened


@pytest.fixture
def stays(stays_once, tmp_path):
    """A copy of the stays of the first part."""
    return shutil.copytree(stays_once[0], tmp_path / "stays")


def judged(store, extracts, part, out):
    """Run the stays job on a part of the fixes, by what the store has."""
    run_local(basis_of(store), extracts / str(part), out, 5)
    return out


def test_stays_are_their_owners_alone(furnished, extracts, tmp_path):
    before = os.umask(0o022)  # as Debian's accounts have it
    try:
        out = judged(furnished, extracts, 0, tmp_path / "stays")
    finally:
        os.umask(before)
    assert out.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("kind", "order"),
    [("sqlite", (0, 1, 2)), ("sqlite", (1, 2, 0)), ("postgres", (2, 0, 1))],
    indirect=["kind"],
)
def test_parts_by_way_of_stays_give_what_their_fixes_give(holding, furnished, feeds, extracts, tmp_path, order):
    """The same parts in the same order into two stores: one has fixes only, the other stays, then both at once."""
    store, other = holding(feeds), furnished
    first, *rest = order
    loaded(other, extracts / str(first))
    loaded(store, None, [judged(store, extracts, first, tmp_path / "first")])

    both = sample_folder(tmp_path / "both")
    for part in rest:
        shutil.copy(extracts / str(part) / f"fixes-{part}.parquet", both)
    expected = loaded(other, both)
    stays = judged(store, extracts, rest[0], tmp_path / "second")
    report = loaded(store, extracts / str(rest[1]), [stays])

    ours, theirs = radio(store), radio(other)
    for name, rows in theirs.items():
        assert len(rows) > 0, name
        assert ours[name].equals(rows), name
    assert everything(store) == everything(other)
    assert report.notes == expected.notes
    assert report.exit_code == expected.exit_code
    assert [(one.file, one.line, one.rule, one.value) for one in report.set_aside] == [
        (one.file, one.line, one.rule, one.value) for one in expected.set_aside
    ]


def test_a_folder_loaded_twice_changes_nothing(furnished, stays_once):
    stays = stays_once[1]
    assert loaded(furnished, None, [stays]).data_version == 2
    again = loaded(furnished, None, [stays])
    assert again.data_version is None
    assert [one.outcome for one in again.files] == ["unchanged"]


def test_duties_of_other_days_may_come_between_the_job_and_the_load(furnished, stays, tmp_path):
    header = "officer_id,shift_id,starts_at,ends_at,activity_code\n"
    tomorrow = "O04,LATER,2024-12-01T08:00:00Z,2024-12-01T16:00:00Z,PATROL\n"
    code = example.feed("activity_codes").collect()["activity_code"][0]
    more = sample_folder(tmp_path / "more")
    (more / "duties.csv").write_text(header + tomorrow.replace("PATROL", code))
    assert loaded(furnished, more, [stays]).data_version == 2


@pytest.mark.parametrize(
    ("feed", "change", "words"),
    [
        ("duties.csv", longer, "duties of 2024-10-0"),
        ("officers.csv", plain_clothed, "officers were"),
        ("premises.geojson", moved, "premises were"),
        ("neighbourhoods.geojson", moved, "neighbourhoods were"),
        ("hotspots.geojson", moved, "hotspots were"),
    ],
)
def test_stays_judged_by_what_has_changed_since_are_refused(furnished, stays, extracts, tmp_path, feed, change, words):
    new = sample_folder(tmp_path / "changed")
    change(shutil.copy(extracts / "feeds" / feed, new / feed))
    before = radio(furnished)
    report = load(furnished, new, "a test", stays=[stays])
    assert report.exit_code == 2
    assert words in report.error
    assert "run the stays job again on this store" in report.error
    assert all(rows.equals(before[name]) for name, rows in radio(furnished).items())


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (Settings(parameters=Parameters(max_gap=300)), "max_gap was 600, here it is 300"),
        (Settings(parameters=Parameters(building_buffer_m=5)), "building_buffer_m was 20.0, here it is 5.0"),
        (Settings(privacy=PrivacySettings(keep_edge_days=90)), "keep_edge_days was 35, here it is 90"),
    ],
)
def test_stays_made_with_other_parameters_are_refused(furnished, stays, settings, words):
    report = load(replace(furnished, settings=settings), None, "a test", stays=[stays])
    assert words in (report.error or "")


def test_stays_that_kept_more_fixes_than_the_store_needs_load(furnished, extracts, tmp_path):
    more = replace(furnished, settings=Settings(privacy=PrivacySettings(keep_fixes_days=3, keep_edge_days=60)))
    assert loaded(furnished, None, [judged(more, extracts, 0, tmp_path / "stays")]).data_version == 2


def test_a_day_that_comes_twice_is_refused(furnished, stays_once, extracts):
    stays = stays_once[1]
    report = load(furnished, extracts / "1", "a test", stays=[stays])
    assert "2024-10-09 is in" in report.error
    assert "give each day once" in report.error


def without_manifest(folder):
    (folder / MANIFEST).unlink()


def without_a_file(folder):
    next((folder / "presence").glob("*.parquet")).unlink()


def by_another_engine(folder):
    text = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps({**text, "engine": 0}))


def of_another_format(folder):
    text = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps({**text, "format": 99}))


def torn(folder):
    (folder / MANIFEST).write_text((folder / MANIFEST).read_text()[:100])


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (without_manifest, "it has no manifest.json"),
        (without_a_file, "the folder is not whole; copy it again"),
        (by_another_engine, "version 0 of the engine made them"),
        (of_another_format, "has format 99 and this suite reads 1"),
        (torn, "cannot be read"),
    ],
)
def test_a_folder_that_is_not_whole_is_refused(furnished, stays, spoil, words):
    spoil(stays)
    report = load(furnished, None, "a test", stays=[stays])
    assert (report.exit_code, words in report.error) == (2, True), report.error

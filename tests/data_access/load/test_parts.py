"""A first load that is stopped goes on: what it has read and judged is kept, and nobody sees it before its end."""

import pytest
from sqlalchemy import event, select

from data_access.database.connection import reading
from data_access.database.schema import DESK, metadata
from data_access.load.discovery import NothingToLoad
from data_access.load.ingest import erase, load, rebuild
from data_access.load.parts import GOES_ON, NOTE
from data_access.settings import PrivacySettings, Settings
from data_access.store import Store
from tests.data_access.load.test_survival import killed
from tests.data_access.small_force import FORCE, everything, write

DAYS = ("2024-10-01", "2024-10-03", "2024-10-05")  # apart, so that each is judged by itself
SHIFTS = "".join(f"A,A{day},{day}T08:00:00+01:00,{day}T16:00:00+01:00,PAT\n" for day in DAYS[1:])
FIXES = {
    f"fixes-{day}.csv": "officer_id,at,lon,lat\n"
    + "".join(f"A,{day}T08:{minute:02d}:00Z,-1.94,52.45\n" for minute in range(60))
    for day in DAYS
}
FILES = {
    **FORCE,
    **FIXES,
    "duties.csv": FORCE["duties.csv"] + SHIFTS,
    "crimes.csv": FORCE["crimes.csv"] + "C9,not a day,45,,\n",  # a row set aside
}
# What a load tells when it is stopped, and one of the files that it need not read again.
MOMENTS = {
    "crimes.csv": "duties.csv",
    "fixes: 2024-10-05": "crimes.csv",
    "facts: duty": "crimes.csv",
}
WHEN = ("started_at", "finished_at", "loaded_by", "folder", "report")


def rows_of(store):
    """Every row of every table that a load fills, but for when, by whom and from where it was loaded."""
    found = {}
    with reading(store.engine) as connection:
        for table in metadata.sorted_tables:
            if table not in DESK:
                columns = [one for one in table.columns if one.name not in WHEN]
                found[table.name] = sorted(map(repr, connection.execute(select(*columns)).all()))
    return found


def loaded(folder, files, settings=None):
    """Every row after an undisturbed load."""
    store = Store.open(settings or Settings(), folder / "facts", url=f"sqlite:///{folder / 'npd.sqlite'}")
    assert load(store, write(folder / "in", files), "somebody").exit_code == 3
    held = rows_of(store)
    store.close()
    return held


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    folder = tmp_path_factory.mktemp("calm")
    rows = loaded(folder, FILES)
    store = Store.open(f"sqlite:///{folder / 'npd.sqlite'}", folder / "facts")
    held = rows, everything(store)
    store.close()
    return held


class Stopped(BaseException):
    """What ends a load in this process, as an interrupt from the keyboard does."""


def stopped(store, folder, moment):
    """Stop a first load at a moment; what it had done after every file and every run of days is kept."""

    def tell(words):
        if words.startswith(moment):
            raise Stopped

    with pytest.raises(Stopped):
        load(store, folder, "somebody", tell, keep_every=0)


def goes_on(store, folder, moment, expected):
    """Hold that nothing is seen of a load that was stopped at a moment, and that the next goes on from there."""
    assert store.version().number == 0
    told = []
    report = load(store, folder, "somebody", told.append)
    assert report.exit_code == 3
    kept = {one.name for one in report.files if GOES_ON in one.notes}
    assert MOMENTS[moment] in kept
    assert not any(words.startswith(tuple(f"{name}:" for name in kept)) for words in told)
    judged = [words for words in told if words.startswith("fixes: ")]
    assert len(judged) == {"fixes: 2024-10-05": 1, "facts: duty": 0}.get(moment, len(DAYS))
    assert rows_of(store) == expected[0]
    assert [one.line for one in report.set_aside] == [4]
    assert list(store.facts_dir.glob("stage-*")) == []


def test_a_first_load_that_is_killed_goes_on_where_it_was(store, tmp_path, expected):
    folder, moment = write(tmp_path / "in", FILES), "fixes: 2024-10-05"
    killed(store, folder, moment)
    assert not any(everything(store).values())
    goes_on(store, folder, moment, expected)
    assert everything(store) == expected[1]


@pytest.mark.parametrize("moment", [one for one in MOMENTS if one != "fixes: 2024-10-05"])
def test_a_first_load_goes_on_from_any_moment(sqlite_store, tmp_path, expected, moment):
    folder = write(tmp_path / "in", FILES)
    stopped(sqlite_store, folder, moment)
    goes_on(sqlite_store, folder, moment, expected)


def test_a_bad_file_loads_nothing_and_what_was_read_before_it_is_kept(sqlite_store, tmp_path, expected):
    folder = write(tmp_path / "in", {**FILES, "crimes.csv": "crime_id,recorded_on\nC1,2024-10-05\n"})
    report = load(sqlite_store, folder, "somebody", keep_every=0)
    assert "column 'offence_code' is missing" in report.error
    assert report.notes == (NOTE,)
    assert sqlite_store.version().number == 0
    report = load(sqlite_store, write(folder, FILES), "somebody")
    assert {one.name for one in report.files if GOES_ON in one.notes} > {"officers.csv", "duties.csv"}
    assert rows_of(sqlite_store) == expected[0]


@pytest.mark.parametrize(
    ("change", "settings"),
    [
        ({"officers.csv": "officer_id,role\nA,officer\nB,officer\n"}, Settings()),
        ({}, Settings(privacy=PrivacySettings(keep_rejected_days=3))),
    ],
)
def test_other_files_or_settings_begin_from_nothing(sqlite_store, tmp_path, change, settings):
    folder = write(tmp_path / "in", FILES)
    stopped(sqlite_store, folder, "fixes: 2024-10-05")
    again = Store.open(settings, sqlite_store.facts_dir, url=str(sqlite_store.engine.url))
    report = load(again, write(folder, change), "somebody")
    assert not any(GOES_ON in one.notes for one in report.files)
    assert rows_of(again) == loaded(tmp_path / "calm", {**FILES, **change}, settings)
    again.close()


def test_nothing_else_is_done_with_a_store_whose_first_load_was_stopped(sqlite_store, tmp_path):
    stopped(sqlite_store, write(tmp_path / "in", FILES), "crimes.csv")
    with pytest.raises(NothingToLoad, match="first load was stopped"):
        rebuild(sqlite_store, "somebody")
    with pytest.raises(NothingToLoad, match="first load was stopped"):
        erase(sqlite_store, "A", "somebody")


@pytest.mark.parametrize("store_url", ["postgres"], indirect=True)  # SQLite has begun when a listener is called
def test_a_first_load_that_another_went_on_with_stops(store, tmp_path, expected):
    url = store.engine.url.render_as_string(hide_password=False)
    folder, other = write(tmp_path / "in", FILES), Store.open(url, store.facts_dir)
    begun = []

    def between(_connection):
        begun.append(1)
        if len(begun) == 6:  # some files are committed, and no transaction is open
            assert load(other, folder, "another").exit_code == 3

    event.listen(store.engine, "begin", between)
    report = load(store, folder, "somebody", keep_every=0)
    event.remove(store.engine, "begin", between)
    assert "another load began meanwhile" in report.error
    assert store.version().loaded_by == "another"
    assert rows_of(store) == expected[0]
    other.close()


def test_a_short_first_load_is_one_transaction(sqlite_store, tmp_path):
    ended = []
    event.listen(sqlite_store.engine, "commit", lambda _: ended.append(1))
    assert load(sqlite_store, write(tmp_path / "in", FILES), "somebody").exit_code == 3
    assert len(ended) == 1

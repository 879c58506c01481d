"""What viewers are shown while the figures of a newer data version are still being worked out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from data_access.answers.changeover import LONGEST, Changeover
from data_access.answers.reader import Reader
from data_access.database.connection import writing
from data_access.database.schema import metadata
from data_access.erase import erase
from data_access.facts.publish import GRACE
from data_access.load.ingest import load, rebuild
from data_access.settings import PrivacySettings, Settings
from data_access.store import Store
from tests.data_access.small_force import FORCE, WHOLE, write

CRIMES = "crime_id,recorded_on,offence_code,lon,lat\n{},2024-10-{:02},45,-1.92,52.45\n"
NOVEMBER = (
    "officer_id,shift_id,starts_at,ends_at,activity_code\nA,LATER,2024-11-04T08:00:00Z,2024-11-04T16:00:00Z,PAT\n"
)
SECOND = timedelta(seconds=1)
Held = Callable[..., Changeover]


@pytest.fixture
def held(holding: Callable[..., Store]) -> Held:
    """Give the function that opens a store of each kind whose first version is worked out."""

    def opened(privacy: PrivacySettings | None = None) -> Changeover:
        chosen = Settings(privacy=privacy) if privacy else None
        changeover = Changeover(holding(FORCE, chosen))
        changeover.worked_out(changeover.store.version())
        return changeover

    return opened


def add(store: Store, folder: Path, crime: str = "NEW", day: int = 20) -> None:
    """Load one crime more."""
    assert load(store, write(folder / crime, {"crimes.csv": CRIMES.format(crime, day)}), "somebody").error is None


def happened(store: Store, number: int, *, began: timedelta, ended: timedelta) -> None:
    """Put the times of a load so long ago."""
    loads, now = metadata.tables["loads"], datetime.now(UTC)
    with writing(store.engine) as connection:
        times = {"started_at": now - began, "finished_at": now - ended}
        connection.execute(update(loads).where(loads.c.load_id == number).values(**times))


def test_a_server_that_has_worked_nothing_out_shows_the_newest(holding: Callable[..., Store], tmp_path: Path) -> None:
    changeover = Changeover(holding(FORCE))
    assert changeover.shown().number == 1
    add(changeover.store, tmp_path)
    assert changeover.shown().number == 2


def test_the_version_worked_out_is_shown_until_the_next_is(held: Held, tmp_path: Path) -> None:
    changeover = held()
    store, before = changeover.store, changeover.shown()
    crimes = crimes_of(store, changeover)
    add(store, tmp_path)
    assert changeover.shown() == before
    assert crimes_of(store, changeover) == crimes
    changeover.worked_out(store.version())
    assert changeover.shown() == store.version()
    assert changeover.shown().number == 2
    assert crimes_of(store, changeover) == crimes + 1


def crimes_of(store: Store, changeover: Changeover) -> int:
    reader = Reader(store=store, version=changeover.shown(), scope=WHOLE)
    return reader.facts("crimes", datetime(2024, 10, 1).date(), datetime(2024, 11, 1).date()).collect().height


def test_what_viewers_record_is_in_the_version_shown_at_once(held: Held, tmp_path: Path) -> None:
    changeover = held()
    add(changeover.store, tmp_path)
    assert changeover.shown().judged_at is None
    changeover.store.judge("judge", "I1", correct=True, should_be_crime=False, reason="read it")
    assert changeover.shown().number == 1
    assert changeover.shown().judged_at == changeover.store.version().judged_at is not None


@pytest.mark.parametrize(
    ("began", "ended", "number"),
    [
        (LONGEST, LONGEST - 20 * SECOND, 1),
        (LONGEST + SECOND, LONGEST, 2),
        (GRACE / 2 - 20 * SECOND, SECOND, 1),
        (GRACE / 2, SECOND, 2),
    ],
)
def test_it_waits_so_long_and_never_until_its_files_may_go(
    held: Held, tmp_path: Path, began: timedelta, ended: timedelta, number: int
) -> None:
    changeover = held()
    add(changeover.store, tmp_path)
    happened(changeover.store, 2, began=began, ended=ended)
    assert changeover.shown().number == number


def test_the_time_counts_from_the_first_load_after_it(held: Held, tmp_path: Path) -> None:
    changeover = held()
    add(changeover.store, tmp_path)
    add(changeover.store, tmp_path, "NEWER", 21)
    assert changeover.shown().number == 1
    happened(changeover.store, 2, began=LONGEST, ended=LONGEST)
    assert changeover.shown().number == 3


def test_an_erasure_is_shown_at_once(held: Held) -> None:
    changeover = held()
    erase(changeover.store, "A", "the tests", "a request, upheld")
    assert changeover.shown().number == changeover.store.version().number == 2


def test_an_erasure_is_shown_at_once_also_after_a_load_that_could_wait(held: Held, tmp_path: Path) -> None:
    changeover = held()
    add(changeover.store, tmp_path)
    erase(changeover.store, "A", "the tests", "a request, upheld")
    add(changeover.store, tmp_path, "NEWER", 21)
    assert changeover.shown().number == 4


def test_facts_made_again_are_shown_at_once(held: Held) -> None:
    changeover = held()
    rebuild(changeover.store, "the tests")
    assert changeover.shown().number == 2


def test_months_whose_people_are_let_go_are_shown_folded_at_once(held: Held, tmp_path: Path) -> None:
    changeover = held(PrivacySettings(keep_people_months=1))
    assert load(changeover.store, write(tmp_path / "november", {"duties.csv": NOVEMBER}), "somebody").error is None
    assert changeover.shown().number == 2


def test_people_under_pseudonyms_are_shown_so_at_once(held: Held, tmp_path: Path) -> None:
    store = held().store
    changeover = Changeover(replace(store, settings=Settings(privacy=PrivacySettings(pseudonyms=True))))
    changeover.worked_out(store.version())
    add(changeover.store, tmp_path)
    assert changeover.shown().number == 2


def test_a_store_put_back_from_a_backup_is_shown_as_it_is(held: Held, tmp_path: Path) -> None:
    changeover = held()
    changeover.worked_out(replace(changeover.store.version(), number=7))
    assert changeover.shown().number == 1

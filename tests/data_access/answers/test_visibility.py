"""Individuals on the worked example: who may look, what is recorded, and what is never told."""

from datetime import date

import pytest

from data_access.answers.reader import Reader
from data_access.answers.visibility import Where, individuals, reveal
from data_access.database.secret import pseudonym
from data_access.load.ingest import load
from data_access.scope import Scope
from data_access.store import Store
from tests.places import EXAMPLE

OCTOBER = Where(month=date(2024, 10, 1))
SUPERVISOR = Scope(viewer="sergeant", lpas=frozenset({"L1"}), people="officer", teams=frozenset({"NPT / A"}))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    opened = Store.open(f"sqlite:///{tmp_path_factory.mktemp('people')}/npd.sqlite")
    assert not load(opened, EXAMPLE / "extracts", by="tests").error
    return opened


def test_every_look_and_every_reveal_is_recorded_with_person_and_reason(store: Store):
    people = individuals(Reader.open(store, SUPERVISOR), OCTOBER, "NPT / A", "kit check")
    assert "officer_id" not in people.columns
    name = reveal(Reader.open(store, SUPERVISOR), OCTOBER, "NPT / A", people["person"][0], "kit check")
    trail = store.trail()
    assert set(trail["viewer"]) == {"sergeant"}
    viewed = trail.sort("number").filter(trail.sort("number")["what"] == "viewed")["whom"].to_list()
    assert viewed == sorted(pseudonym(store.secret, one) for one in ("O01", "O02", "O06"))
    assert store.trail_of(name)["what"].to_list() == ["revealed", "viewed"]
    assert not any(person in str(trail.rows()) for person in ("O01", "O02", "O06", *people["person"]))


def test_supervisors_see_their_own_people_only(store: Store):
    assert individuals(Reader.open(store, SUPERVISOR), OCTOBER, "NPT / B", "curiosity").is_empty()


def test_without_a_reason_or_the_right_nobody_is_shown(store: Store):
    with pytest.raises(ValueError, match="a reason is needed"):
        individuals(Reader.open(store, SUPERVISOR), OCTOBER, "NPT / A", "  ")
    with pytest.raises(PermissionError, match="not 'officer'"):
        individuals(
            Reader.open(store, Scope(viewer="chief", force=True, people="team")),
            OCTOBER,
            "NPT / A",
            "kit check",
        )

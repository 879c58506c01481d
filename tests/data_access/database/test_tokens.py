"""Tokens on both stores: proven by themselves alone, ended for good, and counted exactly whoever asks beside."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from data_access.database import tokens
from data_access.database.connection import reading
from data_access.store import Store


@pytest.fixture
def made(store: Store) -> str:
    return tokens.make(store.desk, store.secret, "chief", "the tests", by="somebody", days=1)


def test_a_token_is_proven_by_itself_alone_and_not_kept(store: Store, made: str) -> None:
    found = store.token(made)
    assert found is not None
    assert (found.viewer, found.purpose, found.ended(datetime.now(UTC))) == ("chief", "the tests", None)
    prefix, public, own = made.split("_")
    assert len(own) == 64
    for wrong in (f"{prefix}_{public}_{own[::-1]}", f"{prefix}_{public[::-1]}_{own}", own, f"{made}\n", ""):
        assert store.token(wrong) is None
    with reading(store.desk) as connection:
        kept = connection.execute(select(tokens.tokens)).one()
    assert own not in map(str, kept)


def test_it_ends_at_its_moment_or_when_it_is_revoked(store: Store, made: str) -> None:
    found = store.token(made)
    assert found is not None
    assert found.ended(found.expires_at - timedelta(microseconds=1)) is None
    assert found.ended(found.expires_at) == "expired"
    assert tokens.revoke(store.desk, store.secret, found.token_id, by="somebody")
    assert not tokens.revoke(store.desk, store.secret, found.token_id, by="somebody")
    assert [one.ended(datetime.now(UTC)) for one in tokens.every(store.desk)] == ["revoked"]
    assert store.trail()["what"].to_list() == ["revoked token", "made token"]


def test_of_many_requests_at_once_no_more_are_let_through_than_may_be(store: Store, made: str) -> None:
    found = store.token(made)
    assert found is not None
    with ThreadPoolExecutor(4) as together:
        waits = list(together.map(lambda _: store.asked_by_token(found, "/answer", 5), range(12)))
    assert waits.count(None) == 5
    assert all(timedelta(minutes=59) < one <= timedelta(hours=1) for one in waits if one is not None)
    assert store.trail().filter(what="asked by token", whom=found.name).height == 5
    assert store.verify_trail()[0] is None

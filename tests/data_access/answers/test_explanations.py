"""Explanations: within one's own areas, never overwritten, carried into the CSV; an approved one is a step change."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import func, select

from data_access.answers.explanations import approve, due, explain, explained, withdraw
from data_access.answers.reader import Reader
from data_access.database import explanations as desk
from data_access.database.connection import reading
from data_access.database.explanations import Explanation
from data_access.export import benchmark
from data_access.load.ingest import load
from data_access.scope import Scope
from data_access.store import Store
from tests.data_access.small_force import write

OCTOBER = date(2024, 10, 1)
RIGHTS = frozenset({"explain", "approve", "export"})
CHIEF = Scope(viewer="chief", force=True, rights=RIGHTS)
ANALYST = Scope(viewer="analyst", force=True, rights=RIGHTS)
COMMANDER = Scope(viewer="commander", lpas=frozenset({"L1"}), rights=RIGHTS)
SERGEANT = Scope(viewer="sergeant", sectors=frozenset({"S1"}), rights=RIGHTS)


@pytest.fixture
def loaded(force_store: Store) -> Store:
    return force_store


def of(level: str, code: str, **more) -> Explanation:
    given = {"indicator_id": "HRM-01", "month": OCTOBER, "kind": "explained", "sentence": "A car park opened."}
    return Explanation(
        **{**given, "area_level": level, "area_code": code, "owner": "Ch Insp", "review_on": date(2024, 12, 1), **more}
    )


def seen(store: Store, scope: Scope) -> list[str]:
    return explained(Reader.open(store, scope))["area_code"].to_list()


def test_nobody_reads_or_writes_an_explanation_outside_their_areas(loaded: Store) -> None:
    explain(Reader.open(loaded, CHIEF), of("force", "E23000014"))
    for scope, level, code in (
        (COMMANDER, "lpa", "L1"),
        (COMMANDER, "sector", "S2"),
        (SERGEANT, "neighbourhood", "N1"),
    ):
        explain(Reader.open(loaded, scope), of(level, code))
    for scope, level, code in (
        (COMMANDER, "force", "E23000014"), (COMMANDER, "lpa", "L2"), (COMMANDER, "neighbourhood", "N3"),
        (SERGEANT, "lpa", "L1"), (SERGEANT, "sector", "S2"), (CHIEF, "lpa", "L9"),
    ):  # fmt: skip
        with pytest.raises(PermissionError, match="not wholly yours"):
            explain(Reader.open(loaded, scope), of(level, code))
    assert seen(loaded, CHIEF) == ["E23000014", "L1", "S2", "N1"]
    assert seen(loaded, COMMANDER) == ["L1", "S2", "N1"]
    assert seen(loaded, SERGEANT) == ["N1"]
    assert seen(loaded, Scope(viewer="other", lpas=frozenset({"L2"}))) == []


def test_without_the_right_nothing_is_written(loaded: Store) -> None:
    nobody = Scope(viewer="partner", force=True, rights=frozenset())
    with pytest.raises(PermissionError, match="may not explain figures"):
        explain(Reader.open(loaded, nobody), of("lpa", "L1"))
    own = explain(Reader.open(loaded, CHIEF), of("lpa", "L1", kind="recording change"))
    with pytest.raises(PermissionError, match="may not approve recording changes"):
        approve(Reader.open(loaded, nobody), own)
    assert Reader.open(loaded, CHIEF).step_changes().is_empty()


def test_a_later_one_supersedes_and_both_are_kept(loaded: Store) -> None:
    first = explain(Reader.open(loaded, COMMANDER), of("lpa", "L1"))
    explain(Reader.open(loaded, COMMANDER), of("lpa", "L1", sentence="Two car parks opened.", thread=first))
    rows = explained(Reader.open(loaded, CHIEF))
    assert rows.select("sentence", "author", "thread").rows() == [("Two car parks opened.", "commander", first)]
    with reading(loaded.desk) as connection:
        assert connection.execute(select(func.count()).select_from(desk.explanations)).scalar_one() == 2
    with pytest.raises(PermissionError, match="to be superseded is not in your areas"):
        explain(
            Reader.open(loaded, Scope(viewer="o", lpas=frozenset({"L2"}), rights=RIGHTS)), of("lpa", "L2", thread=first)
        )


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"sentence": "  "}, "a sentence of at most"),
        ({"owner": ""}, "needs an owner"),
        ({"kind": "excuse"}, "'excuse'"),
    ],
)
def test_an_incomplete_one_is_refused_in_a_sentence(wrong: dict, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        of("lpa", "L1", **wrong)


def test_a_recording_change_is_a_step_change_from_a_second_persons_approval_until_it_is_withdrawn(
    loaded: Store,
) -> None:
    own = explain(Reader.open(loaded, CHIEF), of("lpa", "L1", kind="recording change"))
    step = [("HRM-01", "lpa", "L1", OCTOBER)]
    assert Reader.open(loaded, CHIEF).step_changes().rows() == []
    with pytest.raises(PermissionError, match="second person"):
        approve(Reader.open(loaded, CHIEF), own)
    before = Reader.open(loaded, ANALYST)
    approve(before, own)
    assert before.step_changes().rows() == []  # an open page goes on as it began
    after = Reader.open(loaded, ANALYST)
    assert after.step_changes().rows() == step
    assert after != before  # every answer is worked out again
    withdraw(Reader.open(loaded, CHIEF), own)
    assert Reader.open(loaded, CHIEF).step_changes().rows() == []


def test_only_a_recording_change_can_be_approved_and_only_in_ones_own_areas(loaded: Store) -> None:
    plain = explain(Reader.open(loaded, CHIEF), of("lpa", "L1"))
    far = explain(Reader.open(loaded, CHIEF), of("lpa", "L2", kind="recording change"))
    for scope, one in ((ANALYST, plain), (COMMANDER, far)):
        with pytest.raises(PermissionError, match="no such recording change in your areas"):
            approve(Reader.open(loaded, scope), one)


def test_a_superseding_one_needs_an_approval_of_its_own(loaded: Store) -> None:
    first = explain(Reader.open(loaded, CHIEF), of("lpa", "L1", kind="recording change"))
    approve(Reader.open(loaded, ANALYST), first)
    explain(Reader.open(loaded, CHIEF), of("lpa", "L1", kind="recording change", month=date(2024, 9, 1), thread=first))
    assert Reader.open(loaded, CHIEF).step_changes().is_empty()


def test_it_is_due_on_its_day_and_in_the_trail(loaded: Store) -> None:
    explain(Reader.open(loaded, CHIEF), of("lpa", "L1"))
    reader = Reader.open(loaded, CHIEF)
    assert due(reader, date(2024, 12, 1) - timedelta(days=1)).is_empty()
    assert due(reader, date(2024, 12, 1))["area_code"].to_list() == ["L1"]
    assert loaded.trail().filter(what="explained").height == 1


def test_what_is_said_of_a_mix_stands_beside_each_of_its_categories(loaded: Store, tmp_path: Path) -> None:
    codes = "closure_code,closure_name,asb_category\nASBP,Personal,personal\nOTH,Other,nuisance\n"
    assert load(loaded, write(tmp_path / "more", {"closure_codes.csv": codes}), by="tests").exit_code == 0
    explain(Reader.open(loaded, CHIEF), of("lpa", "L1", indicator_id="ASB-03"))
    rows = benchmark(Reader.open(loaded, CHIEF), OCTOBER).filter(area_level="lpa", area_code="L1")
    told = rows.filter(pl.col("note").str.contains("car park"))["indicator_id"].to_list()
    assert told == ["ASB-03:nuisance", "ASB-03:personal"]


def test_the_internal_csv_carries_it_and_the_public_one_does_not(loaded: Store) -> None:
    explain(Reader.open(loaded, CHIEF), of("lpa", "L1"))
    figure = {"indicator_id": "HRM-01", "area_level": "lpa", "area_code": "L1"}
    told = benchmark(Reader.open(loaded, CHIEF), OCTOBER).filter(**figure)["note"].to_list()
    assert told == ["explained: A car park opened. (Ch Insp)"]
    public = benchmark(Reader.open(loaded, CHIEF), OCTOBER, public=True)
    assert public.filter(pl.col("note").str.contains("car park")).is_empty()

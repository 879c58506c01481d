"""Repeat locations and callers, closing codes, the dip sample: each counted again by a loop, and who may see it."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import select

from data_access.answers.answer import Question, answer
from data_access.answers.asb import (
    Draw,
    Where,
    codes_used,
    dip_results,
    dip_sample,
    judge,
    may_audit,
    repeat_callers,
    repeat_locations,
    withdraw,
)
from data_access.answers.reader import Reader
from data_access.database.connection import reading
from data_access.database.desk import verdicts
from data_access.load.ingest import load
from data_access.scope import Scope
from data_access.store import Store
from tests.data_access.copies import copied

OCTOBER = date(2024, 10, 1)
CHIEF = Scope(viewer="chief", force=True, people="officer")
COMMANDER = Scope(viewer="commander", lpas=frozenset({"L1"}), people="team")
SERGEANT = Scope(viewer="sergeant", sectors=frozenset({"S1"}), people="officer")
PARTNER = Scope(viewer="partner", force=True, people="none")
WHERE = Where(month=OCTOBER)
DRAW = Draw(month=OCTOBER, seed=7, per_stratum=2)
CALLS = """incident_id,reported_at,closing_codes,neighbourhood_code,caller_ref
C1,2024-10-02T12:00:00Z,ASBN,N001,K1
C2,2024-10-09T12:00:00Z,ASBP,N001,K1
C3,2024-10-30T12:00:00Z,ASBN,N002,K1
C4,2024-10-30T12:00:00Z,ASBN,N002,K2
"""


def incidents(store: Store, since: date, until: date, scope: Scope = CHIEF) -> list[dict]:
    return Reader.open(store, scope).facts("asb", since, until).collect().to_dicts()


def test_repeat_locations_are_those_a_loop_counts(example_store: Store) -> None:
    last = date(2024, 10, 31)
    seen = defaultdict(list)
    for row in incidents(example_store, last - timedelta(days=183), date(2024, 11, 1)):
        if row["location_ref"] is not None:
            seen[row["location_ref"]].append(row)
    often = {place: rows for place, rows in seen.items() if len(rows) >= 3}
    found = repeat_locations(Reader.open(example_store, CHIEF), WHERE)
    assert {row["location_ref"]: row["incidents"] for row in found.to_dicts()} == {
        place: len(rows) for place, rows in often.items()
    }
    for row in found.to_dicts():
        own = often[row["location_ref"]]
        assert row["last"] == max(one["day"] for one in own)
        said = [f"{count} {name}" for name, count in Counter(one["category"] for one in own).items()]
        assert sorted(row["categories"].split(", ")) == sorted(said)
    assert found["incidents"].is_sorted(descending=True)


def test_repeat_locations_of_a_commander_are_their_own(example_store: Store) -> None:
    own = repeat_locations(Reader.open(example_store, COMMANDER), WHERE)
    assert not own.is_empty()
    assert set(own["lpa_code"]) == {"L1"}
    assert repeat_locations(
        Reader.open(example_store, COMMANDER), Where(month=OCTOBER, within=(("lpa", "L2"),))
    ).is_empty()


@pytest.mark.parametrize("scope", [COMMANDER, PARTNER], ids=lambda scope: scope.viewer)
def test_callers_are_individuals(example_store: Store, scope: Scope) -> None:
    with pytest.raises(PermissionError, match="individuals"):
        repeat_callers(Reader.open(example_store, scope), WHERE)


def test_repeat_callers_are_listed_and_the_view_is_recorded_once(example_store: Store, tmp_path: Path) -> None:
    own = copied(example_store, tmp_path)
    (tmp_path / "calls").mkdir()
    (tmp_path / "calls" / "incidents.csv").write_text(CALLS)
    load(own, tmp_path / "calls", by="tests")
    for _ in range(2):
        found = repeat_callers(Reader.open(own, CHIEF), WHERE)
    assert found.select("caller_ref", "incidents", "categories", "last").rows() == [
        ("K1", 3, "2 nuisance, 1 personal", date(2024, 10, 30))
    ]
    assert own.trail().filter(pl.col("whom") == "repeat ASB callers").height == 1


def test_closing_codes_are_those_a_loop_counts(example_store: Store) -> None:
    kinds = dict(Reader.open(example_store, CHIEF).closure_codes().select("closure_code", "asb_category").iter_rows())
    carrying, deciding = Counter(), Counter()
    for row in incidents(example_store, date(2023, 11, 1), date(2024, 11, 1)):
        codes = [code.strip() for code in row["closing_codes"].split(";")]
        carrying.update(set(codes))
        deciding[[code for code in codes if kinds.get(code)][-1]] += 1
    found = codes_used(Reader.open(example_store, CHIEF), WHERE).to_dicts()
    assert {row["closure_code"]: row["incidents"] for row in found} == carrying
    assert {row["closure_code"]: row["deciding"] for row in found if row["deciding"]} == deciding


def test_the_same_seed_draws_the_same_incidents_for_everyone(example_store: Store) -> None:
    chief = dip_sample(Reader.open(example_store, CHIEF), DRAW)
    assert chief.equals(dip_sample(Reader.open(example_store, CHIEF), DRAW))
    commander = dip_sample(Reader.open(example_store, COMMANDER), DRAW)
    assert set(commander["lpa_code"]) == {"L1"}
    of_l1 = chief.filter(pl.col("lpa_code") == "L1")["incident_id"]
    assert commander["incident_id"].to_list() == of_l1.to_list()
    narrowed = dip_sample(Reader.open(example_store, CHIEF), Draw(month=OCTOBER, seed=7, per_stratum=2, lpa="L1"))
    assert narrowed["incident_id"].to_list() == of_l1.to_list()


def test_a_draw_takes_as_many_of_each_stratum_as_asked(example_store: Store) -> None:
    drawn = dip_sample(Reader.open(example_store, CHIEF), DRAW).group_by("lpa_code", "category").len()
    there = Counter((row["lpa_code"], row["category"]) for row in incidents(example_store, OCTOBER, date(2024, 11, 1)))
    assert {row[:2]: row[2] for row in drawn.rows()} == {stratum: min(2, count) for stratum, count in there.items()}


def test_another_seed_draws_others(example_store: Store) -> None:
    draws = [
        tuple(
            dip_sample(Reader.open(example_store, CHIEF), Draw(month=OCTOBER, seed=seed, per_stratum=2))["incident_id"]
        )
        for seed in range(4)
    ]
    assert len(set(draws)) == 4


@pytest.mark.parametrize("scope", [SERGEANT, PARTNER], ids=lambda scope: scope.viewer)
def test_single_incidents_are_for_auditors_of_a_force_or_lpa(example_store: Store, scope: Scope) -> None:
    assert not may_audit(scope)
    with pytest.raises(PermissionError, match="whole LPAs"):
        dip_sample(Reader.open(example_store, scope), DRAW)


def verdict(store: Store, scope: Scope, incident_id: str, correct: bool, crime: bool, reason: str = "read") -> None:
    judge(Reader.open(store, scope), DRAW, incident_id, correct=correct, should_be_crime=crime, reason=reason)


def rates(store: Store) -> list[float | None]:
    asked = Question(indicators=("ASB-06", "ASB-07"), level="lpa", since=OCTOBER, until=OCTOBER)
    rows = answer(Reader.open(store, COMMANDER), asked).filter(pl.col("area_code") == "L1").sort("indicator_id")
    return rows["value"].to_list()


def test_a_verdict_counts_at_once_and_the_newest_of_an_incident_holds(example_store: Store, tmp_path: Path) -> None:
    own = copied(example_store, tmp_path)
    assert set(rates(own)) <= {None}
    version = own.version().number
    first, second, third, *_ = dip_sample(Reader.open(own, COMMANDER), DRAW)["incident_id"]
    verdict(own, COMMANDER, first, True, False)
    assert rates(own) == [100, 0]
    verdict(own, COMMANDER, second, False, True)
    assert rates(own) == [50, 50]
    verdict(own, COMMANDER, second, True, False, "read again")
    assert rates(own) == [100, 0]
    verdict(own, COMMANDER, third, True, True)
    assert rates(own) == [100, pytest.approx(100 / 3)]
    assert own.version().number == version
    judged = dip_sample(Reader.open(own, COMMANDER), DRAW).drop_nulls("audited_on")
    assert set(judged["incident_id"]) == {first, second, third}
    assert own.trail().filter(pl.col("what") == "judged")["viewer"].to_list() == ["commander"] * 4


def test_a_withdrawn_verdict_no_longer_counts_and_is_kept(example_store: Store, tmp_path: Path) -> None:
    own = copied(example_store, tmp_path)
    first, second, *_ = dip_sample(Reader.open(own, COMMANDER), DRAW)["incident_id"]
    with pytest.raises(ValueError, match="nothing to withdraw"):
        withdraw(Reader.open(own, COMMANDER), DRAW, first, "a slip")
    verdict(own, COMMANDER, first, True, False)
    verdict(own, COMMANDER, second, False, True)
    with pytest.raises(ValueError, match="needs a reason"):
        withdraw(Reader.open(own, COMMANDER), DRAW, second, " ")
    assert rates(own) == [50, 50]
    withdraw(Reader.open(own, COMMANDER), DRAW, second, "the wrong log was read")
    assert rates(own) == [100, 0]
    judged = dip_sample(Reader.open(own, COMMANDER), DRAW).drop_nulls("audited_on")
    assert judged["incident_id"].to_list() == [first]
    with pytest.raises(ValueError, match="nothing to withdraw"):
        withdraw(Reader.open(own, COMMANDER), DRAW, second, "again")
    with reading(own.desk) as connection:
        kept = connection.execute(select(verdicts.c.incident_id, verdicts.c.correct)).all()
    assert sorted(kept) == sorted([(first, True), (second, False)])
    assert own.trail().row(0, named=True)["what"] == "withdrew verdict"
    assert own.trail().row(0, named=True)["reason"] == "the wrong log was read"
    verdict(own, COMMANDER, second, False, False, "read again")
    assert rates(own) == [50, 0]


def test_a_verdict_of_the_extract_is_withdrawn_like_one_of_the_suite(example_store: Store, tmp_path: Path) -> None:
    own = copied(example_store, tmp_path)
    incident, *_ = dip_sample(Reader.open(own, COMMANDER), DRAW)["incident_id"]
    extract = tmp_path / "audits"
    extract.mkdir()
    (extract / "asb_audits.csv").write_text(
        f"incident_id,audited_on,correct,should_be_crime,reason,auditor\n{incident},2024-11-02,true,false,read,A1\n"
    )
    assert not load(own, extract, by="tests").error
    assert rates(own) == [100, 0]
    withdraw(Reader.open(own, COMMANDER), DRAW, incident, "of another incident")
    assert set(rates(own)) <= {None}


def test_results_stand_between_wilsons_limits(example_store: Store, tmp_path: Path) -> None:
    own = copied(example_store, tmp_path)
    assert dip_results(Reader.open(own, COMMANDER), WHERE, "lpa").is_empty()
    first, second, *_ = dip_sample(Reader.open(own, COMMANDER), DRAW)["incident_id"]
    verdict(own, COMMANDER, first, True, False)
    verdict(own, COMMANDER, second, True, False)
    row = dip_results(Reader.open(own, COMMANDER), WHERE, "lpa").row(0, named=True)
    assert (row["area_code"], row["audited"], row["correct"], row["crime"]) == ("L1", 2, 100, 0)
    # Wilson for 2 of 2: n / (n + z²), by hand 2 / (2 + 3.841458820694124); and its mirror for 0 of 2.
    assert row["correct_lower"] == pytest.approx(100 * 2 / 5.841458820694124)
    assert row["correct_upper"] == pytest.approx(100)
    assert row["crime_lower"] == pytest.approx(0)
    assert row["crime_upper"] == pytest.approx(100 * 3.841458820694124 / 5.841458820694124)


def test_only_drawn_incidents_of_the_own_area_are_judged(example_store: Store, tmp_path: Path) -> None:
    own = copied(example_store, tmp_path)
    drawn = dip_sample(Reader.open(own, CHIEF), DRAW)
    elsewhere = drawn.filter(pl.col("lpa_code") == "L2")["incident_id"][0]
    left_out = next(
        row["incident_id"]
        for row in incidents(own, OCTOBER, date(2024, 11, 1))
        if row["incident_id"] not in drawn["incident_id"]
    )
    for scope, incident_id in ((COMMANDER, elsewhere), (CHIEF, left_out)):
        with pytest.raises(PermissionError, match="not in your sample"):
            verdict(own, scope, incident_id, True, False)
        with pytest.raises(PermissionError, match="not in your sample"):
            withdraw(Reader.open(own, scope), DRAW, incident_id, "a slip")
    with pytest.raises(ValueError, match="needs a reason"):
        verdict(own, CHIEF, elsewhere, True, False, reason="  ")
    assert own.version().judged_at is None

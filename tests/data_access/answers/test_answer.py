"""Who gets which figures: a scope never sees rows of another area, comparators are totals, no two scopes share."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from data_access.answers.answer import Question, answer, benchmark_rows
from data_access.answers.reader import Reader
from data_access.load.ingest import load
from data_access.scope import Scope
from data_access.store import Store
from metrics import INDICATORS, indicator
from metrics.levels import AREA_LEVELS
from metrics.officers import TOO_FEW, made_of_officers_time
from metrics.sources import SOURCES
from tests.data_access.copies import copied
from tests.data_access.small_force import FORCE, write

OCTOBER = date(2024, 10, 1)
CHIEF = Scope(viewer="chief", force=True, people="officer")
COMMANDER = Scope(viewer="commander", lpas=frozenset({"L1"}), people="officer")
SERGEANT = Scope(viewer="sergeant", sectors=frozenset({"S1"}), people="officer")
PARTNER = Scope(viewer="partner", force=True, people="none")
IDS = tuple(one.id for one in INDICATORS)
NAMES = ("officer_id", "team", "officer_ids")
KEY = ["indicator_id", "category", "area_level", "area_code", "month"]
FIGURES = [*KEY, "numerator", "denominator", "value"]


def asked(*ids: str, level: str = "force", **more) -> Question:
    return Question(indicators=ids or IDS, level=level, since=OCTOBER, until=OCTOBER, **more)


def areas_in(store: Store, scope: Scope, level: str) -> set[str]:
    return set(Reader.open(store, scope).members().filter(pl.col("level") == level)["code"])


def same_figures(one: pl.DataFrame, other: pl.DataFrame) -> None:
    """Compare to the last digit: a sum does not depend on who asks."""
    left, right = (rows.select(FIGURES).sort(KEY) for rows in (one, other))
    assert_frame_equal(left, right, check_exact=True)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(("scope", "column", "code"), [(COMMANDER, "lpa_code", "L1"), (SERGEANT, "sector_code", "S1")])
def test_a_scope_reads_the_rows_of_its_areas_and_no_other(
    example_store: Store, source: str, scope: Scope, column: str, code: str
) -> None:
    everything = Reader.open(example_store, CHIEF).facts(source, date(2024, 1, 1), date(2025, 1, 1)).collect()
    own = Reader.open(example_store, scope).facts(source, date(2024, 1, 1), date(2025, 1, 1)).collect()
    inside = everything.filter(pl.col(column) == code) if column in everything.columns else everything.clear()
    rows = [sorted(map(repr, frame.drop(NAMES, strict=False).rows())) for frame in (own, inside)]
    assert rows[0] == rows[1]


def test_visitors_are_counted_where_they_are_seen_and_not_named(example_store: Store) -> None:
    seen = Reader.open(example_store, COMMANDER).facts("visibility_place", OCTOBER, date(2024, 11, 1)).collect()
    visitors = seen.filter(pl.col("home_lpa_code") != "L1")
    assert not visitors.is_empty()
    assert visitors.drop_nulls("officer_id").is_empty()
    assert visitors.drop_nulls("team").is_empty()
    assert seen.filter(pl.col("home_lpa_code") == "L1")["officer_id"].null_count() == 0


@pytest.mark.parametrize("level", ["sector", "neighbourhood", "hotspot", "impact_area"])
@pytest.mark.parametrize("scope", [COMMANDER, SERGEANT], ids=lambda scope: scope.viewer)
def test_below_lpa_a_scope_gets_its_own_areas_with_the_chiefs_figures(
    example_store: Store, scope: Scope, level: str
) -> None:
    own = answer(Reader.open(example_store, scope), asked(level=level))
    assert set(own["area_code"]) <= areas_in(example_store, scope, level)
    chief = answer(Reader.open(example_store, CHIEF), asked(level=level))
    theirs = chief.filter(pl.col("area_code").is_in(areas_in(example_store, scope, level)))
    assert own.is_empty() == (scope is SERGEANT and level in ("hotspot", "impact_area"))  # those belong to LPAs
    same_figures(own, theirs)


@pytest.mark.parametrize("asked_by", [{"by": ("in_impact_areas",)}, {"where": (("in_hotspots", True),)}])
def test_a_sergeants_part_of_an_lpa_is_not_told_as_the_lpas(example_store: Store, asked_by: dict) -> None:
    question = asked("HRM-01", level="lpa", **asked_by)
    with pytest.raises(PermissionError, match="wholly yours"):
        answer(Reader.open(example_store, SERGEANT), question)
    commanders = answer(Reader.open(example_store, COMMANDER), question)
    assert set(commanders["area_code"]) == COMMANDER.lpas


def test_where_nothing_happened_the_commander_reads_the_chiefs_nought(store: Store, tmp_path: Path) -> None:
    load(store, write(tmp_path / "in", FORCE), "somebody")
    quiet = Scope(viewer="commander", lpas=frozenset({"L2"}), people="officer")
    question = asked("ASB-01", "HRM-01", level="sector")
    theirs = answer(Reader.open(store, CHIEF), question).filter(pl.col("area_code") == "S3")
    assert theirs["value"].to_list() == [0, 0]
    same_figures(answer(Reader.open(store, quiet), question), theirs)


def test_a_commander_may_compare_with_the_totals_of_the_force_and_the_other_lpas(example_store: Store) -> None:
    """The same figures as the chief's, but for officers' time of fewer than five, which no comparison gives away."""
    for level in ("force", "lpa"):
        own, theirs = (
            answer(Reader.open(example_store, scope), asked(level=level)).sort(KEY) for scope in (COMMANDER, CHIEF)
        )
        few = own["note"] == TOO_FEW
        hidden = own.filter(few.fill_null(False))
        assert all(made_of_officers_time(indicator(one)) for one in hidden["indicator_id"])
        assert hidden["value"].is_null().all()
        told = ~few.fill_null(False)
        same_figures(own.filter(told & ~_beside(own)), theirs.filter(told & ~_beside(own)))
        month = [*KEY, "numerator", "denominator", "value"]
        assert_frame_equal(own.filter(told).select(month), theirs.filter(told).select(month), check_exact=True)


def _beside(rows: pl.DataFrame) -> pl.Series:
    """Mark the figures whose neighbours in time may be withheld too: those of officers' time."""
    return pl.Series([made_of_officers_time(indicator(one)) for one in rows["indicator_id"]], dtype=pl.Boolean)


@pytest.mark.parametrize("column", ["location_ref", "caller_ref", "incident_id", "neighbourhood_code", "closing_codes"])
def test_a_comparator_is_broken_down_by_nothing_that_names(example_store: Store, column: str) -> None:
    with pytest.raises(PermissionError, match="only totals"):
        answer(Reader.open(example_store, COMMANDER), asked("ASB-01", by=(column,)))


def test_a_comparator_may_be_broken_down_by_hour(example_store: Store) -> None:
    question = asked("ASB-01", by=("hour",))
    own, chief = (answer(Reader.open(example_store, scope), question).sort("hour") for scope in (COMMANDER, CHIEF))
    assert own.equals(chief)
    assert own["value"].sum() > 0


def test_nothing_within_another_lpa_is_told(example_store: Store) -> None:
    for level in ("sector", "neighbourhood"):
        assert answer(Reader.open(example_store, COMMANDER), asked(level=level, within=(("lpa", "L2"),))).is_empty()


@pytest.mark.parametrize("level", ["department", "team", "officer"])
def test_people_are_for_those_who_may_see_them(example_store: Store, level: str) -> None:
    assert not answer(Reader.open(example_store, CHIEF), asked("ABS-01", level=level)).is_empty()
    with pytest.raises(PermissionError, match="as finely as 'none'"):
        answer(Reader.open(example_store, PARTNER), asked("ABS-01", level=level))


def test_scopes_that_ask_in_turn_never_share_an_answer(example_store: Store) -> None:
    question = asked("ASB-01", level="neighbourhood")
    scopes = [CHIEF, COMMANDER, Scope(viewer="commander", lpas=frozenset({"L2"}), people="officer")]
    first = [set(answer(Reader.open(example_store, scope), question)["area_code"]) for scope in scopes]
    again = [set(answer(Reader.open(example_store, scope), question)["area_code"]) for scope in reversed(scopes)]
    assert first == again[::-1]
    assert first[1] | first[2] <= first[0]
    assert first[1].isdisjoint(first[2])
    assert first[1] and first[2]


def test_the_same_question_is_answered_from_the_cache(example_store: Store) -> None:
    question = asked("HRM-01", level="lpa", by=("offence_group",))
    assert answer(Reader.open(example_store, CHIEF), question).equals(
        answer(Reader.open(example_store, CHIEF), question)
    )


def test_a_weight_set_has_answers_of_its_own(example_store: Store) -> None:
    harm = {
        name: answer(Reader.open(example_store, CHIEF), asked("HRM-02", weight_set=name))["value"][0]
        for name in ("acceptance", "not loaded")
    }
    assert harm["acceptance"] > harm["not loaded"] == 0


def test_a_new_load_makes_new_answers(example_store: Store, tmp_path: Path) -> None:
    own = copied(example_store, tmp_path)
    before = answer(Reader.open(own, CHIEF), asked("ASB-01"))["value"][0]
    folder = tmp_path / "later"
    folder.mkdir()
    (folder / "incidents.csv").write_text(
        "incident_id,reported_at,closing_codes,neighbourhood_code\nNEW1,2024-10-05T12:00:00Z,ASBN,N001\n"
    )
    load(own, folder, by="tests")
    assert answer(Reader.open(own, CHIEF), asked("ASB-01"))["value"][0] == before + 1


def test_neighbourhoods_and_the_unplaced_add_to_the_force(example_store: Store) -> None:
    placed = answer(Reader.open(example_store, CHIEF), asked("ASB-01", level="neighbourhood"))["value"].sum()
    places = answer(Reader.open(example_store, CHIEF), asked("ASB-01", by=("neighbourhood_code",)))
    unplaced = places.filter(pl.col("neighbourhood_code").is_null())["value"].sum()
    assert placed + unplaced == answer(Reader.open(example_store, CHIEF), asked("ASB-01"))["value"][0]
    assert unplaced > 0


def test_an_unknown_indicator_is_named_with_those_there_are(example_store: Store) -> None:
    with pytest.raises(ValueError, match=r"'ASB-99': choose one of ABS-01, .*ASB-01"):
        answer(Reader.open(example_store, CHIEF), asked("ASB-99"))


def test_the_public_edition_needs_the_whole_force(example_store: Store) -> None:
    with pytest.raises(PermissionError, match="whole force"):
        benchmark_rows(Reader.open(example_store, COMMANDER), asked(), AREA_LEVELS, public=True)

"""A reader goes on reading its own data version, whatever is loaded, rebuilt or judged meanwhile."""

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from sqlalchemy import text

from data_access.answers import answer as answers
from data_access.answers import reader as readers
from data_access.answers.answer import Question, answer
from data_access.answers.reader import ON_READ_SOURCES, Reader
from data_access.database.connection import writing
from data_access.export import benchmark
from data_access.facts import references
from data_access.load.ingest import load, rebuild
from data_access.scope import GRAINS, PERSONAL, Scope
from data_access.store import Store
from metrics import INDICATORS
from metrics.sources import SOURCES
from tests.data_access.small_force import ALL_TIME, FORCE, WHOLE, write
from tests.places import ROOT

OCTOBER = date(2024, 10, 1)
SURVEY = "survey,question,area_code,period_start,period_end,asked,yes\n"
# A second load that changes everything a reader can ask for: facts, names, postings, weights, targets, measures.
SECOND = {
    "crimes.csv": (
        "crime_id,recorded_on,offence_code,lon,lat\nC1,2024-10-05,45,-1.92,52.45\nC3,2024-10-07,45,-1.94,52.45\n"
    ),
    "officers.csv": "officer_id,role,display_name\nA,officer,Alice\nB,officer,Bob\n",
    "postings.csv": (
        "officer_id,department,team,lpa_code,sector_code,neighbourhood_code,start_date,end_date\n"
        "A,NPT,Renamed,L2,S3,,2024-01-01,\n"
    ),
    "neighbourhoods.geojson": FORCE["neighbourhoods.geojson"].replace("Ward N1", "Ward renamed"),
    "weights.csv": "weight_set,offence_code,weight,source\nours,45,100,the tests\n",
    "targets.csv": "indicator_id,area_code,value,owner,start_date,end_date\nABS-01,L1,9,Chief of L1,2024-01-01,\n",
    "closure_codes.csv": "closure_code,closure_name,asb_category\nASBP,Renamed,nuisance\nOTH,Other,\n",
    "measures.csv": "indicator_id,area_code,month,numerator,denominator\nSAT-01,L1,2024-10,1,4\n",
    "asb_audits.csv": "incident_id,audited_on,correct,should_be_crime\nI1,2024-10-20,false,true\n",
    "surveys.csv": SURVEY + "A,CON-01,L1,2024-10-01,2024-10-31,9,1\n",
    "population.csv": "area_code,ethnic_group,residents,valid_from\nN1,White,800,2021-03-21\n",
    "incidents.csv": (
        "incident_id,reported_at,closing_codes,lon,lat,location_ref\nI4,2024-10-04T10:00:00Z,ASBP,-1.94,52.45,P1\n"
    ),
}
FIRST = {
    **FORCE,
    "weights.csv": "weight_set,offence_code,weight,source\nours,45,5,an older edition\n",
    "targets.csv": "indicator_id,area_code,value,owner,start_date,end_date\nABS-01,L1,8,Chief of L1,2024-01-01,\n",
    "measures.csv": "indicator_id,area_code,month,numerator,denominator\nSAT-01,L1,2024-10,3,4\n",
    "asb_audits.csv": "incident_id,audited_on,correct,should_be_crime\nI1,2024-10-20,true,false\n",
    "surveys.csv": SURVEY + "A,CON-01,L1,2024-10-01,2024-10-31,9,6\n",
    "population.csv": "area_code,ethnic_group,residents,valid_from\nN1,White,700,2021-03-21\n",
}


@pytest.fixture
def loaded(holding: Callable[..., Store]) -> Store:
    return holding(FIRST)


def seen(reader: Reader) -> dict[str, list]:
    """Everything that a reader can be asked for, as plain rows."""
    facts = {source: reader.facts(source, *ALL_TIME, weight_set="ours").collect() for source in SOURCES}
    areas = {
        "boundaries": reader.boundaries(OCTOBER),
        "hotspots": reader.hotspots(OCTOBER),
        "lineage": reader.lineage(),
    }
    names = {"members": reader.members(), "targets": reader.targets(), "codes": reader.closure_codes()}
    ledger = {"loads": reader.loads(), "fresh": reader.freshness(), "aside": reader.rejected_by_rule()}
    frames = {**facts, **areas, **names, **ledger, "sets": reader.weight_sources(), "steps": reader.step_changes()}
    rows = {name: sorted(map(str, frame.rows())) for name, frame in frames.items()}
    return {**rows, "months": [reader.months_of(source) for source in SOURCES], "name": [reader.display_name("A")]}


def test_between_two_reads_of_a_page_a_load_changes_nothing(loaded: Store, tmp_path: Path) -> None:
    reader = Reader.open(loaded, WHOLE)
    before = seen(reader)
    asked = Question(indicators=("HRM-01", "ASB-01"), level="neighbourhood", since=OCTOBER, until=OCTOBER)
    first_half = answer(reader, asked)
    load(loaded, write(tmp_path / "second", SECOND), by="tests")
    assert seen(reader) == before
    other_half = answer(reader, Question(indicators=("HRM-02",), level="neighbourhood", since=OCTOBER, until=OCTOBER))
    assert other_half["area_name"].to_list() == first_half["area_name"].unique(maintain_order=True).to_list()
    after = seen(Reader.open(loaded, WHOLE))
    changed = {name for name in before if after[name] != before[name]}
    assert {"crimes", "asb", "members", "targets", "codes", "sets", "loads", "name"} <= changed
    assert {"measures", "audits", "surveys", "population"} <= changed


def test_an_export_is_of_the_load_that_it_is_stamped_with(loaded: Store, tmp_path: Path) -> None:
    whole = Reader.open(loaded, Scope.whole_force("tests"))
    expected = benchmark(whole, OCTOBER)
    reader = Reader.open(loaded, Scope.whole_force("tests"))
    load(loaded, write(tmp_path / "second", SECOND), by="tests")
    found = benchmark(reader, OCTOBER)
    assert found.equals(expected)
    assert set(found["data_version"]) == {1}
    assert set(benchmark(Reader.open(loaded, Scope.whole_force("tests")), OCTOBER)["data_version"]) == {2}


def test_a_page_that_was_not_answered_before_the_load_is_answered_as_before_it(loaded: Store, tmp_path: Path) -> None:
    reader = Reader.open(loaded, WHOLE)
    load(loaded, write(tmp_path / "second", SECOND), by="tests")
    crimes = answer(reader, Question(indicators=("HRM-01",), level="force", since=OCTOBER, until=OCTOBER))
    assert crimes["value"].to_list() == [2]
    newest = answer(
        Reader.open(loaded, WHOLE), Question(indicators=("HRM-01",), level="force", since=OCTOBER, until=OCTOBER)
    )
    assert newest["value"].to_list() == [3]


def test_rows_are_the_same_whether_they_are_few_enough_to_be_kept_or_read_each_time(
    loaded: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for scope in (WHOLE, Scope(viewer="v", lpas=frozenset({"L1"}), people="none")):
        reader = Reader.open(loaded, scope)
        kept = {source: reader.facts(source, *ALL_TIME).collect() for source in SOURCES}
        with monkeypatch.context() as patched:
            patched.setattr(readers, "FEW_ROWS", -1)
            for source, rows in kept.items():
                assert_frame_equal(reader.facts(source, *ALL_TIME).collect(), rows, check_row_order=False)
    assert readers._few.cache_info().currsize > 0


def test_of_files_that_tell_of_people_nothing_is_kept(loaded: Store) -> None:
    reader, before = Reader.open(loaded, WHOLE), readers._few.cache_info().misses
    for source in ("duty", "asb", "special_hours", "taskings", "plan_actions"):
        assert readers.NAMING & set(reader.facts(source, *ALL_TIME).collect().columns), source
    assert reader.facts("duty", *ALL_TIME).collect().height > 0
    assert readers._few.cache_info().misses == before


def test_a_rebuild_changes_no_reader_that_is_open(loaded: Store) -> None:
    reader = Reader.open(loaded, WHOLE)
    before = seen(reader)
    rebuild(loaded, "tests")
    assert seen(reader) == before


def test_a_verdict_recorded_later_counts_for_later_readers_only(loaded: Store) -> None:
    reader = Reader.open(loaded, WHOLE)
    asked = Question(indicators=("ASB-06",), level="force", since=OCTOBER, until=OCTOBER)
    loaded.judge("v", "I3", correct=False, should_be_crime=True, reason="it was an assault")
    assert answer(reader, asked)["denominator"].to_list() == [1]
    assert answer(Reader.open(loaded, WHOLE), asked)["denominator"].to_list() == [2]


def test_a_store_that_an_older_suite_made_is_completed_when_it_is_opened(loaded: Store) -> None:
    before = seen(Reader.open(loaded, WHOLE))
    with writing(loaded.engine) as connection:
        connection.execute(text("DELETE FROM published WHERE dataset LIKE 'feed-%'"))
        connection.execute(text("UPDATE published SET came = NULL"))
    loaded.close()
    opened = Store.open(loaded.engine.url.render_as_string(hide_password=False), loaded.facts_dir)
    assert seen(Reader.open(opened, WHOLE)) == before
    opened.close()


def test_every_feed_that_is_read_as_it_is_is_published_whole(loaded: Store) -> None:
    empty = [feed for feed in references.REFERENCES if Reader.open(loaded, WHOLE).feed(feed).is_empty()]
    assert sorted(empty) == ["hotspots", "premises", "problems", "sectors"]
    assert {"measures", "problems"} <= set(ON_READ_SOURCES) & set(references.REFERENCES)


def calls(layer: str) -> Iterator[tuple[str, ast.Call]]:
    """Every call in a layer's files, with the file's path."""
    for path in sorted((ROOT / layer).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield path.relative_to(ROOT).as_posix(), node


def test_scopes_beyond_a_viewers_own_are_made_in_these_places_only() -> None:
    named = {"whole_force", "one_lpa", "comparator", "headcount"}
    uses = Counter(
        (path, call.func.attr)
        for layer in ("data_access", "pages", "serving")
        for path, call in calls(layer)
        if isinstance(call.func, ast.Attribute) and call.func.attr in named and path != "data_access/scope.py"
    )
    assert dict(uses) == {
        ("data_access/answers/answer.py", "comparator"): 2,  # the names of all areas, and how they lie in one another
        ("data_access/answers/answer.py", "whole_force"): 1,  # the public export names nobody, whoever makes it
        ("data_access/answers/counting.py", "comparator"): 1,  # totals beyond the viewer's areas
        ("data_access/answers/counting.py", "headcount"): 1,  # how large a group is
        # Which figures are of fewer than five officers is the same for every viewer, so it is counted over the whole
        # force: else two of them could subtract.
        ("data_access/answers/few_officers.py", "headcount"): 1,
        ("data_access/answers/few_officers.py", "whole_force"): 1,
        ("data_access/answers/reader.py", "whole_force"): 1,
        ("data_access/answers/visibility.py", "headcount"): 1,
        ("data_access/case_reviews.py", "whole_force"): 1,  # a command: the yearly publication is of the whole force
        ("data_access/erase.py", "whole_force"): 1,  # a command: which figures an erasure changes
        ("data_access/export.py", "whole_force"): 1,
        ("data_access/facts/on_read.py", "whole_force"): 1,
        ("pages/briefing/command.py", "one_lpa"): 1,
        ("pages/briefing/command.py", "whole_force"): 1,
        ("serving/metrics.py", "whole_force"): 1,  # which feeds are late is of nobody and of no area
    }


def test_no_scope_is_made_by_hand_outside_its_own_file() -> None:
    made = [
        path
        for layer in ("data_access", "pages", "serving")
        for path, call in calls(layer)
        if isinstance(call.func, ast.Name) and call.func.id == "Scope"
    ]
    assert set(made) <= {"data_access/scope.py"}


def test_a_cached_answer_knows_no_viewer() -> None:
    """Viewers with equal rights share cached answers, so none may depend on who asks."""
    for path in [*(ROOT / "data_access").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and any(
                name in ast.unparse(one) for one in node.decorator_list for name in ("lru_cache", "worked_out_once")
            ):
                read = {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)}
                assert read.isdisjoint({"viewer", "groups"}), f"{path}: {node.name} is cached and reads who asks"


@pytest.mark.parametrize("people", GRAINS)
@pytest.mark.parametrize("teams", [frozenset(), frozenset({"NPT / A"})], ids=["all teams", "one team"])
@pytest.mark.parametrize("asked", [True, False])
def test_the_scope_that_viewers_share_is_never_wider_than_theirs(people: str, teams: frozenset, asked: bool) -> None:
    own = Scope(viewer="v", lpas=frozenset({"L1"}), sectors=frozenset({"S3"}), people=people, teams=teams)
    shared = own.of_areas(teams=asked)
    assert (shared.force, shared.lpas, shared.sectors) == (own.force, own.lpas, own.sectors)
    assert shared.people == ("team" if asked and people in ("team", "officer") and not teams else "none")
    assert shared.rights == own.rights & {"read_text"}


def test_no_indicator_counts_by_what_only_some_viewers_may_see() -> None:
    """So figures of areas do not depend on what their viewer may see of people, and viewers share them."""
    for one in INDICATORS:
        parts = [part for part in (one.numerator, one.denominator, one.sample) if part is not None]
        read = {one.split, *(name for part in parts for name in part.rows.meta.root_names())}
        assert read.isdisjoint(PERSONAL), one.id


def test_viewers_of_the_same_areas_share_their_answers(loaded: Store) -> None:
    asked = Question(indicators=("HRM-01", "VIS-01"), level="lpa", since=OCTOBER, until=OCTOBER)
    viewers = [Scope(viewer=people, force=True, people=people) for people in ("team", "officer")]
    first = answer(Reader.open(loaded, viewers[0]), asked)
    counted = answers._tidy.cache_info().misses
    assert answer(Reader.open(loaded, viewers[1]), asked).equals(first)
    assert answers._tidy.cache_info().misses == counted


def test_the_scope_of_a_headcount_keeps_every_other_field() -> None:
    narrow = Scope(viewer="v", lpas=frozenset({"L1"}), people="team", teams=frozenset({"NPT / A"}), rights=frozenset())
    counting = narrow.headcount()
    assert (counting.people, counting.teams) == ("officer", frozenset())
    assert (counting.viewer, counting.lpas, counting.rights) == ("v", narrow.lpas, narrow.rights)
    frame = pl.LazyFrame({"lpa_code": ["L1", "L2"], "officer_id": ["A", "B"]})
    assert counting.restrict(frame).collect()["lpa_code"].to_list() == ["L1"]

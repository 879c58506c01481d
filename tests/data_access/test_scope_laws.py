"""What a scope lets through: for every source, every kind of scope."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.answers.reader import Reader
from data_access.scope import GRAINS, PERSONAL, Scope
from data_access.settings import ViewerSettings
from metrics.sources import SOURCES
from tests.data_access.small_force import ALL_TIME, WHOLE
from tests.laws import examples

LPAS, SECTORS = ("L1", "L2"), ("S1", "S2", "S3", "S4")
DAYS = st.dates(date(2024, 9, 1), date(2024, 11, 30))
GRAIN = st.sampled_from(GRAINS)
scopes = st.one_of(
    st.fixed_dictionaries({"lpas": st.frozensets(st.sampled_from(LPAS), min_size=1), "people": GRAIN}),
    st.fixed_dictionaries({"sectors": st.frozensets(st.sampled_from(SECTORS), min_size=1), "people": GRAIN}),
    st.fixed_dictionaries({"force": st.just(True), "people": GRAIN}),
)


@pytest.fixture(scope="module")
def whole(example_store):
    return {source: Reader.open(example_store, WHOLE).facts(source, *ALL_TIME).collect() for source in SOURCES}


def test_the_example_has_rows_to_hide(whole):
    given = (
        *("duty", "visibility_home", "visibility_place", "presence", "fix_quality", "asb", "incidents", "crimes"),
        *("residents", "taskings", "hotspot_months", "hotspot_time", "extents"),
    )
    for source in given:
        assert len(whole[source]), source


@pytest.mark.parametrize("source", SOURCES)
@examples(15)
@given(given_scope=scopes, since=DAYS, length=st.integers(0, 60))
def test_a_read_gives_the_rows_of_its_areas_and_days_and_no_others(
    example_store, whole, source, given_scope, since, length
):
    scope, until = Scope(viewer="v", **given_scope), since + timedelta(days=length)
    seen = Reader.open(example_store, scope).facts(source, since, until).collect()
    expected = whole[source].filter(pl.col("day") >= since, pl.col("day") < until)
    for column, codes in (("lpa_code", scope.lpas), ("sector_code", scope.sectors)):
        if codes:
            known = column in expected.columns
            expected = expected.filter(pl.col(column).is_in(sorted(codes))) if known else expected.clear()
    hidden = [name for name, grain in PERSONAL.items() if not scope.names(grain)]
    unnamed = [*hidden, *(PERSONAL if source == "visibility_place" else ())]
    named = [name for name, dtype in expected.schema.items() if name not in unnamed and not dtype.is_nested()]
    assert seen.columns == list(SOURCES[source])
    assert seen.select(named).sort(named).equals(expected.select(named).sort(named))
    assert all(seen[name].null_count() == len(seen) for name in hidden if name in seen.columns)


def test_a_visitor_is_seen_and_not_named(example_store):
    own = Scope(viewer="v", lpas=frozenset({"L1"}), people="officer")
    seen = Reader.open(example_store, own).facts("visibility_place", *ALL_TIME).collect()
    at_home = pl.col("home_lpa_code") == "L1"
    assert seen.filter(~at_home.fill_null(False))["officer_id"].drop_nulls().to_list() == []
    assert seen.filter(at_home)["officer_id"].null_count() == 0
    assert len(seen.filter(~at_home)) > 0


@pytest.mark.parametrize("source", SOURCES)
def test_the_parts_of_the_force_add_up_to_what_is_placed(example_store, whole, source):
    if "lpa_code" not in whole[source].columns:
        pytest.fail(f"{source} has no lpa_code: no scope narrower than the force could read it")
    parts = sum(
        len(Reader.open(example_store, Scope(viewer="v", lpas=frozenset({lpa}))).facts(source, *ALL_TIME).collect())
        for lpa in LPAS
    )
    assert parts == whole[source]["lpa_code"].is_not_null().sum()


def test_members_are_those_of_the_scope(example_store):
    def named(level, **scope):
        rows = Reader.open(example_store, Scope(viewer="v", **scope)).members()
        return set(rows.filter(pl.col("level") == level)["code"])

    assert named("lpa", force=True) == set(LPAS)
    assert named("sector", lpas=frozenset({"L2"})) == {"S3", "S4"}
    assert named("neighbourhood", sectors=frozenset({"S1"})) == {"N001", "N002"}
    assert named("officer", force=True, people="team") == set()
    assert named("team", force=True, people="department") == set()
    assert named("team", sectors=frozenset({"S1"}), people="team") == {"NPT / A"}
    assert "O07" not in named("officer", sectors=frozenset({"S1"}), people="officer")
    assert named("hotspot", lpas=frozenset({"L2"})) == {"T2"}
    assert named("impact_area", lpas=frozenset({"L2"})) == set()


def test_boundaries_are_those_of_the_scope(example_store):
    seen = Reader.open(example_store, Scope(viewer="v", sectors=frozenset({"S1"}))).boundaries()
    assert set(seen["neighbourhood_code"]) == {"N001", "N002"}


def test_only_named_teams_are_named(example_store, whole):
    own = Scope(viewer="v", force=True, people="officer", teams=frozenset({"NPT / A"}))
    seen = Reader.open(example_store, own).facts("duty", *ALL_TIME).collect()
    assert set(seen["team"].drop_nulls()) == {"A"}
    assert seen["seconds"].sum() == whole["duty"]["seconds"].sum()
    assert set(seen.filter(pl.col("officer_id").is_not_null())["team"]) == {"A"}


@pytest.mark.parametrize("nothing", [{}, {"lpas": frozenset()}, {"people": "officer"}])
def test_a_scope_without_areas_is_an_error(nothing):
    with pytest.raises(ValueError, match="no area"):
        Scope(viewer="v", **nothing)


def test_a_level_finer_than_the_scope_is_refused():
    with pytest.raises(PermissionError, match="'team'"):
        Scope(viewer="v", force=True, people="team").require("officer")


def test_an_unknown_source_is_refused(example_store):
    with pytest.raises(KeyError, match="unknown source"):
        Reader.open(example_store, WHOLE).facts("duties", *ALL_TIME)


def test_viewers_of_the_settings_default_to_seeing_nobody():
    assert ViewerSettings(id="v", name="V", force=True).people == "none"

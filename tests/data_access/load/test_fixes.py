"""Radio fixes into the store: by day in any order, corrected or late, the facts are those of the whole."""

import random
from collections import Counter
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from data_access.database.connection import insert_frame, read_frame
from data_access.database.schema import metadata
from data_access.feeds.columns import ALWAYS
from data_access.feeds.tables import FEED_TABLES
from data_access.load.coming import Coming, put
from data_access.load.fix_files import Stage, lay_down
from data_access.settings import PrivacySettings
from data_access.store import Store
from metrics import stays as engine
from metrics.fixes import DROPS
from metrics.parameters import Parameters
from tests.laws import examples
from tests.metrics.stays.force import GROUND, SPOTS, WORLD, _frame, at, duties_frame, fixes_frame

OFFICERS = {"A1": True, "B2": True, "C3": False}  # and whether in uniform
MIDNIGHTS = [at(f"2024-10-{day} 23:00") for day in (24, 25, 26)] + [at("2024-10-28 00:00")]
POSITIONS = [SPOTS[name] for name in ("in N1", "in N2", "in N4, in the hole", "in the police station", "outside")]
KEYS = {
    "visibility": ("officer_id", "day", "hour", "place_kind", "neighbourhood_code"),
    "presence": ("neighbourhood_code", "day", "hour"),
}
RADIO_TABLES = ("visibility", "presence", "hotspot_stays", "fix_quality", "fix_edges")


def provenance(rows):
    return rows.with_columns(file_id=pl.lit(1, pl.Int64), line=pl.lit(1, pl.Int64))


def areas(places, code, **attributes):
    rows = _frame(places, code).with_columns(pl.col("valid_from").fill_null(ALWAYS))
    return provenance(rows.with_columns(**{name: pl.lit(value) for name, value in attributes.items()}))


def furnish(connection):
    """Put the map and the people of the small force in a store."""
    lpa = {"neighbourhood_name": "N", "lpa_code": "L", "lpa_name": "L"}
    insert_frame(
        connection,
        FEED_TABLES["neighbourhoods"],
        areas(WORLD.neighbourhoods, "neighbourhood_code", **lpa).drop("kind"),
    )
    insert_frame(connection, FEED_TABLES["premises"], areas(WORLD.premises, "premises_id", name="P"))
    hotspots = areas(WORLD.hotspots, "hotspot_id", name="H", lpa_code="L", kind="asb")
    insert_frame(connection, FEED_TABLES["hotspots"], hotspots)
    people = pl.DataFrame({"officer_id": list(OFFICERS), "uniformed": list(OFFICERS.values())})
    insert_frame(connection, FEED_TABLES["officers"], provenance(people.with_columns(role=pl.lit("officer"))))
    code = {"activity_code": ["PAT"], "activity_name": ["Patrol"], "category": ["patrol"], "family": ["core"]}
    codes = pl.DataFrame({**code, "valid_from": [date(2000, 1, 1)]})
    insert_frame(connection, FEED_TABLES["activity_codes"], provenance(codes))


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    opened = Store.open(f"sqlite:///{tmp_path_factory.mktemp('store') / 'npd.sqlite'}")
    with opened.engine.connect() as connection, connection.begin():
        furnish(connection)
    yield opened
    opened.engine.dispose()


@contextmanager
def undone(store):
    """A connection whose work is undone in the end."""
    with store.engine.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()


def put_duties(connection, duties):
    rows = duties_frame(duties).collect().rename({"start": "starts_at", "end": "ends_at"})
    rows = rows.with_columns(shift_id=pl.lit("S"), activity_code=pl.lit("PAT"))
    insert_frame(connection, FEED_TABLES["duties"], provenance(rows))


def load(connection, fixes, *, keep_edge_days=14, keep_fixes_days=0, holds=1000, piece_fixes=1000, max_gap=600):
    privacy = PrivacySettings(keep_edge_days=keep_edge_days, keep_fixes_days=keep_fixes_days)
    with TemporaryDirectory() as folder:
        stage = Stage(folder=Path(folder), holds=holds)
        for start in range(0, len(fixes), 7):
            lay_down(stage, fixes_frame(fixes[start : start + 7]).collect())
        parameters = Parameters(max_gap=max_gap)
        return put(connection, Coming(stage=stage), parameters, privacy, piece_fixes=piece_fixes)


def read(connection, name):
    return read_frame(connection, select(metadata.tables[name]))


def day_of(fix):
    """The local day, in plain Python."""
    _, second, *_ = fix
    return datetime.fromtimestamp(second, ZoneInfo("Europe/London")).date()


def by_day(fixes):
    days = {}
    for fix in fixes:
        days.setdefault(day_of(fix), []).append(fix)
    return days


def whole(fixes, duties, max_gap=600):
    uniformed = ["nobody", *(officer for officer, uniform in OFFICERS.items() if uniform)]
    return engine.stays(fixes_frame(fixes), duties_frame(duties), GROUND, uniformed=uniformed, max_gap_seconds=max_gap)


def sums(rows, *keys):
    tally = Counter()
    for row in rows.iter_rows(named=True):
        tally[tuple(row[key] or "" if key == "neighbourhood_code" else row[key] for key in keys)] += row["seconds"]
    return +tally


def seconds_inside(rows, start, end):
    tally = Counter()
    for row in rows.iter_rows(named=True):
        for second in range(int(row[start].timestamp()), int(row[end].timestamp())):
            tally[row["officer_id"], row["hotspot_id"], second] += 1
    return tally


def counts(rows):
    names = ("officer_id", "day", "fixes", *DROPS, "median_gap_seconds")
    return sorted(rows.filter(pl.col("fixes") > 0).select(names).rows(), key=str)


def assert_whole(connection, fixes, duties, max_gap=600):
    """The store holds what the engine gives for all fixes at once; drops are those of each day by itself."""
    truth = whole(fixes, duties, max_gap)
    seen = truth.visibility.collect().rename({"place_neighbourhood_code": "neighbourhood_code"})
    assert sums(read(connection, "visibility"), *KEYS["visibility"]) == sums(seen, *KEYS["visibility"])
    presence = truth.presence.collect()
    assert sums(read(connection, "presence"), *KEYS["presence"]) == sums(presence, *KEYS["presence"])
    inside = seconds_inside(read(connection, "hotspot_stays"), "starts_at", "ends_at")
    assert inside == seconds_inside(truth.hotspot_stays.collect(), "start", "end")
    alone = [whole(part, duties, max_gap).fix_quality.collect() for part in by_day(fixes).values()]
    expected = [row for rows in alone for row in counts(rows)]
    assert counts(read(connection, "fix_quality")) == sorted(expected, key=str)


step = st.tuples(st.sampled_from((0, 1, 60, 300, 599, 600, 601, 1800)), st.integers(0, len(POSITIONS) - 1))
NEAR = (-5430, -5370, -4000, -3630, -3601, -3600, -1200, -630, -301, -30, 0, 30, 3000, 3570, 3600, 4000)
walk = st.tuples(st.sampled_from(MIDNIGHTS), st.sampled_from(NEAR), st.lists(step, max_size=8))
duty = st.tuples(st.sampled_from(MIDNIGHTS), st.integers(-9000, 600), st.integers(3600, 18_000))


@st.composite
def force(draw):
    fixes, duties = [], {}
    for officer in ("A1", "B2", "C3", "nobody"):
        for midnight, offset, steps in draw(st.lists(walk, max_size=3)):
            second = midnight + offset
            for wait, position in steps:
                second += wait
                fixes.append((officer, second, *POSITIONS[position]))
        for midnight, offset, length in draw(st.lists(duty, max_size=3)):
            duties[officer, midnight + offset] = (officer, midnight + offset, midnight + offset + length)
    return fixes, list(duties.values())


@settings(examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(force(), st.randoms(use_true_random=False), st.sampled_from((1, 20, 1000)))
def test_days_loaded_in_any_order_give_the_facts_of_the_whole(store, drawn, chance: random.Random, piece_fixes):
    fixes, duties = drawn
    days = list(by_day(fixes).values())
    chance.shuffle(days)
    with undone(store) as connection:
        put_duties(connection, duties)
        while days:
            together = [days.pop() for _ in range(min(len(days), chance.randint(1, 3)))]
            rows = [fix for day in together for fix in day]
            chance.shuffle(rows)
            load(connection, rows, piece_fixes=piece_fixes, holds=chance.choice((1, 1000)))
        assert_whole(connection, fixes, duties)


@settings(examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(force(), st.randoms(use_true_random=False))
def test_a_corrected_day_replaces_its_facts_whole(store, drawn, chance: random.Random):
    fixes, duties = drawn
    wrong = [(officer, second, *chance.choice(POSITIONS)) for officer, second, *_ in fixes if chance.random() < 0.7]
    with undone(store) as connection:
        put_duties(connection, duties)
        days = by_day(fixes)
        load(connection, [fix for fix in wrong if day_of(fix) in days])
        for rows in days.values():
            load(connection, rows)
        assert_whole(connection, fixes, duties)


NIGHT = at("2024-10-08 23:00")  # local midnight
BUILDING, STREET = SPOTS["in the police station"], SPOTS["in N1"]


def in_building(connection):
    rows = read(connection, "visibility").filter(pl.col("place_kind") == "police_building")
    return {(row["day"].day, row["hour"]): row["seconds"] for row in rows.iter_rows(named=True)}


def test_the_day_after_corrects_the_last_hour_of_the_day_before(store):
    """A lone fix in the street before midnight is smoothed away once its neighbour after midnight is known."""
    before = [("A1", NIGHT - 400, *BUILDING), ("A1", NIGHT - 100, *STREET)]
    after = [("A1", NIGHT + 200, *BUILDING)]
    with undone(store) as connection:
        put_duties(connection, [("A1", NIGHT - 7200, NIGHT + 7200)])
        load(connection, before)
        assert in_building(connection) == {(8, 23): 300}
        load(connection, after)
        assert in_building(connection) == {(8, 23): 400, (9, 0): 800}


def test_a_fix_before_eleven_holds_into_the_seam_when_the_day_after_comes_later(store):
    with undone(store) as connection:
        put_duties(connection, [("A1", NIGHT - 7200, NIGHT + 7200)])
        load(connection, [("A1", NIGHT - 3700, *BUILDING)])
        load(connection, [("A1", NIGHT + 3700, *STREET)])
        assert in_building(connection) == {(8, 22): 100, (8, 23): 500}


def test_the_ranges_given_back_hold_every_day_that_may_differ(store):
    with undone(store) as connection:
        fixes = [("A1", NIGHT + 43_200, *STREET), ("A1", NIGHT + 3 * 86_400 + 60, *STREET)]
        assert load(connection, fixes) == [
            (date(2024, 10, 8), date(2024, 10, 10)),
            (date(2024, 10, 11), date(2024, 10, 13)),
        ]


def test_loading_nothing_changes_nothing(store):
    with undone(store) as connection:
        assert load(connection, []) == []


def test_an_officer_without_duty_is_off_duty(store):
    with undone(store) as connection:
        put_duties(connection, [("A1", NIGHT, NIGHT + 600)])
        load(connection, [("B2", NIGHT + 60, *STREET)])
        assert read(connection, "visibility").is_empty()
        rows = read(connection, "fix_quality").select("officer_id", "fixes", "off_duty").rows()
        assert rows == [("B2", 1, 1)]


def test_an_officer_on_duty_of_whom_the_officers_feed_says_nothing_counts_as_uniformed(store):
    with undone(store) as connection:
        put_duties(connection, [("nobody", NIGHT, NIGHT + 600), ("C3", NIGHT, NIGHT + 600)])
        load(connection, [("nobody", NIGHT + 60, *STREET), ("C3", NIGHT, *STREET)])
        seconds = read(connection, "visibility").select("officer_id", "seconds").sort("officer_id").rows()
        assert seconds == [("C3", 600), ("nobody", 540)]
        assert read(connection, "presence")["seconds"].to_list() == [540]


def kept_hours(connection):
    return [(row.day, row.hour) for row in read(connection, "fix_edges")["at"].dt.convert_time_zone("Europe/London")]


EVERY_HOUR = [("A1", NIGHT + hour * 3600 + 60, *STREET) for hour in range(72)]


@pytest.mark.parametrize(
    ("days", "kept"),
    [
        ({"keep_edge_days": 0}, []),
        ({"keep_edge_days": 1}, [(11, 0), (11, 1), (11, 23)]),
        ({"keep_edge_days": 2}, [(10, 0), (10, 1), (10, 23), (11, 0), (11, 1), (11, 23)]),
        ({"keep_edge_days": 0, "keep_fixes_days": 1}, [(11, hour) for hour in range(24)]),
        (
            {"keep_edge_days": 2, "keep_fixes_days": 1},
            [(10, 0), (10, 1), (10, 23)] + [(11, h) for h in range(24)],
        ),
    ],
)
def test_raw_fixes_are_let_go_but_for_those_that_a_setting_keeps(store, days, kept):
    with undone(store) as connection:
        load(connection, EVERY_HOUR, **days)
        assert kept_hours(connection) == kept


def test_a_later_load_lets_go_of_what_an_earlier_one_kept(store):
    with undone(store) as connection:
        load(connection, EVERY_HOUR[:24], keep_fixes_days=1)
        assert len(kept_hours(connection)) == 24
        load(connection, EVERY_HOUR[24:], keep_edge_days=3)
        assert kept_hours(connection)[:3] == [(9, 0), (9, 1), (9, 23)]


def test_a_day_a_month_back_is_corrected_to_the_second_with_the_settings_as_they_come(store):
    nights = [("A1", NIGHT + day * 86_400 + second, *BUILDING) for day in range(32) for second in (-300, 200)]
    duties = [("A1", NIGHT - 7200, NIGHT + 33 * 86_400)]
    kept = PrivacySettings().keep_edge_days
    corrected = [fix for fix in nights if day_of(fix) == date(2024, 10, 10)]
    with undone(store) as connection:
        put_duties(connection, duties)
        load(connection, [(*fix[:2], *STREET) if fix in corrected else fix for fix in nights], keep_edge_days=kept)
        load(connection, corrected, keep_edge_days=kept)
        assert_whole(connection, nights, duties)


def test_a_day_whose_fixes_are_let_go_keeps_its_hours_when_its_neighbour_is_corrected(store):
    late = [("A1", NIGHT - 60, *BUILDING)]
    with undone(store) as connection:
        put_duties(connection, [("A1", NIGHT - 7200, NIGHT + 7200)])
        load(connection, [*late, ("A1", NIGHT + 90 * 86_400, *STREET)])
        assert in_building(connection) == {(8, 23): 60, (9, 0): 540}
        load(connection, [("A1", NIGHT + 300, *STREET)])
        assert in_building(connection)[8, 23] == 60


@pytest.mark.parametrize("max_gap", [60, 600, 3000])
def test_the_seam_grows_with_the_greatest_gap(store, max_gap):
    """A fix every 35 minutes round the clock, places in turn: days loaded backwards give the whole."""
    fixes = [("A1", NIGHT + turn * 2100, *POSITIONS[turn % 5]) for turn in range(120)]
    duties = [("A1", NIGHT - 3600, NIGHT + 4 * 86_400)]
    with undone(store) as connection:
        put_duties(connection, duties)
        for rows in reversed(by_day(fixes).values()):
            load(connection, rows, max_gap=max_gap)
        assert_whole(connection, fixes, duties, max_gap)


def test_both_stores_hold_the_same(store, postgres_url, tmp_path):
    fixes = [("A1" if turn % 2 else "B2", NIGHT + turn * 400, *POSITIONS[turn % 5]) for turn in range(500)]
    duties = [(officer, NIGHT - 3600, NIGHT + 4 * 86_400) for officer in OFFICERS]
    server = Store.open(postgres_url, tmp_path)
    with undone(server) as other:
        furnish(other)
        with undone(store) as connection:
            for one in (connection, other):
                put_duties(one, duties)
                for rows in by_day(fixes).values():
                    load(one, rows)
            for name in RADIO_TABLES:
                rows = read(connection, name)
                assert len(rows) > 0
                assert rows.sort(rows.columns).equals(read(other, name).sort(rows.columns)), name
    server.engine.dispose()

"""Months whose people's time is over: nobody apart in them any more, and every figure of areas and teams as before."""

import shutil
from dataclasses import replace
from datetime import date, datetime, timedelta

import polars as pl
import pytest
from sqlalchemy import func, select

from data_access.answers.answer import Question, answer
from data_access.answers.visibility import Where, individuals
from data_access.database.connection import reading
from data_access.database.schema import metadata
from data_access.export import benchmark
from data_access.load.ingest import load, rebuild
from data_access.scope import Scope
from data_access.settings import PrivacySettings, Settings
from data_access.store import Store
from metrics import ids_of, indicators_of
from metrics.folding import FOLDED
from tests.data_access.small_force import FORCE, collection, facts, feature, reader, set_aside, square, write

MONTHS = [date(2024, month, 1) for month in (8, 9, 10)]
FIGURES = ("indicator_id", "area_level", "area_code", "numerator", "denominator", "value", "note", "coverage_percent")
NOBODY = Scope(viewer="nobody", force=True, people="none")
TEAMS = {"One": ("L1", "S1", "N1", 6), "Two": ("L2", "S3", "N3", 3), "Three": ("L1", "S2", "N2", 5)}
PEOPLE = [(f"{team}-{n}", team, n) for team, (*_, size) in TEAMS.items() for n in range(size)]
WEST = {"One": -1.94, "Two": -1.90, "Three": -1.92}
DAYS = [month + timedelta(days=day) for month in MONTHS for day in (0, 1, 14, 29)]


def duty_rows():
    for person, _, n in PEOPLE:
        for day in DAYS:
            code = "BACK" if (n + day.day) % 3 == 0 else "PAT"
            ends = f"{day + timedelta(days=1)}T01" if n % 2 else f"{day}T14"  # some go on after midnight
            yield f"{person},{person}{day},{day}T{16 if n % 2 else 8:02}:00:00Z,{ends}:00:00Z,{code}"


def fix_rows():
    for person, team, n in PEOPLE:
        for day in DAYS:
            for minute in range(0, 180 + 10 * n, 10):
                hour = (17 if n % 2 else 9) + minute // 60
                lon = WEST[team] + (0.02 if n == 1 and day.day > 5 else 0)
                yield f"{person},{day}T{hour:02}:{minute % 60:02}:00Z,{lon},52.45"


LINE = "\n"
FILES = {
    **FORCE,
    "officers.csv": "officer_id,role\n" + "".join(f"{one},officer\n" for one, *_ in PEOPLE),
    "postings.csv": "officer_id,department,team,lpa_code,sector_code,neighbourhood_code,start_date,end_date\n"
    + "".join(f"{one},NPT,{team},{','.join(TEAMS[team][:3])},2024-01-01,\n" for one, team, _ in PEOPLE),
    "duties.csv": "officer_id,shift_id,starts_at,ends_at,activity_code\n" + LINE.join(duty_rows()) + "\n",
    "fixes.csv": "officer_id,at,lon,lat\n" + LINE.join(fix_rows()) + "\n",
    "special_hours.csv": "month,officer_id,duties,hours\n"
    + "".join(f"{month:%Y-%m},{one},2,{10 + 2 * n}\n" for month in MONTHS for one, _, n in PEOPLE),
    "incidents.csv": "incident_id,reported_at,closing_codes,lon,lat,location_ref,caller_ref\n"
    + "".join(f"I{day},{day}T10:00:00Z,ASBP,-1.94,52.45,P1,Charlie\n" for day in DAYS),
    "hotspots.geojson": collection(
        feature(square(-1.95, 52.44), hotspot_id="H1", name="Corner", kind="asb", lpa_code="L1")
    ),
    "taskings.csv": "tasking_id,hotspot_id,window_start,window_end,officer_id\n"
    + "".join(f"T{day},H1,{day}T09:00:00Z,{day}T11:00:00Z,One-0\n" for day in DAYS),
    "patrols.csv": "patrol_id,tasking_id,hotspot_id,officer_id,checked_in_at,checked_out_at\n"
    + "".join(f"P{day},T{day},H1,One-0,{day}T09:10:00Z,{day}T10:00:00Z\n" for day in DAYS),
}


def keeping(store: Store, months: int) -> Store:
    return replace(store, settings=replace(store.settings, privacy=PrivacySettings(keep_people_months=months)))


def benchmarks(store: Store, scope: Scope) -> pl.DataFrame:
    eyes = reader(store, scope)
    each = [benchmark(eyes, month).drop("data_version") for month in MONTHS]
    return pl.concat(each)


def of_groups(store: Store) -> pl.DataFrame:
    eyes = reader(store)
    found = []
    for level in ("department", "team"):
        ids = tuple(one.id for one in indicators_of() if level in one.levels)
        asked = Question(indicators=ids, level=level, since=MONTHS[0], until=MONTHS[-1])
        found.append(answer(eyes, asked).select("month", *FIGURES))
    return pl.concat(found).sort("month", *FIGURES[:3])


def broken_down(store: Store, *by: str) -> pl.DataFrame:
    eyes, found = reader(store, NOBODY), []
    for level in ("force", "lpa"):
        asked = Question(indicators=ids_of(page="abstractions"), level=level, since=MONTHS[0], until=MONTHS[-1], by=by)
        found.append(answer(eyes, asked).select(*FIGURES[:3], *by, *FIGURES[3:6]))
    return pl.concat(found).sort(pl.all())


@pytest.fixture
def folding(holding):
    """A store of each kind whose months but the newest are folded."""
    return holding(FILES, Settings(privacy=PrivacySettings(keep_people_months=1)))


@pytest.fixture(scope="module")
def apart(tmp_path_factory):
    """The same force with everybody told apart for good."""
    folder = tmp_path_factory.mktemp("apart")
    opened = keeping(Store.open(f"sqlite:///{folder / 'npd.sqlite'}"), 0)
    assert load(opened, write(folder / "in", FILES), "somebody").exit_code == 0
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def half_folded(tmp_path_factory):
    """The same force with its oldest month folded."""
    folder = tmp_path_factory.mktemp("folded")
    opened = keeping(Store.open(f"sqlite:///{folder / 'npd.sqlite'}"), 2)
    assert load(opened, write(folder / "in", FILES), "somebody").exit_code == 0
    yield opened
    opened.close()


def test_an_hour_of_a_folded_month_is_unknown_and_not_nothing(half_folded):
    week = (("weekday", MONTHS[0].isoweekday()), ("hour", 9))
    for indicator in ("ABS-01", "VIS-01"):
        asked = Question(indicators=(indicator,), level="force", since=MONTHS[0], until=MONTHS[-1], where=week)
        told = answer(reader(half_folded), asked)
        assert (
            dict(zip(told["month"], told["denominator" if indicator == "ABS-01" else "value"], strict=True)).get(
                MONTHS[0]
            )
            is None
        )
        assert told.filter(month=MONTHS[2])["numerator"].sum() is not None


def same(left: pl.DataFrame, right: pl.DataFrame) -> None:
    from polars.testing import assert_frame_equal

    assert_frame_equal(left, right, abs_tol=1e-9, rel_tol=0)


def test_every_figure_of_areas_and_teams_stays(folding, apart):
    assert set_aside(folding).is_empty()
    for scope in (Scope(viewer="analyst", force=True, people="officer"), NOBODY):
        same(benchmarks(folding, scope), benchmarks(apart, scope))
    assert benchmarks(apart, NOBODY).filter(pl.col("note").str.starts_with("withheld: fewer")).height > 10
    same(of_groups(folding), of_groups(apart))
    shutil.rmtree(folding.facts_dir)
    rebuild(folding, "somebody")
    same(benchmarks(folding, NOBODY), benchmarks(apart, NOBODY))
    same(of_groups(folding), of_groups(apart))


def test_nobody_is_told_apart_in_a_folded_month(folding):
    for source in ("duty", "visibility_home", "fix_quality", "special_hours"):
        rows = facts(folding, source)
        old, new = rows.filter(pl.col("day") < MONTHS[2]), rows.filter(pl.col("day") >= MONTHS[2])
        assert not old.is_empty() and old["officer_id"].count() == 0, source
        assert new["officer_id"].null_count() == 0 and not new.is_empty(), source
        assert set(old["day"]) == set(MONTHS[:2]), source
    assert facts(folding, "asb").filter(pl.col("day") < MONTHS[2])["caller_ref"].count() == 0
    tables = metadata.tables
    first = {
        name: tables[name].c[column]
        for name, column in (
            ("visibility", "day"), ("presence", "day"), ("fix_quality", "day"), ("special_hours", "month"),
            ("duties", "ends_at"), ("taskings", "window_start"), ("patrols", "checked_in_at"),
            ("hotspot_stays", "starts_at"), ("fix_edges", "at"),
        )
    }  # fmt: skip
    with reading(folding.engine) as connection:
        for name, column in first.items():
            found = connection.execute(select(func.min(column))).scalar_one()
            day = found.date() if isinstance(found, datetime) else found
            assert day is None or day >= MONTHS[2] - timedelta(days=7), name
    assert individuals(reader(folding), Where(month=MONTHS[1]), "NPT / One", "a test").is_empty()
    assert individuals(reader(folding), Where(month=MONTHS[2]), "NPT / One", "a test").height == 6


@pytest.mark.parametrize("by", [("category",), ("weekday", "hour"), ("weekday",)])
def test_a_breakdown_over_folded_months_tells_of_no_fewer_than_five(half_folded, apart, by):
    whole, folded = broken_down(apart, *by), broken_down(half_folded, *by)
    known = folded.filter(pl.all_horizontal(pl.col(by).is_not_null()))
    if by == ("category",):
        both = folded.join(whole, on=[*FIGURES[:3], *by], suffix="_whole").drop_nulls("numerator")
        assert both.filter(pl.col("numerator") != pl.col("numerator_whole")).is_empty()
        assert both.filter(pl.col("numerator_whole").is_null()).is_empty()  # shown now, withheld before: a leak
        assert both["numerator"].sum() > 0
    else:
        unknown = folded.filter(pl.all_horizontal(pl.col(by).is_null()))
        assert not unknown.is_empty() and not known.is_empty()  # the hours of the folded month, and of the others


def test_weeks_and_days_of_a_folded_month_are_not_told(half_folded):
    for grain in ("1w", "1d"):
        asked = Question(indicators=("ABS-04", "VIS-01", "VIS-03"), level="force", since=MONTHS[0], until=MONTHS[2])
        rows = answer(reader(half_folded), replace(asked, grain=grain)).drop_nulls("value").filter(pl.col("value") > 0)
        assert not rows.is_empty()
        assert rows["month"].min() >= MONTHS[1] - timedelta(days=6)


def test_a_row_of_a_folded_month_is_set_aside_and_later_rows_are_not(folding, tmp_path):
    before = benchmarks(folding, NOBODY)
    late = {
        "duties.csv": "officer_id,shift_id,starts_at,ends_at,activity_code\n"
        "One-0,X,2024-09-30T08:00:00Z,2024-09-30T16:00:00Z,PAT\nOne-0,Y,2024-10-20T08:00:00Z,2024-10-20T16:00:00Z,PAT\n",
        "special_hours.csv": "month,officer_id,duties,hours\n2024-08,One-0,9,99\n",
        "taskings.csv": "tasking_id,hotspot_id,window_start,window_end,officer_id\n"
        "X,H1,2024-09-01T09:00:00Z,2024-09-01T11:00:00Z,One-0\n",
        "patrols.csv": "patrol_id,tasking_id,hotspot_id,officer_id,checked_in_at,checked_out_at\n"
        "X,X,H1,One-0,2024-08-01T09:10:00Z,2024-08-01T10:00:00Z\n",
        "fixes.csv": "officer_id,at,lon,lat\nOne-0,2024-09-15T09:05:00Z,-1.94,52.45\n",
        "officers.csv": FILES["officers.csv"] + "New,pcso\n",
        "postings.csv": FILES["postings.csv"].replace("One-0,NPT,One", "One-0,NPT,Two"),
    }
    report = load(folding, write(tmp_path / "late", late), "somebody")
    assert report.error is None
    aside = set_aside(folding).select("feed", "line", "rule").sort("feed").rows()
    feeds = ("duties", "fixes", "patrols", "special_hours", "taskings")
    assert aside == [(name, 2, "month_is_folded") for name in feeds]
    old = pl.col("month").is_in(["2024-08", "2024-09"])
    same(benchmarks(folding, NOBODY).filter(old).drop("year_to_date"), before.filter(old).drop("year_to_date"))
    october = Question(indicators=("ABS-04",), level="force", since=MONTHS[2], until=MONTHS[2])
    assert answer(reader(folding), october)["denominator"].is_null().all()


def test_a_slip_in_a_date_folds_nothing(store, tmp_path):
    slip = FILES["duties.csv"] + "One-0,slip,2099-10-20T08:00:00Z,2099-10-20T16:00:00Z,PAT\n"
    plenty = keeping(store, 12 * (date.today().year - 2023))
    load(plenty, write(tmp_path / "in", {**FORCE, **{k: FILES[k] for k in ("officers.csv", "postings.csv")}}), "x")
    assert load(plenty, write(tmp_path / "slip", {"duties.csv": slip}), "x").exit_code == 0
    assert facts(plenty, "duty")["officer_id"].null_count() == 0


def test_what_is_folded_names_no_person_apart():
    """Every published dataset whose rows name an officer is folded, or has nobody's key in its columns."""
    from data_access.facts.datasets import DATASETS
    from data_access.facts.inputs import published_schema

    for name, schema in ((one.name, published_schema(one.name)) for one in DATASETS):
        assert "officer_id" not in schema or name in FOLDED

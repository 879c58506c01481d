"""Nobody who may not see teams gets a figure of fewer than five officers' time, however they ask."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from sqlalchemy import select

from data_access.answers import few_officers
from data_access.answers import patrol as patrol_answers
from data_access.answers.answer import Question, answer
from data_access.answers.patrol import PatrolQuestion
from data_access.answers.patrol_time import PatrolTimeQuestion, patrol_weeks
from data_access.answers.reader import Reader
from data_access.answers.visibility import Where, patch
from data_access.database.connection import reading
from data_access.database.schema import metadata
from data_access.load.ingest import load
from data_access.scope import Scope
from data_access.settings import CostSettings
from data_access.store import Store
from metrics import ids_of, indicator
from metrics.levels import AREA_LEVELS, level_code
from metrics.officers import TOO_FEW, made_of_officers_time
from tests.data_access.small_force import FORCE, WHOLE, facts, write

NOBODY = Scope.whole_force("partner")
TEAMS = Scope(viewer="chief", force=True, people="team")
SINCE, UNTIL = date(2024, 8, 1), date(2024, 10, 1)
ASKED = [
    {},
    {"by": ("weekday", "hour")},
    {"by": ("hour",)},
    {"by": ("category",)},
    {"grain": "1w"},
    {"grain": "1d"},
]


def lost(store: Store, level: str, by: tuple[str, ...], grain: str) -> dict[tuple, set[str]]:
    """Name by cell, from the facts themselves, the neighbourhood officers whose hours were lost to demand and aid."""
    rows = facts(store, "duty", WHOLE).filter(
        pl.col("department") == "NPT",
        pl.col("family").is_in(["demand", "aid"]),
        pl.col("seconds") > 0,
        pl.col("day").is_between(SINCE, UNTIL, closed="left") | (pl.col("day").dt.truncate("1mo") == UNTIL),
    )
    when = pl.lit(None) if by else pl.col("day").dt.truncate(grain)
    coded = rows.with_columns(
        area=level_code(level, rows.columns, store.settings.force.code), when=when, weekday=pl.col("day").dt.weekday()
    ).filter(pl.col("area").is_not_null())
    found: dict[tuple, set[str]] = {}
    for row in coded.select("area", "when", *by, "officer_id").unique().iter_rows():
        found.setdefault(row[:-1], set()).add(row[-1])
    return found


@pytest.mark.parametrize("level", AREA_LEVELS)
@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_no_cell_of_fewer_than_five_is_shown(example_store: Store, level: str, asked: dict) -> None:
    by, grain = asked.get("by", ()), asked.get("grain", "1mo")
    question = Question(indicators=("ABS-04",), level=level, since=SINCE, until=UNTIL, **asked)
    rows = answer(Reader.open(example_store, NOBODY), question)
    officers = lost(example_store, level, by, grain)
    assert officers
    few = 0
    for row in rows.to_dicts():
        key = (row["area_code"], None if by else row["month"], *(row[name] for name in by))
        if 0 < len(officers.get(key, ())) < 5:
            few += 1
            assert (row["value"], row["numerator"], row["note"]) == (None, None, TOO_FEW), key
    assert few or level == "force"


def test_whoever_sees_teams_sees_the_figure(example_store: Store) -> None:
    question = Question(indicators=("ABS-01", "VIS-02"), level="neighbourhood", since=UNTIL, until=UNTIL)
    rows = answer(Reader.open(example_store, TEAMS), question)
    assert rows["value"].is_not_null().any()
    assert TOO_FEW not in rows["note"].to_list()


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_two_viewers_see_the_same_holes(example_store: Store, asked: dict) -> None:
    """Else what one is shown and the other is not could be subtracted."""
    own = Scope(viewer="commander", lpas=frozenset({"L1"}), people="none")
    questions = [
        (NOBODY, Question(indicators=("ABS-04", "ABS-02"), level="sector", since=SINCE, until=UNTIL, **asked)),
        (NOBODY, Question(indicators=("ABS-04", "ABS-02"), level="sector", since=SINCE, until=UNTIL,
                          within=(("lpa", "L1"),), **asked)),
        (own, Question(indicators=("ABS-04", "ABS-02"), level="sector", since=SINCE, until=UNTIL, **asked)),
    ]  # fmt: skip
    keys = ["indicator_id", "area_code", *(["month"] if "by" not in asked else []), *asked.get("by", ())]
    sectors = {"S1", "S2"}
    holes = []
    for scope, question in questions:
        rows = answer(Reader.open(example_store, scope), question)
        hidden = rows.filter(pl.col("note") == TOO_FEW, pl.col("area_code").is_in(sectors))
        holes.append(set(hidden.select(keys).iter_rows()))
    assert holes[0] == holes[1] == holes[2] != set()


@pytest.mark.parametrize("page", ["abstractions", "visibility"])
def test_months_looked_at_by_themselves_withhold_what_they_do_together(example_store: Store, page: str) -> None:
    everybody = few_officers.counting(Reader.open(example_store, NOBODY))
    ids = tuple(one for one in ids_of(page=page) if made_of_officers_time(indicator(one)))
    asked = Question(indicators=ids, level="officer", since=date.min, until=date.max)
    together = few_officers._found(everybody, asked, AREA_LEVELS)
    apart = few_officers._too_few(everybody, asked, AREA_LEVELS)
    assert together["month"].n_unique() > 1
    assert sorted(apart.rows()) == sorted(together.rows())


def test_a_load_has_only_its_own_months_looked_at_again(holding: Callable[..., Store], tmp_path: Path) -> None:
    heads, october = FORCE["duties.csv"].split("\n", 1)
    september = "A,A0,2024-09-02T08:00:00+01:00,2024-09-02T16:00:00+01:00,PAT"
    store = holding({**FORCE, "duties.csv": f"{heads}\n{september}\n{october}"})
    asked = Question(indicators=("ABS-01",), level="lpa", since=SINCE, until=UNTIL)
    looked_at = few_officers._of_month.cache_info().misses
    before = answer(Reader.open(store, NOBODY), asked)
    assert few_officers._of_month.cache_info().misses == looked_at + 2
    later = {"duties.csv": f"{heads}\nA,A9,2024-10-03T08:00:00+01:00,2024-10-03T16:00:00+01:00,PAT\n"}
    assert not load(store, write(tmp_path / "later", later), by="the tests").error
    after = answer(Reader.open(store, NOBODY), asked)
    assert few_officers._of_month.cache_info().misses == looked_at + 3
    assert before.filter(month=date(2024, 9, 1)).equals(after.filter(month=date(2024, 9, 1)))


def test_coverage_of_few_officers_stands_beside_nothing(example_store: Store) -> None:
    asked = Question(indicators=("VIS-01", "VIS-02", "VIS-04"), level="neighbourhood", since=UNTIL, until=UNTIL)
    rows = answer(Reader.open(example_store, NOBODY), asked)
    hidden = set(rows.filter(pl.col("indicator_id") == "VIS-04", pl.col("note") == TOO_FEW)["area_code"])
    assert hidden
    beside = rows.filter(pl.col("area_code").is_in(hidden))
    assert beside["coverage_percent"].is_null().all()
    assert not beside["note"].drop_nulls().str.contains("coverage").any()


def officers_by_week(store: Store, level: str) -> dict[tuple[str, date], int]:
    """Count by area and week, from the facts themselves, the officers in uniform who were visible there."""
    rows = facts(store, "visibility_place", WHOLE).filter(
        pl.col("uniformed"), pl.col("place_kind") == "visible", pl.col("seconds") > 0
    )
    placed = rows.with_columns(
        area=level_code(level, rows.columns, store.settings.force.code), week=pl.col("day").dt.truncate("1w")
    )
    counted = placed.group_by("area", "week").agg(pl.col("officer_id").n_unique())
    return {(area, week): officers for area, week, officers in counted.iter_rows() if area}


@pytest.mark.parametrize("level", AREA_LEVELS)
def test_weeks_of_fewer_than_five_on_patrol_are_withheld(example_store: Store, level: str) -> None:
    """Officers' hours beside what happened are visible hours by week: VIS-01's, under another name."""
    officers, few, shown = officers_by_week(example_store, level), 0, 0
    for area in sorted({area for area, _ in officers}):
        question = PatrolTimeQuestion(level=level, code=area, month=UNTIL, months=3)
        everybody = patrol_weeks(Reader.open(example_store, TEAMS), question)
        for row, whole in zip(
            patrol_weeks(Reader.open(example_store, NOBODY), question).to_dicts(), everybody.to_dicts(), strict=True
        ):
            if 0 < officers.get((area, row["week"]), 0) < 5:
                few += 1
                assert whole["officer_hours"] > 0
                assert (row["officer_hours"], row["cost"], row["unpriced_hours"]) == (None, None, None)
            shown += row["officer_hours"] is not None
    assert few or level != "neighbourhood"
    assert shown


def test_costs_by_week_do_not_tell_of_few_officers_of_a_role(example_store: Store) -> None:
    """Hours and their cost are two sums of the hours of two roles: together they give both."""
    priced = replace(example_store.settings, cost=CostSettings(hour={"officer": 40.0, "pcso": 28.0}))
    store = replace(example_store, settings=priced)
    question = PatrolTimeQuestion(level="force", code=priced.force.code, month=UNTIL, months=3)
    pcsos = facts(store, "visibility_place", WHOLE).filter(
        pl.col("uniformed"), pl.col("place_kind") == "visible", pl.col("role") == "pcso", pl.col("seconds") > 0
    )
    weeks = pcsos.group_by(week=pl.col("day").dt.truncate("1w")).agg(pl.col("officer_id").n_unique())
    few = weeks.filter(pl.col("officer_id") < 5)["week"].to_list()
    everybody = patrol_weeks(Reader.open(store, TEAMS), question).filter(pl.col("week").is_in(few))
    assert everybody.height and everybody["cost"].null_count() == 0
    shown = patrol_weeks(Reader.open(store, NOBODY), question).filter(pl.col("week").is_in(few))
    assert shown["cost"].null_count() == shown["unpriced_hours"].null_count() == shown.height


def test_what_few_were_coded_as_where_they_were_seen_is_withheld(example_store: Store) -> None:
    """Neither a sector of few officers nor, by subtraction, another one beside it."""
    officers = facts(example_store, "duty", WHOLE).filter(
        pl.col("day").dt.month_start() == UNTIL, pl.col("department") == "NPT"
    )
    few = officers.group_by("sector_code").agg(pl.col("officer_id").n_unique()).filter(pl.col("officer_id") < 5)
    sectors = officers["sector_code"].drop_nulls().unique().sort().to_list()
    assert not few.is_empty()
    own = Scope(viewer="partner of a sector", sectors=frozenset(sectors[:1]), people="none")
    for where in (Where(month=UNTIL, within=(("sector", code),)) for code in sectors):
        assert patch(Reader.open(example_store, TEAMS), where)["hours"].null_count() == 0
        assert patch(Reader.open(example_store, NOBODY), where)["hours"].null_count() == 4
    assert patch(Reader.open(example_store, own), Where(month=UNTIL))["hours"].null_count() == 4
    whole = Where(month=UNTIL)
    seen, told = (patch(Reader.open(example_store, one), whole)["hours"].to_list() for one in (TEAMS, NOBODY))
    assert told == pytest.approx(seen)


HOTSPOTS = {"T1": "L1", "T2": "L2"}
KIND = "syv_robbery"  # of T1, the one that was patrolled


def on_patrol(store: Store) -> list[dict]:
    """List, from the store's own tables by plain loops, who was in a hotspot within a window that asks for them."""
    tables = metadata.tables
    with reading(store.engine) as connection:
        stays = connection.execute(select(tables["hotspot_stays"])).mappings().all()
        tasked = connection.execute(select(tables["taskings"])).mappings().all()
    found = []
    for one in tasked:
        named = {
            other["officer_id"]
            for other in tasked
            if (other["tasking_id"], other["window_start"]) == (one["tasking_id"], one["window_start"])
        } - {"", None}
        for stay in stays:
            seconds = min(stay["ends_at"], one["window_end"]) - max(stay["starts_at"], one["window_start"])
            own = stay["hotspot_id"] == one["hotspot_id"] and (not named or stay["officer_id"] in named)
            if own and seconds.total_seconds() > 0:
                spot, day = one["hotspot_id"], one["window_start"].astimezone(ZoneInfo("Europe/London")).date()
                found.append({"hotspot": spot, "lpa": HOTSPOTS[spot], "day": day, "officer": stay["officer_id"]})
    assert found
    return found


def groups(rows: list[dict], *keys: str) -> dict[tuple, set[str]]:
    """Group officers by some of the keys of `on_patrol`'s rows, and `week`."""
    found: dict[tuple, set[str]] = {}
    for row in rows:
        told = {**row, "week": row["day"] - timedelta(days=row["day"].weekday()), "force": "E23000014"}
        found.setdefault(tuple(told[key] for key in keys), set()).add(row["officer"])
    return found


@pytest.mark.parametrize("level", ["force", "lpa", "hotspot"])
@pytest.mark.parametrize("asked", [{}, {"grain": "1w"}, {"by": ("result",)}, {"where": (("kind", KIND),)}], ids=str)
def test_patrol_hours_of_fewer_than_five_are_withheld(example_store: Store, level: str, asked: dict) -> None:
    officers = groups(on_patrol(example_store), level, *(["week"] if "grain" in asked else []))
    question = Question(indicators=("TGP-02", "TGP-06"), level=level, since=UNTIL, until=UNTIL, **asked)
    seen = {}
    for scope in (TEAMS, NOBODY):
        rows = answer(Reader.open(example_store, scope), question)
        seen[scope.people] = rows.filter(pl.col("indicator_id") == "TGP-02")
        for row in rows.to_dicts():
            key = (row["area_code"], row["month"]) if "grain" in asked else (row["area_code"],)
            if scope is NOBODY and 0 < len(officers.get(key, ())) < 5 and row["denominator"] != 0:
                assert not row["value"] and (row["note"] == TOO_FEW or not row["numerator"]), row
    assert seen["team"]["numerator"].sum() > 0
    few = [key for key, who in officers.items() if len(who) < 5]
    assert few or level == "force"


def test_whoever_sees_no_teams_gets_no_hours_of_a_hotspot_by_the_week(example_store: Store) -> None:
    with reading(example_store.engine) as connection:
        stays = connection.execute(select(metadata.tables["hotspot_stays"])).mappings().all()
    for spot in HOTSPOTS:
        question = PatrolTimeQuestion(level="hotspot", code=spot, month=UNTIL, months=3)
        inside: dict[date, set[str]] = {}
        for stay in stays:
            if stay["hotspot_id"] == spot:
                day = stay["starts_at"].astimezone(ZoneInfo("Europe/London")).date()
                inside.setdefault(day - timedelta(days=day.weekday()), set()).add(stay["officer_id"])
        teams, nobody = (patrol_weeks(Reader.open(example_store, one), question) for one in (TEAMS, NOBODY))
        few = 0
        for whole, row in zip(teams.to_dicts(), nobody.to_dicts(), strict=True):
            if 0 < len(inside.get(row["week"], ())) < 5:
                few += 1
                assert whole["officer_hours"] > 0
                assert (row["officer_hours"], row["cost"], row["unpriced_hours"]) == (None, None, None)
        assert few


def test_the_lists_of_patrols_tell_no_hours_of_few(example_store: Store) -> None:
    officers = groups(on_patrol(example_store), "hotspot")
    month = PatrolQuestion(month=UNTIL)
    hours = ("patrol_hours", "presence_hours")
    for scope, shown in ((TEAMS, True), (NOBODY, False)):
        reader = Reader.open(example_store, scope)
        for rows, code in (
            (patrol_answers.hotspots(reader, month), "hotspot_id"),
            (patrol_answers.hours_tasked(reader, month, "hotspot_id"), "hotspot_id"),
            (patrol_answers.hours_tasked(reader, month, "lpa_code"), "lpa_code"),
        ):
            patrolled = {spot if code == "hotspot_id" else HOTSPOTS[spot] for (spot,) in officers}
            few = rows.filter(pl.col(code).is_in(sorted(patrolled)))
            assert few.height == len(patrolled) and all(len(who) < 5 for who in officers.values())
            for row in few.select(code, *hours).to_dicts():
                assert (row["patrol_hours"] is not None) == (row["presence_hours"] is not None) == shown, row
        for spot in HOTSPOTS:
            rows = patrol_answers.outcomes(reader, replace(month, hotspot=spot))
            worked = (spot,) in officers
            assert (rows["patrol_hours"].null_count() == 0) == (shown or not worked)
            assert (rows["per_100_hours"].null_count() == 0) == (shown and worked)


def test_who_was_in_a_hotspot_is_named_to_no_viewer_of_one_lpa(example_store: Store) -> None:
    """Officers posted elsewhere patrol there too: visitors count, unnamed."""
    own = Scope(viewer="commander", lpas=frozenset({"L1"}), people="officer")
    for source in ("taskings", "hotspot_time"):
        assert facts(example_store, source, WHOLE)["officer_ids"].null_count() == 0
        seen = facts(example_store, source, own)
        assert seen.height and seen["officer_ids"].null_count() == seen.height


@pytest.mark.parametrize("level", ["lpa", "sector", "neighbourhood"])
@pytest.mark.parametrize("asked", ASKED[1:], ids=str)
def test_what_is_withheld_whole_is_not_shown_in_parts_that_add_up_to_it(
    example_store: Store, level: str, asked: dict
) -> None:
    reader = Reader.open(example_store, NOBODY)
    question = Question(indicators=("ABS-04",), level=level, since=SINCE, until=UNTIL)
    hidden = answer(reader, question).filter(note=TOO_FEW).select("area_code", _month="month")
    assert hidden.height
    parts = answer(reader, replace(question, **asked))
    of_month = parts.with_columns(_month=pl.col("month").dt.truncate("1mo")) if "grain" in asked else parts
    on = ["area_code", "_month"] if "grain" in asked else ["area_code"]
    beside = of_month.join(hidden.select(on).unique(), on=on, how="semi")
    assert beside.filter(pl.col("value") > 0).is_empty()

"""Figures narrowed to an hour of the week, a category or a team: those of the rows themselves, and nothing withheld."""

from datetime import date

import polars as pl
import pytest

from data_access.answers.answer import Question, answer
from data_access.answers.few_officers import ONE_HOUR
from data_access.answers.reader import Reader
from data_access.scope import Scope
from data_access.store import Store
from metrics.officers import TOO_FEW
from tests.data_access.small_force import WHOLE, facts

PARTNER = Scope.whole_force("partner")
TEAMS = Scope(viewer="chief", force=True, people="team")
OCTOBER = date(2024, 10, 1)
SATURDAY, NIGHT = 6, 22


def asked(indicator: str, *where: tuple[str, str | int], level: str = "force") -> Question:
    return Question(indicators=(indicator,), level=level, since=OCTOBER, until=OCTOBER, where=where)


def of_october(store: Store, source: str) -> pl.DataFrame:
    return facts(store, source, WHOLE).filter(pl.col("day").dt.month_start() == OCTOBER)


@pytest.mark.parametrize("hour", range(0, 24, 5))
@pytest.mark.parametrize("weekday", [1, 6])
def test_an_hour_of_the_week_counts_the_incidents_reported_in_it(example_store: Store, weekday: int, hour: int) -> None:
    question = asked("ASB-01", ("weekday", weekday), ("hour", hour))
    (row,) = answer(Reader.open(example_store, PARTNER), question).to_dicts()
    days = of_october(example_store, "asb").select("day", "hour").rows()
    assert row["value"] == sum(day.isoweekday() == weekday and at == hour for day, at in days)


def test_residents_are_there_at_every_hour(example_store: Store) -> None:
    reader = Reader.open(example_store, PARTNER)
    whole, narrowed = (
        answer(reader, asked("ASB-02", *where)) for where in ((), (("weekday", SATURDAY), ("hour", NIGHT)))
    )
    assert narrowed["denominator"].to_list() == whole["denominator"].to_list()
    assert narrowed["numerator"][0] < whole["numerator"][0]


def test_a_rate_of_an_hour_is_of_the_hours_worked_in_it(example_store: Store) -> None:
    question = asked("ABS-01", ("weekday", SATURDAY), ("hour", NIGHT), level="lpa")
    duty = of_october(example_store, "duty").filter(
        pl.col("department") == "NPT", pl.col("day").dt.weekday() == SATURDAY, pl.col("hour") == NIGHT
    )
    for row in answer(Reader.open(example_store, WHOLE), question).to_dicts():
        own = duty.filter(lpa_code=row["area_code"]).select("family", "seconds").rows()
        assert row["numerator"] == pytest.approx(sum(s for family, s in own if family in ("demand", "aid")) / 3600)
        assert row["denominator"] == pytest.approx(sum(s for family, s in own if family != "absence") / 3600)


def test_visible_hours_of_the_hours_of_the_week_add_up_to_the_month(example_store: Store) -> None:
    reader = Reader.open(example_store, WHOLE)
    (whole,) = answer(reader, asked("VIS-01"))["value"]
    cells = of_october(example_store, "visibility_place").select(pl.col("day").dt.weekday(), "hour").unique().rows()
    parts = [answer(reader, asked("VIS-01", ("weekday", day), ("hour", hour)))["value"][0] for day, hour in cells]
    assert whole > 0 and sum(parts) == pytest.approx(whole)


def test_a_category_counts_its_own_incidents_by_area(example_store: Store) -> None:
    rows = answer(Reader.open(example_store, PARTNER), asked("ASB-01", ("category", "nuisance"), level="neighbourhood"))
    nuisance = of_october(example_store, "asb").filter(category="nuisance")["neighbourhood_code"].to_list()
    assert sum(rows["value"]) > 0
    for row in rows.to_dicts():
        assert row["value"] == nuisance.count(row["area_code"])


@pytest.mark.parametrize("where", [("team", "A"), ("officer_id", "O01")])
def test_a_partner_narrows_to_no_team_and_to_no_officer(example_store: Store, where: tuple[str, str]) -> None:
    for indicator in ("ABS-01", "ABS-04", "VIS-01"):
        with pytest.raises(PermissionError, match="as finely as 'none'"):
            answer(Reader.open(example_store, PARTNER), asked(indicator, where))


@pytest.mark.parametrize("level", ["force", "lpa", "neighbourhood"])
@pytest.mark.parametrize("by", [(), ("category",)])
def test_a_partner_sees_nobodys_hours_of_one_hour(example_store: Store, level: str, by: tuple[str, ...]) -> None:
    when = (("weekday", SATURDAY), ("hour", NIGHT))
    for indicator in ("ABS-01", "ABS-04", "VIS-01", "VIS-03"):
        question = Question(indicators=(indicator,), level=level, since=OCTOBER, until=OCTOBER, where=when, by=by)
        for row in answer(Reader.open(example_store, PARTNER), question).to_dicts():
            assert (row["numerator"], row["denominator"], row["value"]) == (None, None, None)
            assert row["note"] == ONE_HOUR
        told = answer(Reader.open(example_store, TEAMS), question)
        assert "value" in told.columns and ONE_HOUR not in told["note"].to_list()


def test_whoever_sees_teams_is_not_shown_one_of_fewer_than_five_by_narrowing_to_it(example_store: Store) -> None:
    duty = of_october(example_store, "duty").filter(pl.col("seconds") > 0)
    sizes = duty.group_by("team").agg(pl.col("officer_id").n_unique()).rows()
    small = [team for team, size in sizes if team is not None and size < 5]
    assert small
    for team in small:
        question = asked("ABS-01", ("team", team))
        (hidden,), (shown,) = (
            answer(Reader.open(example_store, scope), question).to_dicts() for scope in (TEAMS, WHOLE)
        )
        assert not hidden["numerator"] and hidden["value"] is None
        assert hidden["note"] == TOO_FEW or shown["denominator"] == 0

"""Several months counted as one, asked of a store: sums by a plain oracle, and nothing told by difference."""

from collections import defaultdict
from datetime import date
from typing import Any

import pytest

from data_access.answers.answer import Question, answer
from data_access.answers.reader import Reader
from data_access.scope import Scope
from data_access.store import Store
from metrics import indicator, indicators_of
from metrics.levels import AREA_LEVELS, Level, months_between
from metrics.officers import TOO_FEW

SINCE, UNTIL = date(2024, 8, 1), date(2024, 10, 1)
APART = (date(2024, 8, 1), date(2024, 10, 1))
PERIODS = (tuple(months_between(date(2024, 9, 1), UNTIL)), tuple(months_between(SINCE, UNTIL)), APART)
TEAMS = Scope(viewer="v", force=True, people="team")
NOBODY = Scope(viewer="v", force=True, people="none")
# Durations have no sums, and parts of a ratio of two rates are rates.
SUMMED = tuple(one.id for one in indicators_of() if one.numerator.unit != "duration" and one.relative_to is None)
Row = dict[str, Any]
Figure = tuple[str, str | None, str]


def asked(store: Store, scope: Scope, level: Level, period: tuple[date, ...] = (), **more: Any) -> list[Row]:
    span = {"since": min(period or (SINCE,)), "until": max(period or (UNTIL,))}
    question = Question(**{"indicators": SUMMED, "level": level, "period": period, **span, **more})
    return answer(Reader.open(store, scope), question).to_dicts()


def figure(row: Row) -> Figure:
    return row["indicator_id"], row["category"], row["area_code"]


def oracle(rows: list[Row], months: tuple[date, ...]) -> float | None:
    """Add up what the months show and divide once; a month that shows nothing leaves nothing to show."""
    one = indicator(rows[0]["indicator_id"])
    needed = months[-1:] if one.numerator.stock else months
    parts = [row for month in needed for row in rows if row["month"] == month and row["numerator"] is not None]
    if len(parts) < len(needed):
        return None
    above = sum(row["numerator"] for row in parts)
    if one.denominator is None:
        return one.scale * above
    per = [row["denominator"] for row in (parts[-1:] if one.denominator.stock else parts)]
    return one.scale * above / sum(per) if None not in per and sum(per) else None


@pytest.mark.parametrize("scope", [TEAMS, NOBODY], ids=["teams", "nobody"])
@pytest.mark.parametrize("level", AREA_LEVELS)
def test_a_period_is_made_of_what_its_months_show(example_store: Store, level: Level, scope: Scope) -> None:
    """So that it never tells more than they do: not of a month that is withheld, however periods overlap."""
    by_month = defaultdict(list)
    for row in asked(example_store, scope, level):
        by_month[figure(row)].append(row)
    shown = 0
    for period in PERIODS:
        rows = asked(example_store, scope, level, period)
        assert {figure(row) for row in rows} <= set(by_month)
        for row in rows:
            wanted = oracle(by_month[figure(row)], period)
            assert row["value"] == (wanted if wanted is None else pytest.approx(wanted, rel=1e-12)), row
            assert (row["value"] is None) == (row["note"] is not None)
            shown += row["value"] is not None
    assert shown > 20


def test_what_a_month_withholds_is_withheld_of_each_period_with_it(example_store: Store) -> None:
    hidden = {
        (figure(row), row["month"])
        for row in asked(example_store, NOBODY, "neighbourhood", indicators=("ABS-01", "ABS-04", "VIS-01"))
        if row["note"] == TOO_FEW
    }
    assert hidden
    for period in PERIODS:
        for row in asked(example_store, NOBODY, "neighbourhood", period, indicators=("ABS-01", "ABS-04", "VIS-01")):
            if any((figure(row), month) in hidden for month in period):
                assert (row["numerator"], row["denominator"], row["value"]) == (None, None, None)


BREAKDOWNS = [("ABS-04", ("weekday", "hour")), ("ABS-04", ("category",)), ("ABS-05", ("family", "category"))]


@pytest.mark.parametrize("level", ["force", "lpa", "sector"])
@pytest.mark.parametrize(("one", "by"), [*BREAKDOWNS, ("VIS-01", ("hour",))], ids=str)
def test_nor_does_a_breakdown_tell_it(example_store: Store, level: Level, one: str, by: tuple[str, ...]) -> None:
    def cells(period: tuple[date, ...]) -> dict[tuple, Row]:
        rows = asked(example_store, NOBODY, level, period, indicators=(one,), by=by)
        return {tuple(row[name] for name in ("area_code", *by)): row for row in rows}

    apart = {month: cells((month,)) for month in months_between(SINCE, UNTIL)}
    withheld = 0
    for period in PERIODS:
        for key, row in cells(period).items():
            months = [apart[month].get(key) for month in period]
            if any(month is not None and month["note"] == TOO_FEW for month in months):
                assert (row["numerator"], row["value"], row["note"]) == (None, None, TOO_FEW)
                withheld += 1
            elif row["value"] is not None:
                wanted = sum(month["numerator"] for month in months if month is not None)
                assert row["numerator"] == pytest.approx(wanted, rel=1e-12)
    assert withheld


def test_separate_months_leave_out_those_between_them(example_store: Store) -> None:
    def count(period: tuple[date, ...], **more: Any) -> float:
        (row,) = asked(example_store, TEAMS, "force", period, indicators=("ASB-01",), **more)
        return row["value"]

    august, september, october = (count((month,)) for month in months_between(SINCE, UNTIL))
    assert min(august, september, october) > 0
    assert count(APART) == august + october
    assert count(tuple(months_between(SINCE, UNTIL))) == august + september + october
    by = asked(example_store, TEAMS, "force", APART, indicators=("ASB-01",), by=("category",))
    assert sum(row["value"] for row in by) == august + october


def test_areas_counted_together_are_counted_over_months_too(example_store: Store) -> None:
    period = PERIODS[0]
    both = asked(example_store, TEAMS, "lpa", period, indicators=("ABS-01",), within=(("lpa", "L1 + L2"),))
    each = [row for row in asked(example_store, TEAMS, "lpa", period, indicators=("ABS-01",))]
    above, below = (sum(row[side] for row in each) for side in ("numerator", "denominator"))
    assert [(row["area_code"], row["rank"]) for row in both] == [("L1 + L2", None)]
    assert both[0]["value"] == pytest.approx(100 * above / below)

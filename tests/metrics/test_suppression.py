"""The public edition withstands its attack: no small count below the LPA is told, in one edition or in several."""

from collections import Counter
from datetime import date

import numpy as np
import polars as pl
import pytest

from metrics import INDICATORS, bounds, suppression
from metrics.counts import Equations
from metrics.suppression import suppress
from tests.oracle.attack import Told, attacked, joined, shown
from tests.oracle.published_force import Force, late, members, random_force, tidy, true_counts

MAY = date(2025, 5, 1)


def published(force: Force, released: pl.DataFrame | None = None):
    return suppress(tidy(force), INDICATORS, members(force), released)


def remembered(*editions) -> pl.DataFrame:
    return pl.concat([one.cells.with_columns(edition=pl.lit(number)) for number, one in enumerate(editions, start=1)])


@pytest.mark.law
@pytest.mark.parametrize("seed", range(5))
def test_no_small_count_is_told_by_an_edition(seed: int):
    force = random_force(seed)
    rows = published(force).rows
    assert attacked(force, true_counts(force), shown(rows)) == []


@pytest.mark.law
@pytest.mark.parametrize("seed", range(2))
def test_no_small_count_is_told_by_the_months_of_a_year(seed: int):
    force = random_force(100 + seed, lpas=1, sectors=1, months=13)
    rows = published(force).rows
    assert attacked(force, true_counts(force), shown(rows)) == []


@pytest.mark.law
@pytest.mark.parametrize("seed", range(5))
def test_no_small_count_is_told_by_two_editions(seed: int):
    first = random_force(200 + seed, lpas=2, months=1)
    second = late(first, seed, changes=2)
    early = published(first)
    then = published(second, remembered(early))
    for force, rows in ((first, early.rows), (second, then.rows)):
        truth, other = true_counts(force), shown(then.rows if rows is early.rows else early.rows)
        assert attacked(force, truth, shown(rows)) == []
        known = joined(force, truth, shown(rows), other)
        assert [one for one in attacked(force, truth, known) if _true(one)] == []


def _true(told: Told) -> bool:
    """Tell whether what was told is true: of what changed between the loads, the attacker believes what is not."""
    return told.low - 1e-6 <= told.truth <= told.high + 1e-6


def test_the_attack_finds_what_the_rule_of_one_sibling_leaves_open():
    force = Force({"S00": "L0", **{f"N00{n}": "S00" for n in range(4)}}, [MAY])
    for ward, crimes in (("N000", 1), ("N001", 1), ("N002", 6), ("N003", 7)):
        force.events[ward, MAY] = Counter({"crimes": crimes})
    truth = true_counts(force)
    known = {key: value for key, value in truth.items() if key[:2] not in {("crimes", "N000"), ("crimes", "N001")}}
    assert {one.key[1] for one in attacked(force, truth, known) if one.key[0] == "crimes"} == {"N000", "N001"}
    gone = published(force).rows.filter(pl.col("note") == "suppressed", indicator_id="HRM-01")
    assert set(gone["area_code"]) == {"N000", "N001", "N002"}


def test_a_share_that_leaves_few_is_hidden():
    force = Force({"S00": "L0", "N000": "S00", "N001": "S00", "N002": "S00"}, [MAY])
    for ward, (queries, answered) in {"N000": (30, 28), "N001": (30, 20), "N002": (40, 20)}.items():
        force.events[ward, MAY] = Counter({"queries": queries, "answered": answered})
    gone = published(force).rows.filter(pl.col("note") == "suppressed", indicator_id="ENG-04")
    assert set(gone["area_code"]) == {"N000", "N001"}  # of two equals the first


def test_what_an_edition_hid_stays_hidden_and_the_same_again_hides_no_more():
    first = random_force(7, lpas=1, months=1)
    early = published(first)
    again = published(first, remembered(early))
    assert again.cells.equals(early.cells)
    second = late(first, 7, changes=3)
    then = published(second, remembered(early))
    keys = ["quantity", "category", "area_level", "area_code", "month"]
    both = early.cells.join(then.cells, on=keys, suffix="_then")
    assert both.filter("hidden")["hidden_then"].all()


def test_the_last_resort_and_bounds_cut_short_are_as_safe(monkeypatch):
    monkeypatch.setattr(suppression, "SINGLY", 0)
    monkeypatch.setattr(bounds, "MOST_STEPS", 1)
    force = random_force(1)
    assert attacked(force, true_counts(force), shown(published(force).rows)) == []


def test_sums_that_contradict_themselves_are_not_published():
    lines = {"equation": np.zeros(3, dtype=int), "cell": np.arange(3), "sign": np.array([1.0, 1, -1])}
    sought = bounds.Sought(cell=np.array([0]), up=np.array([True]), goal=np.array([4.0]))
    with pytest.raises(ArithmeticError, match="could not be solved"):
        hidden, amount = np.array([True, True, False]), np.array([1.0, 1, 2])
        bounds.closed(sought, hidden, amount, np.full(3, 5.0), Equations(**lines, rest=np.zeros(1)))

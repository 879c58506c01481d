"""Definitions §8 against plain loops: every kind of series, small and large, with gaps and steps, with no force."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics import INDICATORS, indicator
from metrics.compare import compare
from metrics.levels import add_months
from tests.oracle import verdicts

SINCE = date(2021, 5, 1)
NUMBERS = ("numerator", "denominator", "value")
COLUMNS = ["centre", "lower_limit", "upper_limit", "surprise", "verdict", "signal", "since"]
KINDS = {
    "HRM-01": "count",
    "ABS-04": "hours",
    "HRM-02": "hours",
    "ABS-03": "ratio",
    "ASB-05": "share",
    "ABS-01": "hours share",
    "ABS-05:football aid": "hours share",
    "ENG-05": "stock",
    "DEV-01": "stock ratio",
    "PS-03:median": "duration",
}


STEADY = ("stock", "stock ratio", "duration")


@dataclass(frozen=True, kw_only=True)
class Made:
    """A force made up for one indicator: numerators (NaN: unknown) and denominators, series x months."""

    indicator_id: str
    codes: list[tuple[str, str]]
    above: np.ndarray
    below: np.ndarray | None
    step: int | None
    last_open: bool

    @property
    def kind(self) -> str:
        return KINDS[self.indicator_id]

    @property
    def months(self) -> list[date]:
        return [add_months(SINCE, k) for k in range(self.above.shape[1])]

    def open(self, month: int) -> bool:
        return self.last_open and month == self.above.shape[1] - 1

    def value(self, row: int, month: int) -> float | None:
        n, d = self.above[row, month], 1.0 if self.below is None else self.below[row, month]
        return None if np.isnan(n) or d == 0 else float(n * indicator(self.indicator_id).scale / d)

    def rows(self) -> pl.DataFrame:
        table = [
            (
                indicator(self.indicator_id).id,
                self.indicator_id.partition(":")[2] or None,
                *code,
                month,
                self.above[k, t],
                None if self.below is None else self.below[k, t],
                self.value(k, t),
                self.open(t),
            )
            for k, code in enumerate(self.codes)
            for t, month in enumerate(self.months)
            if not np.isnan(self.above[k, t])
        ]
        names = ["indicator_id", "category", "area_level", "area_code", "month", *NUMBERS, "provisional"]
        types = {"category": pl.String, "month": pl.Date, **dict.fromkeys(NUMBERS, pl.Float64)}
        return pl.DataFrame(table, schema=names, schema_overrides=types, orient="row")

    def steps(self) -> pl.DataFrame | None:
        """Give the step change, recorded for the last series."""
        if self.step is None:
            return None
        names = ["indicator_id", "area_level", "area_code", "month"]
        step = (indicator(self.indicator_id).id, *self.codes[-1], self.months[self.step])
        return pl.DataFrame([step], schema=names, orient="row")


@st.composite
def forces(draw) -> Made:
    identity, forced = draw(st.sampled_from(sorted(KINDS))), draw(st.booleans())
    chance = np.random.default_rng(draw(st.integers(0, 2**32)))
    areas, length = draw(st.integers(1, 3)), draw(st.integers(14, 44))
    time, size = np.arange(length), draw(st.sampled_from([0.2, 3.0, 40.0, 900.0]))
    season = 1 + draw(st.sampled_from([0.0, 0.4])) * np.sin(time * np.pi / 6)
    jump = np.where(time >= draw(st.integers(5, 40)), draw(st.sampled_from([1.0, 0.4, 2.2])), 1.0)
    share = draw(st.sampled_from([0.03, 0.4, 0.9]))
    above, below = _amounts(KINDS[identity], chance, size * season * jump, (areas + forced, length), share)
    if draw(st.booleans()):
        above[:, 1:][chance.random((len(above), length - 1)) < 0.1] = np.nan
    return Made(
        indicator_id=identity,
        codes=[("force", "F")] * forced + [("lpa", f"L{k}") for k in range(areas)],
        above=above,
        below=below,
        step=draw(st.none() | st.integers(0, length - 1)),
        last_open=draw(st.booleans()),
    )


def _amounts(kind, chance, mean, shape, share):
    wide = np.broadcast_to(mean, shape)
    if kind in ("share", "hours share", "ratio"):
        below = chance.poisson(wide * 3)
        parts = chance.binomial(below, share).astype(float), below.astype(float)
        return [part * 1.37 for part in parts] if kind == "hours share" else parts
    if kind in ("hours", "duration"):
        return chance.gamma(4.0, wide / 4), np.full(shape, 9.0) if kind == "duration" else None
    if kind == "count":
        return chance.poisson(wide).astype(float), None
    members = np.round(900 + np.cumsum(chance.normal(mean[0] / 50, 3, shape), axis=1))
    return members, np.full(shape, 2000.0) if kind == "stock ratio" else None


def expected(made: Made) -> dict[tuple[str, str, date], tuple]:
    """Judge the same force with loops: a level by itself; the season is lent by the force, or by the areas together."""
    calendar = [month.month - 1 for month in made.months]
    areas = {code: _area(made, row) for row, code in enumerate(made.codes)}
    found = {}
    for level in sorted({level for level, _ in made.codes}):
        mine = [code for code in areas if code[0] == level]
        lender = None if made.kind in STEADY else areas.get(("force", "F")) or _together(areas, len(calendar))
        for code, told in zip(mine, verdicts.judge([areas[code] for code in mine], lender, calendar), strict=True):
            row = made.codes.index(code)
            found |= {(*code, made.months[t]): _told(made, row, t, month) for t, month in enumerate(told)}
    return found


def _area(made: Made, row: int) -> verdicts.Area:
    """Give a series as the loops take it; a stock as its changes, a provisional month as unknown."""
    steps = {made.step} if made.step is not None and row == len(made.codes) - 1 else set()
    values = [None if made.open(t) else made.value(row, t) for t in range(len(made.months))]
    if made.kind in STEADY:
        stock = made.kind != "duration"
        changes = [None if None in pair else pair[1] - pair[0] for pair in zip([None, *values], values, strict=False)]
        unit = 100 / 2000 if made.kind == "stock ratio" else 1.0
        amounts = changes[: len(values)] if stock else values
        return verdicts.Area(amounts=amounts, exposures=[], kind="value", unit=unit, steps=steps)
    total = made.below is None
    return verdicts.Area(
        amounts=[None if value is None else float(made.above[row, t]) for t, value in enumerate(values)],
        exposures=[
            float(verdicts.days(month)) if total else float(made.below[row, t]) if made.above[row, t] >= 0 else None
            for t, month in enumerate(made.months)
        ],
        counted=made.kind in ("count", "share", "ratio"),
        proportion=made.kind in ("share", "hours share"),
        steps=steps,
    )


def _together(areas: dict, length: int) -> verdicts.Area:
    known = [[area for area in areas.values() if area.known(t)] for t in range(length)]
    sums = [
        [sum(getattr(area, part)[t] for area in mine) if mine else None for t, mine in enumerate(known)]
        for part in ("amounts", "exposures")
    ]
    return verdicts.Area(amounts=sums[0], exposures=sums[1])


def _told(made: Made, row: int, t: int, found: verdicts.Told) -> tuple:
    """Put what the loops found into the value's unit, clipped to what is possible, and into words."""
    one = indicator(made.indicator_id)
    per = 1.0 if made.below is None else made.below[row, t]
    nobody = made.kind == "stock ratio" and made.value(row, t) is None
    before = made.value(row, t - 1) if t and not nobody else None
    limits = []
    for limit in (found.centre, found.lower, found.upper):
        if made.kind in ("stock", "stock ratio"):
            limit = None if limit is None or before is None else limit + before
        elif made.kind != "duration":
            limit = None if limit is None else one.scale * limit / per
        most = 100.0 if one.most is None and one.unit == "%" else one.most or float("inf")
        limits.append(None if limit is None else min(max(limit, one.least), most))
    words = {0: "no real change", 1: "concern", -1: "improvement"}
    if one.better == "higher":
        words |= {1: "improvement", -1: "concern"}
    if one.better == "neither":
        words |= {1: "change", -1: "change"}
    judged = found.z is not None
    return (
        *limits,
        abs(found.z) if judged else None,
        words[found.direction] if judged else None,
        found.signal,
        None if found.since is None else made.months[found.since],
    )


def judged(made: Made, until: int | None = None) -> dict[tuple[str, str, date], tuple]:
    months = made.months[:until]
    rows = made.rows().filter(pl.col("month") <= months[-1])
    found = compare(rows, INDICATORS, months, steps=made.steps())
    keys = found.select("area_level", "area_code", "month").rows()
    return dict(zip(keys, found.select(COLUMNS).rows(), strict=True))


def approximately(told: tuple) -> tuple:
    return tuple(pytest.approx(one, rel=1e-9, abs=1e-9) if isinstance(one, float) else one for one in told)


@settings(max_examples=150, deadline=None)
@given(forces())
def test_loops_give_the_same_verdicts(made):
    if np.isnan(made.above).all():
        return
    found, loops = judged(made), expected(made)
    for key, told in found.items():
        assert told == approximately(loops[key]), key


@settings(max_examples=60, deadline=None)
@given(forces(), st.integers(13, 43))
def test_later_months_never_change_an_earlier_verdict(made, until):
    early = judged(made, until)
    late = judged(made)
    assert {key: late[key] for key in early} == early


def test_what_is_asked_does_not_change_the_verdict():
    chance = np.random.default_rng(7)
    above = chance.poisson(60, (4, 40)).astype(float)
    codes = [("force", "F"), *(("lpa", f"L{k}") for k in range(3))]
    made = Made(indicator_id="HRM-01", codes=codes, above=above, below=None, step=None, last_open=False)
    every = compare(made.rows(), INDICATORS, made.months)
    last = compare(made.rows(), INDICATORS, made.months[-1:])
    assert last.equals(every.filter(pl.col("month") == made.months[-1]))

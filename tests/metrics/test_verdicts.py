"""Definitions §8 against plain loops: every kind of series, small and large, with gaps and steps, with no force."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from metrics import INDICATORS, indicator
from metrics.compare import compare
from metrics.levels import add_months
from tests.laws import examples
from tests.oracle import verdicts

SINCE = date(2021, 5, 1)
NUMBERS = ("numerator", "denominator", "value")
COLUMNS = ["centre", "lower_limit", "upper_limit", "surprise", "verdict", "signal", "since"]
KINDS = {
    "HRM-01": "count",
    "ABS-04": "hours",
    "HRM-02": "score",
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
    """A force made up for one indicator: numerators (NaN: unknown) and denominators, series x months.

    Of an unknown month there is no row, or (`withheld`) one without numerator and value. `steps` are places of recorded
    step changes by series, which may lie outside the months.
    """

    indicator_id: str
    codes: list[tuple[str, str]]
    above: np.ndarray
    below: np.ndarray | None
    withheld: np.ndarray
    recorded: list[tuple[int, int]]
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

    def there(self, row: int, month: int) -> bool:
        return bool(self.withheld[row, month]) or not np.isnan(self.above[row, month])

    def rows(self) -> pl.DataFrame:
        table = [
            (
                indicator(self.indicator_id).id,
                self.indicator_id.partition(":")[2] or None,
                *code,
                month,
                None if np.isnan(self.above[k, t]) else self.above[k, t],
                None if self.below is None else self.below[k, t],
                self.value(k, t),
                self.open(t),
            )
            for k, code in enumerate(self.codes)
            for t, month in enumerate(self.months)
            if self.there(k, t)
        ]
        names = ["indicator_id", "category", "area_level", "area_code", "month", *NUMBERS, "provisional"]
        types = {"category": pl.String, "month": pl.Date, **dict.fromkeys(NUMBERS, pl.Float64)}
        return pl.DataFrame(table, schema=names, schema_overrides=types, orient="row")

    def steps(self) -> pl.DataFrame:
        """Give the recorded step changes; one entered twice is one."""
        names = ["indicator_id", "area_level", "area_code", "month"]
        marks = [
            (indicator(self.indicator_id).id, *self.codes[row], add_months(SINCE, place))
            for row, place in self.recorded
        ]
        return pl.DataFrame(marks * 2, schema=dict(zip(names, [pl.String] * 3 + [pl.Date], strict=True)), orient="row")


@st.composite
def forces(draw) -> Made:
    identity, forced = draw(st.sampled_from(sorted(KINDS))), draw(st.booleans())
    chance = np.random.default_rng(draw(st.integers(0, 2**32)))
    areas, sectors = draw(st.integers(1, 3)), draw(st.integers(0, 2))
    length = draw(st.integers(14, 44) | st.integers(1, 3))
    codes = [("force", "F")] * forced + [("lpa", f"L{k}") for k in range(areas)]
    codes += [("sector", f"S{k}") for k in range(sectors)]
    time, size = np.arange(length), draw(st.sampled_from([0.0, 0.2, 3.0, 40.0, 900.0]))
    season = 1 + draw(st.sampled_from([0.0, 0.4])) * np.sin(time * np.pi / 6)
    jump = np.where(time >= draw(st.integers(5, 40)), draw(st.sampled_from([1.0, 0.4, 2.2])), 1.0)
    trend = draw(st.sampled_from([0.98, 1.0, 1.02])) ** time
    share = draw(st.sampled_from([0.03, 0.4, 0.9]))
    shape = (len(codes), length)
    above, below = _amounts(KINDS[identity], chance, size * season * jump * trend, shape, share)
    if draw(st.booleans()):
        above[chance.random(shape) < 0.1] = np.nan
    if draw(st.booleans()):  # nothing came in for a while, or not yet
        begin = draw(st.integers(0, length))
        above[:, begin : begin + draw(st.integers(1, 14))] = np.nan
    places = st.tuples(st.integers(0, len(codes) - 1), st.integers(-3, length + 2))
    return Made(
        indicator_id=identity,
        codes=codes,
        above=above,
        below=below,
        withheld=np.isnan(above) & (chance.random(shape) < draw(st.sampled_from([0.0, 0.5, 1.0]))),
        recorded=draw(st.lists(places, max_size=3)),
        last_open=draw(st.booleans()),
    )


def _amounts(kind, chance, mean, shape, share):
    wide = np.broadcast_to(mean, shape)
    if kind in ("share", "hours share", "ratio"):
        below = chance.poisson(wide * 3)
        parts = chance.binomial(below, share).astype(float), below.astype(float)
        return [part * 1.375 for part in parts] if kind == "hours share" else parts
    if kind == "score":  # few weights: ties, and months of nothing
        return 5.0 * chance.poisson(wide / 2) + 70.0 * chance.poisson(wide / 90), None
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
        lender = None if made.kind in STEADY else areas.get(("force", "F")) or _together(areas, mine, len(calendar))
        for code, told in zip(mine, verdicts.judge([areas[code] for code in mine], lender, calendar), strict=True):
            row = made.codes.index(code)
            found |= {(*code, made.months[t]): _told(made, row, t, month) for t, month in enumerate(told)}
    return found


def _area(made: Made, row: int) -> verdicts.Area:
    """Give a series as the loops take it; a stock as its changes, a provisional month as unknown."""
    steps = {place for one, place in made.recorded if one == row}
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
            float(verdicts.days(month)) if total else float(made.below[row, t]) if made.there(row, t) else None
            for t, month in enumerate(made.months)
        ],
        counted=made.kind in ("count", "share", "ratio"),
        proportion=made.kind in ("share", "hours share"),
        steps=steps,
    )


def _together(areas: dict, codes: list, length: int) -> verdicts.Area:
    known = [[areas[code] for code in codes if areas[code].known(t)] for t in range(length)]
    sums = [
        [sum(getattr(area, part)[t] for area in mine) if mine else None for t, mine in enumerate(known)]
        for part in ("amounts", "exposures")
    ]
    return verdicts.Area(amounts=sums[0], exposures=sums[1])


def _told(made: Made, row: int, t: int, found: verdicts.Told) -> tuple:
    """Put what the loops found into the value's unit, clipped to what is possible, and into words."""
    one = indicator(made.indicator_id)
    per = 1.0 if made.below is None else made.below[row, t]
    nobody = made.kind == "stock ratio" and not made.there(row, t)
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
    return told(compare(made.rows().filter(pl.col("month") <= months[-1]), INDICATORS, months, steps=made.steps()))


def told(found: pl.DataFrame) -> dict[tuple[str, str, date], tuple]:
    keys = found.select("area_level", "area_code", "month").rows()
    return dict(zip(keys, found.select(COLUMNS).rows(), strict=True))


def approximately(row: tuple) -> tuple:
    return tuple(pytest.approx(one, rel=1e-9, abs=1e-9) if isinstance(one, float) else one for one in row)


@examples(150)
@given(forces())
def test_loops_give_the_same_verdicts(made):
    assume(made.rows().height)
    loops = expected(made)
    for key, row in judged(made).items():
        assert row == approximately(loops[key]), key


@examples(60)
@given(forces(), st.integers(13, 43))
def test_later_months_never_change_an_earlier_verdict(made, until):
    assume(made.rows().filter(pl.col("month") < add_months(SINCE, until)).height)
    early, late = judged(made, until), judged(made)
    assert {key: late[key] for key in early} == early


@examples(60)
@given(forces(), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_months_and_months_without_rows_change_nothing(made, order):
    assume(made.rows().height)
    shuffled = made.rows().sample(fraction=1.0, shuffle=True, seed=order.randrange(1000))
    months = [add_months(SINCE, place) for place in range(-5, made.above.shape[1] + 5)]
    order.shuffle(months)
    plain, found = judged(made), told(compare(shuffled, INDICATORS, months + months[:3], steps=made.steps()))
    for key, row in plain.items():
        assert found[key] == approximately(row), key


@examples(60)
@given(forces(), forces(), st.sampled_from(["lpa", "sector"]))
def test_a_level_is_judged_by_itself_but_for_the_season_of_the_force(made, other, level):
    """The rest of the force, another indicator and another cut beside it change none of its figures."""
    rows = made.rows()
    assume("force" in rows["area_level"].to_list() and level in rows["area_level"].to_list())
    months = made.months
    alone = told(
        compare(rows.filter(pl.col("area_level").is_in(["force", level])), INDICATORS, months, steps=made.steps())
    )
    cuts = [rows.with_columns(cut=pl.lit(None, pl.String)), other.rows().with_columns(cut=pl.lit("other"))]
    beside = compare(pl.concat(cuts), INDICATORS, months, steps=made.steps(), by=["cut"])
    mine = told(beside.filter(pl.col("cut").is_null(), pl.col("area_level").is_in(["force", level])))
    assert mine.keys() == alone.keys()
    for key, row in alone.items():
        assert mine[key] == approximately(row), key


def test_what_is_asked_does_not_change_the_verdict():
    chance = np.random.default_rng(7)
    above = chance.poisson(60, (4, 40)).astype(float)
    codes = [("force", "F"), *(("lpa", f"L{k}") for k in range(3))]
    made = Made(
        indicator_id="HRM-01", codes=codes, above=above, below=None, withheld=above < 0, recorded=[], last_open=False
    )
    every = compare(made.rows(), INDICATORS, made.months)
    last = compare(made.rows(), INDICATORS, made.months[-1:])
    assert last.equals(every.filter(pl.col("month") == made.months[-1]))

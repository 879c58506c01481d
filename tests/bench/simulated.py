"""Simulated forces with and without change, as the table of definitions §8 asks for them: seven areas and their sum."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from metrics import INDICATORS, indicator
from metrics.compare import compare
from metrics.levels import add_months

HISTORY, JUDGED, AREAS = 24, 36, 7
LENGTH = HISTORY + JUDGED
SINCE = date(2020, 1, 1)
MONTHS = [add_months(SINCE, k) for k in range(LENGTH)]
CALENDAR = np.array([month.month - 1 for month in MONTHS])
DAYS = np.array([(add_months(month, 1) - month).days for month in MONTHS])
STEP_AT = HISTORY + 12
# Birmingham's anti-social behaviour, January first: month means of its logarithm less a line (data.police.uk, 2023-26).
ASB_SEASON = np.array([0.74, 0.87, 0.90, 1.05, 1.16, 1.21, 1.18, 1.22, 1.06, 0.99, 0.84, 0.77])
FLAT = np.ones(12)

Chance = np.random.Generator
Shape = tuple[int, int, int]  # replicas x areas x months


@dataclass(frozen=True, kw_only=True)
class Case:
    """Series without change: at most `most` of their months may be flagged, and `most_in` of any calendar month's."""

    name: str
    make: Callable[[Chance, Shape], tuple[np.ndarray, np.ndarray | None]]
    indicator_id: str = "HRM-01"
    most: float
    most_in: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Step:
    """A lasting change in the first of the areas: found within `months` in at least `least` of the replicas."""

    rate: float
    change: float
    months: int
    least: float
    season: bool = False

    @property
    def name(self) -> str:
        """Say it as the table does."""
        return f"{self.change:+.0%} at {self.rate:g}{' with the season' if self.season else ''}"


def counts(rate: float, season: np.ndarray = FLAT, spread: float = 0.0) -> Callable:
    """Make Poisson counts a mean month of 30.4 days; `spread` is the relative sd of their mean."""

    def make(chance: Chance, shape: Shape) -> tuple[np.ndarray, None]:
        mean = np.broadcast_to(rate * DAYS / 30.4 * season[CALENDAR], shape)
        mean = mean * chance.gamma(spread**-2, spread**2, shape) if spread else mean
        return chance.poisson(mean).astype(float), None

    return make


def hours(mean: float, spread: float) -> Callable:
    """Make hours that vary by `spread` of their mean."""
    return lambda chance, shape: (chance.gamma(spread**-2, mean * spread**2, shape), None)


def shares(cases: float, share: float, *, of_hours: bool = False) -> Callable:
    """Make parts of about so many cases, or of hours, whose share itself varies by a tenth or so."""

    def make(chance: Chance, shape: Shape) -> tuple[np.ndarray, np.ndarray]:
        below = chance.gamma(100, cases / 100, shape) if of_hours else chance.poisson(cases, shape).astype(float)
        own = chance.beta(share * 100, (1 - share) * 100, shape)
        return (below * own if of_hours else chance.binomial(below.astype(int), own).astype(float)), below

    return make


def growing(members: int) -> Callable:
    """Make a stock that grows 0.3 % a month: people join and leave by chance."""

    def make(chance: Chance, shape: Shape) -> tuple[np.ndarray, None]:
        moved = chance.poisson(members * 0.013, shape) - chance.poisson(members * 0.01, shape)
        return members + np.cumsum(moved, axis=2).astype(float), None

    return make


CASES = (
    *(
        Case(name=f"Poisson {rate:g} a month", make=counts(rate), most=0.008)
        for rate in (1.5, 5, 20, 60, 250, 800, 2000)
    ),
    *(
        Case(name=f"{rate:g} with the ASB season", make=counts(rate, ASB_SEASON), most=0.012, most_in=0.02)
        for rate in (1.5, 20, 60, 250, 800, 2000)
    ),
    *(
        Case(name=f"{rate:g}, overdispersed by 22 %", make=counts(rate, spread=0.22), most=0.012)
        for rate in (5, 60, 250, 2000)
    ),
    Case(name="stock of 5,000, growing", make=growing(5000), indicator_id="ENG-05", most=0.015),
    Case(name="stock of 200, growing", make=growing(200), indicator_id="ENG-05", most=0.015),
    Case(name="hours, 1,000 ± 20 %", make=hours(1000, 0.2), indicator_id="ABS-04", most=0.012),
    Case(name="30 % of 400 cases", make=shares(400, 0.3), indicator_id="ASB-05", most=0.012),
    Case(name="90 % of 400 cases", make=shares(400, 0.9), indicator_id="ASB-05", most=0.012),
    Case(name="45 % of 2,000 hours", make=shares(2000, 0.45, of_hours=True), indicator_id="ABS-01", most=0.012),
)
STEPS = (
    Step(rate=60, change=-0.3, months=6, least=0.95),
    Step(rate=250, change=-0.3, months=3, least=0.95),
    Step(rate=250, change=0.3, months=3, least=0.95),
    Step(rate=20, change=0.5, months=6, least=0.8),
    Step(rate=250, change=-0.2, months=6, least=0.95),
    Step(rate=250, change=0.2, months=6, least=0.95),
    Step(rate=250, change=-0.3, months=3, least=0.95, season=True),
)


def stepped(step: Step, chance: Chance, replicas: int) -> np.ndarray:
    """Make counts of which the first area's change at month STEP_AT."""
    above = counts(step.rate, ASB_SEASON if step.season else FLAT)(chance, (replicas, AREAS, LENGTH))[0]
    mean = step.rate * DAYS / 30.4 * (ASB_SEASON if step.season else FLAT)[CALENDAR] * (1 + step.change)
    above[:, 0, STEP_AT:] = chance.poisson(np.broadcast_to(mean[STEP_AT:], (replicas, LENGTH - STEP_AT)))
    return above


def tidy(indicator_id: str, above: np.ndarray, below: np.ndarray | None) -> pl.DataFrame:
    """Write replicas x areas x months as `compute` does, the force's row beside its areas', by `replica`."""
    one = indicator(indicator_id)
    above, below = (
        part if part is None else np.concatenate([part, part.sum(axis=1, keepdims=True)], axis=1)
        for part in (above, below)
    )
    replica, area, month = (place.ravel() for place in np.indices(above.shape))
    rows = pl.DataFrame({"replica": replica, "_area": area, "_month": month, "numerator": above.ravel()})
    force = pl.col("_area") == AREAS
    rows = rows.with_columns(
        indicator_id=pl.lit(indicator_id),
        category=pl.lit(None, pl.String),
        area_level=pl.when(force).then(pl.lit("force")).otherwise(pl.lit("lpa")),
        area_code=pl.when(force).then(pl.lit("F")).otherwise(pl.format("L{}", "_area")),
        month=pl.lit(pl.Series(MONTHS)).gather("_month"),
        denominator=pl.lit(None, pl.Float64) if below is None else pl.Series(below.ravel()),
    )
    per = 1.0 if below is None else pl.col("denominator")
    return rows.with_columns(value=one.scale * pl.col("numerator") / per).drop("_area", "_month")


def judged(indicator_id: str, above: np.ndarray, below: np.ndarray | None = None) -> pl.DataFrame:
    """Give the judged months of every replica, areas and force."""
    found = compare(tidy(indicator_id, above, below), INDICATORS, MONTHS, by=["replica"])
    return found.filter(pl.col("month") >= MONTHS[HISTORY])


def false_flags(rows: pl.DataFrame, level: str) -> tuple[float, float]:
    """Give the share of a level's judged months that are flagged, and that of the worst calendar month."""
    mine = rows.filter(pl.col("area_level") == level, pl.col("verdict").is_not_null())
    flagged = mine.with_columns(flagged=pl.col("verdict") != "no real change")
    worst = flagged.group_by(pl.col("month").dt.month()).agg(pl.col("flagged").mean())["flagged"].max()
    return flagged["flagged"].mean(), worst


def found_within(rows: pl.DataFrame, step: Step) -> list[float]:
    """Give the share of replicas that found the step's shift, with its direction, by the 1st, 2nd, .. 6th month."""
    first = rows.filter(pl.col("area_code") == "L0", pl.col("month") >= MONTHS[STEP_AT], pl.col("signal") == "shift")
    right = first.filter(pl.col("level_change").sign() == np.sign(step.change))
    replicas = rows["replica"].n_unique()
    return [
        right.filter(pl.col("month") < MONTHS[STEP_AT + months])["replica"].n_unique() / replicas
        for months in range(1, 7)
    ]

"""What to expect of a month: of an amount against its exposure, or of a value that has none (definitions §8)."""

from dataclasses import dataclass

import numpy as np

from metrics.level import OWN_WEIGHT, dispersion, level, median, pooled
from metrics.season import Floats, Season
from metrics.signals import EXPECTED_WITHIN, Before, Expected, Flags, Places

MIRRORED_ABOVE = 0.5
LEAST_TAU = 1e-3  # so that a series that never varied is not judged by its rounding
NORMAL = 1.4826  # from the median absolute deviation to a standard deviation
MEDIAN_WORTH = 0.37  # of a month, in a spread made of medians: its efficiency for normal values


@dataclass(frozen=True, kw_only=True, eq=False)
class Amounts:
    """Amounts and what they are measured against, series x months; NaN: unknown.

    Of a series: is it `counted` (events or people, not hours or scores), a `ratio`, a `proportion`; its `pool` (the
    areas of one level) and the row of `seasons` that it borrows. `mirrored_seasons` are those of the complement.
    """

    amounts: Floats
    exposures: Floats
    counted: Flags
    proportion: Flags
    ratio: Flags
    pool: Places
    calendar: Places
    seasons: Season
    mirrored_seasons: Season
    season_of: Places


def expect_amounts(data: Amounts, before: Before) -> Expected:
    """Return the expected amount of a month and its range; z is of the amount, also where its complement is judged.

    Three readings keep small and lone series to their error rate (tests.bench.verdicts):
    - What is below half an event of the dispersion (at most half of what is expected) counts as that: the ⅔ power
      makes too much of a 0. A reference in which nothing happened has the level of half such an event.
    - The dispersion of a proportion is measured against its own chance, L (1 - p), as the range is.
    - Where a series has no peers, its dispersion is an estimate from few months, and its range is Student's.
    """
    rows, counted, share = before.rows, data.counted[before.rows], data.proportion[before.rows]
    y, e = _taken(data.amounts, before), _taken(data.exposures, before)
    mirrored = share & (_inside(y, before) > MIRRORED_ABOVE * _inside(e, before))
    y = np.where(mirrored[:, None], np.maximum(e - y, 0.0), y)
    factors, left = _season(data, before, mirrored)
    x = e * np.take_along_axis(factors, data.calendar[before.known], axis=1)
    rate, base = level(np.where(before.reference, y, 0.0), np.where(before.reference, x, 0.0), counted)
    room = 1 - np.where(share, rate, 0.0)
    own, differences = dispersion(y / x, x, rate * room, counted)
    spread = pooled(own, differences, data.pool[rows], counted)
    exposure = data.exposures[rows, before.month]
    now = exposure * factors[:, data.calendar[before.month]]
    amount = data.amounts[rows, before.month]
    judged = np.where(mirrored, exposure - amount, amount)
    with np.errstate(divide="ignore", invalid="ignore"):  # where nothing ever happened and nobody has a dispersion
        mu = np.where(rate > 0, rate, spread / 2 / base) * now
        tau = np.sqrt(spread * room * (1 + now / base) / mu + left[:, data.calendar[before.month]])
        tau = np.maximum(tau, LEAST_TAU) * _lone(own, differences, spread, data.pool[rows], counted)
        lower, upper, z = _range(judged, mu, tau, np.minimum(spread, mu) / 2)
    centre = np.where(mirrored, exposure - mu, mu)
    return Expected(
        centre=centre,
        lower=np.where(mirrored, exposure - upper, lower),
        upper=np.where(mirrored, exposure - lower, upper),
        z=np.where(mirrored, -z, z),
        excess=amount - centre,
        weight=np.where(data.ratio[rows], exposure, 1.0),
        level=np.where(mirrored, 1 - rate, rate),
        season=factors[:, data.calendar[before.month]],
        dispersion=spread,
    )


def _taken(table: Floats, before: Before) -> Floats:
    return np.where(before.known >= 0, table[before.rows[:, None], before.known], np.nan)


def _inside(parts: Floats, before: Before) -> Floats:
    return np.where(before.reference, parts, 0.0).sum(axis=1)


def _season(data: Amounts, before: Before, mirrored: Flags) -> tuple[Floats, Floats]:
    """Return the factor of each calendar month and the variance left in its logarithm."""
    of = data.season_of[before.rows]

    def chosen(name: str) -> Floats:
        plain, turned = (getattr(one, name)[of, before.season_at] for one in (data.seasons, data.mirrored_seasons))
        return np.where(mirrored[:, None], turned, plain)

    return np.exp(chosen("log_factors")), chosen("variances")


def _lone(own: Floats, differences: Floats, spread: Floats, pool: Places, counted: Flags) -> Floats:
    """Return by how much a range is wider whose dispersion no peers share; 1 where it is that of chance alone."""
    peers = np.bincount(pool, np.isfinite(own))[pool]
    alone = (peers == 1) & (differences > 0) & ~(counted & (spread <= 1))
    return np.where(alone, _student(OWN_WEIGHT * np.where(alone, differences, 1.0)), 1.0)


def _student(freedom: Floats) -> Floats:
    """Return how many times as wide as the normal's is the range of Student's t that is as rarely left.

    After Wallace, Bounds on normal approximations to Student's and the chi-square distributions, Ann Math Stat 1959.
    """
    z = EXPECTED_WITHIN * (8 * freedom + 3) / (8 * freedom + 1)
    return np.sqrt(freedom * np.expm1(z**2 / freedom)) / EXPECTED_WITHIN


def _range(amount: Floats, mu: Floats, tau: Floats, least: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the limits at |z| = 3 and the z of an amount, on the scale on which a count is nearly normal."""
    half = EXPECTED_WITHIN * tau * 2 / 3
    lower = mu * np.maximum(1 - half, 0.0) ** 1.5
    z = 1.5 * ((np.maximum(amount, least) / mu) ** (2 / 3) - 1) / tau
    return np.where(lower <= least, 0.0, lower), mu * (1 + half) ** 1.5, z


def expect_values(values: Floats, units: Floats, before: Before) -> Expected:
    """Return the median of the reference as centre and three spreads about it; a spread is at least one unit.

    `values` are series x months (durations, or the monthly changes of a stock), `units` what one unit is in them.
    The range is Student's: a spread made of medians of so few months is itself not known well.
    """
    taken = _taken(values, before)
    centre = median(taken, before.reference)
    spread = NORMAL * median(np.abs(taken - centre[:, None]), before.reference)
    spread = np.fmax(spread, units[before.rows, before.month])
    spread = spread * _student(MEDIAN_WORTH * before.reference.sum(axis=1))
    half, excess = EXPECTED_WITHIN * spread, values[before.rows, before.month] - centre
    return Expected(
        centre=centre,
        lower=centre - half,
        upper=centre + half,
        z=excess / spread,
        excess=excess,
        weight=np.ones_like(excess),
        level=centre,
        season=np.ones_like(excess),
        dispersion=spread,
    )

"""Seasons: what a calendar month usually adds or takes, from the months before each month (definitions §8)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metrics.levels import YEAR

Floats = NDArray[np.float64]
KNOWN_AT_LEAST = 24
FITTED = 13  # the twelve means and the slope


@dataclass(frozen=True, kw_only=True, eq=False)
class Season:
    """Log factors and the variance left in them: arrays of series x months x 12 calendar months, January first."""

    log_factors: Floats
    variances: Floats
    known: NDArray[np.bool_]  # series x months


def seasons(amounts: Floats, exposures: Floats, calendar: NDArray[np.int64]) -> Season:
    """Return the season known at the start of each month: it is fitted to the months before.

    `amounts` and `exposures` are series x months, NaN where unknown; `calendar` is each month's place in the year,
    0 to 11. log(amount / exposure) is a straight line in time plus a mean for each calendar month, both fitted in
    turn until still: that is their least-squares fit, worked out here at once from running sums. Each mean is
    shrunk by v / (v + s²/k), and v (s²/k) / (v + s²/k) is the variance left in it; a calendar month not seen yet
    is 0 with variance v. Where fewer than 24 months are known (and above 0: of nothing there is no logarithm),
    all is 0.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(amounts / exposures)
        counts, means, noise = _fit(np.where(np.isfinite(logs), logs, np.nan), calendar)
        enough = counts.sum(axis=-1, keepdims=True) >= KNOWN_AT_LEAST
        own = noise / counts  # of each mean: infinite where the calendar month was not seen
        beyond = _beyond_noise(means, own)
        kept = np.where(enough & (beyond > 0), np.where(np.isinf(own), 0.0, beyond / (beyond + own)), 0.0)
    variances = np.where(enough, beyond * (1 - kept), 0.0)
    return Season(log_factors=kept * np.nan_to_num(means), variances=np.nan_to_num(variances), known=enough[..., 0])


def _fit(logs: Floats, calendar: NDArray[np.int64]) -> tuple[Floats, Floats, Floats]:
    """Return, before each month, the months known and the centred mean of each calendar month, and the noise s²."""
    known = np.isfinite(logs)
    first = np.take_along_axis(logs, known.argmax(axis=1)[:, None], axis=1)  # taken off, so that sums stay exact
    x = np.where(known, logs - first, 0.0)
    time = np.where(known, np.arange(logs.shape[1], dtype=float), 0.0)
    counts, times, levels = (_before(part, calendar) for part in (known.astype(float), time, x))

    def within(left: Floats, right: Floats, left_sums: Floats, right_sums: Floats) -> Floats:
        return _before(left * right, calendar).sum(axis=-1) - np.nansum(left_sums * right_sums / counts, axis=-1)

    along = within(time, x, times, levels)
    slope = along / within(time, time, times, times)
    means = (levels - slope[..., None] * times) / counts
    left = np.maximum(within(x, x, levels, levels) - slope * along, 0.0)
    noise = left[..., None] / (counts.sum(axis=-1, keepdims=True) - FITTED)
    return counts, means - _mean(means), noise


def _before(part: Floats, calendar: NDArray[np.int64]) -> Floats:
    """Add up, for each month, what came before it by calendar month: series x months x 12."""
    sums = np.zeros((*part.shape, YEAR))
    for month in range(YEAR):
        sums[:, 1:, month] = np.cumsum(np.where(calendar == month, part, 0.0), axis=1)[:, :-1]
    return sums


def _mean(parts: Floats) -> Floats:
    """Return the mean over the calendar months seen."""
    seen = np.isfinite(parts)
    return np.where(seen, parts, 0.0).sum(axis=-1, keepdims=True) / seen.sum(axis=-1, keepdims=True)


def _beyond_noise(means: Floats, own: Floats) -> Floats:
    """Return the variance of the calendar months' means beyond their noise, at least 0; 0 of fewer than two."""
    seen = np.isfinite(means).sum(axis=-1, keepdims=True)
    squares = np.nan_to_num(means) ** 2  # they are centred
    variance = squares.sum(axis=-1, keepdims=True) / (seen - 1)
    return np.where(seen > 1, np.maximum(variance - _mean(own), 0.0), 0.0)

"""The level that a series keeps, and how much it varies about it beyond chance (definitions §8)."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
FAR = 2.5  # spreads from the level: from there on a month counts less
CAP, LEAST_CAP = 16.0, 6.0
POOL_WEIGHT = 12.0
OWN_WEIGHT = 2 / 3  # of each difference


def level(amounts: Floats, exposures: Floats, counted: Flags) -> tuple[Floats, Floats]:
    """Return each series' level and the weighted exposure that it rests on.

    `amounts` and `exposures` (season in it) are series x months of the reference, 0 outside it. Months whose
    residual is far from the plain level, on either side, count less. Of what is `counted`, the spread of the
    residuals is at least 1, that of chance; hours and scores have no such unit.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = (amounts.sum(axis=1) / exposures.sum(axis=1))[:, None] * exposures
        residuals = np.where(expected > 0, (amounts - expected) / np.sqrt(expected), 0.0)
        spread = np.sqrt((residuals**2).sum(axis=1) / ((exposures > 0).sum(axis=1) - 1))
        far = np.abs(residuals) / np.where(counted, np.maximum(spread, 1.0), spread)[:, None]
        weights = np.where(far > FAR, (FAR / far) ** 2, 1.0) * exposures
        base = weights.sum(axis=1)
        shares = np.where(exposures > 0, amounts / exposures, 0.0)
        return (weights * shares).sum(axis=1) / base, base


def dispersion(rates: Floats, exposures: Floats, levels: Floats, counted: Flags) -> tuple[Floats, Floats]:
    """Return each series' own dispersion, NaN without a difference, and the number of differences.

    `rates` and `exposures` (season in it) are series x known months, oldest first, NaN where there is none;
    `levels` is the variance of a rate at exposure 1.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        chance = levels[:, None] * (1 / exposures[:, 1:] + 1 / exposures[:, :-1])
        terms = np.diff(rates, axis=1) ** 2 / chance
    known = np.isfinite(terms)
    number = known.sum(axis=1)
    cap = CAP * median(terms, known)
    cap = np.where(counted, np.maximum(cap, LEAST_CAP), np.where(cap > 0, cap, np.inf))
    total = np.where(known, np.minimum(terms, cap[:, None]), 0.0).sum(axis=1)
    return np.divide(total, number, out=np.full(len(total), np.nan), where=number > 0), number.astype(float)


def median(terms: Floats, known: Flags) -> Floats:
    """Return the median of each row's known terms; infinity of none."""
    ordered = np.sort(np.where(known, terms, np.inf), axis=1)
    number = known.sum(axis=1)[:, None]
    middle = [np.take_along_axis(ordered, np.maximum(place, 0), axis=1) for place in ((number - 1) // 2, number // 2)]
    return (middle[0][:, 0] + middle[1][:, 0]) / 2


def pooled(own: Floats, differences: Floats, pool: NDArray[np.int64], counted: Flags) -> Floats:
    """Draw each series' dispersion to the mean of its pool (a number per series); NaN where nobody has one.

    Of what is `counted` it is at least 1, that of chance.
    """
    known = np.isfinite(own)
    sums = np.bincount(pool, np.where(known, own, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        means = (sums / np.bincount(pool, known))[pool]
    weight = np.where(known, OWN_WEIGHT * differences, 0.0)
    drawn = (POOL_WEIGHT * means + weight * np.nan_to_num(own)) / (POOL_WEIGHT + weight)
    return np.where(counted, np.fmax(drawn, 1.0), drawn)

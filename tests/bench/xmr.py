"""The rule that definitions §8 replaced, kept to be measured against: an XmR chart with a frozen baseline.

Values (totals: per day) of the first 24 months, as far as they are known, give centre and limits, centre ± 2.66 × the
mean moving range. A month is flagged outside a limit, as the 8th in a row on a side, or as one of 2 of 3 in a side's
outer third.
"""

import numpy as np
from numpy.typing import NDArray

BASELINE, AT_LEAST = 24, 12
LIMIT_FACTOR = 2.66  # from the mean moving range to three standard deviations (3 / 1.128)
RUN = 8
OUTER_THIRD = 2 / 3

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def flags(values: Floats, since: int = BASELINE) -> Flags:
    """Tell which months from place `since` on, at least the 12th, are flagged; `values`: series x months, all known."""
    if since < AT_LEAST - 1:
        raise ValueError(f"months are judged from place {AT_LEAST - 1} on, not from {since}")
    known = np.minimum(np.arange(values.shape[1]) + 1, BASELINE)[since:]
    centre = np.cumsum(values, axis=1)[:, known - 1] / known
    half = LIMIT_FACTOR * np.cumsum(np.abs(np.diff(values, axis=1)), axis=1)[:, known - 2] / (known - 1)
    above = [_earlier(values, step)[:, since:] - centre for step in range(RUN)]
    return _special(above, half) | _special([-one for one in above], half)


def _special(beyond: list[Floats], half: Floats) -> Flags:
    far = [one > OUTER_THIRD * half for one in beyond[:3]]
    return (beyond[0] > half) | np.all([one > 0 for one in beyond], axis=0) | (far[0] & (far[1] | far[2]))


def _earlier(values: Floats, months: int) -> Floats:
    return np.pad(values, ((0, 0), (months, 0)), constant_values=np.nan)[:, : values.shape[1]]

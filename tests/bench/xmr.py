"""The rule that definitions §8 replaced, kept to be measured against: an XmR chart with a frozen baseline.

Values (totals: per day) of the first 24 months give centre and limits, centre ± 2.66 × the mean moving range. A month
is flagged outside a limit, as the 8th in a row on a side, or as one of 2 of 3 in a side's outer third.
"""

import numpy as np
from numpy.typing import NDArray

BASELINE = 24
LIMIT_FACTOR = 2.66  # from the mean moving range to three standard deviations (3 / 1.128)
RUN = 8
OUTER_THIRD = 2 / 3


def flags(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which of the months after the baseline are flagged; `values` are series x months, all known."""
    baseline = values[:, :BASELINE]
    centre = baseline.mean(axis=1, keepdims=True)
    half = LIMIT_FACTOR * np.abs(np.diff(baseline, axis=1)).mean(axis=1, keepdims=True)
    special = [_special(side * (values - centre), half) for side in (1, -1)]
    return (special[0] | special[1])[:, BASELINE:]


def _special(beyond: NDArray[np.float64], half: NDArray[np.float64]) -> NDArray[np.bool_]:
    run = np.all([_earlier(beyond > 0, step) for step in range(RUN)], axis=0)
    far = [_earlier(beyond > OUTER_THIRD * half, step) for step in range(3)]
    return (beyond > half) | run | (far[0] & (far[1] | far[2]))


def _earlier(flagged: NDArray[np.bool_], months: int) -> NDArray[np.bool_]:
    return np.pad(flagged, ((0, 0), (months, 0)))[:, : flagged.shape[1]]

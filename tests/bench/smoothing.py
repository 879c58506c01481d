"""Another well-kept way to say what is real: exponential smoothing with a season (statsmodels), one month ahead.

A series is fitted on the months before, anew each year, and every month is flagged outside the 99.73 % interval of its
forecast from the month before. Counts are taken as the logarithm of a day's mean with half an event added.
"""

import warnings

import numpy as np
from numpy.typing import NDArray
from statsmodels.tsa.statespace.exponential_smoothing import ExponentialSmoothing

from tests.bench.simulated import DAYS, HISTORY, LENGTH

OUTSIDE = 0.0027
YEAR = 12


def flags(amounts: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which months after HISTORY are flagged; `amounts` are series x months."""
    return np.array([_flagged(np.log((series + 0.5) / DAYS)) for series in amounts])


def _flagged(series: NDArray[np.float64]) -> NDArray[np.bool_]:
    found = []
    for year in range(HISTORY, LENGTH, YEAR):
        model = ExponentialSmoothing(series[:year], seasonal=YEAR, initialization_method="concentrated")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a fit that stops early still forecasts
            fitted = model.fit(disp=False, maxiter=50).append(series[year : year + YEAR])
        interval = fitted.get_prediction(year, year + YEAR - 1).conf_int(alpha=OUTSIDE)
        actual = series[year : year + YEAR]
        found.append((actual < interval[:, 0]) | (actual > interval[:, 1]))
    return np.concatenate(found)

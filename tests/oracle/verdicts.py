"""The one rule of definitions §8 in plain loops over lists: the areas of one level, month by month; None is unknown.

Written from the definition's text and the readings that metrics.expected and metrics.signals document, not from their
code: seasons are fitted in turn until still, medians sorted, sums added one by one.
"""

from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from math import exp, expm1, isfinite, log, sqrt
from statistics import median

from metrics.levels import add_months

STILL = 1e-14


def days(month: date) -> int:
    return (add_months(month, 1) - month).days


@dataclass
class Area:
    """One series: amounts against exposures, or (`kind` 'value') values that have none."""

    amounts: list
    exposures: list
    counted: bool = True
    proportion: bool = False
    kind: str = "amount"
    unit: float = 1.0
    steps: set = field(default_factory=set)
    start: int = 0
    since: int | None = None
    settling: bool = False
    up: list = field(default_factory=list)  # the months of a sum that is above zero, then the sum
    down: list = field(default_factory=list)
    up_sum: float = 0.0
    down_sum: float = 0.0

    def known(self, month: int) -> bool:
        return self.amounts[month] is not None and (self.kind == "value" or bool(self.exposures[month]))

    def afresh(self) -> None:
        self.start, self.since, self.settling = 0, None, False
        self.up, self.down, self.up_sum, self.down_sum = [], [], 0.0, 0.0


@dataclass
class Told:
    centre: float | None = None
    lower: float | None = None
    upper: float | None = None
    z: float | None = None
    signal: str | None = None
    direction: int = 0
    since: int | None = None


def judge(areas: list[Area], lender: Area | None, calendar: list[int]) -> list[list[Told]]:
    """Give each area's months; `lender` is the series that lends its season (None: nobody does)."""
    length = len(calendar)
    learned = next((t for t in range(length) if lender and season(lender, calendar, t, False)[2]), None)
    told = [[] for _ in areas]
    for month in range(length):
        if month == learned:
            for area in areas:
                area.afresh()
            for earlier in range(month):
                _month(areas, lender, calendar, earlier, month)
        for series, found in zip(told, _month(areas, lender, calendar, month, month), strict=True):
            series.append(found)
    return told


def season(lender: Area, calendar: list[int], before: int, mirrored: bool) -> tuple[list, list, bool]:
    """Give twelve factors, the variance left in the log of each, and whether 24 months were known."""
    nothing = [1.0] * 12, [0.0] * 12, False
    points = []
    for month in range(before):
        y, e = lender.amounts[month], lender.exposures[month]
        if y is not None and e:
            y = e - y if mirrored else y
            if y > 0:
                points.append((month, calendar[month], log(y / e)))
    if len(points) < 24:
        return nothing
    seen = sorted({c for _, c, _ in points})
    means = dict.fromkeys(seen, 0.0)
    while True:
        slope, base = _line([(t, x - means[c]) for t, c, x in points])
        rest = {c: [x - base - slope * t for t, d, x in points if d == c] for c in seen}
        fresh = {c: sum(rest[c]) / len(rest[c]) for c in seen}
        middle = sum(fresh.values()) / len(fresh)
        fresh = {c: m - middle for c, m in fresh.items()}
        moved = max(abs(fresh[c] - means[c]) for c in seen)
        means = fresh
        if moved < STILL:
            break
    slope, base = _line([(t, x - means[c]) for t, c, x in points])
    noise = sum((x - means[c] - base - slope * t) ** 2 for t, c, x in points) / (len(points) - 13)
    years = {c: sum(d == c for _, d, _ in points) for c in seen}
    variance = 0.0
    if len(seen) > 1:
        spread = sum(m * m for m in means.values()) / (len(seen) - 1)
        variance = max(0.0, spread - noise * sum(1 / k for k in years.values()) / len(seen))
    factors, left = [1.0] * 12, [variance] * 12
    for c in seen:
        kept = variance / (variance + noise / years[c]) if variance > 0 else 0.0
        factors[c], left[c] = exp(kept * means[c]), variance * (1 - kept)
    return factors, left, True


def _line(points: list) -> tuple[float, float]:
    n = len(points)
    t_mean, x_mean = sum(t for t, _ in points) / n, sum(x for _, x in points) / n
    slope = sum((t - t_mean) * (x - x_mean) for t, x in points) / sum((t - t_mean) ** 2 for t, _ in points)
    return slope, x_mean - slope * t_mean


def _month(areas: list[Area], lender: Area | None, calendar: list[int], month: int, season_at: int) -> list[Told]:
    references = [_reference(area, month) for area in areas]
    if areas[0].kind == "value":
        expected = [r and _value(a, r, month) for a, r in zip(areas, references, strict=True)]
    else:
        fits = [r and _fit(a, r, lender, calendar, month, season_at) for a, r in zip(areas, references, strict=True)]
        own = [fit["own"] for fit in fits if fit and fit["own"] is not None]
        expected = [fit and _amount(a, fit, own, month) for a, fit in zip(areas, fits, strict=True)]
    return [_tell(area, found, month) for area, found in zip(areas, expected, strict=True)]


def _reference(area: Area, month: int) -> list[int] | None:
    """List the months that the level rests on; None where they are too few."""
    if month in area.steps and any(area.known(m) for m in range(month)):
        area.afresh()
        area.start, area.settling = month, True
    after = [m for m in range(area.start, month) if area.known(m)]
    before = any(area.known(m) for m in range(area.start))
    if len(after) < (6 if before else 12):
        return None
    area.settling = False
    return after[-24:]


def _fit(area: Area, reference: list, lender: Area, calendar: list, month: int, season_at: int) -> dict:
    mirrored = area.proportion and (
        sum(area.amounts[m] for m in reference) > 0.5 * sum(area.exposures[m] for m in reference)
    )
    factors, left, _ = season(lender, calendar, season_at, mirrored)

    def y(m):
        return max(area.exposures[m] - area.amounts[m], 0.0) if mirrored else area.amounts[m]

    def x(m):
        return area.exposures[m] * factors[calendar[m]]

    rate, base = _level([(y(m), x(m)) for m in reference], area.counted)
    room = 1 - (rate if area.proportion else 0.0)
    known = [m for m in range(month) if area.known(m)][-36:]
    own, differences = None, 0
    if rate * room > 0:
        pairs = list(pairwise(known))
        terms = [(y(b) / x(b) - y(a) / x(a)) ** 2 / (rate * room * (1 / x(a) + 1 / x(b))) for a, b in pairs]
        cap = 16 * median(terms)
        cap = max(cap, 6.0) if area.counted else cap or float("inf")
        own, differences = sum(min(term, cap) for term in terms) / len(terms), len(terms)
    return {
        "mirrored": mirrored,
        "rate": rate,
        "base": base,
        "room": room,
        "own": own,
        "differences": differences,
        "factor": factors[calendar[month]],
        "left": left[calendar[month]],
    }


def _level(points: list, counted: bool) -> tuple[float, float]:
    plain = sum(y for y, _ in points) / sum(x for _, x in points)
    if plain == 0:
        return 0.0, sum(x for _, x in points)
    residuals = [(y - plain * x) / sqrt(plain * x) for y, x in points]
    spread = sqrt(sum(r * r for r in residuals) / (len(points) - 1))
    spread = max(spread, 1.0) if counted else spread
    weights = [1.0 if abs(r) <= 2.5 * spread else (2.5 * spread / abs(r)) ** 2 for r in residuals]
    base = sum(w * x for w, (_, x) in zip(weights, points, strict=True))
    return sum(w * y for w, (y, _) in zip(weights, points, strict=True)) / base, base


def _amount(area: Area, fit: dict, own: list, month: int) -> Told | None:
    e, y = area.exposures[month], area.amounts[month]
    phi = _dispersion(fit, own, area.counted)
    if not e or phi is None:
        return Told()
    rate = fit["rate"] if fit["rate"] > 0 else phi / 2 / fit["base"]
    now = e * fit["factor"]
    mu = rate * now
    if mu == 0:
        return Told()
    tau = sqrt(phi * fit["room"] * (1 + now / fit["base"]) / mu + fit["left"])
    tau = max(tau, 0.001)
    if len(own) == 1 and fit["own"] is not None and not (area.counted and phi <= 1):
        tau *= student(fit["differences"] * 2 / 3)
    least = min(phi, mu) / 2
    lower, upper = mu * max(0.0, 1 - 2 * tau) ** 1.5, mu * (1 + 2 * tau) ** 1.5
    lower = 0.0 if lower <= least else lower
    z = None
    if y is not None:
        judged = max(e - y if fit["mirrored"] else y, least)
        z = 1.5 * ((judged / mu) ** (2 / 3) - 1) / tau
    if fit["mirrored"]:
        return Told(centre=e - mu, lower=e - upper, upper=e - lower, z=None if z is None else -z)
    return Told(centre=mu, lower=lower, upper=upper, z=z)


def _dispersion(fit: dict, own: list, counted: bool) -> float | None:
    if not own:
        return 1.0 if counted else None
    k = 2 / 3 * fit["differences"]
    phi = (12 * sum(own) / len(own) + (k * fit["own"] if k else 0.0)) / (12 + k)
    return max(phi, 1.0) if counted else phi


def student(freedom: float) -> float:
    """Give the width of Student's range that is left as rarely as three standard deviations, in those (Wallace)."""
    z = 3 * (8 * freedom + 3) / (8 * freedom + 1)
    return sqrt(freedom * expm1(z * z / freedom)) / 3


def _value(area: Area, reference: list, month: int) -> Told:
    values = [area.amounts[m] for m in reference]
    centre = median(values)
    spread = max(1.4826 * median(abs(v - centre) for v in values), area.unit) * student(0.37 * len(values))
    y = area.amounts[month]
    z = None if y is None else (y - centre) / spread
    return Told(centre=centre, lower=centre - 3 * spread, upper=centre + 3 * spread, z=z)


def _tell(area: Area, found: Told | None, month: int) -> Told:
    found = found or Told()
    if found.z is not None:
        assert isfinite(found.z)
        _cumulate(area, found, month)
    found.since = area.start if area.settling else area.since
    return found


def _cumulate(area: Area, found: Told, month: int) -> None:
    held = max(-3.0, min(3.0, found.z))
    area.up_sum = max(0.0, area.up_sum + held - 0.5)
    area.down_sum = max(0.0, area.down_sum - held - 0.5)
    area.up = [*area.up, month] if area.up_sum > 0 else []
    area.down = [*area.down, month] if area.down_sum > 0 else []
    if max(area.up_sum, area.down_sum) > 5:
        rise = area.up_sum > 5
        found.signal, found.direction = "shift", 1 if rise else -1
        since = (area.up if rise else area.down)[0]
        area.afresh()
        area.start = area.since = since
    elif abs(found.z) > 3:
        found.signal, found.direction = "spike", 1 if found.z > 0 else -1

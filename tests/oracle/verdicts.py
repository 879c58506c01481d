"""One series judged month by month with loops (definitions §8); months are consecutive, None is unknown."""

from datetime import date
from itertools import pairwise

from metrics.levels import add_months


def days(month: date) -> int:
    return (add_months(month, 1) - month).days


def judge(months: list[date], values: list[float | None], better: str, daily: bool, most: float | None) -> list:
    """Give (centre, lower, upper, verdict) of every month."""
    x = [v if v is None or not daily else v / days(m) for m, v in zip(months, values, strict=True)]
    first = next((i for i, v in enumerate(x) if v is not None), None)
    return [_at(k, first, x, months, better, daily, most) for k in range(len(x))]


def _at(k, first, x, months, better, daily, most):
    nothing = (None, None, None, None)
    if first is None or k < first:
        return nothing
    base = x[first : min(first + 24, k + 1)]
    known = [v for v in base if v is not None]
    moves = [abs(b - a) for a, b in pairwise(base) if a is not None and b is not None]
    if len(known) < 12 or not moves:
        return nothing
    centre, half = sum(known) / len(known), 2.66 * sum(moves) / len(moves)
    per = days(months[k]) if daily else 1
    limits = [_clip((centre + sign * half) * per, most) for sign in (0, -1, 1)]
    if x[k] is None:
        return (*limits, None)
    side = next((sign for sign in (1, -1) if _special(k, first, x, centre, half, sign)), None)
    if side is None:
        return (*limits, "no real change")
    if better == "neither":
        return (*limits, "change")
    return (*limits, "improvement" if (side == 1) == (better == "higher") else "concern")


def _clip(value: float, most: float | None) -> float:
    value = max(value, 0.0)
    return value if most is None else min(value, most)


def _special(k, first, x, centre, half, sign) -> bool:
    def beyond(i, distance):
        return i >= first and x[i] is not None and sign * (x[i] - centre) > distance + 1e-12 * abs(centre)

    outside = beyond(k, half)
    run = all(beyond(i, 0) for i in range(k - 7, k + 1))
    far = beyond(k, half * 2 / 3) and (beyond(k - 1, half * 2 / 3) or beyond(k - 2, half * 2 / 3))
    return outside or run or far

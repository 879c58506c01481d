"""Fixes to held intervals by loops (definitions §3, steps 1 and 2)."""

import math
from collections import defaultdict
from datetime import datetime, timedelta

MAX_GAP = timedelta(seconds=600)
Fix = tuple[str, datetime, float, float]
Interval = tuple[str, datetime, datetime]


def held(fixes: list[Fix], duty: list[Interval]) -> list[tuple[str, datetime, datetime, float, float]]:
    shifts = defaultdict(list)
    for officer, start, end in duty:
        shifts[officer].append((start, end))
    kept = defaultdict(dict)
    for officer, at, lon, lat in fixes:
        inside = math.isfinite(lon) and math.isfinite(lat) and -9 <= lon <= 2 and 49 <= lat <= 61
        if inside:
            kept[officer][at] = min(kept[officer].get(at, (lon, lat)), (lon, lat))
    result = []
    for officer, points in kept.items():
        on = [(at, *points[at]) for at in sorted(points) if _shift(shifts[officer], at)]
        on = [fix for i, fix in enumerate(on) if not _spike(on, i)]
        for i, (at, lon, lat) in enumerate(on):
            ends = [at + MAX_GAP, _shift(shifts[officer], at)[1]]
            if i + 1 < len(on):
                ends.append(on[i + 1][0])
            result.append((officer, at, min(ends), lon, lat))
    return result


def _shift(shifts: list, at: datetime) -> tuple | None:
    return next((shift for shift in shifts if shift[0] <= at < shift[1]), None)


def _spike(on: list, i: int) -> bool:
    return 0 < i < len(on) - 1 and _fast(on[i - 1], on[i]) and _fast(on[i], on[i + 1])


def _fast(a: tuple, b: tuple) -> bool:
    gap = b[0] - a[0]
    return gap <= MAX_GAP and _metres(a[1:], b[1:]) / gap.total_seconds() * 3.6 > 180


def _metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    lon1, lat1, lon2, lat2 = map(math.radians, (*a, *b))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6_371_008.8 * math.asin(math.sqrt(h))

"""Duty time minute by minute with loops (definitions §2): every bound must lie on a whole minute."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
MINUTE = timedelta(minutes=1)
Segment = tuple[str, str, datetime, datetime, str]  # officer, shift, start, end, activity code
Code = tuple[str, str]  # category, family


def minutes(segments: list[Segment]) -> dict[tuple[str, datetime], tuple[str, str]]:
    """Give who does what in which minute: officer and minute to shift and code."""
    held: dict = {}
    for officer, shift, start, end, code in sorted(segments, key=lambda s: (s[2], s[4], s[3], s[1])):
        at = start
        while at < end:
            held[officer, at] = (shift, code)
            at += MINUTE
    return held


@cache
def local(at: datetime) -> tuple[date, int]:
    """Give the local day and hour of an instant: those of thousands of officers are the same."""
    there = at.astimezone(LONDON)
    return there.date(), there.hour


def seconds(segments: list[Segment], codes: dict[str, Code]) -> Counter:
    """Give seconds by officer, local day, local hour and code."""
    total: Counter = Counter()
    for (officer, at), (_, code) in minutes(segments).items():
        if code in codes:
            total[officer, *local(at), code] += 60
    return total


def shifts(segments: list[Segment], codes: dict[str, Code]) -> Counter:
    """Give shifts by officer and the local day of their first duty minute."""
    first: dict = {}
    for (officer, at), (shift, code) in minutes(segments).items():
        if code in codes and codes[code][1] != "absence":
            first[officer, shift] = min(at, first.get((officer, shift), at))
    return Counter((officer, local(at)[0]) for (officer, _), at in first.items())


def episodes(segments: list[Segment], codes: dict[str, Code]) -> Counter:
    """Give episodes by officer, category and the local day they start."""
    away = defaultdict(list)
    for (officer, at), (_, code) in minutes(segments).items():
        if code in codes and codes[code][1] in ("demand", "aid"):
            away[officer, codes[code][0]].append(at)
    total: Counter = Counter()
    for (officer, category), instants in away.items():
        end = None
        for at in sorted(instants):
            if end is None or at - end > timedelta(minutes=15):
                total[officer, category, local(at)[0]] += 1
            end = at + MINUTE
    return total

"""Presence second by second with loops (definitions §6): every bound must lie on a whole minute."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
MINUTE = timedelta(minutes=1)
Stay = tuple[str, str, datetime, datetime]  # officer, hotspot, start, end


def visit(hotspot: str, start: datetime, end: datetime, officers: set[str], stays: list[Stay]) -> tuple[int, int, str]:
    """Give visit_s, officer_s and the result of one tasking; no officers named: anybody counts."""
    there = _minutes(hotspot, officers, stays)
    inside = [(officer, at) for officer, at in there if start <= at < end]
    day = start.astimezone(LONDON).date()
    that_day = any(at.astimezone(LONDON).date() == day for _, at in there)
    visit_s, officer_s = 60 * len({at for _, at in inside}), 60 * len(inside)
    if visit_s >= 3600:
        return visit_s, officer_s, "compliant"
    if visit_s:
        return visit_s, officer_s, "short"
    return 0, 0, "outside_window" if that_day else "missed"


def _minutes(hotspot: str, officers: set[str], stays: list[Stay]) -> set[tuple[str, datetime]]:
    found = set()
    for officer, place, start, end in stays:
        if place == hotspot and (not officers or officer in officers):
            found |= {(officer, start + k * MINUTE) for k in range((end - start) // MINUTE)}
    return found

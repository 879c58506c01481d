"""Titles and empty states of single pages, each made from all the rows that it speaks of."""

from collections.abc import Collection, Sequence
from typing import Any

from pages.wording import words

Row = dict[str, Any]


def nothing_first(rows: Sequence[Row]) -> str | None:
    """Say why no area is listed to act on first, and of how many that holds; None where one is a concern."""
    judged = [row for row in rows if row["verdict"] is not None]
    if any(row["verdict"] == "concern" for row in judged):
        return None
    if not judged:
        return f"Act first: not known. None of {_areas(rows)} can be judged in this month."
    unjudged = len(rows) - len(judged)
    others = f" {unjudged} more cannot be judged." if unjudged else ""
    return f"Act first: nothing. None of {_areas(judged)} is worse than month-to-month chance explains.{others}"


def _areas(rows: Sequence[Row]) -> str:
    """Count areas by level: '39 sectors and 187 neighbourhoods'."""
    levels = list(dict.fromkeys(row["area_level"] for row in rows))
    counts = {level: sum(row["area_level"] == level for row in rows) for level in levels}
    said = (f"{count} {words.level(level, many=count != 1)}" for level, count in counts.items())
    return " and ".join(said) or "no area"


def least_served(place: str, rows: Sequence[Row]) -> str:
    """Name the neighbourhood of a place that gets least for its need, count them where several do, or say none does."""
    gaps = [row["gap_hours"] for row in rows]
    last = [row["area_name"] for row in rows if row["gap_hours"] == min(gaps)]
    if min(gaps) >= 0:
        return f"No neighbourhood of {place} gets less than its share"
    if len(rows) == 1:
        return f"{last[0]} gets less than its share"
    if len(last) > 1:
        return f"{len(last)} neighbourhoods of {place} get least for their need"
    return f"{last[0]} gets least for its need in {place}"


def lifted(place: str, rows: Sequence[Row], amount: float) -> str:
    """Say what moving hours would do in a place: how many are lifted, and what the worst served of these would have."""
    if not amount:
        return "Nothing moved."
    helped = sorted((row for row in rows if row["moved_hours"] > 0), key=lambda row: row["gap_hours"])
    if not helped:
        return f"Moving {amount:g} h would lift no neighbourhood of {place}: neighbourhoods elsewhere are worse served."
    first = helped[0]
    before, after = (words.change(first[name], "h") for name in ("gap_hours", "gap_after"))
    return (
        f"Moving {amount:g} h would lift {len(helped)} of {len(rows)} neighbourhoods of {place}. {first['area_name']}, "
        f"the worst served of them, would go from {before} to {after} against its fair share."
    )


def fell(areas: Sequence[Row]) -> str:
    """Say in how many areas crime is lower than last year to date, and in how many it fell or rose for certain."""
    fewer = sum(row["after"] < row["before"] for row in areas)
    down, up = (sum(row["result"] == result for row in areas) for result in ("fell", "rose"))
    others = len(areas) - down - up
    chance = f" In the other {others} it could be chance, or is of too few crimes." if others else ""
    return (
        f"**{fewer} of {len(areas)} areas have fewer crimes than last year to date; for certain it fell in {down} and "
        f"rose in {up}.**{chance}"
    )


def covered(known: Collection[str], every: Collection[str], when: str) -> str:
    """Say how many of all indicators have a figure anywhere on the page."""
    return f"{len(set(known) & set(every))} of {len(every)} indicators have a figure for {when}"

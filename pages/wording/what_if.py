"""What moving hours or losing posts would do, in words: always two ends, and what is assumed between them."""

from collections.abc import Sequence
from typing import Any

from pages.wording import words

Row = dict[str, Any]
OF_HOURS = (
    "Now is the expected range of the coming month (level, season and spread of the months before), as hours a week. "
    "Assumed: an hour moved is seen where it goes as it was seen where it came from, and nothing else changes. "
    "Nobody gives more than they usually have."
)
OF_POSTS = (
    "From the last 12 months as they were, each with so many neighbourhood posts (FTE) fewer: a post is worth its "
    "month's duty hours for each FTE. Low: the same hours are asked of fewer officers; high: abstraction shrinks with "
    "the posts, and its rate stays. Assumed: nobody else steps in, and demand is as it was."
)


def span(low: float | None, high: float | None, unit: str) -> str:
    """Write two ends as one: '60.0 to 88.0 h'; 'no range' where they are not known, one figure where they agree."""
    if low is None or high is None:
        return "no range"
    ends = (words.number(low, unit), words.figure(high, unit))
    return ends[1] if words.figure(low, unit) == ends[1] else " to ".join(ends)


def hours_moved(rows: Sequence[Row], asked: float) -> str:
    """Say what two neighbourhoods would have, the giver first; or why that cannot be said."""
    if len(rows) < 2 or any(row["low_after"] is None for row in rows):
        return "No range: one of the two has too few months, or its hours are withheld."
    giver, receiver = rows
    told = (
        f"{row['area_name']} would have {span(row['low_after'], row['high_after'], 'h')} a week instead of "
        f"{span(row['low'], row['high'], 'h')}"
        for row in rows
    )
    moved = receiver["moved"]
    less = f" ({words.figure(moved, 'h')} are all it usually has)" if moved < asked else ""
    return f"Moving {words.figure(moved, 'h')} a week from {giver['area_name']}{less}: {'; '.join(told)}."


def posts_lost(row: Row, posts: float) -> str:
    """Say what an area would have left with fewer posts."""
    if row["left_after_low"] is None:
        return f"{row['area_name']}: fewer than six months are known, so there is no range."
    left, before = (span(row[f"{one}_low"], row[f"{one}_high"], "h") for one in ("left_after", "left"))
    rate, usual = (span(row[f"{one}_low"], row[f"{one}_high"], "%") for one in ("rate_after", "rate"))
    return (
        f"{row['area_name']} with {posts:g} posts fewer: {left} a month left for neighbourhoods instead of {before}, "
        f"an abstraction rate of {rate} instead of {usual}."
    )

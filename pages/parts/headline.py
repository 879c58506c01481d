"""The finding as a page's title: one sentence of at most ten words, made from the data by rules."""

from collections.abc import Sequence
from typing import Any

import polars as pl
import streamlit as st

from pages.selections.context import Context
from pages.wording import plain, words

MOST_WORDS = 10
_REAL = ("improvement", "concern", "change")
Row = dict[str, Any]


def title(
    context: Context,
    subject: str,
    own: pl.DataFrame,
    parts: pl.DataFrame | None = None,
    place: str | None = None,
) -> None:
    """Open a page: the finding as its heading, and measure, area and period in the line below.

    `own` and `parts` are answers about one indicator, of the selected area and of the areas in it; `subject` is what
    the sentence calls it ('Abstraction'). `place` names what `own` is about where it is not the selected area.
    """
    place = place or context.place
    month = context.selection.month
    mine = own.filter(pl.col("month") == month).to_dicts()
    below = [] if parts is None else parts.filter(pl.col("month") == month).to_dicts()
    finding = sentence(subject, place, mine[0] if mine else None, below)
    st.markdown(f"# {plain.markdown(finding)}", anchors=False)
    if mine:
        indicator = context.indicator(mine[0]["indicator_id"])
        measure = f"{indicator.name} ({words.unit_words(indicator.unit)})"
        provisional = " · provisional: the month is not complete" if month in context.provisional else ""
        caption(f"{measure[0].upper()}{measure[1:]} · {plain.markdown(place)} · {words.month(month)}{provisional}")


def caption(text: str) -> None:
    """Write the small line under a heading, as Markdown: names in it have passed `plain.markdown`."""
    st.caption(text)


def sentence(subject: str, place: str, own: Row | None, parts: Sequence[Row]) -> str:
    """Write the finding: where it really changed, by name while it is short, else by number."""
    if own is None or own.get("value") is None:
        return f"No {_inside(subject)} figure for {place}"
    rose = [row for row in parts if row.get("verdict") in _REAL and _rose(row)]
    fell = [row for row in parts if row.get("verdict") in _REAL and not _rose(row)]
    candidates = _by_name(subject, rose, fell) + _by_number(subject, rose, fell, parts)
    if own.get("verdict") in _REAL:
        verb = "rose" if _rose(own) else "fell"
        candidates = [
            f"{subject} {verb} in {place}{_tail(rose, fell, verb, parts)}",
            f"{subject} {verb} in {place}",
            *candidates,
        ]
    elif own.get("verdict") is None and not rose and not fell:
        return f"{subject}: too few months for a verdict"
    candidates.append(f"No real change in {_inside(subject)} in {place}")
    return next((text for text in candidates if len(text.split()) <= MOST_WORDS), f"{subject}: see the cards")


def _inside(subject: str) -> str:
    """Write a subject as it stands inside a sentence; an abbreviation keeps its capitals."""
    return subject if subject[:2].isupper() else subject[0].lower() + subject[1:]


def _rose(row: Row) -> bool:
    return row["value"] > row["centre"]


def _by_name(subject: str, rose: Sequence[Row], fell: Sequence[Row]) -> list[str]:
    said = [f"{verb} in {_names(rows)}" for verb, rows in (("rose", rose), ("fell", fell)) if rows]
    if not said:
        return []
    short = f"{subject} {', '.join(said)}"
    return [f"{short}; no real change elsewhere", short] if len(rose) + len(fell) <= 3 else []


def _by_number(subject: str, rose: Sequence[Row], fell: Sequence[Row], parts: Sequence[Row]) -> list[str]:
    if not rose and not fell:
        return []
    kind = words.level(parts[0]["area_level"], many=True)
    said = [f"{verb} in {len(rows)}" for verb, rows in (("rose", rose), ("fell", fell)) if rows]
    return [f"{subject} {', '.join(said)} of {len(parts)} {kind}"]


def _tail(rose: Sequence[Row], fell: Sequence[Row], verb: str, parts: Sequence[Row]) -> str:
    same = rose if verb == "rose" else fell
    if not same or len(parts) < 2:
        return ""
    return ", in all parts" if len(same) == len(parts) else f", most in {max(same, key=_distance)['area_name']}"


def _distance(row: Row) -> float:
    return abs(row["value"] - row["centre"])


def _names(rows: Sequence[Row]) -> str:
    names = [row["area_name"] for row in rows]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

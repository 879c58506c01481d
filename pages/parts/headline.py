"""The finding as a page's title: one sentence of at most ten words, made from the data by rules."""

from collections.abc import Sequence
from typing import Any

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.selections import links
from pages.selections.context import Context
from pages.wording import plain, words

MOST_WORDS = 10
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
    finding = sentence(context.titled(subject), place, mine[0] if mine else None, below)
    st.markdown(f"# {links.named(context, finding, below)}", anchors=False)
    if mine:
        indicator = context.indicator(mine[0]["indicator_id"])
        measure = words.axis(indicator)
        when = context.when() + (" · judged by its months" if context.selection.spans else "")
        measured = plain.markdown(context.titled(words.capital(measure)))
        caption(f"{measured} · {plain.markdown(place)} · {when}{provisional(context)}")


def provisional(context: Context) -> str:
    """Say which of the months shown may still change; '' where none may."""
    open_months = sorted(context.provisional.intersection((*context.selection.months, context.selection.month)))
    which = words.span(open_months) if context.selection.spans and open_months else "the month"
    return f" · provisional: {which} is not complete" if open_months else ""


def of_month(context: Context, months: int = 1) -> None:
    """Say, where several months are selected, that what follows is of the last of them, or of so many up to it."""
    if context.selection.spans:
        last = words.month(context.selection.month)
        counted = f"{last} alone" if months == 1 else f"the {months} months to {last}"
        caption(f"Of {counted}, not of {context.when()}.")


def room(name: str = "") -> DeltaGenerator:
    """Return the container of a finding that is known after what is chosen below it; its room is kept (style.css).

    Of containers that are empty yet Streamlit sends those with a border alone; the style takes it off.
    """
    return st.container(border=True, key=f"npd_told{name}")


def caption(text: str) -> None:
    """Write the small line under a heading, as Markdown: names in it have passed `plain.markdown`."""
    st.caption(text)


def sentence(subject: str, place: str, own: Row | None, parts: Sequence[Row]) -> str:
    """Write the finding from all the rows: where the figure stands, since when, and in which parts that is new.

    At most MOST_WORDS words: the parts are named where they are few, else counted; the place goes first where it must.
    """
    if own is None or own.get("value") is None:
        return f"No {_inside(subject)} figure for {place}"
    new = [row for row in parts if row.get("signal") is not None and row.get("area_code") != own.get("area_code")]
    state = _state(own)
    tails = [f"; new in {_names(new)}", f"; new in {len(new)} of {len(parts)} {_kind(parts)}"] if new else [""]
    candidates = [f"{subject} {state}{where}{tail}" for where in (f" in {place}", "") for tail in tails]
    return next((text for text in candidates if len(text.split()) <= MOST_WORDS), candidates[-1])


def _state(row: Row) -> str:
    """Say where a figure stands against what its month usually brings."""
    if row.get("verdict") is None:
        if row.get("centre") is None and row.get("since") is not None:
            return f"settling since {words.month(row['since'])}"
        return "not judged yet: too few months" if row.get("centre") is None else "not judged yet: month not complete"
    if row.get("signal") == "spike":
        return "unusually high" if row["value"] > row["centre"] else "unusually low"
    if row.get("since") is not None:
        return f"{'higher' if row['level_change'] > 0 else 'lower'} since {words.month(row['since'])}"
    return "as usual"


def _kind(parts: Sequence[Row]) -> str:
    return words.level(parts[0]["area_level"], many=True)


def _inside(subject: str) -> str:
    """Write a subject as it stands inside a sentence; an abbreviation keeps its capitals."""
    return subject if subject[:2].isupper() else subject[0].lower() + subject[1:]


def _names(rows: Sequence[Row]) -> str:
    names = [row["area_name"] for row in rows]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

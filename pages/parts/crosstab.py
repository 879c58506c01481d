"""A table with any two things at its sides: each cell a figure with its n, its mark and the way to exactly it."""

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from metrics.indicator import Indicator
from metrics.levels import AREA_LEVELS
from pages.parts import drawing
from pages.selections import links
from pages.selections.context import Context
from pages.selections.selection import LAST_MONTH, LAST_YEAR
from pages.wording import figures, sentences, words

MOST_DOWN, MOST_ACROSS = 100, 40
_MOST_ON_A_PHONE, _MOST_ON_PAPER = 2, 10  # columns side by side
Row = Mapping[str, Any]
Head = tuple[str, str | None]  # its words, and the address it leads to


def draw(
    context: Context,
    rows: Mapping[tuple[Head, Head], tuple[Indicator, Row]],
    *,
    caption: str,
    turned: bool,
) -> None:
    """Draw rows by their place (down, across), sides in the order in which they come; `turned` swaps them."""
    placed = {(across, down) if turned else (down, across): told for (down, across), told in rows.items()}
    downs, acrosses = (list(dict.fromkeys(place[side] for place in placed)) for side in (0, 1))
    shown, columns = downs[:MOST_DOWN], acrosses[:MOST_ACROSS]
    heads = "".join(f'<th scope="col">{_head(one)}</th>' for one in columns)
    lines = "".join(_line(context, down, {one: placed.get((down, one)) for one in columns}) for down in shown)
    st.html(
        f'<div class="npd-scroll npd-half" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="npd-cross{_size(len(columns))}"><caption>{escape(caption)}</caption>'
        f"<thead><tr><td></td>{heads}</tr></thead><tbody>{lines}</tbody></table></div>"
    )
    if len(downs) > len(shown) or len(acrosses) > len(columns):
        st.caption(
            f"{len(shown)} of {len(downs):,} rows and {len(columns)} of {len(acrosses):,} columns are shown: the "
            "downloads have all."
        )


def _head(head: Head) -> str:
    said, to = head
    return links.link(to, escape(said)) if to else escape(said)


def _size(columns: int) -> str:
    """Return the classes by which the style sheet sets the cells of a row below each other, each under its head."""
    return " npd-many" * (columns > _MOST_ON_A_PHONE) + " npd-wide" * (columns > _MOST_ON_PAPER)


def _line(context: Context, down: Head, cells: Mapping[Head, tuple[Indicator, Row] | None]) -> str:
    told = "".join(
        f'<td data-head="{escape(across[0])}">{_cell(context, *cell) if cell else words.NOTHING}</td>'
        for across, cell in cells.items()
    )
    return f'<tr><th scope="row">{_head(down)}</th>{told}</tr>'


def _cell(context: Context, indicator: Indicator, row: Row) -> str:
    """Write value, mark, n and change, as a link to exactly that where it is one figure of an area."""
    if row["value"] is None:
        return f'<small class="npd-missing">{escape(row.get("note") or "no data")}</small>'
    mark = figures.mark(indicator, row)
    real = row.get("verdict") in sentences.REAL and mark is not words.TOO_FEW
    said, made_of = figures.value(indicator, row), figures.n(indicator, row)
    below = [escape(one) for one in (made_of if made_of != said else "", _change(context, indicator, row)) if one]
    shown = f"{drawing.mark_html(mark) if real else ''}<b>{escape(said)}</b>"
    shown += "".join(f"<small>{one}</small>" for one in below)
    if row.get("month") is None or row["area_level"] not in AREA_LEVELS:
        return shown
    name = sentences.name(indicator, row["category"])
    label = f"{name}, {row['area_name']}: {figures.whole(indicator, row)}{f', {mark.word}' if real else ''}"
    return links.link(links.figure(context, row), shown, label)


def _change(context: Context, indicator: Indicator, row: Row) -> str:
    """Write the change on what the viewer compares with, where that is a time."""
    compare = context.selection.compare
    column = "change" if compare == LAST_MONTH and "year_before" not in row else "change_on_year"
    if compare not in (LAST_MONTH, LAST_YEAR) or row.get(column) is None or figures.is_few(indicator, row):
        return ""
    if compare == LAST_YEAR:
        column = "change_on_year"
    on = "last month" if column == "change" else "last year"
    return f"{words.change(row[column], indicator.unit)} on {on}"

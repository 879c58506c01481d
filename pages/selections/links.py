"""Addresses within the suite: a page with the same selection, an area, or one figure in one area and month."""

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from pages.selections.context import Context
from pages.selections.selection import write_place
from pages.wording import plain

FIGURE = "figure"  # the page of any one indicator
EXPLORE = "explore"  # the page of any question


def address(page: str, **more: str) -> str:
    """Give the address of a page with the same selection, and with `more` in it."""
    chosen = {name: value for name, value in {**st.query_params.to_dict(), **more}.items() if value}
    return f"{page}?{urlencode(chosen)}" if chosen else page


def place(context: Context, page: str, level: str, code: str, **more: str) -> str:
    """Give the address of a page with an area selected in place of the one that is; the same page for unknown ones."""
    if (level, code) not in context.places.names:
        return address(page, **more)
    chosen = write_place(st.query_params.to_dict(), context.places, (level, code)) | more
    return f"{page}?{urlencode(chosen)}" if chosen or not page else page


def here(context: Context, level: str, code: str) -> str:
    """Give the address of the page that is open, with an area selected in place of the one that is."""
    return place(context, "", level, code)


def named(context: Context, text: str, rows: Iterable[Mapping[str, Any]]) -> str:
    """Write a text as Markdown in which the name of each row's area is a link to that area on the page that is open."""
    known = {row["area_name"]: (row["area_level"], row["area_code"]) for row in rows}
    opened = {name: here(context, *to) for name, to in known.items() if to in context.places.names}
    opened.pop(context.place, None)
    # The area that is open is no link, nor is the name of another within its own: Palfrey is a part of Palfrey sector.
    longest_first = "|".join(map(re.escape, sorted({*opened, context.place}, key=len, reverse=True)))
    pieces = re.split(rf"(?<!\w)({longest_first})(?!\w)", text)
    return "".join(_linked(piece, opened.get(piece)) for piece in pieces)


def _linked(piece: str, to: str | None) -> str:
    if to is not None:
        return f"[{plain.markdown(piece)}]({to})"
    before, after = (" " if piece[end : end + 1] == " " else "" for end in (0, len(piece) - 1))
    return f"{before}{plain.markdown(piece)}{after}" if piece.strip() else before


def figure(context: Context, row: Mapping[str, Any]) -> str:
    """Give the address that opens exactly the figure of a row: its indicator and category, its area, its month."""
    named = f"{row['indicator_id']}:{row['category']}" if row["category"] else row["indicator_id"]
    # The last month of a period leads to the period.
    own = context.selection.spans and row["month"] == context.selection.month
    month = {} if own else {"month": f"{row['month']:%Y-%m}"}
    return place(context, FIGURE, row["area_level"], row["area_code"], indicator=named, **month)


def link(address_: str, text: str, label: str = "") -> str:
    """Write a link as HTML around HTML; `label` is its name for those who do not see it, where the text is not one."""
    named = f' aria-label="{escape(label)}"' if label else ""
    return f'<a href="{escape(address_)}"{named}>{text}</a>'

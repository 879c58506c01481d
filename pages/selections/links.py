"""Addresses within the suite: a page with the same selection, an area, or one figure in one area and month."""

from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from pages.selections.context import Context
from pages.selections.selection import write_place

FIGURE = "figure"  # the page of any one indicator


def address(page: str, **more: str) -> str:
    """Give the address of a page with the same selection, and with `more` in it."""
    chosen = {name: value for name, value in {**st.query_params.to_dict(), **more}.items() if value}
    return f"{page}?{urlencode(chosen)}" if chosen else page


def place(context: Context, page: str, level: str, code: str, **more: str) -> str:
    """Give the address of a page with an area selected in place of the one that is; the same page for unknown ones."""
    if (level, code) not in context.places.names:
        return address(page, **more)
    chosen = write_place(st.query_params.to_dict(), context.places, (level, code)) | more
    return f"{page}?{urlencode(chosen)}" if chosen else page


def figure(context: Context, row: Mapping[str, Any]) -> str:
    """Give the address that opens exactly the figure of a row: its indicator and category, its area, its month."""
    named = f"{row['indicator_id']}:{row['category']}" if row["category"] else row["indicator_id"]
    return place(context, FIGURE, row["area_level"], row["area_code"], indicator=named, month=f"{row['month']:%Y-%m}")


def link(address_: str, text: str, label: str = "") -> str:
    """Write a link as HTML around HTML; `label` is its name for those who do not see it, where the text is not one."""
    named = f' aria-label="{escape(label)}"' if label else ""
    return f'<a href="{escape(address_)}" target="_self"{named}>{text}</a>'

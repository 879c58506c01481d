"""What stands on every printed sheet: marking, area, month, data version and page number, in the paper's margin."""

import re

import streamlit as st

from data_access.export import MARKING
from pages.selections.context import Context


def draw(context: Context) -> None:
    """Give the browser the margins of its print; nothing is drawn on the screen."""
    version = context.reader.version.number
    st.html(f"<style>{margins(context.place, context.when(), version)}</style>")


def margins(place: str, month: str, version: int) -> str:
    """Write the style of the paper's margins; a name stands in it as text, whatever it holds."""
    head, foot = css_text(f"{MARKING} · {place} · {month}"), css_text(f"{MARKING} · Data version {version}")
    return (
        "@page {\n margin: 16mm 10mm;\n"
        f" @top-left {{ content: {head}; font: 9pt sans-serif; }}\n"
        f" @bottom-left {{ content: {foot}; font: 9pt sans-serif; }}\n"
        ' @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 9pt sans-serif; }\n}'
    )


def css_text(text: str) -> str:
    """Write a text as a string of CSS: whatever is no letter, digit or space is written by its number."""
    return '"' + re.sub(r"[^\w ]", lambda sign: f"\\{ord(sign[0]):x} ", text) + '"'

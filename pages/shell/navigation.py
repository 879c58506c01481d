"""The pages as one line of links, each with the selection that is made.

As Streamlit's own links they were fifteen elements of every page, each a message of its own at every click.
"""

from html import escape
from types import ModuleType
from urllib.parse import urlencode

import streamlit as st

from pages.shell.order import OFF_NAVIGATION, PAGES
from pages.shell.search import name_of

_ROOT = "./"  # of the first page: Streamlit knows it by no other address


def draw(opened: str) -> None:
    """Draw the links; `opened` is the name of the page that is open."""
    st.html(f'<nav class="npd-nav" aria-label="Pages">{html(opened, st.query_params.to_dict())}</nav>')


def html(opened: str, selected: dict[str, str]) -> str:
    """Write the links to every page of the navigation, that of the page `opened` as the current one."""
    query = f"?{urlencode(selected)}" if selected else ""
    listed = [module for module in PAGES if module not in OFF_NAVIGATION]
    return "".join(_link(module, query, name_of(module) == opened) for module in listed)


def _link(module: ModuleType, query: str, is_open: bool) -> str:
    to = (_ROOT if module is PAGES[0] else name_of(module)) + query
    current = ' aria-current="page"' if is_open else ""
    return f'<a href="{escape(to)}"{current}>{escape(module.TITLE)}</a>'

"""One box that finds areas, hotspots, Impact Areas, indicators and pages by name; choosing one opens it."""

import json
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from metrics import indicators_of
from pages.selections import filters
from pages.selections.links import FIGURE
from pages.selections.places import DRILLED, Place, Places
from pages.selections.selection import write_place
from pages.shell.order import PAGES
from pages.wording import words

_KEY, _FOUND = "npd_search", "npd_found"
_INDICATOR, _PAGE = "indicator", "page"
# The page that shows what an area's own pages do not: where such a place is chosen there.
_PAGE_OF = {"hotspot": "hotspot", "impact_area": "impact_areas"}


def box(places: Places) -> tuple[str, dict[str, str]] | None:
    """Draw the box, and return the page and the address of what was just chosen in it, if that is on another page."""
    _box()(data=list(offered(places).items()), key=_KEY, on_found_change=lambda: _chosen(places))
    return st.session_state.pop(_FOUND, None)


@lru_cache(maxsize=1)
def _box() -> Any:
    """Return the component: Streamlit's list makes its thousand entries anew at every choice, 0.05 s on each page."""
    html, css, js = (Path(__file__).with_suffix(kind).read_text(encoding="utf-8") for kind in (".html", ".css", ".js"))
    return st.components.v2.component("npd_search", html=html, css=css, js=js)


def _chosen(places: Places) -> None:
    """Select the area that was chosen, or leave it to the run to open a page."""
    found = st.session_state[_KEY].get("found")
    if found in offered(places):
        page, changed = address(found, places, st.query_params.to_dict())
        if page is None:
            filters.go_to(changed)
        else:
            st.session_state[_FOUND] = (page, changed)


@lru_cache(maxsize=256)
def offered(places: Places) -> Mapping[str, str]:
    """Name what can be found: pages, then areas and places of the viewer's scope, then indicators; no name twice."""
    found = {f"{_PAGE}:{name_of(page)}": f"{page.TITLE} · page" for page in PAGES}
    for level in DRILLED:
        listed = [place for place in places.names if place[0] == level]
        for place in sorted(listed, key=places.names.__getitem__):
            found[":".join(place)] = f"{places.names[place]} · {_what(places, place)}"
    for one in indicators_of():
        found[f"{_INDICATOR}:{one.id}"] = f"{words.capital(one.name)} · indicator {one.id}"
    return _told_apart(found)


def name_of(page: ModuleType) -> str:
    """Return the name of a page in the address."""
    return page.__name__.rsplit(".", 1)[-1]


def _what(places: Places, place: Place) -> str:
    """Say what kind of place it is, and what it lies in."""
    above = places.parents.get(place, ("force", ""))
    lies = "" if above[0] == "force" else f" in {places.names[above]}"
    return f"{words.level(place[0])}{lies}"


def _told_apart(found: Mapping[str, str]) -> dict[str, str]:
    """Add the code to names that occur more than once: a viewer knows an entry by its name."""
    counted = Counter(found.values())
    return {key: f"{name} ({key.partition(':')[2]})" if counted[name] > 1 else name for key, name in found.items()}


def address(found: str, places: Places, given: Mapping[str, str]) -> tuple[str | None, dict[str, str]]:
    """Return the page that shows what was found (None: the one that is open) and its address.

    `given` is the address so far: the selection is kept, an area takes the place of the one selected.
    """
    kind, _, code = found.partition(":")
    if kind == _PAGE:
        return code, dict(given)
    if kind == _INDICATOR:
        return FIGURE, {**given, "indicator": code}
    return _PAGE_OF.get(kind), write_place(given, places, (kind, code))


def go(page: str, changed: Mapping[str, str], *, instead: bool = False) -> None:
    """Open a page with an address, as a link does: one step of the browser's history, or in place of the last."""
    # st.switch_page takes two steps, the first of them to the page that is left: Back would have to be pressed twice.
    to = json.dumps(f"{page}?{urlencode(changed)}" if changed else page).replace("<", "\\u003c")
    way = "replace" if instead else "assign"
    st.html(f"<script>location.{way}({to})</script>", unsafe_allow_javascript=True)

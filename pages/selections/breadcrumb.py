"""Where the viewer is: the month, and the areas that lie around the selected one, each a step back up."""

from html import escape
from urllib.parse import urlencode

import streamlit as st

from pages.selections.places import AREAS, SPOTS, Place, Places, each, line, name_of
from pages.selections.selection import Selection, write_place
from pages.wording import words


def draw(selection: Selection, places: Places) -> None:
    """Draw the month and the steps from the top of a viewer's scope to what is selected."""
    st.html(f'<nav class="npd-crumbs" aria-label="Areas">{html(selection, places)}</nav>', width="content")


def html(selection: Selection, places: Places) -> str:
    """Write the steps as HTML; each but the last leads to its area on the page that is open."""
    *above, last = (place for place in line(places, _deepest(selection, places)) if _is_own(place, places))
    steps = "".join(f"{_link(place, places)} › " for place in above)
    month = f"{words.span(selection.months)} · "
    return (f"<span>{month}</span>" if above else month) + steps + escape(name_of(places, last))


def _is_own(place: Place, places: Places) -> bool:
    """Tell whether a place is not above where a viewer's scope begins."""
    return place[0] in SPOTS or AREAS.index(place[0]) >= AREAS.index(places.top[0])


def _deepest(selection: Selection, places: Places) -> Place:
    """Return the hotspot or Impact Area that the address names in the selected area, else the area."""
    area = (selection.level, selection.code)
    named = ((level, st.query_params.get(level, "")) for level in SPOTS)
    inside = (spot for spot in named if spot in places.names and set(each(area)).intersection(line(places, spot)))
    return next(inside, area)


def _link(place: Place, places: Places) -> str:
    to = urlencode(write_place(st.query_params.to_dict(), places, place))
    return f'<a href="?{escape(to)}">{escape(name_of(places, place))}</a>'

"""Where officers are visible, on the Visibility page: the map, and the neighbourhoods with least for their need."""

import streamlit as st

from data_access.answers.need import gaps
from data_access.answers.visibility import Where, per_km2
from metrics import id_of
from pages.parts import headline, maps, tables
from pages.selections.context import Context

PAGE = "visibility"
HOURS, PRESENCE, PER_HEAD = (id_of(PAGE, role) for role in ("lead", "presence", "per head"))
DENSITY, CHANGE = "density", "change"
_SHADED = {
    PER_HEAD: ("per resident", "hours per 1,000 residents"),
    DENSITY: ("per km²", "hours per km²"),
    HOURS: ("hours", "visible hours"),
    PRESENCE: ("presence", "presence hours"),
    CHANGE: ("change", "change in visible hours on last month"),
}
MOST_GAPS = 10
_GAPS = {
    "area_name": "Neighbourhood",
    "need_type": "Type",
    "hours": st.column_config.NumberColumn("Visible, h", format="%.0f"),
    "fair_hours": st.column_config.NumberColumn("Fair share by need, h", format="%.0f"),
    "gap_hours": st.column_config.NumberColumn("Over (+) or under (−), h", format="%.0f"),
    "area_level": None,
    "area_code": None,
}
_MAPPED = {DENSITY: HOURS, CHANGE: HOURS}


def draw(context: Context) -> None:
    """Draw the neighbourhoods on a map, shaded by the measure that the viewer chooses."""
    chosen = st.segmented_control(
        "Map shows",
        list(_SHADED),
        default=PER_HEAD,
        format_func=lambda view: _SHADED[view][0],
        key="vis_map_of",
        required=True,
    )
    shown = chosen or PER_HEAD
    told = _SHADED[shown][1]
    frame = context.ask(_MAPPED.get(shown, shown), level="neighbourhood")
    by = {}
    if shown == DENSITY:
        frame = per_km2(context.reader, Where(month=context.selection.month, within=context.within), frame)
        by = {"value": "per_km2", "unit": "h per km²"}
    if shown == CHANGE:
        by = {"value": "change", "diverging": True}
    if shown == CHANGE and context.selection.spans:
        by = {"value": "change_on_year", "diverging": True}
        told = f"change in visible hours on {context.year_before}"
    title = f"Where officers are visible: {told}"
    layers = ("hotspots", "impact_areas", "premises")
    maps.areas(context, frame, key=f"vis_map_{shown}", title=title, layers=layers, beside=not by, **by)


def gaps_in_need(context: Context) -> None:
    """List the neighbourhoods with the least visible time for their need; the Need page tells how need is made."""
    headline.of_month(context)
    worst = gaps(context.reader, context.selection.month, context.within)
    tables.rows(
        context,
        worst.head(MOST_GAPS),
        key="vis_gaps",
        title="Least visible time for their need (ASB and harm)",
        columns=_GAPS,
        drill=True,
    )
    headline.caption("Fair share: all visible hours, shared out by need; the Need page says how need is worked out.")

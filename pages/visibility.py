"""Visibility: radio location fixes turned into the time officers could be seen, where, when, and how sure that is."""

import streamlit as st

from data_access.answers.need import gaps
from data_access.answers.visibility import Where, by_group, fixes, patch, per_km2
from metrics import id_of, ids_of, indicators_of
from pages.parts import cards, charts, headline, maps, tables
from pages.sections import individuals
from pages.selections.context import Context, headed
from pages.wording import words

TITLE = "Visibility"
PAGE = "visibility"
HOURS, SHARE, PRESENCE, PER_HEAD = (id_of(PAGE, role) for role in ("lead", "share", "presence", "per head"))
_PURPOSE = """For planning where officers spend time, from radio location fixes; not for judging individuals, and
not for conduct matters. Visible means inside the force area and outside police buildings, hospitals, courts and council
offices. Hours are by place; share and coverage are of the people posted here, wherever they were."""
_PATCH = """Neighbourhood officers' visible time, and time outside the force area. Coded: duty codes say demand or
aid (where part of an hour is coded, that part of it). Off patch: outside the home sector. Off patch but not coded is
what duty codes do not tell."""
_OFF_PATCH = {"NPT": "Neighbourhood officers seen off their sector", "Response": "Response seen off their LPA"}
DENSITY, CHANGE = "density", "change"
_VIEWS = {
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


def render(context: Context) -> None:
    """Draw the page: the finding, how much and how sure, where, gaps, when, off-patch work, teams, individuals."""
    ids = ids_of(page=PAGE, role="card")
    own = context.ask(*ids, months=charts.MONTHS)
    below = context.selection.below or context.selection.level
    parts = context.ask(*ids, PER_HEAD, level=below)
    headline.title(context, "Visible time", headed(own, HOURS), headed(parts, HOURS))
    st.info(_PURPOSE)
    cards.row(context, own, ids, key="vis", compared=context.ask_compared(*ids))
    _caveat(context)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        compared = context.ask_compared(HOURS, months=charts.MONTHS)
        charts.trend(context, headed(own, HOURS), key="vis_trend", title="Visible hours by month", compared=compared)
    with right:
        charts.ranked(
            context,
            headed(parts, PER_HEAD),
            key="vis_where",
            title=f"Hours per 1,000 residents by {words.level(below)}",
        )
    left, right = st.columns(2, gap="medium")
    with left:
        _map(context)
    with right:
        charts.heat(
            context,
            context.ask(HOURS, by=("weekday", "hour")),
            key="vis_when",
            title="When officers are visible",
            unit="h",
        )
        _patch(context)
    _gaps(context)
    _off_patch(context)
    tables.figures(
        context, headed(parts, SHARE), key="vis_table", title=f"Share of time visible, every {words.level(below)}"
    )
    _teams(context)
    individuals.draw(context)


def _caveat(context: Context) -> None:
    """Say how the fixes were: their interval and what was dropped stand wherever a visible figure stands."""
    row = fixes(context.reader, _where(context)).row(0, named=True)
    if not row["fixes"]:
        headline.caption("No radio fixes are loaded for this month and area.")
        return
    dropped = ", ".join(
        f"{words.number(row[name], 'count')} {said}"
        for name, said in (
            ("bad_position", "without a usable position"),
            ("duplicate", "duplicates"),
            ("off_duty", "off duty"),
            ("spike", "impossible jumps"),
        )
    )
    longest = context.reader.settings.parameters.max_gap / 60
    headline.caption(
        f"Median {words.number(row['median_gap_seconds'], 'count')} seconds between fixes on a typical officer-day. "
        f"{words.number(row['fixes'], 'count')} fixes read; dropped: {dropped}. "
        f"A fix holds for at most {longest:g} minutes; what lies beyond is unknown, and is not counted as invisible."
    )


def _map(context: Context) -> None:
    chosen = st.segmented_control(
        "Map shows",
        list(_VIEWS),
        default=PER_HEAD,
        format_func=lambda view: _VIEWS[view][0],
        key="vis_map_of",
        required=True,
    )
    shown = chosen or PER_HEAD
    frame = context.ask(_MAPPED.get(shown, shown), level="neighbourhood")
    by = {}
    if shown == DENSITY:
        frame = per_km2(context.reader, _where(context), frame)
        by = {"value": "per_km2", "unit": "h per km²"}
    if shown == CHANGE:
        by = {"value": "change", "diverging": True}
    title = f"Where officers are visible: {_VIEWS[shown][1]}"
    layers = ("hotspots", "impact_areas", "premises")
    maps.areas(context, frame, key=f"vis_map_{shown}", title=title, layers=layers, **by)


def _gaps(context: Context) -> None:
    """List the neighbourhoods with the least visible time for their need; the Need page tells how need is made."""
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


def _off_patch(context: Context) -> None:
    """Show the location-based view of abstraction: neighbourhood officers and Response beside each other."""
    sides = indicators_of(page=PAGE, role="off patch")
    own = context.ask(*(one.id for one in sides), months=charts.MONTHS)
    for column, one in zip(st.columns(len(sides), gap="medium"), sides, strict=True):
        months = headed(own, one.id)
        if months.is_empty():  # Response is posted to LPAs: no sector or neighbourhood has any
            continue
        with column:
            title = _OFF_PATCH.get(one.department or "", words.capital(one.name))
            charts.trend(context, months, key=f"vis_off_{one.id}", title=title)


def _patch(context: Context) -> None:
    """Show where the location-based view of abstraction meets the duty codes."""
    hours = patch(context.reader, _where(context))
    charts.bars(
        context,
        hours,
        key="vis_patch",
        title="Neighbourhood officers: coded as abstracted, and where seen",
        label="what",
        value="hours",
        unit="h",
    )
    headline.caption(_PATCH)


_GROUP = {
    "duty_hours": st.column_config.NumberColumn("Duty, h", format="%,.0f"),
    "visible_hours": st.column_config.NumberColumn("Visible, h", format="%,.0f"),
    "visible_percent": st.column_config.NumberColumn("Share of known time visible", format="%.1f %%"),
    "off_patch_percent": st.column_config.NumberColumn("Seen off their patch", format="%.1f %%"),
    "off_patch_of_hours": st.column_config.NumberColumn("of hours seen", format="%,.0f"),
    "coverage_percent": st.column_config.NumberColumn("Coverage", format="%.1f %%"),
}


def _groups(context: Context, level: str) -> None:
    """Set visible hours, share and location-based abstraction of each department or team side by side."""
    rows = by_group(context.reader, _where(context), level)
    title = f"Visibility and location-based abstraction by {words.level(level)}"
    columns = {**_GROUP, "group": st.column_config.TextColumn(words.capital(words.level(level)), pinned=True)}
    tables.rows(context, rows, key=f"vis_by_{level}", title=title, columns=columns)


def _teams(context: Context) -> None:
    if context.reader.scope.names("department"):
        departments = context.ask(SHARE, level="department")
        if not departments.is_empty():
            charts.ranked(context, departments, key="vis_departments", title="Share visible by department", drill=False)
            _groups(context, "department")
    if context.reader.scope.names("team"):
        teams = context.ask(SHARE, level="team")
        if not teams.is_empty():
            title = "Share visible by team (department / team)"
            charts.ranked(context, teams, key="vis_teams", title=title, drill=False)
            _groups(context, "team")
            headline.caption("Teams with fewer than five officers on duty have no figure: they would be individuals.")


def _where(context: Context) -> Where:
    return Where(month=context.selection.month, within=context.within)

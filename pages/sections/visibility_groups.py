"""Departments and teams side by side, on the Visibility page, for those who may see them."""

import streamlit as st

from data_access.answers.visibility import Where, by_group
from metrics import id_of
from pages.parts import charts, headline, tables
from pages.sections.visibility_map import PAGE
from pages.selections.context import Context
from pages.wording import words

SHARE = id_of(PAGE, "share")
_GROUP = {
    "duty_hours": st.column_config.NumberColumn("Duty, h", format="%,.0f"),
    "visible_hours": st.column_config.NumberColumn("Visible, h", format="%,.0f"),
    "visible_percent": st.column_config.NumberColumn("Share of known time visible", format="%.1f %%"),
    "off_patch_percent": st.column_config.NumberColumn("Seen off their patch", format="%.1f %%"),
    "off_patch_of_hours": st.column_config.NumberColumn("of hours seen", format="%,.0f"),
    "coverage_percent": st.column_config.NumberColumn("Coverage", format="%.1f %%"),
}


def offered(context: Context) -> bool:
    """Tell whether the viewer may see departments or teams."""
    return context.reader.scope.names("department") or context.reader.scope.names("team")


def draw(context: Context) -> None:
    """Rank departments, then teams, by the share of time visible, each with its table of hours."""
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


def _groups(context: Context, level: str) -> None:
    """Set visible hours, share and location-based abstraction of each department or team side by side."""
    headline.of_month(context)
    rows = by_group(context.reader, Where(month=context.selection.month, within=context.within), level)
    title = f"Visibility and location-based abstraction by {words.level(level)}"
    columns = {**_GROUP, "group": st.column_config.TextColumn(words.capital(words.level(level)), pinned=True)}
    tables.rows(context, rows, key=f"vis_by_{level}", title=title, columns=columns)

"""One team's officers under pseudonyms, for viewers who may see individuals: a reason first, every look recorded."""

import polars as pl
import streamlit as st

from data_access.answers.visibility import Where, individuals, reveal
from data_access.scope import Scope
from metrics import id_of
from pages.parts import headline, tables
from pages.selections.context import Context
from pages.wording import plain

_PURPOSE = """For supervisors' own people: welfare, kit and data faults. Under pseudonyms, in no order of merit; every
look and every reveal is recorded with your name, the person, the time and your reason."""
_SHOWN = "individuals_shown"
Asked = tuple[Scope, Where]  # who asked and where: what was shown to one viewer is not shown to the next
_COLUMNS = {
    "person": "Person",
    "duty_hours": st.column_config.NumberColumn("Duty, h", format="%.1f"),
    "known_hours": st.column_config.NumberColumn("Place known, h", format="%.1f"),
    "visible_hours": st.column_config.NumberColumn("Visible, h", format="%.1f"),
    "coverage_percent": st.column_config.NumberColumn("Coverage, %", format="%.1f"),
    "off_patch_percent": st.column_config.NumberColumn("Seen off their patch, %", format="%.1f"),
}


def offered(context: Context) -> bool:
    """Tell whether the viewer may open individuals."""
    return context.reader.scope.names("officer") and context.reader.scope.may("open_individuals")


def draw(context: Context) -> None:
    """Offer the officers of one team; draws nothing for a viewer who may not see individuals."""
    if not offered(context):
        return
    st.markdown("### Individuals", anchors=False)
    headline.caption(_PURPOSE)
    headline.of_month(context)
    teams = context.ask(id_of("visibility", "coverage"), level="team")["area_code"].unique().sort().to_list()
    where = Where(month=context.selection.month, within=context.within)
    with st.form("individuals", border=False):
        team = st.selectbox(
            "Team (department / team)", teams, index=None, placeholder="Choose a team", key="individuals_team"
        )
        reason = st.text_input("Reason for looking", max_chars=200, key="individuals_reason")
        asked = st.form_submit_button("Show this team's officers")
    if asked:
        st.session_state[_SHOWN] = _look(context, where, team, reason)
    if _SHOWN in st.session_state:
        _people(context, where, *st.session_state[_SHOWN])


def _look(context: Context, where: Where, team: str | None, reason: str) -> tuple[Asked, str | None, str, pl.DataFrame]:
    """Read the team's officers once, when they are asked for: it is the look that is recorded, not the redrawing."""
    allowed = bool(team and reason.strip())
    people = individuals(context.reader, where, team, reason) if allowed else pl.DataFrame()
    return (context.reader.scope, where), team, reason, people


def _people(context: Context, where: Where, then: Asked, team: str | None, reason: str, people: pl.DataFrame) -> None:
    if people.is_empty():
        st.warning("Choose a team and write a reason: without both, nobody is shown.")
        return
    if then != (context.reader.scope, where):
        st.info("The selection has changed since: ask for the team again to see its officers.")
        return
    tables.rows(context, people, key="individuals_table", title=f"Officers of {team}", columns=_COLUMNS)
    names = people["person"].to_list()
    person = st.selectbox("Reveal who a person is", names, index=None, placeholder="Choose a person")
    if person and st.button("Reveal, and record that I did"):
        name = reveal(context.reader, where, team, person, reason)
        st.success(plain.markdown(f"{person} is {name}."))

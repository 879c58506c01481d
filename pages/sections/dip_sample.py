"""The dip sample on the ASB page: what audits found so far, and the auditor's desk: draw, read, judge."""

from typing import Any
from urllib.parse import quote

import polars as pl
import streamlit as st

from data_access.answers.asb import Draw, Where, dip_findings, dip_results, dip_sample, judge, may_audit, withdraw
from metrics.levels import YEAR
from pages.parts import headline, method, tables
from pages.selections.context import Context
from pages.wording import plain, words

_CORRECT, _CRIME = "Closed correctly?", "Should it have been a crime?"
_LEFT = "dip_left"  # the incident judged last
_ON = "dip_on"  # true in the run after a verdict: the next incident begins empty and with the focus
_MOST = 50  # incidents a stratum: more is an audit of everything, not a sample


def section(context: Context, below: str) -> None:
    """Draw the results for the selected area and the areas in it, and the desk for those who may audit."""
    st.markdown("## Dip sample: can the closing codes be believed?")
    where = Where(month=context.selection.month, within=context.within)
    headline.of_month(context, YEAR)
    own = dip_results(context.reader, where, context.selection.level)
    if own.is_empty():
        st.info(
            f"No ASB incident of the 12 months to {words.month(where.month)} in {plain.markdown(context.place)} "
            "was audited."
        )
    else:
        _results(context, own.to_dicts()[0])
        parts = dip_results(context.reader, where, below)
        tables.rows(context, parts, key="dip_table", title=f"Audited, by {words.level(below)}", columns=_RESULTS)
    if not may_audit(context.reader.scope):
        headline.caption("Single incidents are shown to police viewers of a force or of whole LPAs only.")
    elif st.toggle("Draw a sample and record verdicts", key="dip_open"):
        _desk(context)


def _results(context: Context, row: dict[str, Any]) -> None:
    """Draw both shares with the limits that a sample of this size leaves open."""
    grid = st.grid(2, min_column_width=300, border=True, key="dip_results")
    for one in dip_findings():
        side, name = one.column, words.capital(one.name.removeprefix("dip sample: "))
        low, high = (words.number(row[f"{side}_{limit}"], "%") for limit in ("lower", "upper"))
        with grid.cell():
            st.html(
                f'<div class="npd-card"><h3>{name}</h3><p class="npd-value">{words.figure(row[side], "%")}</p>'
                f'<p class="npd-why">Between {low} and {high} %: the 95 % limits (Wilson) of a sample of '
                f"{words.figure(row['audited'], 'count')}.</p></div>"
            )
            method.button(context, one.id, {}, key=f"dip_{side}")


def _desk(context: Context) -> None:
    """Draw the sample of the selected month, by LPA and category, from a seed that anyone can repeat."""
    month = context.selection.month
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key="dip_draw"):
        size = st.number_input("Incidents per LPA and category", 1, _MOST, 3, key="dip_size", width=220)
        seed = st.number_input("Seed", 0, 999_999, int(f"{month:%Y%m}"), key=f"dip_seed_{month:%Y%m}", width=160)
    draw = Draw(month=month, seed=int(seed), per_stratum=int(size), lpa=context.selection.lpa)
    rows = dip_sample(context.reader, draw)
    whole = "" if context.selection.level in ("force", "lpa") else " The sample is of the whole LPA."
    headline.caption(
        f"{words.month(month)}, seed {draw.seed}, {draw.per_stratum} of each LPA and category: the same seed draws the "
        f"same incidents for everyone.{whole} Who opens, judges or withdraws is entered in the audit trail."
    )
    if rows.is_empty():
        st.info("There is nothing to draw: no incident of this month has a closing code of the force's own.")
        return
    desk = st.container(key="dip_desk")  # above the table: who works by Tab would have to leave it cell by cell
    chosen = st.dataframe(
        context.with_names(context.with_names(rows, "lpa_code"), "neighbourhood_code"),
        hide_index=True,
        column_config=_INCIDENTS,
        on_select="rerun",
        selection_mode="single-row",
        key=f"dip_rows_{draw.month:%Y%m}_{draw.seed}_{draw.per_stratum}_{draw.lpa}",
        placeholder="",
        alt="Incidents drawn for the dip sample",
        lazy=False,
    )
    picked = [incident for step in chosen["selection"]["rows"] for incident in rows["incident_id"].slice(step, 1)]
    if not context.reader.scope.may("judge"):
        headline.caption("Your sign-in reads the sample; verdicts are recorded by viewers who may judge.")
        return
    with desk:
        _verdict(context, draw, rows, picked[0] if picked else None)


def _verdict(context: Context, draw: Draw, rows: pl.DataFrame, picked: str | None) -> None:
    """Take a verdict on one incident of the sample, the next one by itself; the newest of an incident counts."""
    listed = rows["incident_id"].to_list()
    waiting = rows.filter(pl.col("correct").is_null())["incident_id"].to_list()
    st.markdown(f"**{len(listed) - len(waiting)} of {len(listed)} judged**")
    if picked == st.session_state.get(_LEFT):  # its row stays marked after its verdict: the desk has gone on
        picked = None
    following = picked or next(iter(waiting), listed[0])
    incident = st.selectbox(
        "Incident (or click its row below)",
        listed,
        index=listed.index(following),
        key=f"dip_incident_{following}",  # whatever comes next chooses anew
        required=True,
    )
    if incident not in waiting:
        st.info("Judged before: a new verdict takes the place of the one that counts, or withdraw it. All are kept.")
    told = rows.row(by_predicate=pl.col("incident_id") == incident, named=True)
    closed = f"closed as {told['closed_as'] or 'no code that is known'}"
    headline.caption(plain.markdown(f"{words.moment(told['reported_at'])} · {told['category']} · {closed}"))
    gone_on = st.session_state.pop(_ON, False)
    if gone_on:
        names = ("correct", "crime", "reason")
        st.session_state.update({f"dip_{name}_{incident}": None if name != "reason" else "" for name in names})
    _form(context, draw, incident, judged=incident not in waiting)
    if gone_on:
        _focus(incident)


def _form(context: Context, draw: Draw, incident: str, *, judged: bool) -> None:
    """Take the answers on one incident; one that is judged can have its verdict withdrawn."""
    with st.form(f"dip_verdict_{incident}"):
        left, right = st.columns(2)
        correct = left.radio(_CORRECT, ("yes", "no"), index=None, horizontal=True, key=f"dip_correct_{incident}")
        crime = right.radio(_CRIME, ("yes", "no"), index=None, horizontal=True, key=f"dip_crime_{incident}")
        note = "What the record shows. No names or addresses."
        reason = st.text_input("Reason", key=f"dip_reason_{incident}", help=note)
        with st.container(horizontal=True, gap="small"):
            recording = st.form_submit_button("Record the verdict", type="primary")
            withdrawing = judged and st.form_submit_button("Withdraw the verdict", help="Needs a reason alone.")
        if recording:
            _record(context, draw, incident, correct, crime, reason)
        if withdrawing:
            _withdraw(context, draw, incident, reason)


def _record(context: Context, draw: Draw, incident: str, correct: str | None, crime: str | None, reason: str) -> None:
    missing = [name for name, given in ((_CORRECT, correct), (_CRIME, crime), ("Reason", reason.strip())) if not given]
    if missing:
        st.error(f"Not recorded yet, nothing is lost. Still to answer: {', '.join(missing)}")
        return
    judge(
        context.reader,
        draw,
        incident,
        correct=correct == "yes",
        should_be_crime=crime == "yes",
        reason=reason,
    )
    _go_on(incident, "recorded")


def _withdraw(context: Context, draw: Draw, incident: str, reason: str) -> None:
    if not reason.strip():
        st.error("Not withdrawn yet, nothing is lost. Still to answer: Reason")
        return
    withdraw(context.reader, draw, incident, reason)
    _go_on(incident, "withdrawn")


def _go_on(incident: str, done: str) -> None:
    st.session_state[_LEFT], st.session_state[_ON] = incident, True
    st.toast(f"Verdict on {plain.markdown(incident)} {done}.")
    st.rerun()


def _focus(incident: str) -> None:
    """Put the focus on the first answer, where who works by keyboard goes on; another incident is another script."""
    first = "document.querySelector('[data-testid=stForm] input[type=radio]')?.focus({preventScroll: true})"
    st.html(f"<script>{first}; // {quote(incident)}</script>", unsafe_allow_javascript=True)


_PERCENT = "%,.1f"
_RESULTS = {
    "area_level": None,
    "area_code": None,
    "area_name": "Area",
    "audited": st.column_config.NumberColumn("Audited", format="%d"),
    "correct": st.column_config.NumberColumn("Closed correctly, %", format=_PERCENT),
    "correct_lower": st.column_config.NumberColumn("from", format=_PERCENT, help="95 % limit (Wilson)"),
    "correct_upper": st.column_config.NumberColumn("to", format=_PERCENT, help="95 % limit (Wilson)"),
    "crime": st.column_config.NumberColumn("Should have been a crime, %", format=_PERCENT),
    "crime_lower": st.column_config.NumberColumn("from", format=_PERCENT, help="95 % limit (Wilson)"),
    "crime_upper": st.column_config.NumberColumn("to", format=_PERCENT, help="95 % limit (Wilson)"),
}
_INCIDENTS = {
    "incident_id": "Incident",
    "reported_at": st.column_config.DatetimeColumn("Reported", format="DD MMM YYYY HH:mm", timezone="Europe/London"),
    "day_known": None,
    "lpa_code": "LPA",
    "neighbourhood_code": "Neighbourhood",
    "category": "NSIR category",
    "closed_as": st.column_config.TextColumn("Closed as", width="medium"),
    "closed_at": st.column_config.DatetimeColumn("Closed", format="DD MMM YYYY HH:mm", timezone="Europe/London"),
    "risk_assessed": "Risk assessed",
    "audited_on": st.column_config.DateColumn("Audited", format="DD MMM YYYY"),
    "correct": "Closed correctly",
    "should_be_crime": "Should be a crime",
}

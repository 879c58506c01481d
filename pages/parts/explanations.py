"""Explanations of figures: what is said of one, the form to say more, and those that wait for somebody."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from html import escape
from typing import Any

import polars as pl
import streamlit as st

from data_access.answers.explanations import approve, due, explain, own_areas, withdraw
from data_access.database.explanations import KINDS, LONGEST, RECORDING_CHANGE, Explanation
from metrics.indicator import Indicator
from pages.selections.context import Context
from pages.wording import plain, words

Row = Mapping[str, Any]
_REVIEW_AFTER = timedelta(days=91)  # a quarter, unless the author says otherwise
_KINDS = {
    "explained": "Explained: why it is so",
    "recording change": "Recording change: the counting changed, not the world",
    "action taken": "Action taken",
    "disputed": "Disputed: the figure is thought to be wrong",
}


def of_figure(context: Context, indicator: Indicator, figure: Row) -> None:
    """Draw what is said of the series of a figure, numbered as on its chart, and the form for those who may add."""
    said = context.explanations_of(indicator.id, figure["area_level"], figure["area_code"])
    if said:
        st.markdown("**Explanations**")
        st.html(f"<ol>{''.join(f'<li>{_line(row)}</li>' for row in said)}</ol>")
    if context.reader.scope.may("explain") and _is_own(context, figure):
        _form(context, indicator, figure, [row for row in said if row["month"] == figure["month"]])


def waiting(context: Context) -> None:
    """Draw the explanations due for review and the recording changes to decide on; nothing where there are none."""
    today = date.today()
    reviewed = due(context.reader, today).to_dicts()
    undecided = [row for row in context.explanations if _is_undecided(row)] if _may_approve(context) else []
    standing = [row for row in context.explanations if row["decision"] == "approved"] if _may_approve(context) else []
    if not (reviewed or undecided or standing):
        return
    with st.expander(_summary(reviewed, undecided), key="npd_explanations"):
        for row in reviewed:
            st.html(f"<p>{_line(row, context)}</p>")
        for row in undecided:
            _decision(context, row, "Approve", approve)
        for row in standing:
            _decision(context, row, "Withdraw", withdraw)


def _summary(reviewed: Sequence[Row], undecided: Sequence[Row]) -> str:
    parts = []
    if reviewed:
        parts.append(f"{len(reviewed)} {'explanation' if len(reviewed) == 1 else 'explanations'} due for review")
    if undecided:
        parts.append(f"{len(undecided)} recording {'change' if len(undecided) == 1 else 'changes'} to approve")
    return " · ".join(parts) or "Recording changes in force"


def _line(row: Row, context: Context | None = None) -> str:
    """Write an explanation as HTML; with a context also which figure it is of."""
    where = ""
    if context is not None:
        place = context.name(row["area_level"], row["area_code"])
        where = f"{context.indicator(row['indicator_id']).name}, {place}, "
    state = f", {row['decision']} by {row['decided_by']}" if row["decision"] else ""
    return (
        f"<strong>{escape(where)}{words.month(row['month'])}: {escape(row['kind'])}{escape(state)}.</strong> "
        f"{escape(row['sentence'])} <small>Owner {escape(row['owner'])}; review {words.day(row['review_on'])}; "
        f"written by {escape(row['author'])}, {words.moment(row['written_at'])}.</small>"
    )


def _form(context: Context, indicator: Indicator, figure: Row, earlier: Sequence[Row]) -> None:
    """Offer the form; what was said of the same month by then is superseded, and kept."""
    title = "Supersede the explanation of this month" if earlier else "Explain this figure"
    latest = earlier[-1]["explanation_id"] if earlier else "first"
    # Named by what it supersedes: opened again while the page is still drawn after a save, the browser would
    # otherwise put what was just saved into the next form.
    with st.expander(title), st.form(f"explain_{indicator.id}_{latest}", border=False):
        kind = st.radio("Kind", KINDS, format_func=_KINDS.__getitem__)
        sentence = st.text_area("In a sentence", max_chars=LONGEST, placeholder="No names of people: this is exported.")
        owner = st.text_input("Owner: who answers for it")
        review_on = st.date_input("Review on", date.today() + _REVIEW_AFTER)
        if not st.form_submit_button("Save"):
            return
    try:
        given = Explanation(
            indicator_id=indicator.id,
            area_level=figure["area_level"],
            area_code=figure["area_code"],
            month=figure["month"],
            kind=kind,
            sentence=sentence,
            owner=owner,
            review_on=review_on,
            thread=earlier[-1]["thread"] if earlier else None,
        )
        explain(context.reader, given)
    except (ValueError, PermissionError) as error:
        st.error(plain.markdown(f"Not saved: {error}."))
    else:
        st.rerun()


def _decision(context: Context, row: Row, label: str, decide: Any) -> None:
    left, right = st.columns([5, 1], vertical_alignment="center")
    left.html(f"<p>{_line(row, context)}</p>")
    if right.button(label, key=f"{label}_{row['explanation_id']}"):
        try:
            decide(context.reader, row["explanation_id"])
        except PermissionError as error:
            st.error(plain.markdown(f"Not decided: {error}."))
        else:
            st.rerun()


def _may_approve(context: Context) -> bool:
    return context.reader.scope.may("approve")


def _is_undecided(row: Row) -> bool:
    return row["kind"] == RECORDING_CHANGE and row["decision"] != "approved"


def _is_own(context: Context, figure: Row) -> bool:
    of_area = pl.col("area_level") == figure["area_level"], pl.col("area_code") == figure["area_code"]
    return not own_areas(context.reader).filter(*of_area).is_empty()

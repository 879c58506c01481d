"""How far the data can be trusted, on the About page: freshness, rows set aside, fixes, places, audits."""

from typing import Any

import polars as pl
import streamlit as st

from data_access.answers import quality as answers_quality
from data_access.answers.asb import Where as Audited
from data_access.answers.asb import dip_results
from data_access.answers.quality import Where
from metrics import ids_of
from pages.parts import headline, strip, tables
from pages.parts.columns import moment, whole
from pages.selections.context import Context
from pages.wording import plain, words

_FRESH = {
    "newest_event": st.column_config.DatetimeColumn(
        "Newest event", format="DD MMM YYYY", timezone=str(words.LONDON), help="Empty: a list without dates"
    ),
    "loaded_at": moment("Loaded"),
    "rows_set_aside": whole("Rows set aside"),
}
_ASIDE = {"column_name": "Column", "rows": whole("Rows"), "files": whole("Files")}
_DROPPED = {
    "reason": None,
    "meaning": st.column_config.TextColumn("Dropped because", width="large"),
    "dropped": whole("Fixes"),
    "percent": st.column_config.NumberColumn("% of all fixes", format="%.2f"),
}
_LOCATED = {
    "what": "Records",
    "records": whole("All"),
    "without_position": whole("No coordinates"),
    "outside": whole("Outside every neighbourhood"),
    "percent_unlocated": st.column_config.NumberColumn("% unlocated", format="%.1f"),
}


def draw(context: Context, freshness: pl.DataFrame, aside: pl.DataFrame) -> None:
    """Draw how fresh each feed is, the rows set aside, the fixes dropped, the places not found and the dip sample."""
    where = Where(month=context.selection.month, within=context.within)
    tables.rows(context, freshness, key="about_fresh", title="How fresh is each feed?", columns=_FRESH)
    headline.caption(strip.LATE_MEANS)
    _aside(context, aside)
    _fixes(context, where)
    _located(context, where)
    _audited(context)


def _aside(context: Context, aside: pl.DataFrame) -> None:
    title = "Rows set aside, by feed and rule"
    if aside.is_empty():
        st.markdown(f"### {plain.markdown(title)}", anchors=False)
        st.success("None: every row of every load kept every rule.")
        return
    tables.rows(context, aside, key="about_aside", title=title, columns=_ASIDE)
    headline.caption("In all loads. The rows themselves: `python -m data_access rejected`, for those who may see them.")


def _fixes(context: Context, where: Where) -> None:
    below = context.selection.below or context.selection.level
    summary, dropped = answers_quality.fixes_dropped(context.reader, where)
    title = f"Radio fixes dropped in {words.month(where.month)}, {context.place}"
    tables.rows(context, dropped, key="about_dropped", title=title, columns=_DROPPED)
    gap = summary["median_gap_seconds"].item()
    interval = "no interval is known" if gap is None else f"a typical day has one every {words.number(gap, 'count')} s"
    fixes, days = (words.number(summary[name].item(), "count") for name in ("fixes", "officer_days"))
    headline.caption(f"{fixes} fixes on {days} officer-days of uniformed officers; {interval}.")
    levels = dict.fromkeys((context.selection.level, below))
    covered = pl.concat([context.ask(*ids_of(role="coverage"), level=level) for level in levels])
    tables.figures(context, covered, key="about_covered", title="Data coverage: known share of duty time")


def _located(context: Context, where: Where) -> None:
    places = answers_quality.unlocated(context.reader, where)
    title = f"Records that lie in no neighbourhood, 12 months to {words.month(where.month)}, {context.place}"
    tables.rows(context, places, key="about_located", title=title, columns=_LOCATED)
    count = answers_quality.unweighted(context.reader, where).to_dicts()[0]
    headline.caption(
        f"Unlocated records count in the force only. {words.number(count['unweighted'], 'count')} of "
        f"{words.number(count['crimes'], 'count')} crimes have an offence code without a weight, and so no harm."
    )


def _audited(context: Context) -> None:
    st.markdown("### Dip sample of ASB closures", anchors=False)
    where = Audited(month=context.selection.month, within=context.within)
    for row in dip_results(context.reader, where, context.selection.level).to_dicts():
        st.markdown(f"{words.figure(row['audited'], 'count')} audited in the 12 months. {_shares(row)}")
        return
    st.info("No ASB incident of these 12 months was audited here.")


def _shares(row: dict[str, Any]) -> str:
    named = (("Closed correctly", "correct"), ("Should have been a crime", "crime"))
    return " ".join(
        f"{name}: {words.figure(row[side], '%')} (95 % limits {words.number(row[f'{side}_lower'], '%')} to "
        f"{words.number(row[f'{side}_upper'], '%')})."
        for name, side in named
    )

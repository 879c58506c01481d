"""About: how every figure is worked out, what every load brought, and how far the data can be trusted."""

from typing import Any, get_args

import polars as pl
import streamlit as st

from data_access.answers import quality as answers_quality
from data_access.answers.asb import Where as Audited
from data_access.answers.asb import dip_results
from data_access.answers.freshness import late, newest_events
from data_access.answers.quality import Where
from metrics import DEFINITION_VERSION, ids_of, indicators_of
from metrics.indicator import Indicator, Subject
from pages.parts import downloads, headline, method, strip, tables
from pages.sections import kept
from pages.selections.context import Context
from pages.wording import explained, plain, words

TITLE = "About"
_ALL = "all subjects"
_GLOSSARY = {
    "ASB": "anti-social behaviour: nuisance, personal or environmental, as an incident's closing code says.",
    "CSEW": "Crime Survey for England and Wales: what residents say, whether or not it was reported.",
    "FTE": "full-time equivalent: two officers on half hours are one.",
    "LPA": "local policing area: a part of the force under one commander, itself parted into sectors.",
    "NPCC": "National Police Chiefs' Council.",
    "NPG": "Neighbourhood Policing Guarantee: the Home Office's promise of 2025 to the public.",
    "NPT": "neighbourhood policing team: the officers and PCSOs (police community support officers) of a place.",
    "NSIR": "National Standard for Incident Recording: how incidents are categorised and closed.",
    "PMP": "the record of one problem being solved. The force's papers write Pro-active Management Plan and Problem "
    "Management Profile.",
    "SARA": "scan, analyse, respond, assess: the four stages of solving a problem.",
    "TGP": "targeted guardian patrol: a foot patrol of a small hotspot at the hours that matter.",
}


def render(context: Context) -> None:
    """Draw the page: how much there is, then definitions, verdicts, words, loads, quality, and who looked."""
    freshness = _freshness(context)
    late = freshness.filter("late").height
    aside = answers_quality.set_aside(context.reader)
    st.markdown(f"# {_finding(freshness.height, late, aside.height)}", anchors=False)
    headline.caption(
        f"Definitions: edition {DEFINITION_VERSION} · data version {context.reader.version.number}, loaded "
        f"{words.moment(context.reader.version.loaded_at)} by {plain.markdown(context.reader.version.loaded_by)}"
    )
    names = ["Indicators", "Verdicts and words", "Data quality", "Loads", "What is kept"]
    if answers_quality.may_read_trail(context.reader.scope):
        names.append("Audit trail")
    sections = (_indicators, _explained, lambda it: _quality(it, freshness, aside), _loads, kept.draw, _trail)
    drawn = dict(zip(names, sections, strict=False))
    chosen = st.segmented_control(
        "Section", names, default=names[0], required=True, key="about_section", label_visibility="collapsed"
    )
    drawn[chosen](context)


def _finding(feeds: int, late: int, rules: int) -> str:
    said = "none late" if not late else f"{late} late"
    return f"{feeds} feeds, {said}; {'no rows set aside' if not rules else 'some rows set aside'}"


def _freshness(context: Context) -> pl.DataFrame:
    """Give the feeds loaded, late ones marked as the data strip marks them."""
    behind = late(newest_events(context.reader))
    return context.reader.freshness().with_columns(late=pl.col("feed").is_in(list(behind)))


def _indicators(context: Context) -> None:
    st.markdown(f"### All {len(indicators_of())} indicators", anchors=False)
    headline.caption(
        f"Every definition is of edition {DEFINITION_VERSION}, last changed by the suite's maintainers. Who changed "
        "which line, and why, is in the history of its source code. The NPCC's own list of indicators is unpublished."
    )
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom", key="about_filters"):
        subject = st.selectbox("Subject", [_ALL, *get_args(Subject)], key="about_subject", width=260)
        wanted = st.text_input("Search in names and definitions", key="about_search", width=340)
    every = map(context.worded, indicators_of())
    found = [one for one in every if _is_about(one, subject) and _mentions(one, wanted)]
    if not found:
        st.info("No indicator has these words. Try another word, or another subject.")
    for one in found:
        with st.expander(f"{one.id} · {one.name} · {words.unit_words(one.unit)}", key=f"about_{one.id}"):
            st.markdown(method.definition(one))


def _is_about(one: Indicator, subject: str) -> bool:
    return subject in (_ALL, one.subject)


def _mentions(one: Indicator, wanted: str) -> bool:
    """Tell whether all the words are there, in any order."""
    text = f"{one.id} {one.name} {method.definition(one)}".lower()
    return all(word in text for word in wanted.lower().split())


def _explained(context: Context) -> None:
    st.markdown("### When is a change real?", anchors=False)
    st.markdown(explained.JUDGED)
    st.markdown(explained.BY_HAND)
    lines = [f"| {mark.word} | {mark.meaning} |" for mark in words.VERDICTS.values()]
    st.markdown("\n".join(["| Verdict | Meaning |", "|---|---|", *lines]))
    st.markdown(
        "A percentage change is given only where the count it is based on is at least 20. A figure from radio fixes is "
        f"withheld where less than {context.reader.settings.parameters.min_coverage:g} % of duty time is known. A "
        "recorded change of practice starts a chart anew. Areas are ranked only where one direction is better."
    )
    st.markdown("### What the abbreviations mean", anchors=False)
    lines = [f"| **{short}** | {meaning} |" for short, meaning in _GLOSSARY.items()]
    st.markdown("\n".join(["| Short | Meaning |", "|---|---|", *lines]))


def _quality(context: Context, freshness: pl.DataFrame, aside: pl.DataFrame) -> None:
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
    tables.figures(context, covered, key="about_covered", title="Data coverage: known share of duty time", drill=False)


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


def _loads(context: Context) -> None:
    every = answers_quality.loads(context.reader)
    tables.rows(context, every, key="about_loads", title="Every file of every load, the newest first", columns=_LOADS)
    headline.caption("Every row read was either loaded or set aside. SHA-256 is the fingerprint of the file's bytes.")


def _trail(context: Context) -> None:
    """Show the audit trail a page at a time, the newest first; the CSV has every entry."""
    entries = context.reader.store.trail_length()
    st.markdown("### Who looked at whom, and why", anchors=False)
    if not entries:
        st.info("Nobody has looked at a person, downloaded or judged anything yet.")
        return
    pages = -(-entries // _ENTRIES)
    page = st.number_input(f"Page (of {pages:,})", 1, pages, 1, key="about_trail_page", width=160) if pages > 1 else 1
    before = entries + 1 - (page - 1) * _ENTRIES
    shown = answers_quality.trail(context.reader, _ENTRIES, before)
    st.dataframe(shown, hide_index=True, column_config=_TRAIL, placeholder="", alt="The audit trail", lazy=False)
    headline.caption(
        f"{entries:,} entries, {shown.height:,} shown. People go under pseudonyms: `python -m data_access trail find` "
        "lists who looked at an officer, `trail verify` proves that no entry was changed or taken out."
    )
    downloads.offer(
        context,
        "CSV",
        lambda: tables.csv(answers_quality.trail(context.reader, None), context.version.number),
        name=tables.file_name(context, "audit trail"),
        entry="the audit trail",
        right="read_trail",
        mime="text/csv",
        key="csv_about_trail",
        type="tertiary",
        help=f"All {entries:,} entries",
    )


def _moment(name: str) -> Any:
    return st.column_config.DatetimeColumn(name, format="DD MMM YYYY HH:mm", timezone=str(words.LONDON))


def _whole(name: str) -> Any:
    return st.column_config.NumberColumn(name, format="%,d")


_FRESH = {
    "newest_event": st.column_config.DatetimeColumn(
        "Newest event", format="DD MMM YYYY", timezone=str(words.LONDON), help="Empty: a list without dates"
    ),
    "loaded_at": _moment("Loaded"),
    "rows_set_aside": _whole("Rows set aside"),
}
_ASIDE = {"column_name": "Column", "rows": _whole("Rows"), "files": _whole("Files")}
_DROPPED = {
    "reason": None,
    "meaning": st.column_config.TextColumn("Dropped because", width="large"),
    "dropped": _whole("Fixes"),
    "percent": st.column_config.NumberColumn("% of all fixes", format="%.2f"),
}
_LOCATED = {
    "what": "Records",
    "records": _whole("All"),
    "without_position": _whole("No coordinates"),
    "outside": _whole("Outside every neighbourhood"),
    "percent_unlocated": st.column_config.NumberColumn("% unlocated", format="%.1f"),
}
_LOADS = {
    "load_id": _whole("Version"),
    "rows_read": _whole("Rows read"),
    "rows_loaded": _whole("Loaded"),
    "rows_set_aside": _whole("Set aside"),
    "started_at": _moment("Started"),
    "finished_at": _moment("Finished"),
    "loaded_by": "By",
    "sha256": st.column_config.TextColumn("SHA-256", width="medium"),
}
_ENTRIES = 200  # of the audit trail on one page
_TRAIL = {
    "number": _whole("No."),
    "at": _moment("When"),
    "viewer": "Viewer",
    "what": "Did what",
    "whom": "To whom or what",
    "reason": "Reason",
}

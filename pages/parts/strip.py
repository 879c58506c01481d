"""The data strip: which data this is, how fresh each feed is, and what marking it carries."""

from html import escape

import streamlit as st

from data_access.answers.freshness import DAYS_AFTER_MONTH, NIGHTLY, NIGHTS, data_to, late, newest_events
from data_access.answers.reader import Reader
from data_access.export import MARKING
from pages.wording import words

LATE_MEANS = (
    f"Late: a nightly feed ({', '.join(sorted(NIGHTLY))}) more than {NIGHTS} days behind the newest of them; any other "
    f"feed that has nothing of the last month, {DAYS_AFTER_MONTH} days after its end."
)


def draw(reader: Reader) -> None:
    """Draw the brand line: marking, sample label, data version, and how fresh each feed is behind one click."""
    version, force = reader.version, escape(reader.settings.force.name)
    sample = '<span class="npd-tag npd-sample">SAMPLE DATA</span>' if version.sample else ""
    newest = newest_events(reader)
    behind = late(newest)
    st.html(
        f'<div class="npd-brand"><strong>Neighbourhood Policing</strong><span>{force}</span>'
        f'<span class="npd-tag">{MARKING}</span>{sample}</div>',
        width="content",
    )
    label = f"Data to {words.day(data_to(newest) or version.loaded_at)}"
    with st.popover(label + (f" · {len(behind)} late" if behind else ""), type="tertiary", key="npd_data"):
        st.markdown(f"**Data version {version.number}**, loaded {words.moment(version.loaded_at)}.")
        lines = [f"| {feed} | {words.moment(at)} | {'late' if feed in behind else ''} |" for feed, at in newest.items()]
        st.markdown("\n".join(["| Feed | Newest event | |", "|---|---|---|", *lines]))
        st.caption(LATE_MEANS)

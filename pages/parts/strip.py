"""The data strip: which data this is, how fresh each feed is, and what marking it carries."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from html import escape

import streamlit as st

from data_access.answers.reader import Reader
from data_access.export import MARKING
from metrics.levels import add_months
from pages.wording import words

# What a force's systems hand over every night; the other feeds tell of a month, or come when somebody gets to them.
NIGHTLY = frozenset(("crimes", "duties", "fixes", "incidents", "patrols", "queries", "stop_searches", "taskings"))
NIGHTS, DAYS_AFTER_MONTH = 3, 31
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


def data_to(newest: Mapping[str, datetime]) -> datetime | None:
    """Give the newest event of the nightly feeds; of any feed where none of those is loaded; null without events."""
    nightly = [at for feed, at in newest.items() if feed in NIGHTLY]
    return max(nightly or newest.values(), default=None)


def late(newest: Mapping[str, datetime]) -> frozenset[str]:
    """Name the feeds that are late as `LATE_MEANS` says, each judged against the others: a store may be of any year."""
    last = data_to(newest)
    if last is None:
        return frozenset()
    return frozenset(feed for feed, at in newest.items() if _is_late(feed, at, last))


def _is_late(feed: str, at: datetime, last: datetime) -> bool:
    if feed in NIGHTLY:
        return last - at > timedelta(days=NIGHTS)
    lacked_month_ended = add_months(at.date().replace(day=1), 2)
    return last.date() - lacked_month_ended >= timedelta(days=DAYS_AFTER_MONTH)


@lru_cache(maxsize=4)
def newest_events(reader: Reader) -> dict[str, datetime]:
    """Give the newest event of each feed that has events, by feed."""
    rows = reader.freshness().select("feed", "newest_event").iter_rows()
    return {feed: newest for feed, newest in rows if newest is not None}

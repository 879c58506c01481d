"""The data strip: which data this is, how fresh each feed is, and what marking it carries."""

from datetime import datetime, timedelta
from functools import lru_cache
from html import escape

import streamlit as st

from data_access.settings import Settings
from data_access.store import DataVersion, Store
from pages import words

SAMPLE = "sample"
# A monthly feed is dated on the first day of its month: of one that is complete that lies a month behind already.
LATE = timedelta(days=62)


def draw(store: Store, settings: Settings, version: DataVersion) -> None:
    """Draw the brand line: marking, sample label, data version, and how fresh each feed is behind one click."""
    sample = '<span class="npd-tag npd-sample">SAMPLE DATA</span>' if is_sample(store, version) else ""
    newest = newest_events(store, version)
    behind = late(newest)
    st.html(
        f'<div class="npd-brand"><strong>Neighbourhood Policing</strong><span>{escape(settings.force.name)}</span>'
        f'<span class="npd-tag">OFFICIAL</span>{sample}</div>',
        width="content",
    )
    label = f"Data to {words.day(max(newest.values(), default=version.loaded_at))}"
    with st.popover(label + (f" · {len(behind)} late" if behind else ""), type="tertiary", key="npd_data"):
        st.markdown(f"**Data version {version.number}**, loaded {words.moment(version.loaded_at)}.")
        lines = [f"| {feed} | {words.moment(at)} | {'late' if feed in behind else ''} |" for feed, at in newest.items()]
        st.markdown("\n".join(["| Feed | Newest event | |", "|---|---|---|", *lines]))
        st.caption(f"Late: more than {LATE.days} days behind the newest feed.")


def late(newest: dict[str, datetime]) -> frozenset[str]:
    """Name the feeds whose newest event lies more than `LATE` behind the newest of all."""
    last = max(newest.values(), default=None)
    return frozenset(feed for feed, at in newest.items() if last and last - at > LATE)


@lru_cache(maxsize=4)
def newest_events(store: Store, _: DataVersion) -> dict[str, datetime]:
    """Give the newest event of each feed that has events, by feed."""
    rows = store.freshness().select("feed", "newest_event").iter_rows()
    return {feed: newest for feed, newest in rows if newest is not None}


@lru_cache(maxsize=4)
def is_sample(store: Store, _: DataVersion) -> bool:
    """Tell whether any load came from a sample force's folder."""
    return any(SAMPLE in folder.lower() for folder in store.loads()["folder"].unique())

"""The first start: an empty embedded store, so the sample force is built in front of the viewer."""

import tempfile
from pathlib import Path
from threading import Lock

import streamlit as st

from data_access.settings import Settings
from data_access.store import Store

_BUILDING = Lock()  # two first viewers must not build it twice


def build(settings: Settings, store: Store) -> None:
    """Build and load the sample force with a progress bar, then start over; on a server's store say what to do."""
    st.markdown("# Welcome to the Neighbourhood Policing Dashboards")
    if not settings.store_url.startswith("sqlite"):
        st.info("The store is empty. Load a folder of extracts: `python -m data_access load DIR`")
        st.stop()
    st.markdown("There is no data yet, so a **sample force** is being built. This takes about two minutes, once.")
    bar = st.progress(0.0, "Waiting for another viewer who started the same")
    with _BUILDING:
        if store.version().number == 0:
            _build(settings, store, bar)
    st.rerun()


def _build(settings: Settings, store: Store, bar: st.delta_generator.DeltaGenerator) -> None:
    from data_access.ingest import load
    from data_access.sample import write_sample

    steps = _Steps(bar)
    with tempfile.TemporaryDirectory(prefix="sample-") as folder:
        chosen = settings.sample
        write_sample(Path(folder), seed=chosen.seed, months=chosen.months, scale=chosen.scale, tell=steps.tell)
        report = load(store, Path(folder), by="first start", tell=steps.tell)
    if report.data_version is None:
        st.error(f"The sample force could not be loaded: {report.error}")
        st.stop()


class _Steps:
    """Turns lines of progress into a bar that nears its end without ever reaching it early."""

    def __init__(self, bar: st.delta_generator.DeltaGenerator) -> None:
        self._bar, self._done = bar, 0.02

    def tell(self, line: str) -> None:
        """Show a line and move on."""
        self._done += (0.98 - self._done) * 0.04
        self._bar.progress(self._done, line.strip()[:100] or " ")

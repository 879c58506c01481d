"""The first start: an empty embedded store, so the sample force is built in front of the viewer."""

import tempfile
from pathlib import Path
from threading import Lock

import streamlit as st

from data_access.settings import Settings
from data_access.store import Store

_BUILDING = Lock()  # two first viewers must not build it twice
_WRITING = 0.2  # the share of the time that writing takes; the rest is loading


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
    # Imported here: neither is needed again once there is data.
    from data_access.ingest import load
    from data_access.sample import write_sample

    with tempfile.TemporaryDirectory(prefix="sample-") as folder:
        write_sample(
            Path(folder),
            seed=settings.sample.seed,
            months=settings.sample.months,
            scale=settings.sample.scale,
            progress=lambda what, share: bar.progress(share * _WRITING, f"Writing {what}"),
        )
        report = load(store, Path(folder), by="first start", tell=_Loading(bar).tell)
    if report.data_version is None:
        st.error(f"The sample force could not be loaded: {report.error}")
        st.stop()


class _Loading:
    """Turns a load's lines into the rest of the bar: it nears its end without ever reaching it early."""

    def __init__(self, bar: st.delta_generator.DeltaGenerator) -> None:
        self._bar, self._done = bar, _WRITING

    def tell(self, line: str) -> None:
        """Show a line and move on."""
        self._done += (0.99 - self._done) * 0.03
        self._bar.progress(self._done, f"Loading {line.strip()[:100]}")

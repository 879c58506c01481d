"""The first start: an empty embedded store, so the sample force is built while the viewer watches."""

import tempfile
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Thread

import streamlit as st

from data_access.settings import Settings
from data_access.store import Store
from pages.wording import plain

_WRITING = 0.25  # the share of the time that writing takes; the rest is loading
_LOOKS_EVERY = 0.5  # seconds


@dataclass(kw_only=True)
class Progress:
    """How far the building is; it runs in a thread of its own, so that a viewer who leaves does not stop it."""

    share: float = 0.0
    doing: str = "Starting"
    error: str = ""

    def writing(self, what: str, share: float) -> None:
        """Hear from the sample's writer."""
        self.share, self.doing = share * _WRITING, f"Writing {what}"

    def loading(self, line: str) -> None:
        """Hear from the load, which does not know how much is left: near the end without ever reaching it early."""
        self.share += (0.99 - self.share) * 0.02
        self.doing = f"Loading: {line.strip()[:100]}"


def build(settings: Settings, store: Store) -> None:
    """Build and load the sample force with a progress bar, then start over; where people sign in say what to do."""
    st.markdown("# Welcome to the Neighbourhood Policing Dashboards")
    if not settings.store_url.startswith("sqlite") or settings.sign_in.mode != "demo":
        st.info("The store is empty. Load a folder of extracts: `python -m data_access load DIR`")
        st.stop()
    st.markdown("There is no data yet, so a **sample force** is being built, once. This takes a few minutes.")
    thread, progress = _started(store)
    bar = st.progress(0.0)
    while thread.is_alive():
        bar.progress(progress.share, progress.doing)
        time.sleep(_LOOKS_EVERY)
    if progress.error:
        st.error(f"The sample force could not be loaded: {plain.markdown(progress.error)}")
        st.stop()
    st.rerun()


@lru_cache(maxsize=1)
def _started(store: Store) -> tuple[Thread, Progress]:
    """Start the one thread that builds; every viewer who comes meanwhile watches the same."""
    progress = Progress()
    thread = Thread(target=_build, args=(store, progress), name="sample force", daemon=True)
    thread.start()
    return thread, progress


def _build(store: Store, progress: Progress) -> None:
    # Imported here: neither is needed again once there is data.
    from data_access.load.ingest import load
    from data_access.sample import write_sample

    try:
        with tempfile.TemporaryDirectory(prefix="sample-") as folder:
            chosen = store.settings.sample
            write_sample(
                Path(folder),
                seed=chosen.seed,
                months=chosen.months,
                scale=chosen.scale,
                progress=progress.writing,
            )
            report = load(store, Path(folder), by="first start", tell=progress.loading)
        progress.error = report.error or ""
    except Exception as error:
        progress.error = f"{type(error).__name__}: {error}"
        raise

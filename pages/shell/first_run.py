"""The first start: an empty embedded store, so the sample force is built while the viewer watches.

Its newest months come first, as a data version of their own: there are figures within half a minute, and the rest is
built while the viewer looks at them. The second load brings the whole sample, the newest months again among it, so that
nothing is left of the order in which it came.
"""

import re
import tempfile
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Thread

import streamlit as st

from data_access.settings import Settings
from data_access.store import DataVersion, Store
from pages.wording import plain

FIRST_MONTHS = 2  # so that a month has one to be compared with
NEWEST, WHOLE = "first start, newest months", "first start"  # who loaded, as the store's ledger has it
_LOOKS_EVERY, _TELLS_EVERY = 0.5, 10  # seconds
# The shares of the processor time of building the whole after its newest months, measured on 24 months at scale 0.1, by
# what is told first.
_SHARES = {
    "Writing": 0.16,
    "files": 0.24,
    "fixes:": 0.33,
    "facts: duty": 0.13,
    "facts: visibility": 0.05,
    "facts: presence": 0.02,
    "facts: fix_quality": 0.02,
    "facts: asb": 0.02,
    "facts: crimes": 0.02,
    "facts: incidents": 0.01,
}
_FIXES_DONE = re.compile(r"(\d+)%")


@dataclass(kw_only=True)
class Progress:
    """How far the building is; it runs in a thread of its own, so that a viewer who leaves does not stop it."""

    share: float = 0.0
    doing: str = "Starting"
    error: str = ""

    def writing(self, what: str, share: float) -> None:
        """Hear from the sample's writer."""
        self.share, self.doing = share * _SHARES["Writing"], f"Writing {what}"

    def loading(self, line: str) -> None:
        """Hear from the load what it does next: all that comes before it in _SHARES is done."""
        self.share = max(self.share, share_before(line))
        self.doing = f"Loading: {line.strip()[:100]}"


def share_before(line: str) -> float:
    """Return the share of the time that is over when a load tells `line`; 0: that does not tell."""
    step = next((name for name in _SHARES if line.startswith(name)), "" if line.startswith("facts") else "files")
    if not step:
        return 0.0
    names = list(_SHARES)
    within = _FIXES_DONE.search(line) if step == "fixes:" else None
    part = _SHARES[step] * int(within[1]) / 100 if within else 0.0
    return sum(_SHARES[name] for name in names[: names.index(step)]) + part


def build(settings: Settings, store: Store) -> None:
    """Build and load the sample force with a progress bar, then start over; where people sign in say what to do."""
    st.markdown("# Welcome to the Neighbourhood Policing Dashboards")
    if not settings.store_url.startswith("sqlite") or settings.sign_in.mode != "demo":
        st.info("The store is empty. Load a folder of extracts: `python -m data_access load DIR`")
        st.stop()
    st.markdown(
        "There is no data yet, so a **sample force** is being built, once: its newest months first, the others while "
        "you look at these."
    )
    thread, progress = _started(store)
    bar = st.progress(0.0)
    while thread.is_alive() and not store.version().months:
        bar.progress(progress.share, progress.doing)
        time.sleep(_LOOKS_EVERY)
    if progress.error:
        _say(progress)
        st.stop()
    st.rerun()


def is_unfinished(version: DataVersion) -> bool:
    """Tell whether only the newest months of the sample are there."""
    return version.sample and version.loaded_by == NEWEST


def go_on(store: Store) -> None:
    """Build the other months, also after the server was stopped meanwhile, and tell how far that is."""
    thread, progress = _started(store)
    if thread.is_alive():
        _tell_the_rest(thread, progress)
    elif progress.error:
        _say(progress)


@st.fragment(run_every=_TELLS_EVERY)
def _tell_the_rest(thread: Thread, progress: Progress) -> None:
    if not thread.is_alive():
        st.rerun()
    st.caption(
        f"These are the sample force's newest {FIRST_MONTHS} months. Its earlier months are being built: "
        f"{progress.share:.0%} done. They appear here by themselves."
    )


def _say(progress: Progress) -> None:
    st.error(f"The sample force could not be loaded: {plain.markdown(progress.error)}")


@lru_cache(maxsize=1)
def _started(store: Store) -> tuple[Thread, Progress]:
    """Start the one thread that builds; every viewer who comes meanwhile watches the same."""
    progress = Progress()
    thread = Thread(target=_build, args=(store, progress), name="sample force", daemon=True)
    thread.start()
    return thread, progress


def _build(store: Store, progress: Progress) -> None:
    """Build what is not there yet: the newest months, then the whole."""
    try:
        if not store.version().months and store.settings.sample.months > FIRST_MONTHS:
            build_part(store, progress, FIRST_MONTHS, by=NEWEST)
        if not progress.error:
            build_part(store, progress, None, by=WHOLE)
    except Exception as error:
        progress.error = f"{type(error).__name__}: {error}"
        raise


def build_part(store: Store, progress: Progress, newest: int | None, *, by: str) -> None:
    """Write and load the sample force, or what happened in its newest months."""
    # Imported here: neither is needed again once there is data.
    from data_access.load.ingest import load
    from data_access.sample import write_sample

    progress.share, chosen = 0.0, store.settings.sample
    with tempfile.TemporaryDirectory(prefix="sample-") as folder:
        write_sample(
            Path(folder),
            seed=chosen.seed,
            months=chosen.months,
            scale=chosen.scale,
            newest=newest,
            progress=progress.writing,
        )
        progress.error = load(store, Path(folder), by=by, tell=progress.loading).error or ""

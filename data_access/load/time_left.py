"""How far a load is and how long the rest takes: its rows at measured rates, at the pace of this machine so far."""

import re
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as parquet

from data_access.feeds.contract import FIXES
from data_access.load.discovery import Found

# Microseconds of processor that a row takes, measured on 2.7 M fixes, 164,000 crimes, 56,000 duties and 48,000
# incidents (sample force, scale 0.1, six months). Only their ratios matter: the pace is that of the load itself.
READ, READ_FIXES = 14.0, 0.4
MADE_OF_ROWS: dict[str, tuple[str, float]] = {
    "fixes": (FIXES, 2.5),
    "facts: duty": ("duties", 28.0),
    "facts: visibility": (FIXES, 0.6),
    "facts: visibility_months": (FIXES, 0.2),
    "facts: presence": (FIXES, 0.1),
    "facts: fix_quality": (FIXES, 0.1),
    "facts: asb": ("incidents", 10.0),
    "facts: crimes": ("crimes", 5.0),
    "facts: incidents": ("incidents", 4.0),
}
SAMPLED_BYTES = 1 << 16
TOLD_AFTER, TOLD_FROM = 5.0, 0.02  # seconds and share: before these a pace would be a guess
_ROWS, _SHARE = re.compile(r": ([\d,]+) rows$"), re.compile(r", (\d+)%$")


@dataclass(kw_only=True)
class Clock:
    """The `work` of each step of a load, in order, and the share of it that is done; `rows` of each file."""

    work: dict[str, float]
    rows: dict[str, int]
    began: float
    share: float = 0.0


def with_time_left(
    tell: Callable[[str], None],
    files: Sequence[Found],
    read: Collection[str] = (),
    now: Callable[[], float] = time.monotonic,
) -> Callable[[str], None]:
    """Return how to tell what a load of `files` does next, with how far it is and how long the rest takes.

    Those of the names in `read` were read before it was stopped. `now` gives seconds since any moment.
    """
    clock = clock_of(files, read, now())

    def told(words: str) -> None:
        clock.share = max(clock.share, share_done(clock, words))
        tell(words + left(clock.share, now() - clock.began))

    return told


def clock_of(files: Sequence[Found], read: Collection[str], began: float) -> Clock:
    """Return the work of a load: its files, what is made of fixes, and the facts, by rows at measured rates."""
    rows = {one.name: rows_in(one.path) for one in files if not one.stays}
    of_feed: Counter[str] = Counter()
    for one in files:
        of_feed[one.feed or ""] += rows.get(one.name, 0)
    unread = [one for one in files if one.name not in read]
    reading = {one.name: rows.get(one.name, 0) * (READ_FIXES if one.feed == FIXES else READ) for one in unread}
    making = {step: of_feed[feed] * rate for step, (feed, rate) in MADE_OF_ROWS.items()}
    return Clock(work=reading | making, rows=rows, began=began)


def rows_in(path: Path) -> int:
    """Return how many rows a file has, of a CSV about: as many as lines of the length of its first ones; else 0."""
    if path.suffix == ".parquet":
        return int(parquet.read_metadata(path).num_rows)
    if path.suffix != ".csv":
        return 0
    with path.open("rb") as file:
        first = file.read(SAMPLED_BYTES)
    return path.stat().st_size * first.count(b"\n") // max(len(first), 1)


def share_done(clock: Clock, words: str) -> float:
    """Return the share of a load's work that is over when it tells `words`; 0: they name no step of it."""
    step = next((one for one in _steps_of(words) if one in clock.work), None)
    whole = sum(clock.work.values())
    if step is None or not whole:
        return 0.0
    names = list(clock.work)
    before = sum(clock.work[name] for name in names[: names.index(step)])
    return (before + clock.work[step] * _within(clock, step, words)) / whole


def _steps_of(words: str) -> Iterator[str]:
    """Name the step that words may be of: a file by its name, alone or before its rows; fixes; a dataset."""
    yield words
    yield _ROWS.sub("", words)
    yield "fixes" if words.startswith("fixes: ") else words.rsplit(" ", 1)[0]


def _within(clock: Clock, step: str, words: str) -> float:
    if rows := _ROWS.search(words):
        return min(1.0, int(rows[1].replace(",", "")) / max(clock.rows.get(step, 0), 1))
    share = _SHARE.search(words)
    return int(share[1]) / 100 if share else 0.0


def left(share: float, seconds: float) -> str:
    """Return how far a load is after `seconds`, and about how long the rest takes; empty: nobody could tell yet."""
    if share < TOLD_FROM or seconds < TOLD_AFTER:
        return ""
    minutes = seconds * (1 - share) / share / 60
    return f" ({share:.0%} of all, {'less than a minute' if minutes < 1 else f'about {minutes:.0f} min'} left)"

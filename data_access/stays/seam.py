"""How far a local day's fixes bear on its neighbours, and which of them are kept for a neighbour that comes later.

A fix bears on nothing farther than REACH gaps from it. So what follows from a day's fixes is, but for its first
and last whole hours, that day's alone; the hours about midnight (the seam) need both days.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from data_access.settings import PrivacySettings
from metrics.levels import local_midnight
from metrics.stays import REACH

DAY = timedelta(days=1)
Hour = tuple[date, int]
"""A local day and the hour in which something starts there."""
Days = tuple[date, date]
"""The first and the last of some local days, both included."""


@dataclass(frozen=True, kw_only=True)
class Seam:
    """The hours about midnight that depend on both days, where a fix may hold `max_gap` seconds."""

    max_gap: int

    @property
    def reach(self) -> timedelta:
        """How far in time a fix bears on anything."""
        return timedelta(seconds=REACH * self.max_gap)

    @property
    def hours(self) -> int:
        """How many whole hours either side of midnight may depend on both days."""
        return -(-REACH * self.max_gap // 3600)

    @property
    def edge(self) -> timedelta:
        """How far from midnight a fix may be and bear on the seam."""
        return timedelta(hours=self.hours) + self.reach


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """After which local day fixes near midnight are kept, and after which all of them; `ends` keep theirs too."""

    edges_after: date
    all_after: date
    ends: frozenset[date] = frozenset()


def keeping(newest: date, privacy: PrivacySettings, ends: Iterable[date] = ()) -> Keeping:
    """Say what is kept where `newest` is the last local day with fixes; `ends`: days whose neighbours are missing."""
    after = newest - timedelta(days=privacy.keep_fixes_days)
    edges = newest - timedelta(days=privacy.keep_edge_days)
    return Keeping(edges_after=min(after, edges), all_after=after, ends=frozenset(ends))


def kept(own: pl.LazyFrame, seam: Seam, keep: Keeping) -> pl.LazyFrame:
    """Choose the fixes (with their local `day`) that stay for a while; one without a position bears on no fact."""
    at, day = pl.col("at"), pl.col("day")
    # Of each day once, not of each of its fixes: to ask for an instant's midnight takes as long as all the rest.
    days = own.select(day.unique()).filter((day > keep.edges_after) | day.is_in(list(keep.ends)))
    opens, closes = local_midnight(day) + seam.edge, local_midnight(day.dt.offset_by("1d")) - seam.edge
    near = own.join(days.with_columns(opens=opens, closes=closes), on="day")
    is_edge = (at < pl.col("opens")) | (at >= pl.col("closes"))
    chosen = near.filter(is_edge | (day > keep.all_after), pl.all_horizontal(pl.col("lon", "lat").is_finite()))
    return chosen.select("at", "officer_id", "lon", "lat").unique().sort("at", "officer_id", "lon", "lat")


def runs(days: Iterable[date]) -> Iterator[Days]:
    """Return the first and the last of each run of days without a gap."""
    ordered = sorted(days)
    first = 0
    for place in range(1, len(ordered) + 1):
        if place == len(ordered) or ordered[place] != ordered[place - 1] + DAY:
            yield ordered[first], ordered[place - 1]
            first = place


def run_ends(days: Iterable[date]) -> frozenset[date]:
    """Return the days whose day before or after is not among `days`."""
    return frozenset(day for run in runs(days) for day in run)

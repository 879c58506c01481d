"""How far a local day's fixes bear on its neighbours, and which of them are kept for a neighbour that comes later.

A fix bears on nothing farther than REACH gaps from it. So what follows from a day's fixes is, but for its first
and last whole hours, that day's alone; the hours about midnight (the seam) need both days.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from data_access.settings import PrivacySettings
from metrics.levels import local_start
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


def kept(fixes: pl.DataFrame | pl.LazyFrame, days: Days, seam: Seam, keep: Keeping) -> pl.DataFrame:
    """Choose the fixes of some local days that stay for a while; one without a position bears on no fact."""
    at, positioned = pl.col("at"), pl.all_horizontal(pl.col("lon", "lat").is_finite())
    near = _within(fixes, _stretches(days, seam, keep))  # few: only of these is asked whether they have a position
    chosen = near.filter(positioned).select("at", pl.col("officer_id").cast(pl.String), "lon", "lat")
    # Files mostly are in this order, and then nothing is in them twice: to sort takes longer than to look.
    before = at.shift(), pl.col("officer_id").shift()
    in_order = (at > before[0]) | ((at == before[0]) & (pl.col("officer_id") > before[1]))
    if chosen.select(in_order.all(ignore_nulls=True)).item():
        return chosen
    return chosen.unique().sort("at", "officer_id", "lon", "lat")


def _within(fixes: pl.DataFrame | pl.LazyFrame, stretches: list[tuple[datetime, datetime]]) -> pl.DataFrame:
    """Return the fixes in any of some intervals, apart and in order."""
    bounds = pl.Series("at", [bound for stretch in stretches for bound in stretch], dtype=pl.Datetime("us", "UTC"))
    if isinstance(fixes, pl.DataFrame) and fixes["at"].is_sorted():  # as files mostly are: an interval is a slice
        places = fixes["at"].search_sorted(bounds, side="left").to_list()
        return pl.concat([fixes.clear(), *(fixes[a:b] for a, b in zip(places[::2], places[1::2], strict=True))])
    at = pl.col("at")
    around = at.is_between(bounds.min(), bounds.max(), closed="left")  # what a file can be skipped by
    inside = pl.lit(bounds).search_sorted(at, side="right") % 2 == 1
    return fixes.lazy().filter(around & inside).collect()


def _stretches(days: Days, seam: Seam, keep: Keeping) -> list[tuple[datetime, datetime]]:
    """Return the time of some local days whose fixes are kept, as intervals apart and in order."""
    found: list[tuple[datetime, datetime]] = []
    day = days[0]
    while day <= days[1]:
        opens, closes = local_start(day), local_start(day + DAY)
        whole, edges = [(opens, closes)], [(opens, opens + seam.edge), (closes - seam.edge, closes)]
        near = edges if day > keep.edges_after or day in keep.ends else []
        for since, until in whole if day > keep.all_after else near:
            if found and since <= found[-1][1]:
                found[-1] = (found[-1][0], until)
            else:
                found.append((since, until))
        day += DAY
    return found


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

"""Time and chance: which months the sample covers, British clock time, and one random stream per subject and month."""

import zlib
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

DAY = 86_400
HOUR = 3_600
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Month:
    """A local calendar month; `back` counts from the last month of the sample, which is 0."""

    year: int
    number: int
    back: int

    @property
    def first(self) -> date:
        """Return the first day."""
        return date(self.year, self.number, 1)

    @property
    def label(self) -> str:
        """Return `YYYY-MM`."""
        return f"{self.year}-{self.number:02d}"

    @property
    def days(self) -> np.ndarray:
        """Return its days as whole days since 1970."""
        return np.arange(day_number(self.first), day_number(_month_after(self.first)))


def months_until(until: date, count: int) -> tuple[Month, ...]:
    """Return `count` months, the last of which is the one before the day `until` unless `until` ends its month."""
    last = (until + timedelta(days=1)).replace(day=1) - timedelta(days=1)
    index = last.year * 12 + last.month - 1
    return tuple(
        Month(year=(index - back) // 12, number=(index - back) % 12 + 1, back=back) for back in reversed(range(count))
    )


def stream(seed: int, subject: str, month: Month | None = None) -> np.random.Generator:
    """Return the random stream of a subject in a month: no other subject's draws change it."""
    when = 0 if month is None else month.year * 12 + month.number
    return np.random.Generator(np.random.PCG64([seed, zlib.crc32(subject.encode()), when]))


def any_of(group_of: np.ndarray, group: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Choose for each element a member of its `group`, all alike; `group_of` has the group of each member."""
    ordered = np.argsort(group_of, kind="stable")
    number = np.bincount(group_of)
    first = np.cumsum(number) - number
    return ordered[first[group] + (chance.random(group.shape) * number[group]).astype(int)]


def day_number(day: date) -> int:
    """Return whole days since 1970."""
    return (day - _EPOCH).days


def weekday(days: np.ndarray) -> np.ndarray:
    """Return the day of the week, Monday 0."""
    return (days + 3) % 7


def utc(local: np.ndarray) -> np.ndarray:
    """Turn British clock time into UTC, both as seconds since 1970.

    The hour that comes twice is its first; the hour that does not come is read in winter time.
    """
    local = np.asarray(local, dtype=np.int64)
    years = local.astype("datetime64[s]").astype("datetime64[Y]").astype(int) + 1970
    known = np.arange(years.min(initial=1970), years.max(initial=1970) + 1)
    starts = np.array([_last_sunday(year, 3) * DAY + 2 * HOUR for year in known.tolist()])
    ends = np.array([_last_sunday(year, 10) * DAY + 2 * HOUR for year in known.tolist()])
    place = years - known[0]
    return local - HOUR * ((local >= starts[place]) & (local < ends[place]))


def instants(seconds: np.ndarray) -> pl.Series:
    """Return UTC seconds since 1970 as Datetime("us", "UTC")."""
    return pl.Series((seconds * 1_000_000).astype("datetime64[us]")).dt.replace_time_zone("UTC")


def dates(days: np.ndarray) -> pl.Series:
    """Return whole days since 1970 as Date."""
    return pl.Series(np.asarray(days, dtype=np.int32)).cast(pl.Date)


def _last_sunday(year: int, month: int) -> int:
    last = day_number(_month_after(date(year, month, 1))) - 1
    return last - (last + 4) % 7


def _month_after(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)

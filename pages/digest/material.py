"""What a digest tells a viewer: news and explanations due of the areas they subscribed to, in their own scope."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from data_access.answers.explanations import due, own_areas
from data_access.answers.freshness import newest_month
from data_access.answers.overview import changed
from data_access.answers.reader import Reader
from data_access.database.subscriptions import Subscription
from metrics import indicator as find_indicator
from metrics.levels import AREA_LEVELS, YEAR, add_months, months_between
from metrics.news import REAL
from metrics.parameters import worded
from pages.selections.links import FIGURE
from pages.selections.places import Places, line, places_of
from pages.selections.selection import write_place
from pages.wording import sentences, words

Row = dict[str, Any]
# Down to here figures are told. Of smaller areas a digest says what there is to see: a count of one or two may tell of
# somebody, and an e-mail is read and passed on outside the suite.
_TOLD_WITH_FIGURES = ("force", "lpa")


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing told: `key` names it so that it is told once, `address` is where it leads within the suite."""

    key: str
    month: date
    verdict: str | None
    title: str
    said: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Material:
    """What is new to a viewer, of `looked_at` figures of the newest month `month`."""

    news: tuple[Item, ...]
    due: tuple[Item, ...]
    month: date
    looked_at: int

    @property
    def told(self) -> dict[str, date]:
        """The keys of what is told, each with a month after which it may be forgotten that it was."""
        # An explanation may be of a month long ago, and is due now.
        return {one.key: one.month for one in self.news} | {one.key: self.month for one in self.due}


def gather(
    reader: Reader, subscribed: Sequence[Subscription], told: Collection[str], today: date
) -> Material | None:
    """Return what subscriptions have to tell beside what was `told`; None where the store has no month.

    An area that is no longer wholly the viewer's own is passed over. A month is looked at again until a later one is
    complete, since late data may make it real.
    """
    newest = newest_month(reader)
    if newest is None:
        return None
    own = set(own_areas(reader).iter_rows())
    held = [one for one in subscribed if (one.area_level, one.area_code) in own]
    if not held:
        return Material(news=(), due=(), month=newest, looked_at=0)
    places = places_of(reader.members().to_dicts(), reader.scope)
    news: dict[str, Item] = {}
    looked_at = 0
    for one in held:
        for month in _months(one, newest):
            found, looked = _news(reader, places, one, month)
            looked_at += looked
            news |= {item.key: item for item in found if item.key not in told and item.key not in news}
    late = {item.key: item for item in _due(reader, places, held, today) if item.key not in told}
    in_order = sorted(news.values(), key=lambda item: (REAL.index(item.verdict), -item.month.toordinal()))
    return Material(news=tuple(in_order), due=tuple(late.values()), month=newest, looked_at=looked_at)


def _months(one: Subscription, newest: date) -> list[date]:
    """Return the months in which something may have become real since the last look: at most a year of them."""
    first = max(one.looked_month or newest, add_months(newest, 1 - YEAR))
    return months_between(min(first, newest), newest)


def _news(reader: Reader, places: Places, one: Subscription, month: date) -> tuple[list[Item], int]:
    """Return what the Overview of the subscribed area calls new in a month, about the subject, and of how many."""
    step = AREA_LEVELS.index(one.area_level) + 1
    levels = (one.area_level, *AREA_LEVELS[step : step + 1])
    within = () if one.area_level == "force" else ((one.area_level, one.area_code),)
    found = changed(reader, month, levels, within)
    rows = [row for row in found.new.to_dicts() if _is_about(row["indicator_id"], one.subject)]
    return [_item(reader, places, row) for row in rows], found.looked_at


def _is_about(indicator_id: str, subject: str) -> bool:
    return subject in ("", find_indicator(indicator_id).subject)


def _item(reader: Reader, places: Places, row: Row) -> Item:
    one = worded(find_indicator(row["indicator_id"]), reader.settings.parameters)
    named = f"{one.id}:{row['category']}" if row["category"] else one.id
    place, month = (row["area_level"], row["area_code"]), f"{row['month']:%Y-%m}"
    told = sentences.sentence(one, row) if place[0] in _TOLD_WITH_FIGURES else _way(row)
    return Item(
        key="|".join((named, *place, month, row["signal"], row["verdict"])),
        month=row["month"],
        verdict=row["verdict"],
        title=_line(f"{row['area_name']}: {sentences.name(one, row['category'])}, {words.month(row['month'])}"),
        said=told,
        address=_address(places, place, indicator=named, month=month),
    )


def _line(text: str) -> str:
    """Write on one line what has a name of an extract in it: in a plain text nothing else marks where it ends."""
    return " ".join(text.split())


def _way(row: Row) -> str:
    """Say what a signal is without its figures."""
    if row["signal"] == "spike":
        return f"Unusually {'high' if row['value'] > row['centre'] else 'low'}: more than chance explains."
    way = "higher" if row["level_change"] > 0 else "lower"
    return f"Lastingly {way} since {words.month(row['since'])}, found this month."


def _due(reader: Reader, places: Places, held: Sequence[Subscription], today: date) -> Iterator[Item]:
    """Return the explanations due for review in the areas subscribed to; what people wrote in them is not told."""
    for row in due(reader, today).to_dicts():
        place = (row["area_level"], row["area_code"])
        around = set(line(places, place))
        inside = [one for one in held if (one.area_level, one.area_code) in around]
        if any(_is_about(row["indicator_id"], one.subject) for one in inside):
            name = worded(find_indicator(row["indicator_id"]), reader.settings.parameters).name
            month = f"{row['month']:%Y-%m}"
            yield Item(
                key=f"due|{row['explanation_id']}|{row['review_on']}",
                month=row["month"],
                verdict=None,
                title=_line(f"{places.names[place]}: {name}, {words.month(row['month'])}"),
                said=f"{row['kind'].capitalize()}; due for review since {words.day(row['review_on'])}.",
                address=_address(places, place, indicator=row["indicator_id"], month=month),
            )


def _address(places: Places, place: tuple[str, str], **more: str) -> str:
    return f"{FIGURE}?{urlencode(write_place({}, places, place) | more)}"

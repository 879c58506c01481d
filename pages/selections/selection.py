"""What is selected, read from the address of the page: the URL is the bookmark, and nothing else remembers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from metrics.levels import codes_of
from pages.selections.period import ONE_MONTH, SEPARATOR, Kind
from pages.selections.period import read as read_period
from pages.selections.places import AREAS, SPOTS, Place, Places, each, joined, line, name_of
from pages.wording import words

DIMENSIONS = ("month", "period", "lpa", "sector", "neighbourhood", "compare")
LAST_MONTH, LAST_YEAR, FORCE = "month", "year", "force"
_WITH = {"period": ("from",)}  # what goes with a choice


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What the viewer chose. `level` and `code` name the deepest chosen area, or the top of their scope.

    Several areas of one level are counted together, under a code of their own (metrics.levels.together); so are those
    above them. `months` are those that figures are of, oldest first, by their first days: of a `period` that is not
    'month', counted as one. `month` is the last of them. `below` is the next level down (None at a neighbourhood), of
    several areas their own level: they stand side by side. `compare` is 'month', 'year', 'force', 'lpa:CODE' or
    'sector:CODE'.
    """

    month: date
    level: str
    code: str
    below: str | None
    period: Kind = ONE_MONTH
    months: tuple[date, ...] = ()
    lpa: str | None = None
    sector: str | None = None
    neighbourhood: str | None = None
    compare: str = LAST_MONTH

    @property
    def spans(self) -> bool:
        """Tell whether figures are of several months counted as one."""
        return len(self.months) > 1

    @property
    def several(self) -> bool:
        """Tell whether several areas are counted together."""
        return len(codes_of(self.level, self.code)) > 1

    def codes(self, level: str) -> tuple[str, ...]:
        """List the areas of a level that are chosen, or that what is chosen lies in."""
        code = getattr(self, level)
        return codes_of(level, code) if code else ()


def read(
    params: Mapping[str, str], places: Places, months: Sequence[date], newest: date
) -> tuple[Selection, list[str]]:
    """Read a selection from the address; what cannot be honoured is left out and said, a sentence each.

    `months` are those with data, oldest first; `newest` is shown where none is named. A child brings its own
    parents, so a link may name it alone.
    """
    problems: list[str] = []
    period, counted = read_period(params, months, newest, problems)
    place = _place(params, places, problems)
    chosen = dict(line(places, place))
    compare = _compare(params.get("compare"), places, problems)
    position = AREAS.index(place[0])
    several = len(codes_of(*place)) > 1
    selection = Selection(
        month=counted[-1],
        period=period,
        months=tuple(counted),
        level=place[0],
        code=place[1],
        below=place[0] if several else AREAS[position + 1] if position + 1 < len(AREAS) else None,
        lpa=chosen.get("lpa"),
        sector=chosen.get("sector"),
        neighbourhood=chosen.get("neighbourhood"),
        compare=compare,
    )
    return selection, problems


def write(params: Mapping[str, str], dimension: str, *values: str | None) -> dict[str, str]:
    """Return the address after choosing `values` (None: nothing) for a dimension; other areas clear their children.

    So does a changed LPA the hotspot or Impact Area that is chosen in another.
    """
    cleared = AREAS[AREAS.index(dimension) :] if dimension in AREAS else (dimension,)
    cleared += SPOTS if dimension == "lpa" else _WITH.get(dimension, ())
    kept = {name: given for name, given in params.items() if name not in cleared}
    chosen = SEPARATOR.join(sorted(filter(None, values)))
    return {**kept, dimension: chosen} if chosen else kept


def write_place(params: Mapping[str, str], places: Places, place: Place) -> dict[str, str]:
    """Return the address after choosing a place with everything above it, as a drill does."""
    kept = {name: given for name, given in params.items() if name not in (*AREAS, *SPOTS)}
    above = ((level, codes_of(level, code)) for level, code in line(places, place) if level != "force")
    return kept | {level: SEPARATOR.join(codes) for level, codes in above}


def _place(params: Mapping[str, str], places: Places, problems: list[str]) -> Place:
    found = places.top
    for level in AREAS[1:]:
        given = listed(params.get(level, ""), {code for named, code in places.names if named == level})
        known = _named(params, places, level)
        problems += [
            f"The {words.level(level)} “{code[:20]}” does not exist (any more) or is not yours to see."
            for code in given
            if (level, code) not in places.names
        ]
        found = joined(known) if known else found
    problems += _contradictions(params, places, found)
    return found


def _contradictions(params: Mapping[str, str], places: Places, shown: Place) -> list[str]:
    """Say where an address names an area that the deepest one it names does not lie in, and which is shown."""
    holding, name = dict(line(places, shown)), name_of(places, shown)
    lies = "lies" if len(each(shown)) == 1 else "lie"
    return [
        f"The address names {places.names[place]} and {name}, but {name} {lies} in "
        f"{name_of(places, (level, holding[level]))}: {name} is shown."
        for level in AREAS[1:]
        for place in _named(params, places, level)
        if level in holding and place not in each((level, holding[level]))
    ]


def _named(params: Mapping[str, str], places: Places, level: str) -> list[Place]:
    """List the areas of a level that the address names and that there are."""
    given = listed(params.get(level, ""), {code for named, code in places.names if named == level})
    return [(level, code) for code in given if (level, code) in places.names]


def listed(given: str, known: Collection[str]) -> tuple[str, ...]:
    """List the values that stand in the address, separated by commas; a comma may be part of a value that is known."""
    return (given,) if given in known else tuple(dict.fromkeys(filter(None, given.split(SEPARATOR))))


def _compare(given: str | None, places: Places, problems: list[str]) -> str:
    if given is None or given in (LAST_MONTH, LAST_YEAR, FORCE):
        return given or LAST_MONTH
    level, _, code = given.partition(":")
    if level in ("lpa", "sector") and (level, code) in places.names:
        return given
    problems.append(f"There is nothing called “{given[:20]}” to compare with.")
    return LAST_MONTH

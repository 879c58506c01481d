"""What is selected, read from the address of the page: the URL is the bookmark, and nothing else remembers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pages.selections.places import AREAS, SPOTS, Place, Places, line
from pages.wording import words

DIMENSIONS = ("month", "lpa", "sector", "neighbourhood", "compare")
LAST_MONTH, LAST_YEAR, FORCE = "month", "year", "force"


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What the viewer chose. `level` and `code` name the deepest chosen area, or the top of their scope.

    `month` is its first day. `below` is the next level down (None at a neighbourhood). `compare` is 'month', 'year',
    'force', 'lpa:CODE' or 'sector:CODE'.
    """

    month: date
    level: str
    code: str
    below: str | None
    lpa: str | None = None
    sector: str | None = None
    neighbourhood: str | None = None
    compare: str = LAST_MONTH


def read(
    params: Mapping[str, str], places: Places, months: Sequence[date], newest: date
) -> tuple[Selection, list[str]]:
    """Read a selection from the address; what cannot be honoured is left out and said, a sentence each.

    `months` are those with data, oldest first; `newest` is shown where none is named. A child brings its own
    parents, so a link may name it alone.
    """
    problems: list[str] = []
    month = _month(params.get("month"), months, newest, problems)
    place = _place(params, places, problems)
    chosen = dict(line(places, place))
    compare = _compare(params.get("compare"), places, problems)
    position = AREAS.index(place[0])
    selection = Selection(
        month=month,
        level=place[0],
        code=place[1],
        below=AREAS[position + 1] if position + 1 < len(AREAS) else None,
        lpa=chosen.get("lpa"),
        sector=chosen.get("sector"),
        neighbourhood=chosen.get("neighbourhood"),
        compare=compare,
    )
    return selection, problems


def write(params: Mapping[str, str], dimension: str, value: str | None) -> dict[str, str]:
    """Return the address after choosing `value` (None: nothing) for a dimension; a changed area clears its children.

    So does a changed LPA the hotspot or Impact Area that is chosen in another.
    """
    cleared = AREAS[AREAS.index(dimension) :] if dimension in AREAS else (dimension,)
    cleared += SPOTS if dimension == "lpa" else ()
    kept = {name: given for name, given in params.items() if name not in cleared}
    return kept if value is None else {**kept, dimension: value}


def write_place(params: Mapping[str, str], places: Places, place: Place) -> dict[str, str]:
    """Return the address after choosing a place with everything above it, as a drill does."""
    kept = {name: given for name, given in params.items() if name not in (*AREAS, *SPOTS)}
    return kept | {level: code for level, code in line(places, place) if level != "force"}


def _month(given: str | None, months: Sequence[date], newest: date, problems: list[str]) -> date:
    if given is None:
        return newest
    found = next((month for month in months if f"{month:%Y-%m}" == given), None)
    if found is None:
        span = f"{words.month(months[0])} to {words.month(months[-1])}"
        problems.append(f"There is no data for the month “{given[:20]}”. The data runs from {span}.")
    return found or newest


def _place(params: Mapping[str, str], places: Places, problems: list[str]) -> Place:
    found = places.top
    for level in AREAS[1:]:
        place = (level, params.get(level, ""))
        if place in places.names:
            found = place
        elif level in params:
            problems.append(
                f"The {words.level(level)} “{params[level][:20]}” does not exist (any more) or is not yours to see."
            )
    problems += _contradictions(params, places, found)
    return found


def _contradictions(params: Mapping[str, str], places: Places, shown: Place) -> list[str]:
    """Say where an address names an area that the deepest one it names does not lie in, and which is shown."""
    holding, name = dict(line(places, shown)), places.names[shown]
    return [
        f"The address names {places.names[level, params[level]]} and {name}, but {name} lies in "
        f"{places.names[level, holding[level]]}: {name} is shown."
        for level in AREAS[1:]
        if (level, params.get(level, "")) in places.names and holding.get(level) not in (None, params[level])
    ]


def _compare(given: str | None, places: Places, problems: list[str]) -> str:
    if given is None or given in (LAST_MONTH, LAST_YEAR, FORCE):
        return given or LAST_MONTH
    level, _, code = given.partition(":")
    if level in ("lpa", "sector") and (level, code) in places.names:
        return given
    problems.append(f"There is nothing called “{given[:20]}” to compare with.")
    return LAST_MONTH

"""How every value, change, month, level and verdict is written: one place, so that two pages cannot disagree."""

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from metrics.indicator import Indicator

LONDON = ZoneInfo("Europe/London")
NOTHING = "–"
MINUS = "−"
_LONGEST_AXIS = 36  # letters that find room beside a chart
_MOST_NAMED = 6  # months
MILLION = 1_000_000  # from here on three figures tell more than seven

LEVELS: Mapping[str, tuple[str, str]] = {
    "force": ("force", "forces"),
    "lpa": ("LPA", "LPAs"),
    "sector": ("sector", "sectors"),
    "neighbourhood": ("neighbourhood", "neighbourhoods"),
    "department": ("department", "departments"),
    "team": ("team", "teams"),
    "officer": ("officer", "officers"),
    "hotspot": ("hotspot", "hotspots"),
    "impact_area": ("Impact Area", "Impact Areas"),
}
ROLES = {"pcso": "PCSO"}  # of those whose word in an extract is not the word to read
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

# What a value's unit is called on an axis and in a column head.
AXES: Mapping[str, str] = {
    "%": "%",
    "h": "hours",
    "count": "number",
    "score": "harm score",
    "per 100": "per 100",
    "per 1,000": "per 1,000 residents",
    "h per 1,000": "hours per 1,000 residents",
    "h per km²": "hours per km²",
    "score per 1,000": "harm score per 1,000 residents",
    "per 100 h": "per 100 patrol hours",
    "people": "people",
    "fte": "full-time equivalents (FTE)",
    "per neighbourhood": "per neighbourhood",
    "h each": "hours each",
    "ratio": "times the rate of White residents",
}
# What a flag of a crime is called; any other category of a mix is called what the extract calls it.
FLAGS: Mapping[str, str] = {
    "hate": "hate crime",
    "domestic": "domestic abuse",
    "vawg": "violence against women and girls",
    "knife": "knife crime",
    "youth": "serious youth violence",
}
# What the rows of a source are, for a reader who never sees its name.
SOURCES: Mapping[str, str] = {
    "duty": "duty records",
    "visibility_home": "radio fixes, by home posting",
    "visibility_place": "radio fixes, by place",
    "presence": "radio fixes, by place",
    "asb": "incidents",
    "incidents": "incidents",
    "handovers": "section 136 handovers",
    "asb_powers": "ASB powers",
    "asb_powers_year": "ASB powers",
    "case_reviews": "ASB case reviews",
    "plan_actions": "actions of plans and tasking meetings",
    "surveys": "surveys",
    "stop_searches": "stop and searches",
    "searches_year": "stop and searches",
    "population": "census population",
    "settled_flags": "recorded crimes with flags",
    "flagged": "recorded crimes with flags",
    "audits": "dip sample",
    "crimes": "recorded crimes",
    "recorded_crimes": "recorded crimes",
    "settled_crimes": "recorded crimes",
    "outcomes": "recorded crimes",
    "taskings": "taskings and radio fixes",
    "hotspot_months": "taskings and radio fixes",
    "extents": "boundaries of hotspots and neighbourhoods",
    "patrols": "patrol check-ins",
    "establishment": "establishment",
    "special_hours": "specials' returns",
    "problems": "problem-solving plans",
    "profiles": "neighbourhood profiles",
    "meetings": "meetings",
    "queries": "queries",
    "measures": "figures handed over ready-made",
}
_HOURS = ("h", "hours", "h each", "h per 1,000", "h per km²")
_SUFFIX = {"%": " %", "minutes": " min", **dict.fromkeys(_HOURS, " h")}
_WHOLE = frozenset({"count", "people"})
_FEW = frozenset({"per 1,000", "h per 1,000", "score per 1,000", "per neighbourhood", "ratio"})


@dataclass(frozen=True, kw_only=True)
class Mark:
    """How a verdict is told beside its colour (pages.parts.palette): a word and a shape, never colour alone.

    `glyph` is the shape in text, `symbol` in a chart.
    """

    word: str
    shape: Literal["circle", "square", "diamond", "dash"]
    sign: str
    glyph: str
    symbol: str
    meaning: str


VERDICTS: Mapping[str | None, Mark] = {
    "improvement": Mark(
        word="improvement",
        shape="circle",
        sign="",
        glyph="●",
        symbol="circle",
        meaning="better than month-to-month chance explains",
    ),
    "concern": Mark(
        word="concern",
        shape="square",
        sign="!",
        glyph="■",
        symbol="square",
        meaning="worse than month-to-month chance explains",
    ),
    "change": Mark(
        word="change",
        shape="diamond",
        sign="",
        glyph="◆",
        symbol="diamond",
        meaning="more than month-to-month chance explains; neither good nor bad in itself",
    ),
    "no real change": Mark(
        word="no real change",
        shape="dash",
        sign="",
        glyph="–",
        symbol="line-ew",
        meaning="within month-to-month chance",
    ),
    None: Mark(
        word="no verdict yet",
        shape="dash",
        sign="",
        glyph="–",
        symbol="line-ew",
        meaning="fewer than 12 months to judge against",
    ),
}

TOO_FEW = Mark(
    word="too few to judge",
    shape="dash",
    sign="",
    glyph="–",
    symbol="line-ew",
    meaning="a percentage of fewer than ten",
)


def places(value: float, unit: str) -> int:
    """Return the decimals that `value` is written with: one, but none for counts and from 100 on (except a rate in %).

    A rate per 1,000 below 1 has two: a ward's month of ASB per 1,000 residents would else be 0.5 everywhere;
    below 0.01 four, as of one hour of the week.
    """
    if unit in _WHOLE:
        return 0
    if abs(value) >= 100 and unit != "%":
        return 0
    if unit in _FEW and 0 < abs(value) < 0.01:
        return 4
    return 2 if 0 < abs(value) < 1 and unit in _FEW else 1


def number(value: float | None, unit: str) -> str:
    """Write a value without its unit: '58.5', '1,234', '3.82 m'; a dash for a missing one, no sign on a zero."""
    if value is None:
        return NOTHING
    written = f"{value / MILLION:,.2f} m" if abs(value) >= MILLION else f"{value:,.{places(value, unit)}f}"
    return written.replace("-", MINUS) if any(digit in written for digit in "123456789") else written.lstrip("-")


def figure(value: float | None, unit: str) -> str:
    """Write a value with its unit: '58.5 %', '1,234', '2.4 h'; a dash for a missing one."""
    return NOTHING if value is None else number(value, unit) + _SUFFIX.get(unit, "")


def written_with(unit: str) -> bool:
    """Tell whether `figure` writes a value with its unit: '%', hours and minutes."""
    return unit in _SUFFIX


def change(value: float | None, unit: str, of: float | None = None) -> str:
    """Write a difference with its sign: '+1.2 points' for a rate in %, '−34' for a count; 'no change' for none.

    `of` is the figure that changed: a rate has no more decimals in its difference than in itself.
    """
    if value is None:
        return NOTHING
    written = number(abs(value), unit)
    if of is not None and unit in _FEW and places(value, unit) > places(of, unit):
        written = f"{abs(value):.{places(of, unit)}f}"
    if not any(digit in written for digit in "123456789"):
        return "no change"
    sign = MINUS if value < 0 else "+"
    return f"{sign}{written}{' points' if unit == '%' else _SUFFIX.get(unit, '')}"


def percent(value: float | None, decimals: int = 0) -> str:
    """Write a relative change with its sign: '+12 %', below one '+0.3 %'; nothing for a missing one."""
    if value is None:
        return ""
    shown = max(decimals, 1) if 0 < abs(value) < 1 else decimals
    return f"{value:+.{shown}f} %".replace("-", MINUS)


def month(value: date | None) -> str:
    """Write a month: 'Oct 2024'."""
    return NOTHING if value is None else f"{value:%b %Y}"


def span(months: Sequence[date]) -> str:
    """Write months that are counted as one: 'April to September 2026', 'Jan 2026, Mar 2026 and Sep 2026'; or a month.

    More than six that do not follow each other are counted.
    """
    first, last = months[0], months[-1]
    if first == last:
        return month(last)
    if len(months) == 12 * (last.year - first.year) + last.month - first.month + 1:
        year = "" if first.year == last.year else f" {first.year}"
        return f"{first:%B}{year} to {last:%B %Y}"
    if len(months) > _MOST_NAMED:
        return f"{len(months)} months from {first:%B %Y} to {last:%B %Y}"
    return f"{', '.join(map(month, months[:-1]))} and {month(last)}"


def day(value: date | None) -> str:
    """Write a day: '31 Oct 2024'."""
    return NOTHING if value is None else f"{value.day} {value:%b %Y}"


def moment(value: datetime | None) -> str:
    """Write an instant in local time: '31 Oct 2024 06:50'."""
    if value is None:
        return NOTHING
    local = value.astimezone(LONDON)
    return f"{day(local)} {local:%H:%M}"


def level(name: str, many: bool = False) -> str:
    """Name a level in the force's words: 'LPA', 'neighbourhoods'."""
    return LEVELS.get(name, (name, f"{name}s"))[many]


def a_level(name: str) -> str:
    """Name a level with its article: 'a sector', 'an LPA', 'an Impact Area'."""
    return f"{'an' if name in ('lpa', 'impact_area', 'officer') else 'a'} {level(name)}"


def unit_words(unit: str) -> str:
    """Name a unit as an axis or column head does: 'hours per 1,000 residents'."""
    return AXES.get(unit, unit)


def unit_of(indicator: Indicator) -> str:
    """Name what a figure counts: '% of duty time', 'per 100 crimes recorded', 'ASB incidents', 'hours'."""
    if indicator.unit in _WHOLE:
        return first_words(indicator.numerator.words)
    if indicator.unit in ("%", "per 100") and indicator.denominator is not None:
        return f"{unit_words(indicator.unit)}{' of' if indicator.unit == '%' else ''} " + first_words(
            indicator.denominator.words
        )
    return unit_words(indicator.unit)


def first_words(text: str) -> str:
    """Return what a part is called before it is explained: 'duty time' of 'duty time: everything but absence'."""
    return re.split("[:,(]", text)[0].strip()


def axis(indicator: Indicator, end: str = " ") -> str:
    """Name an axis by what it measures and its unit: 'ASB incidents', 'Visible hours'; lines end with `end`."""
    unit = unit_of(indicator)
    is_told = indicator.unit in _WHOLE or unit.split()[0] in indicator.name.split()
    words_ = textwrap.wrap(capital(indicator.name if is_told else f"{indicator.name}, {unit}"), _LONGEST_AXIS)
    return end.join(words_)


def capital(text: str) -> str:
    """Write the first letter large and leave the others: 'personal ASB' keeps its abbreviation."""
    return text[:1].upper() + text[1:]


def mark(verdict: str | None) -> Mark:
    """Return the mark of a verdict; null means that the series is too short to judge."""
    return VERDICTS.get(verdict, VERDICTS[None])

"""The parameters of a request, read: each is known, given as often as it may be, and has a value that there is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from data_access.answers.answer import Question
from data_access.answers.few_officers import reaches
from data_access.answers.reader import Reader
from metrics import ids_of, indicator
from metrics.breakdowns import MOST, breakdowns, is_offered, levels_of
from metrics.disclosure import GROUP_LEVELS
from metrics.levels import AREA_LEVELS, PLACE_LEVELS, Level, month_of, months_between
from serving.api.problems import Problem, bad

Given = Mapping[str, Sequence[str]]
GRAINS = {"1mo": 1, "1w": 5, "1d": 31}  # and how many of them a month may have
LEVELS: tuple[Level, ...] = (*AREA_LEVELS, *PLACE_LEVELS, *GROUP_LEVELS)
MOST_MONTHS = 13  # of what is broken down: what must be withheld is decided month by month
MONTH = {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$", "examples": ["2026-10"]}


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A parameter of the query: its name, what it means, the JSON schema of a value, and how often it may be given."""

    name: str
    description: str
    schema: Mapping[str, Any]
    required: bool = False
    many: bool = False


def read(items: Sequence[tuple[str, str]], parameters: Sequence[Parameter]) -> dict[str, list[str]]:
    """Return the values of each parameter given. A name that is not known is an error, its value is never told."""
    known = {one.name: one for one in parameters}
    given: dict[str, list[str]] = {}
    for name, value in items:
        if name not in known:
            raise bad("no such parameter", given=name, allowed=list(known), do="leave it out")
        given.setdefault(name, []).append(value)
    for one in parameters:
        values = given.get(one.name, [])
        if one.required and not values:
            raise bad(f"{one.name} is missing", given="nothing", allowed=[one.description], do=f"give {one.name}")
        if len(values) > 1 and not one.many:
            raise bad(f"{one.name} is given twice", given=", ".join(values), allowed=["one value"], do="choose one")
    return given


def month(reader: Reader, given: Given, name: str) -> date:
    """Return a month that the store has."""
    first, last = reader.version.months or (date.max, date.min)
    text = given[name][0]
    try:
        found = month_of(date.fromisoformat(f"{text}-01"))
    except ValueError:
        found = None
    if found is None or not first <= found <= last:
        held = [f"{first:%Y-%m} to {last:%Y-%m}"]
        raise bad(f"{name} is no month of this store", given=text, allowed=held, do="give one of these as YYYY-MM")
    return found


def levels(given: Given, allowed: Sequence[Level]) -> list[Level]:
    """Return the levels named, all of them where none is."""
    return [_one_of("level", text, allowed) for text in given.get("level", [])] or list(allowed)


def weight_set(reader: Reader, given: Given) -> str | None:
    """Return the weight set named; None: the one that config.toml names."""
    return _one_of("weight_set", given["weight_set"][0], reader.weight_sets()) if "weight_set" in given else None


def question(reader: Reader, given: Given) -> Question:
    """Return the question of a request to /answer. Raises Problem for one that is not offered, or is too large."""
    indicators = tuple(dict.fromkeys(_one_of("indicator", one, ids_of()) for one in given["indicator"]))
    level = _one_of("level", given["level"][0], LEVELS)
    reader.scope.require(level)
    by = tuple(dict.fromkeys(given.get("by", [])))
    for one in indicators:
        _require_offered(reader, one, level, by)
    asked = Question(
        indicators=indicators,
        level=level,
        since=month(reader, given, "since"),
        until=month(reader, given, "until"),
        within=tuple(_area(reader, one) for one in given.get("within", [])),
        by=by,
        grain=_one_of("grain", given.get("grain", ["1mo"])[0], list(GRAINS)),
        weight_set=weight_set(reader, given),
    )
    _require_bounded(reader, asked)
    return asked


def teams(reader: Reader, level: Level = "force") -> bool:
    """Tell whether the viewer may see the people below a level."""
    return reaches(reader.scope, level)


def groups(reader: Reader) -> list[Level]:
    """List the levels of people that the viewer may see, single officers never among them."""
    return [level for level in GROUP_LEVELS if reader.scope.names(level)]


def _one_of(name: str, value: str, allowed: Sequence[Any]) -> Any:
    if value not in allowed:
        raise bad(f"no such {name}", given=value, allowed=allowed, do=f"give {name} one of these")
    return value


def _require_offered(reader: Reader, asked: str, level: Level, by: Sequence[str]) -> None:
    one, people = indicator(asked), groups(reader)
    if level not in (known := levels_of(one, people)):
        raise bad(f"{asked} has no level {level}", given=level, allowed=known, do="ask at one of these")
    may = teams(reader, level)
    if len(by) > MOST or not is_offered(one, level, by, teams=may, people=people):
        allowed = [" and ".join(names) for names in breakdowns(one, teams=may) if names and level not in GROUP_LEVELS]
        words = f"{asked} is not broken down so at this level, or not for this viewer"
        raise bad(words, given=" and ".join(by), allowed=allowed, do="ask by one of these, or by nothing")


def _area(reader: Reader, text: str) -> tuple[Level, str]:
    level, _, code = text.partition(":")
    if level not in AREA_LEVELS:
        allowed = [f"{one}:CODE" for one in AREA_LEVELS]
        raise bad("within names no area", given=text, allowed=allowed, do="name one: within=lpa:E08000026")
    if (level, code) not in set(reader.members().select("level", "code").iter_rows()):
        yours = "give one of those that /api/v1/areas lists"
        raise Problem(403, "this is no area that the token's viewer may see into", given=text, do=yours)
    return level, code


def _require_bounded(reader: Reader, asked: Question) -> None:
    if asked.since > asked.until:
        span = f"{asked.since:%Y-%m} to {asked.until:%Y-%m}"
        raise bad("since is after until", given=span, allowed=["since before until"], do="turn them round")
    if asked.by and asked.grain != "1mo":
        either = ["by", "grain"]
        raise bad("by and grain are given", given=asked.grain, allowed=either, do="ask for a breakdown or for a grain")
    months = len(months_between(asked.since, asked.until))
    if (asked.by or asked.grain != "1mo") and months > MOST_MONTHS:
        do = "ask for fewer months, several times"
        raise bad("too many months to break down", given=str(months), allowed=[f"1 to {MOST_MONTHS} months"], do=do)
    areas = reader.members().filter(level=asked.level).height or 1
    require_rows(reader, len(asked.indicators) * areas * (1 if asked.by else months * GRAINS[asked.grain]))


def require_rows(reader: Reader, rows: int) -> None:
    """Raise Problem for an answer of more rows than one may have."""
    most = reader.settings.api.most_rows
    if rows > most:
        do = "ask for fewer indicators, months or areas at once ([api] most_rows in config.toml)"
        raise bad("the answer would be too large", given=f"{rows:,} rows", allowed=[f"{most:,} rows"], do=do)

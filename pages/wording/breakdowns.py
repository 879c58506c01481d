"""Breakdowns in words: what a column is called, what its values are, and what is possible where something is not."""

from collections.abc import Mapping, Sequence
from typing import Any

from metrics.breakdowns import breakdowns, columns_of
from metrics.disclosure import GROUP_LEVELS
from metrics.indicator import Indicator
from metrics.levels import Level, enumerated
from pages.wording import words

UNKNOWN = "not known"
COLUMNS: Mapping[str, str] = {
    "category": "category",
    "worked_area": "area worked in",
    "role": "role",
    "weekday": "weekday",
    "hour": "hour of the day",
    "place_kind": "kind of place",
    "department": "department",
    "offence_group": "offence group",
    "neighbourhood_crime": "kind of neighbourhood crime",
    "outcome_code": "outcome",
    "in_impact_areas": "inside Impact Areas",
    "in_hotspots": "inside hotspots",
    "is_neighbourhood_crime": "neighbourhood crime or not",
    "violence_with_injury": "violence with injury or not",
    "town_centre": "retail and street crime or not",
    "grade": "grade",
    "resource": "resource sent",
    "mental_health": "mental health a factor",
    "kind": "kind of hotspot",
    "result": "result of the patrol",
    "power": "power",
    "source": "where it was agreed",
    "owner_role": "role that owns it",
    "legislation": "legislation",
    "object": "object of search",
    "outcome": "outcome",
    "stage": "stage",
}


def value(column: str, given: Any) -> str:
    """Write a value of a column: 'Fri', '08:00', 'PCSO', 'yes'; 'not known' where a row has none."""
    if given is None:
        return UNKNOWN
    if column == "weekday":
        return words.WEEKDAYS[given - 1]
    if column == "hour":
        return f"{given:02d}:00"
    if isinstance(given, bool):
        return "yes" if given else "no"
    return words.ROLES.get(given, str(given)) if column == "role" else str(given).replace("_", " ")


def named(columns: Sequence[str]) -> str:
    """Name columns as one: 'weekday and hour of the day'."""
    return enumerated([COLUMNS[one] for one in columns])


def levels(given: Sequence[Level]) -> str:
    """Name levels as one: 'force, LPA and sector'."""
    return enumerated([words.level(one) for one in given]) if given else "no level that you may see"


def impossible(indicator: Indicator, level: Level, by: Sequence[str], known: Sequence[Level]) -> str:
    """Say that an indicator is not shown as it was asked for, and what is possible with it; `known` are its levels."""
    name = words.capital(indicator.name)
    if level not in known:
        return f"{name} has no figure by {words.level(level)}; it has by {levels(known)}."
    if level in GROUP_LEVELS:
        areas = [one for one in known if one not in GROUP_LEVELS]
        return f"{name} of {words.level(level, many=True)} is not broken down further; of areas it is: {levels(areas)}."
    columns = columns_of(indicator)
    if not set(by) <= set(columns):
        return f"{name} cannot be broken down by {named(by)}; {possible(columns)}."
    few = [named(one) for one in breakdowns(indicator, teams=False) if one]
    instead = f"for you it can by {enumerated(few)}" if few else "hours lost and visible hours can by weekday and hour"
    return f"{name} by {named(by)} could tell of few officers' time, which is for viewers who may see teams; {instead}."


def possible(columns: Sequence[str]) -> str:
    """Say by what something can be broken down."""
    return f"it can by {named(columns)}" if columns else "it has nothing to be broken down by"

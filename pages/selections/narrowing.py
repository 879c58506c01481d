"""What a page is narrowed to beside area and month: a category, a cause, an hour of the week, an offence group, a team.

A click in a chart that shows one narrows all on the page that has it; the address holds it, and its chip removes it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import streamlit as st

from data_access.answers.few_officers import reaches
from metrics import headlines, id_of, indicators_of, named
from metrics.indicator import Indicator
from metrics.levels import add_months
from metrics.sources import SOURCES
from metrics.sums import HOUR, WEEKDAY
from pages.selections import filters, lists
from pages.selections.context import Context, Narrowed
from pages.selections.links import FIGURE
from pages.wording import plain, words

Dimension = Literal["category", "cause", "when", "offence", "team"]
MONTHS = 36  # in which a value must occur to be one
ALL_HOURS = 24
# Pages on officers' time, of which one hour of the week is for whoever may see teams.
OFFICERS_TIME = frozenset({"abstractions", "visibility"})


@dataclass(frozen=True, kw_only=True)
class _Field:
    """A dimension: its name, the pages that have it, the values there are with their words, and how rows are kept.

    `where` of nothing: the page itself asks for the figures of the value.
    """

    name: str
    pages: Mapping[str, str]
    values: Callable[[Context], Mapping[str, str]]
    where: Callable[[str], tuple[tuple[str, str | int], ...]]


def hour_of_week(weekday: int, hour: int) -> str:
    """Return how the address writes an hour of the week: 'sat-22' (weekday 1 = Monday)."""
    return f"{words.WEEKDAYS[weekday - 1].lower()}-{hour:02d}"


_HOURS: Mapping[str, tuple[int, int]] = {
    hour_of_week(day, hour): (day, hour) for day in range(1, len(words.WEEKDAYS) + 1) for hour in range(ALL_HOURS)
}


def _hours(_: Context) -> dict[str, str]:
    return {value: f"{words.WEEKDAYS[day - 1]} {hour:02d}:00 to {hour:02d}:59" for value, (day, hour) in _HOURS.items()}


def _at(value: str) -> tuple[tuple[str, int], ...]:
    day, hour = _HOURS[value]
    return ("weekday", day), ("hour", hour)


def _categories(context: Context) -> dict[str, str]:
    return _occurring(context, id_of("asb", "lead"), "category")


def _causes(context: Context) -> dict[str, str]:
    mixes = (one.id for one in indicators_of(page="abstractions") if one.split)
    rows = context.ask(*mixes, level="force", within=(), months=MONTHS)
    return {one: one for one in sorted(rows["category"].drop_nulls().unique())}


def _offences(context: Context) -> dict[str, str]:
    return _occurring(context, id_of("impact_areas", "lead"), "offence_group")


def _teams(context: Context) -> dict[str, str]:
    """Return the teams that have a figure for the viewer: those that they may see, of five officers or more."""
    if not context.reader.scope.names("team"):
        return {}
    rows = context.ask(id_of("abstractions", "lead"), level="team", within=(), months=MONTHS).drop_nulls("value")
    return {one: one for one in sorted(rows["area_code"].unique())}


def _occurring(context: Context, indicator: str, column: str) -> dict[str, str]:
    until = context.selection.month  # whatever shorter period is shown
    span = {"since": add_months(until, 1 - MONTHS), "until": until}
    rows = context.ask(indicator, level="force", within=(), by=(column,), **span)
    return {one: one for one in sorted(rows[column].drop_nulls())}


_ABSTRACTIONS = {"abstractions": "Abstractions"}
FIELDS: Mapping[Dimension, _Field] = {
    "category": _Field(
        name="Category", pages={"asb": "ASB"}, values=_categories, where=lambda value: (("category", value),)
    ),
    "cause": _Field(name="Cause", pages=_ABSTRACTIONS, values=_causes, where=lambda _: ()),
    "when": _Field(
        name="When",
        pages={"asb": "ASB", **_ABSTRACTIONS, "visibility": "Visibility", "response": "Response"},
        values=_hours,
        where=_at,
    ),
    "offence": _Field(
        name="Offence",
        pages={"impact_areas": "Impact areas"},
        values=_offences,
        where=lambda value: (("offence_group", value),),
    ),
    "team": _Field(name="Team", pages=_ABSTRACTIONS, values=_teams, where=lambda _: ()),
}


def read(context: Context, params: Mapping[str, str]) -> tuple[tuple[Narrowed, ...], list[str]]:
    """Read what the address narrows to; a value that there is not (any more) is left out and said, a sentence each."""
    found, problems = [], []
    for dimension, field in FIELDS.items():
        value = params.get(dimension)
        if value is None:
            continue
        known = field.values(context)
        if value in known:
            found.append(Narrowed(dimension=dimension, value=value, words=known[value], where=field.where(value)))
        else:
            problems.append(f"“{value[:20]}” is no {field.name.lower()} (any more) that figures can be narrowed to.")
    return tuple(found), problems


def on_page(context: Context, page: str, given: tuple[Narrowed, ...]) -> Context:
    """Return the context of a page: narrowed by what it has, and by what its viewer may be told."""
    about = _indicator().page if page == FIGURE else page
    may = about not in OFFICERS_TIME or reaches(context.reader.scope, "force")
    kept = [one for one in given if _has(page, one) and (may or one.dimension != "when")]
    return replace(context, narrowed=tuple(kept))


def _has(page: str, one: Narrowed) -> bool:
    """Tell whether a page is narrowed by a dimension; that of any figure where the page of its indicator is.

    Its rows must have the columns then: a cause and a team are asked for by their own page alone.
    """
    if page != FIGURE:
        return page in FIELDS[one.dimension].pages
    about = _indicator()
    columns = SOURCES[about.numerator.source]
    known = {*columns, WEEKDAY} if HOUR in columns else set(columns)
    asked = {name for name, _ in one.where}
    return about.page in FIELDS[one.dimension].pages and bool(asked) and asked <= known


def _indicator() -> Indicator:
    """Return the indicator that the page of any figure shows."""
    given, _ = named(st.query_params.get("indicator", ""))
    return next((one for one in indicators_of() if one.id == given), headlines()[0])


def chips(given: tuple[Narrowed, ...], page: str) -> list[tuple[str, str]]:
    """Return the dimension of each chip and what it says: on a page without the field also which pages have it."""
    return [(one.dimension, f"{_name(one)}: {one.words}{_elsewhere(one, page)}") for one in given]


def _name(one: Narrowed) -> str:
    return FIELDS[one.dimension].name


def _elsewhere(one: Narrowed, page: str) -> str:
    return "" if _has(page, one) else f" (on {', '.join(FIELDS[one.dimension].pages.values())})"


def say(context: Context, page: str, given: tuple[Narrowed, ...]) -> None:
    """Say below the bar how narrowed figures are read, and what the viewer's rights leave as it is."""
    if context.narrowed:
        st.caption(
            f"Narrowed to {plain.markdown(context.only)}: figures and charts that name it are judged by their own "
            "months and have no target. What was picked for being high tends to fall back by itself."
        )
    for one in given:
        if _has(page, one) and one not in context.narrowed:
            st.caption(f"Not narrowed to {one.words}: one hour of few officers is for viewers who may see teams.")


def not_narrowed(context: Context, what: str) -> None:
    """Say of a part of a page that it lacks the field that the page is narrowed by; nothing where it is by none."""
    if context.narrowed:
        st.caption(f"{what}: not narrowed to {plain.markdown(context.only)}.")


def pick(dimension: Dimension, key: str) -> None:
    """Narrow to the value of the point that was clicked in the chart `key`, or no longer; use it as a callback."""
    points = st.session_state[key]["selection"]["points"]
    if points and points[0].get("customdata"):
        toggle(dimension, str(points[0]["customdata"][0]))


def toggle(dimension: Dimension, value: str) -> None:
    """Narrow to a value, or no longer where it is chosen already."""
    given = st.query_params.to_dict()
    kept = {name: one for name, one in given.items() if name != dimension}
    filters.go_to(kept if given.get(dimension) == value else {**kept, dimension: value})


def picker(context: Context, page: str) -> None:
    """Offer the values of the page's dimensions as lists behind one button: the way without a mouse."""
    fields = {dimension: field for dimension, field in FIELDS.items() if page in field.pages}
    if not fields:
        return
    opened = st.popover("Narrow", key="npd_narrow", on_change="rerun")
    if not opened.open:
        return
    with opened:
        for dimension, field in fields.items():
            values = field.values(context)
            key, given = f"narrow_{dimension}", st.query_params.get(dimension)
            lists.put(key, given if given in values else None)
            st.selectbox(
                field.name,
                list(values),
                index=None,
                key=key,
                format_func=lambda value, values=values: values.get(value, value),
                placeholder="all",
                filter_mode="contains",
                **lists.heard(key, _chosen, (dimension,)),
            )


def _chosen(dimension: Dimension) -> None:
    value = st.session_state[f"narrow_{dimension}"]
    kept = {name: one for name, one in st.query_params.to_dict().items() if name != dimension}
    filters.go_to({**kept, dimension: value} if value else kept)

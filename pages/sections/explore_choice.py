"""What Explore is asked: indicators, of which areas, broken down by what, over which time; all of it in the address.

What is offered is what the indicators chosen have. Where one of several lacks it, the page says what that one has.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
import streamlit as st

from data_access.answers.few_officers import reaches
from metrics import headlines, indicators_of
from metrics.breakdowns import MOST, breakdowns, is_offered, levels_of
from metrics.disclosure import GROUP_LEVELS
from metrics.indicator import Indicator
from metrics.levels import AREA_LEVELS, PLACE_LEVELS, Level
from pages.parts import charts
from pages.selections import choices
from pages.selections.context import Context
from pages.wording import breakdowns as wording
from pages.wording import plain, words

OWN = "own"  # in the address: the selected area as a whole
MONTHS, PERIOD = "months", "period"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question of Explore: `level` None is the selected area as a whole, `months` its months one by one."""

    indicators: tuple[Indicator, ...]
    level: Level | None
    by: tuple[str, ...]
    months: bool
    as_map: bool
    turned: bool


def choose(context: Context) -> Asked | None:
    """Draw the choices and return what is asked; None where nothing of it is possible, which is then said."""
    chosen = _indicators(context)
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    with left:
        level = _level(context, chosen)
    if level is None:
        return None
    real = context.selection.level if level == OWN else level
    with middle:
        by = _by(context, chosen)
    possible = _possible(context, chosen, real, by)
    with right:
        months = _months(level, by)
    with st.container(horizontal=True, gap="medium", key="explore_look"):
        turned = choices.switch("explore_turned", "Swap rows and columns")
        as_map = _as_map(level, by, months)
    if not possible:
        return None
    return Asked(
        indicators=possible,
        level=None if level == OWN else real,
        by=by,
        months=months,
        as_map=as_map,
        turned=turned,
    )


def rows(context: Context, asked: Asked) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """Ask by one question: the rows of the areas chosen, and those of the area compared with (None: there is none)."""
    ids = [one.id for one in asked.indicators]
    when = {"by": asked.by, "months": charts.MONTHS if asked.months else 1}
    own = context.ask(*ids, level=asked.level, **when)
    if asked.level in GROUP_LEVELS or (asked.months and asked.level):
        return own, None
    try:
        return own, context.ask_compared(*ids, **when)
    except PermissionError as refusal:
        st.caption(plain.markdown(f"Not beside {context.compared_name}: {refusal}."))
        return own, None


def people(context: Context) -> tuple[Level, ...]:
    """Return the groups of people that the viewer may see."""
    return tuple(level for level in GROUP_LEVELS if context.reader.scope.names(level))


def teams(context: Context) -> bool:
    """Tell whether the viewer may see the teams behind the figures of areas."""
    return reaches(context.reader.scope, "force")


def _indicators(context: Context) -> list[Indicator]:
    """Offer every indicator; the first headline where none is chosen."""
    first = headlines()[0]
    offered = {one.id: f"{words.capital(one.name)} ({one.id})" for one in indicators_of()}
    chosen = choices.several("explore", "Indicators", offered, nothing=f"{first.name}: type to choose others")
    return [context.indicator(one) for one in chosen or (first.id,)]


def _level(context: Context, chosen: Sequence[Indicator]) -> str | None:
    """Offer the levels that any of the indicators has, from the selected area down."""
    above = AREA_LEVELS[: AREA_LEVELS.index(context.selection.level)]
    shut = above if context.selection.level in ("force", "lpa") else (*above, *PLACE_LEVELS)  # spots lie in LPAs
    known = dict.fromkeys(level for one in chosen for level in levels_of(one, people(context)))
    possible = [level for level in known if level not in shut]
    offered = {OWN: f"{context.place} as a whole"} if context.selection.level in possible else {}
    alone = not context.selection.several
    offered |= {one: f"each {words.level(one)}" for one in possible if not (alone and one == context.selection.level)}
    if not offered:
        st.info(
            f"What is chosen has no figure for {words.a_level(context.selection.level)} or below; it has by "
            f"{wording.levels(list(known))}. Choose such an area above, or another indicator."
        )
        return None
    default = context.selection.below if context.selection.below in offered else next(iter(offered))
    left_out = f"What is chosen has no figure by “{st.query_params.get('explore_level', '')[:20]}”; it has by " + (
        f"{wording.levels(possible)}: {offered[default]} is shown."
    )
    return choices.choose("explore_level", "Of", offered, default=default, left_out=left_out)


def _by(context: Context, chosen: Sequence[Indicator]) -> tuple[str, ...]:
    """Offer the columns that any of the indicators can be broken down by, for this viewer; two at once."""
    known = {name for one in chosen for by in breakdowns(one, teams=teams(context)) for name in by}
    offered = {name: wording.COLUMNS[name] for name in wording.COLUMNS if name in known}
    gone = f"What is chosen cannot be broken down by that; {wording.possible(list(offered))}."
    by = choices.several("explore_by", "Broken down by", offered, nothing="nothing", left_out=gone)
    if len(by) > MOST:
        st.warning(f"{MOST} breakdowns at once are the most: it is by {wording.named(by[:MOST])}.")
    return by[:MOST]


def _months(level: str, by: Sequence[str]) -> bool:
    """Offer months one by one, unless there is a breakdown, which is of the period as a whole."""
    offered = {PERIOD: "the month or period as one"} | ({} if by else {MONTHS: "month by month"})
    default = MONTHS if level == OWN and not by else PERIOD
    left_out = "A breakdown is of the month or period as one: choose several months above for more."
    return choices.choose("explore_over", "Over", offered, default=default, left_out=left_out) == MONTHS


def _as_map(level: str, by: Sequence[str], months: bool) -> bool:
    """Offer a map of areas, one figure each."""
    possible = level != OWN and level not in GROUP_LEVELS and not by and not months
    wanted = choices.switch("explore_map", "Map instead of a chart", disabled=not possible)
    if not possible and st.query_params.get("explore_map") == "yes":
        st.caption("A map shows one figure an area: choose areas, the period as one, and no breakdown.")
    return wanted


def _possible(
    context: Context, chosen: Sequence[Indicator], level: Level, by: tuple[str, ...]
) -> tuple[Indicator, ...]:
    """Return the indicators that can be shown so; say of each other what is possible with it."""
    groups, may = people(context), teams(context)
    shown = [one for one in chosen if is_offered(one, level, by, teams=may, people=groups)]
    for one in chosen:
        if one not in shown:
            st.info(plain.markdown(wording.impossible(one, level, by, levels_of(one, groups))))
    return tuple(shown)

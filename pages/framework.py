"""Framework: every indicator by principle and pillar, with its verdict, the LPAs side by side, and what is missing."""

from collections import defaultdict

import polars as pl
import streamlit as st

from data_access.answers.overview import funnel_of, scoreboard, targets
from metrics import indicators_of
from metrics.indicator import Indicator
from metrics.target import FAIL, HIT_AND_MISS, PASS
from pages.parts import headline, matrix, plots, tables
from pages.selections import choices
from pages.selections.context import Context
from pages.wording import plain, words

TITLE = "Framework"
_TARGETS = {
    "indicator_id": "Indicator",
    "area_name": "Area",
    "value": st.column_config.NumberColumn("Figure", format="%.1f"),
    "target": st.column_config.NumberColumn("Target", format="%.1f"),
    "owner": "Owner",
    "start_date": st.column_config.DateColumn("Since", format="D MMM YYYY"),
    "kind": "Kind",
    "source": "Source",
    "assurance": "Met?",
}
_NOT_PUBLISHED = """The NPCC's own list of indicators is not published. The indicators here are this suite's, mapped by
us to the seven principles of the force's Neighbourhood Policing Ambition 2023-26 and to the five pillars of the Home
Office Neighbourhood Policing Guarantee 2025. No national target or threshold of abstraction is published: none is
shown."""


def render(context: Context) -> None:
    """Draw the page: what is covered, the choice of principle and pillar, then a table for each principle."""
    selected = context.selection
    level = "lpa" if selected.level == "force" else selected.below or selected.level
    own, parts = (
        scoreboard(context.reader, selected.month, matrix.MONTHS, one, context.within)
        for one in (selected.level, level)
    )
    now = pl.col("month") == selected.month
    _title(context, set(own.filter(now, pl.col("value").is_not_null())["indicator_id"]))
    shown = _chosen(context)
    side_by_side, mixes, fairly, owned = st.tabs(["Side by side", "By category", "Compared fairly", "Targets"])
    with side_by_side:
        single = [one for one in shown if not one.split]
        matrix.draw(context, own, parts, _by_principle(single), caption="Every indicator, the areas side by side")
        matrix.legend()
        tables.twin(context, parts.filter(now), key="framework", title="Every indicator, every area shown")
    with mixes:
        mixed = [one for one in shown if one.split]
        matrix.draw(context, own, parts, _by_principle(mixed), caption="What is told by category, side by side")
    with fairly:
        _funnel(context, level)
    with owned:
        _targets(context)


def _funnel(context: Context, level: str) -> None:
    """Compare areas of different size fairly: outside the funnel, chance and the usual spread do not explain it."""
    offered = [one for one in indicators_of() if level in one.levels and _has_funnel(one)]
    rates = {one.id: one.name for one in offered}
    default = next((one.id for one in offered if "funnel" in one.roles), next(iter(rates), None))
    if default is None:
        return
    shown = choices.choose("funnel", "Compare areas fairly on", rates, default=default)
    rows = funnel_of(context.reader, context.selection.month, level, context.within, shown or default)
    title = f"{words.capital(rates[shown or default])} by {words.level(level)}, with funnel limits"
    plots.funnel(context, rows, key="framework_funnel", title=title)
    headline.caption("Outside the dotted 99.8 % limits: more than chance and the usual spread between areas explain.")


def _has_funnel(indicator: Indicator) -> bool:
    part = indicator.denominator
    return part is not None and part.unit in ("count", "people") and indicator.split is None


def _targets(context: Context) -> None:
    """Show targets only where somebody owns one."""
    held = targets(context.reader, context.selection.month)
    if held.is_empty():
        headline.caption("Targets: none is owned by anybody for this month, so none is shown.")
        return
    named = held.drop("area_level", "area_code")
    tables.rows(context, named, key="framework_targets", title="Targets, and who owns them", columns=_TARGETS)


def _title(context: Context, known: set[str]) -> None:
    said = f"{len(known)} of {len(indicators_of())} indicators have a figure for {words.month(context.selection.month)}"
    st.markdown(f"# {said}", anchors=False)
    headline.caption(f"{plain.markdown(context.place)} · {words.month(context.selection.month)}. {_NOT_PUBLISHED}")


def _chosen(context: Context) -> list[Indicator]:
    """Offer a principle, a pillar and a state of the target to keep; give the indicators that have all of them."""
    principles = sorted({str(one.principle) for one in indicators_of() if one.principle})
    pillars = sorted({str(one.pillar) for one in indicators_of() if one.pillar})
    left, middle, right = st.columns(3)
    with left:
        principle = choices.choose(
            "principle", "Principle", dict(zip(principles, principles, strict=True)), nothing="all"
        )
    with middle:
        pillar = choices.choose("pillar", "Pillar", dict(zip(pillars, pillars, strict=True)), nothing="all")
    kept = [one for one in indicators_of() if principle in (None, one.principle) and pillar in (None, one.pillar)]
    with right:
        return _assured(context, kept)


def _assured(context: Context, offered: list[Indicator]) -> list[Indicator]:
    """Offer, where somebody owns a target, to keep the indicators whose target is met, missed, or left to chance."""
    kinds = {one: one for one in (PASS, HIT_AND_MISS, FAIL)}
    if not context.targets:
        return offered
    wanted = choices.choose("target", "Target", kinds, nothing="all")
    held = {row["indicator_id"] for row in context.targets.values() if row["assurance"] == wanted}
    return offered if wanted is None else [one for one in offered if one.id in held]


def _by_principle(indicators: list[Indicator]) -> dict[str, list[Indicator]]:
    groups: defaultdict[str, list[Indicator]] = defaultdict(list)
    for one in indicators:
        groups[one.principle or "No principle"].append(one)
    return dict(sorted(groups.items()))

"""Framework: every indicator by principle and pillar, with its verdict, the LPAs side by side, and what is missing."""

from collections import defaultdict

import polars as pl
import streamlit as st

from data_access.answers.overview import changed
from metrics import ids_of, indicators_of
from metrics.indicator import Indicator
from metrics.news import tally
from pages.parts import headline, matrix, tables
from pages.sections import framework_choice, framework_judged, news_list
from pages.selections import choices
from pages.selections.context import Context
from pages.wording import findings, plain, sentences, words

TITLE = "Framework"
_NOT_PUBLISHED = """The NPCC's own list of indicators is not published. The indicators here are this suite's, mapped by
us to the seven principles of the force's Neighbourhood Policing Ambition 2023-26 and to the five pillars of the Home
Office Neighbourhood Policing Guarantee 2025. No national target or threshold of abstraction is published: none is
shown."""


def render(context: Context) -> None:
    """Draw the page: what is covered, what is new, the choice of principle and pillar, a table for each principle."""
    selected = context.selection
    level = selected.below or selected.level
    own, parts = (context.ask(*ids_of(), level=one, months=matrix.MONTHS) for one in (None, level))
    now = pl.col("month") == selected.month
    counted = "period_value" if selected.spans else "value"
    known = pl.concat([own, parts], how="diagonal_relaxed").filter(now, pl.col(counted).is_not_null())
    _title(context, set(known["indicator_id"]))
    told = changed(context.reader, selected.month, dict.fromkeys((selected.level, level)), context.within)
    of = f"{words.month(selected.month)}. " if selected.spans else ""
    st.markdown(f"**{of}{sentences.new_of(tally(told.new), told.looked_at)}**")
    news_list.draw(context, told)
    shown = framework_choice.choose(context)

    def side_by_side() -> None:
        single = [one for one in shown if not one.split]
        matrix.draw(context, own, parts, _by_principle(single), caption="Every indicator, the areas side by side")
        matrix.legend()
        tables.twin(context, parts.filter(now), key="framework", title="Every indicator, every area shown")

    def mixes() -> None:
        mixed = [one for one in shown if one.split]
        matrix.draw(context, own, parts, _by_principle(mixed), caption="What is told by category, side by side")

    choices.tabs(
        "framework_tab",
        {
            "beside": ("Side by side", side_by_side),
            "mixes": ("By category", mixes),
            "fairly": ("Compared fairly", lambda: framework_judged.fairly(context, level)),
            "targets": ("Targets", lambda: framework_judged.owned(context)),
        },
    )


def _title(context: Context, known: set[str]) -> None:
    every = [one.id for one in indicators_of()]
    st.markdown(f"# {findings.covered(known, every, context.when())}", anchors=False)
    headline.caption(f"{plain.markdown(context.place)} · {context.when()}. {_NOT_PUBLISHED}")


def _by_principle(indicators: list[Indicator]) -> dict[str, list[Indicator]]:
    groups: defaultdict[str, list[Indicator]] = defaultdict(list)
    for one in indicators:
        groups[one.principle or "No principle"].append(one)
    return dict(sorted(groups.items()))

"""Which indicators the Framework page shows: by principle, pillar and state of the target."""

import streamlit as st

from metrics import indicators_of
from metrics.indicator import Indicator
from metrics.target import FAIL, HIT_AND_MISS, PASS
from pages.selections import choices
from pages.selections.context import Context


def choose(context: Context) -> list[Indicator]:
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

"""Areas compared fairly, and targets with their owners, on the Framework page."""

import streamlit as st

from data_access.answers.overview import funnel_of, targets
from metrics import indicators_of
from metrics.indicator import Indicator
from pages.parts import headline, plots, tables
from pages.selections import choices
from pages.selections.context import Context
from pages.wording import words

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


def fairly(context: Context, level: str) -> None:
    """Compare areas of different size fairly: outside the funnel, chance and the usual spread do not explain it."""
    offered = [one for one in indicators_of() if level in one.levels and _has_funnel(one)]
    rates = {one.id: one.name for one in offered}
    default = next((one.id for one in offered if "funnel" in one.roles), next(iter(rates), None))
    if default is None:
        return
    shown = choices.choose("funnel", "Compare areas fairly on", rates, default=default)
    headline.of_month(context)
    asked = (context.reader, context.selection.month, level, context.within, shown or default)
    rows = funnel_of(*asked, context.within_compared)
    title = f"{words.capital(rates[shown or default])} by {words.level(level)}, with funnel limits"
    plots.funnel(context, rows, key="framework_funnel", title=title, sides=context.sides(funnel_of(*asked), rows))
    headline.caption("Outside the dotted 99.8 % limits: more than chance and the usual spread between areas explain.")


def _has_funnel(indicator: Indicator) -> bool:
    part = indicator.denominator
    return part is not None and part.unit in ("count", "people") and indicator.split is None


def owned(context: Context) -> None:
    """Show targets only where somebody owns one."""
    headline.of_month(context)
    held = targets(context.reader, context.selection.month)
    if held.is_empty():
        headline.caption("Targets: none is owned by anybody for this month, so none is shown.")
        return
    named = held.drop("area_level", "area_code")
    tables.rows(context, named, key="framework_targets", title="Targets, and who owns them", columns=_TARGETS)

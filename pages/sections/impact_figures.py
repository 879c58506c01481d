"""The figures of the Impact Areas, asked once, and the areas beside each other, ranked and on the map."""

import polars as pl
import streamlit as st

from data_access.answers import harm as answers_harm
from metrics import id_of, ids_of
from pages.parts import charts, maps
from pages.sections.impact_choice import PAGE, SPOT, ImpactChoice
from pages.selections import choices
from pages.selections.context import Context, headed
from pages.wording import words

HARM, EACH, SHARE = (id_of(PAGE, role) for role in ("lead", "average", "share"))
INSIDE = (("in_impact_areas", True),)


def figures(context: Context, choice: ImpactChoice) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Ask for the place looked at by month, and for every Impact Area in the selected month."""
    ids = tuple(one.id for one in answers_harm.measures())  # those of the table below: what is asked once is known
    parts = context.ask(*ids, level=SPOT, within=choice.within, **choice.asked)
    if choice.spot:
        series = context.ask(*ids, level=SPOT, within=choice.within, months=charts.MONTHS, **choice.asked)
        return series.filter(pl.col("area_code") == choice.spot), parts
    named = pl.lit(choice.name).alias("area_name")
    asked = {"level": choice.level, "within": choice.within, "months": charts.MONTHS, **choice.asked}
    own = context.ask(*ids, where=INSIDE, **asked).with_columns(named)
    if choice.level != "force":
        return own, parts
    return pl.concat([own, context.ask(SHARE, **asked)], how="diagonal_relaxed"), parts


def where(context: Context, choice: ImpactChoice, parts: pl.DataFrame) -> None:
    """Compare the Impact Areas by the measure that the viewer chooses: ranked, and on the map."""
    measures = {one: context.indicator(one).name for one in ids_of(page=PAGE, role="card")}
    measure = choices.choose("measure", "Compare the areas by", measures, default=HARM)
    left, right = st.columns(2, gap="medium")
    title = f"{words.capital(measures[measure])} by Impact Area"
    with left:
        charts.ranked(context, headed(parts, measure), key="hrm_where", title=title, asked=choice.asked)
    with right:
        maps.areas(context, headed(parts, measure), key="hrm_map", title=f"{title}, on the map")

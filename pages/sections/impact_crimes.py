"""Which crimes, on the Impact areas page: the offences behind the change, types by area, young victims."""

import polars as pl
import streamlit as st

from data_access.answers import harm as answers_harm
from metrics import id_of
from metrics.impact import years_to_date
from pages.parts import beside, charts, tables
from pages.sections.impact_choice import PAGE, SPOT, ImpactChoice
from pages.sections.impact_figures import INSIDE
from pages.selections.context import Context

LOCAL, YOUNG = id_of(PAGE, "breakdown"), id_of(PAGE, "victims")
TYPES = {
    "residential_burglary": "burglary of homes",
    "robbery": "robbery",
    "vehicle": "vehicle crime",
    "theft_person": "theft from the person",
}


def offences(context: Context, choice: ImpactChoice) -> None:
    """List the offences behind the change: the last step of the drill."""
    changes = answers_harm.harm_change(context.reader, choice.question, "offence_name")
    order = [f"{what}_{side}" for what in ("crimes", "harm") for side in ("before", "after", "change")]
    offences = changes.select("offence_name", *order, "unweighted_after")
    number = st.column_config.NumberColumn
    tables.rows(
        context,
        offences,
        key="hrm_offences",
        title=context.titled(f"Which offences, last year to date and this, {choice.name}"),
        columns={
            "offence_name": "Offence",
            "crimes_before": number("Crimes last year to date", format="%,d"),
            "crimes_after": number("Crimes year to date", format="%,d"),
            "crimes_change": number("Change in crimes", format="%+d"),
            "harm_before": number("Harm last year to date", format="%,.0f"),
            "harm_after": number("Harm year to date", format="%,.0f"),
            "harm_change": number("Change in harm", format="%+,.0f"),
            "unweighted_after": number("Without a weight", format="%,d"),
        },
        height=320,
    )


def kinds(context: Context, choice: ImpactChoice, parts: pl.DataFrame) -> None:
    """Show neighbourhood crime by type and violence with a young victim, by area, in the year to date."""
    since = years_to_date(context.selection.month)[1][0]
    asked = {"level": SPOT, "within": choice.within, "since": since, **choice.asked}
    month = context.selection.month
    young = context.ask(YOUNG, **{**asked, "since": month, "until": month})
    types = context.ask(LOCAL, by=("neighbourhood_crime",), **asked).filter(pl.col("value") > 0)
    left, right = st.columns(2, gap="medium")
    compared = context.ask_compared(LOCAL, by=("neighbourhood_crime",), since=since, where=INSIDE, **choice.asked)
    with left:
        _types(context, types, compared)
    with right:
        charts.bars(
            context,
            young,
            key="hrm_young",
            title="Violence with injury, victim under 25, year to date",
            label="area_name",
            value="year_to_date",
            unit="count",
            axis="crimes in the year to date",
        )


def _types(context: Context, types: pl.DataFrame, compared: pl.DataFrame | None) -> None:
    """Draw neighbourhood crime by type, an area a bar; two areas compared, each type's share of the area's own."""
    drawn = {"key": "hrm_types", "title": "Neighbourhood crime by type, year to date"}
    named = pl.col("neighbourhood_crime").replace(TYPES)
    rows = types.with_columns(named).sort("area_name", "neighbourhood_crime")
    if compared is not None:
        sides = rows, compared.with_columns(named)
        asked = {"label": "neighbourhood_crime", "value": "value", "axis": "% of the area's neighbourhood crime"}
        return beside.shares(context, *sides, **drawn, **asked)
    asked = {"label": "area_name", "part": "neighbourhood_crime", "axis": "crimes in the year to date"}
    charts.stacked(context, rows, **drawn, **asked, unit="count")

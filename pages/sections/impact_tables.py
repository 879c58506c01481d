"""The tables of the Impact areas page: places side by side, and what the figures leave out."""

from typing import Any

import polars as pl
import streamlit as st

from data_access.answers import harm as answers_harm
from data_access.answers.harm import HarmQuestion
from pages.parts import headline, tables
from pages.selections.context import Context
from pages.wording import words


def side_by_side(context: Context, question: HarmQuestion) -> None:
    """Draw every Impact Area, the rest of each LPA and the force, a row each; a click opens the area."""
    headline.of_month(context)
    rows = answers_harm.side_by_side(context.reader, question)
    tables.rows(
        context,
        rows.select("area_name", "lpa_name", *_FIRST, pl.exclude("area_name", "lpa_name", *_FIRST)),
        key="hrm_table",
        title=context.titled("Side by side: Impact Areas, the rest of each LPA, the force"),
        columns=_columns(),
        drill=True,
        height=460,
    )
    headline.caption(
        "A click on a row opens the area. The rest of an LPA is the LPA less its Impact Areas. People are counted by "
        "neighbourhood, so harm per 1,000 residents stands for the force alone; the table of LPAs is on the benchmark."
    )


_FIRST = ("crimes", "crimes_change_percent", "crimes_verdict", "harm", "harm_change_percent", "harm_verdict")
_FIRST += ("harm_per_crime", "share_of_force_harm", "neighbourhood_crime", "young_violence", "harm_per_1000")


def _columns() -> dict[str, Any]:
    number, percent = st.column_config.NumberColumn, "%+.1f %%"
    hidden = dict.fromkeys(("part", "area_level", "area_code"))
    return {
        **hidden,
        "area_name": st.column_config.TextColumn("Place", pinned=True),
        "lpa_name": "LPA",
        "crimes": number("Crimes", format="%,d"),
        "crimes_year_to_date": number("Crimes, year to date", format="%,d"),
        "crimes_year_to_date_last_year": number("Crimes, last year to date", format="%,d"),
        "crimes_change_percent": number("Change in crimes", format=percent),
        "crimes_rolling_12_months": number("Crimes, rolling 12 months", format="%,d"),
        "crimes_verdict": "Crimes: is it real?",
        "harm": number("Harm", format="%,.0f"),
        "harm_year_to_date": number("Harm, year to date", format="%,.0f"),
        "harm_year_to_date_last_year": number("Harm, last year to date", format="%,.0f"),
        "harm_change_percent": number("Change in harm", format=percent),
        "harm_rolling_12_months": number("Harm, rolling 12 months", format="%,.0f"),
        "harm_verdict": "Harm: is it real?",
        "harm_per_crime": number("Harm per crime", format="%,.1f"),
        "neighbourhood_crime": number("Neighbourhood crime", format="%,d"),
        "young_violence": number("Violence, victim under 25", format="%,d"),
        "harm_per_1000": number("Harm per 1,000 residents", format="%,.1f"),
        "share_of_force_harm": number("Share of force harm", format="%.1f %%"),
        "share_of_force_harm_year_to_date": number("Share of force harm, year to date", format="%.1f %%"),
    }


def left_out(context: Context, question: HarmQuestion) -> None:
    """Say what the figures do not hold: codes without a weight, crimes without a place."""
    everything = HarmQuestion(
        month=question.month,
        lpa=question.lpa,
        weight_set=question.weight_set,
        without_homicide=question.without_homicide,
    )
    count = answers_harm.left_out(context.reader, everything).to_dicts()[0]
    st.markdown("### What these figures leave out")
    st.markdown(
        f"Of {count['crimes']:,} crimes recorded in the year to date, **{count['unweighted']:,} have an offence code "
        f"without a weight** in “{question.weight_set}”: they count as crimes and add no harm. "
        f"**{count['unplaced']:,} have no place in any neighbourhood** "
        f"(harm {words.number(count['unplaced_harm'], 'score')}): they count in the force only. "
        f"{count['homicides']:,} are homicides."
    )
    codes = answers_harm.unweighted_codes(context.reader, everything)
    if not codes.is_empty():
        with st.expander("Offence codes without a weight"):
            tables.rows(context, codes, key="hrm_unweighted", title="Offence codes without a weight")

"""The lists of the ASB page: where and by whom again and again, and the closing codes used."""

import polars as pl
import streamlit as st

from data_access.answers.asb import Where, codes_used, repeat_callers, repeat_locations
from pages.parts import headline, tables
from pages.sections.asb_spread import NSIR
from pages.selections.context import Context
from pages.wording import words


def again(context: Context) -> None:
    """List the locations, and for those who may see individuals the callers, with repeated ASB."""
    parameters = context.reader.settings.parameters
    rule = f"{parameters.repeat_n} or more ASB incidents in {parameters.repeat_days} days"
    where = Where(month=context.selection.month, within=context.within)
    headline.of_month(context)
    if context.reader.scope.may("read_text"):
        locations = repeat_locations(context.reader, where)
        _repeats(context, locations, key="asb_places", title=f"Repeat locations: {rule}")
    else:
        headline.caption("Repeat locations are addresses: your rights do not show them.")
    if not (context.reader.scope.names("officer") and context.reader.scope.may("open_individuals")):
        headline.caption("Repeat callers are individuals: your scope does not show them.")
    elif st.toggle("Show repeat callers (entered in the audit trail)", key="asb_callers"):
        callers = repeat_callers(context.reader, where)
        _repeats(context, callers, key="asb_who", title=f"Repeat callers: {rule}")


def _repeats(context: Context, rows: pl.DataFrame, *, key: str, title: str) -> None:
    finest = pl.coalesce("neighbourhood_code", "sector_code", "lpa_code")
    named = context.with_names(rows.with_columns(area=finest), "area").with_columns(
        pl.col("area").fill_null("no place")
    )
    columns = {
        "location_ref": "Location",
        "caller_ref": "Caller",
        "area": "Area",
        "incidents": st.column_config.NumberColumn("Incidents", format="%d", width="small"),
        "last": st.column_config.DateColumn("Last", format="DD MMM YYYY"),
        "categories": "Categories",
    }
    shown = named.select(named.columns[0], "area", "incidents", "categories", "last")
    tables.rows(context, shown, key=key, title=title, columns=columns)


def codes(context: Context) -> None:
    """Show which codes the year's incidents were closed with."""
    where = Where(month=context.selection.month, within=context.within)
    columns = {
        "closure_code": "Code",
        "closure_name": "Closed as",
        "asb_category": st.column_config.TextColumn("NSIR category", help=f"{NSIR}; empty: not an ASB code"),
        "incidents": st.column_config.NumberColumn("Incidents", format="%,d", help="that carry the code"),
        "deciding": st.column_config.NumberColumn("Decided by it", format="%,d", help="the code is their last of ASB"),
    }
    used = codes_used(context.reader, where)
    tables.rows(
        context,
        used,
        key="asb_codes",
        title=f"Closing codes, 12 months to {words.month(context.selection.month)}",
        columns=columns,
    )

"""Anti-social behaviour: how much, of what kind, where, when, where again and again, and whether it is coded right."""

import polars as pl
import streamlit as st

from data_access.answers.asb import Where, codes_used, repeat_callers, repeat_locations
from metrics import id_of, ids_of
from pages.parts import cards, charts, headline, maps, palette, tables
from pages.sections import asb_powers, dip_sample
from pages.selections.context import Context, headed
from pages.wording import words

TITLE = "ASB"
PAGE = "asb"
COUNT, RATE = id_of(PAGE, "lead"), id_of(PAGE, "per head")
YEAR = 12
_NSIR = "NSIR (National Standard for Incident Recording)"


def render(context: Context) -> None:
    """Draw the page: the finding, how much, of what kind, where, when, where again and again, the audit, the table."""
    ids = ids_of(page=PAGE, role="card")
    below = context.selection.below or context.selection.level
    own, parts = context.ask(*ids, months=charts.MONTHS), context.ask(COUNT, RATE, level=below)
    headline.title(context, "ASB", headed(own, COUNT), headed(parts, COUNT))
    headline.caption(
        "ASB is anti-social behaviour. A rise may be better recording, so no direction is called good; ASB is never "
        "added to crime. A median ward has six a month: read the rolling 12 months."
    )
    _where_from(context)
    cards.row(context, own, ids, key="asb", compared=context.ask_compared(*ids))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        compared = context.ask_compared(COUNT, months=charts.MONTHS)
        charts.trend(context, headed(own, COUNT), key="asb_trend", title="ASB incidents by month", compared=compared)
    with right:
        _what(context, below)
    left, right = st.columns(2, gap="medium")
    with left:
        _map(context, parts, below)
    with right:
        _when(context)
    again, sample, powers, codes, every = st.tabs(
        ["Again and again", "Dip sample", "Powers and case reviews", "Closing codes", f"Every {words.level(below)}"]
    )
    with again:
        _again(context)
    with sample:
        dip_sample.section(context, below)
    with powers:
        asb_powers.draw(context)
    with codes:
        _codes(context)
    with every:
        title = f"ASB incidents, every {words.level(below)}"
        tables.figures(context, headed(parts, COUNT), key="asb_table", title=title)


def _where_from(context: Context) -> None:
    """Say what open data does not know, and what has no place."""
    known = context.ask(COUNT, by=("provenance",), months=YEAR)
    if not known.filter(pl.col("provenance") == "data.police.uk").is_empty():
        st.info(
            "These incidents come from data.police.uk. It publishes the month but not the day or hour, no NSIR "
            "category (all are “unknown”), no closing codes, and moves each point to an anonymised map point nearby: "
            "a repeat location is such a point, which stands for several addresses."
        )
    if context.selection.level == "force":
        unplaced = context.ask(COUNT, by=("lpa_code",)).filter(pl.col("lpa_code").is_null())
        for count in unplaced["value"]:
            headline.caption(
                f"{words.figure(count, 'count')} of the month's incidents have no place in the force's areas: they "
                "count in the force only."
            )


def _what(context: Context, below: str) -> None:
    """Show the year's incidents by area and category."""
    mix = context.ask(COUNT, level=below, by=("category",), months=YEAR).sort("area_name", "category")
    title = f"By {words.level(below)} and NSIR category, 12 months to {words.month(context.selection.month)}"
    colours = palette.CATEGORIES
    charts.stacked(
        context, mix, key="asb_what", title=title, label="area_name", part="category", unit="count", colours=colours
    )
    headline.caption(f"{_NSIR}: personal, nuisance or environmental, by the last ASB closing code.")


def _map(context: Context, parts: pl.DataFrame, below: str) -> None:
    """Shade the areas by the rate, or by the count of the month or of the rolling year."""
    counts = headed(parts, COUNT)
    offered = {
        "per 1,000 residents": headed(parts, RATE),
        "this month": counts,
        "rolling 12 months": counts.with_columns(value="rolling_12_months", verdict=pl.lit(None, pl.String)),
    }
    views = {name: frame for name, frame in offered.items() if frame["value"].count()} or {"this month": counts}
    chosen = st.segmented_control(
        "Shade by",
        list(views),
        default=next(iter(views)),
        required=True,
        key=f"asb_shade_{len(views)}{next(iter(views))}",
    )
    title = f"ASB by {words.level(below)}, {chosen}"
    maps.areas(context, views[chosen], key="asb_map", title=title, layers=("hotspots",))


def _when(context: Context) -> None:
    """Show the year by weekday and hour, and how many incidents have no known hour."""
    hours = context.ask(COUNT, by=("weekday", "hour"), months=YEAR)
    unknown = hours.filter(pl.col("hour").is_null())
    if unknown.height == hours.height and hours.height:
        st.markdown("### When: not known")
        st.info("Only the month of these incidents is published: data.police.uk gives neither day nor hour.")
        return
    charts.heat(
        context,
        hours,
        key="asb_when",
        title=f"When ASB is reported, 12 months to {words.month(context.selection.month)}",
        unit="count",
    )
    for count in unknown["value"]:
        headline.caption(f"{words.figure(count, 'count')} more have no known hour.")


def _again(context: Context) -> None:
    """List the locations, and for those who may see individuals the callers, with repeated ASB."""
    parameters = context.reader.settings.parameters
    rule = f"{parameters.repeat_n} or more ASB incidents in {parameters.repeat_days} days"
    where = Where(month=context.selection.month, within=context.within)
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


def _codes(context: Context) -> None:
    """Show which codes the year's incidents were closed with."""
    where = Where(month=context.selection.month, within=context.within)
    columns = {
        "closure_code": "Code",
        "closure_name": "Closed as",
        "asb_category": st.column_config.TextColumn("NSIR category", help=f"{_NSIR}; empty: not an ASB code"),
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

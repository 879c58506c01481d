"""The sections of the ASB page that spread it out: by source, by kind, on the map, by weekday and hour."""

import polars as pl
import streamlit as st

from metrics import id_of
from pages.parts import beside, charts, grids, headline, maps, palette
from pages.selections.context import Context, headed
from pages.wording import words

PAGE = "asb"
COUNT, RATE = id_of(PAGE, "lead"), id_of(PAGE, "per head")
YEAR = 12
NSIR = "NSIR (National Standard for Incident Recording)"


def where_from(context: Context) -> None:
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
                f"{words.figure(count, 'count')} of the incidents of {context.when()} have no place in the force's "
                "areas: they count in the force only."
            )


def what(context: Context, below: str) -> None:
    """Show the year's incidents by area and category."""
    picked, context = context.chosen("category"), context.without("category")
    compared = context.ask_compared(COUNT, by=("category",), months=YEAR)
    if compared is not None:
        own = context.ask(COUNT, by=("category",), months=YEAR)
        title = f"NSIR category, {context.when(YEAR)}"
        axis = f"% of the area's incidents in {_months(context)} months"
        beside.shares(context, own, compared, key="asb_what", title=title, label="category", value="value", axis=axis)
        return
    mix = context.ask(COUNT, level=below, by=("category",), months=YEAR).sort("area_name", "category")
    title = f"By {words.level(below)} and NSIR category, {context.when(YEAR)}"
    colours = palette.CATEGORIES
    charts.stacked(
        context,
        mix,
        key="asb_what",
        title=title,
        label="area_name",
        part="category",
        unit="count",
        axis=f"ASB incidents in {_months(context)} months",
        colours=colours,
        pick="category",
        picked=picked,
    )
    headline.caption(f"{NSIR}: personal, nuisance or environmental, by the last ASB closing code. A click narrows.")


def _months(context: Context) -> int:
    return len(context.selection.months) if context.selection.spans else YEAR


def shaded(context: Context, parts: pl.DataFrame, below: str) -> None:
    """Shade the areas by the rate, or by the count of the month, of the rolling year or of the period."""
    counts = headed(parts, COUNT)
    offered = {"per 1,000 residents": headed(parts, RATE)}
    if context.selection.spans:
        offered["incidents"] = counts
    else:
        year = counts.with_columns(value="rolling_12_months", verdict=pl.lit(None, pl.String))
        offered |= {"this month": counts, "rolling 12 months": year}
    views = {name: frame for name, frame in offered.items() if frame["value"].count()} or {"incidents": counts}
    chosen = st.segmented_control(
        "Shade by",
        list(views),
        default=next(iter(views)),
        required=True,
        key=f"asb_shade_{len(views)}{next(iter(views))}",
    )
    title = f"ASB by {words.level(below)}, {chosen}"
    as_asked = chosen != "rolling 12 months"
    maps.areas(context, views[chosen], key="asb_map", title=title, layers=("hotspots",), beside=as_asked)


def when(context: Context) -> None:
    """Show the year by weekday and hour, and how many incidents have no known hour."""
    hours = context.without("when").ask(COUNT, by=("weekday", "hour"), months=YEAR)
    unknown = hours.filter(pl.col("hour").is_null())
    if unknown.height == hours.height and hours.height:
        st.markdown("### When: not known")
        st.info("Only the month of these incidents is published: data.police.uk gives neither day nor hour.")
        return
    grids.heat(
        context,
        hours,
        key="asb_when",
        title=f"When ASB is reported, {context.when(YEAR)}",
        unit="count",
        axis=f"incidents in {_months(context)} months",
        pick=True,
    )
    compared = context.without("when").ask_compared(COUNT, by=("hour",), months=YEAR)
    if compared is not None:
        own = context.without("when").ask(COUNT, by=("hour",), months=YEAR)
        axis = "% of the area's incidents"
        beside.hours(context.without("when"), own, compared, key="asb_hours", title=context.dated("By hour"), axis=axis)
    for count in unknown["value"]:
        headline.caption(f"{words.figure(count, 'count')} more have no known hour.")

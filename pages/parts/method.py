"""“How is this worked out?”: the way from a figure on the screen to its definition, parts, source and load."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from metrics.indicator import Indicator
from metrics.levels import AREA_LEVELS, PEOPLE_LEVELS
from pages.parts import explanations
from pages.selections import links
from pages.selections.context import Context
from pages.wording import explained, figures, plain, words

_PART_UNITS = {"seconds": "h", "hours": "h", "count": "count", "people": "people"}  # others: plain numbers


def button(context: Context, indicator_id: str, figure: Mapping[str, Any], *, key: str) -> None:
    """Offer the explanation of one figure: a row of an answer (may be empty: then the definition alone)."""
    asked = st.button("How is this worked out?", key=f"how_{key}", type="tertiary")
    if asked:
        _dialog(context, context.indicator(indicator_id), shown(context, figure))


@st.dialog("How is this worked out?", width="medium")
def _dialog(context: Context, indicator: Indicator, figure: dict[str, Any]) -> None:
    st.markdown(f"**{indicator.name[0].upper()}{indicator.name[1:]}**")
    if figure:
        st.markdown(worked_example(context, indicator, figure))
    st.markdown(definition(indicator))
    st.markdown(provenance(context, indicator))
    if figure:
        _rows(context, figure)
        _past(context, indicator, figure)
        explanations.of_figure(context, indicator, figure)


def shown(context: Context, figure: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row of a figure as it is shown: of a period its own parts, without the range of its last month."""
    if not figure or not context.selection.spans or figure["month"] != context.selection.month:
        return dict(figure)
    if "year_before" in figure or "period_value" in figure:
        return {**figures.of_period(figure), "when": context.when(), "lower_limit": None}
    return dict(figure)


def definition(indicator: Indicator) -> str:
    """Write the definition of an indicator as Markdown; the About page shows the same text."""
    return "\n\n".join(f"**{head}.** {text}" for head, text in explained.definition(indicator))


def worked_example(context: Context, indicator: Indicator, figure: Mapping[str, Any]) -> str:
    """Write the figure on the screen with its own numerator and denominator, and how it is judged."""
    place = plain.markdown(context.name(figure["area_level"], figure["area_code"]))
    where = f"{place}, {figure.get('when') or words.month(figure['month'])}"
    if figure.get("value") is None:
        return f"**{where}:** no figure. {figure.get('note') or 'No data loaded.'}"
    parts = [f"**{where}: {words.figure(figure['value'], indicator.unit)}**", _sum(indicator, figure)]
    if figure.get("lower_limit") is not None:
        low, high, centre = (
            words.number(figure[name], indicator.unit) for name in ("lower_limit", "upper_limit", "centre")
        )
        parts.append(f"Expected: {low} to {high}, usually {centre}. Verdict: {words.mark(figure.get('verdict')).word}.")
        parts.append(_by_hand(indicator, figure))
    if figure.get("when"):
        parts.append("Several months counted as one: parts are added up, then divided once. Verdicts are of months.")
    if figure.get("note"):
        parts.append(f"Note: {figure['note']}.")
    return "\n\n".join(part for part in parts if part)


def _by_hand(indicator: Indicator, figure: Mapping[str, Any]) -> str:
    """Write what the expected range is made of, so that an analyst can work it out again."""
    if figure.get("level") is None:
        return ""
    level, season = words.number(figure["level"], indicator.unit), f"{figure['season_factor']:.3f}"
    per = " a day" if indicator.denominator is None else ""
    return (
        f"**How it is judged.** Level {level}{per} × the month's season {season} is what it usually brings; dispersion "
        f"{figure['dispersion']:.2f} (1: pure chance); this month lies {figure['surprise']:.1f} standard deviations "
        "from it, more than 3 is a spike. The formula is on the About page, under Verdicts and words."
        if figure.get("surprise") is not None
        else f"**How it is judged.** Level {level}{per}, season {season}, dispersion {figure['dispersion']:.2f}."
    )


def _rows(context: Context, figure: Mapping[str, Any]) -> None:
    """Lead to the rows behind the figure; people have none to be led to."""
    if figure["area_level"] in AREA_LEVELS and figure.get("value") is not None:
        to = f"{links.figure(context, figure)}&rows=numerator"
        st.html(f'<p class="npd-more">{links.link(to, "The rows behind it")}</p>')


def _past(context: Context, indicator: Indicator, figure: Mapping[str, Any]) -> None:
    """Draw the last 24 months of the series as a small table: what came, and what was expected."""
    place = (figure["area_level"], figure["area_code"])
    within = () if place[0] == "force" else (place,)
    if place[0] in PEOPLE_LEVELS:
        return
    rows = context.ask(indicator.id, level=place[0], months=24, within=within)
    own = rows.filter(indicator_id=figure["indicator_id"], area_code=place[1]).sort("month", descending=True)
    shown = [(words.month(row["month"]), *_said(row, indicator)) for row in own.to_dicts()]
    with st.expander("The last 24 months"):
        heads = ["Month", "Value", "Usual", "Expected range", "Level", "Season", "Standard deviations", "Signal"]
        st.table(pl.DataFrame(shown, schema=heads, orient="row"), border="horizontal")


def _said(row: Mapping[str, Any], indicator: Indicator) -> tuple[str, ...]:
    numbers = (words.number(row[name], indicator.unit) for name in ("value", "centre"))
    low, high, level = (words.number(row[name], indicator.unit) for name in ("lower_limit", "upper_limit", "level"))
    factors = (row["season_factor"], row["surprise"])
    season, surprise = (words.NOTHING if one is None else f"{one:.2f}" for one in factors)
    return (*numbers, f"{low} to {high}", level, season, surprise, row["signal"] or "")


def provenance(context: Context, indicator: Indicator) -> str:
    """Write where the rows come from: source and data version."""
    version = context.reader.version
    return (
        f"**Data.** Rows of “{indicator.numerator.source}” in data version {version.number}, "
        f"loaded {words.moment(version.loaded_at)}. Rows set aside by the checks are listed on the About page."
    )


def _sum(indicator: Indicator, figure: Mapping[str, Any]) -> str:
    above, under = figure.get("numerator"), figure.get("denominator")
    if above is None or indicator.denominator is None or under is None:
        return ""
    top = words.figure(above, _PART_UNITS.get(indicator.numerator.unit, "score"))
    bottom = words.figure(under, _PART_UNITS.get(indicator.denominator.unit, "score"))
    scale = f" × {indicator.scale:,g}" if indicator.scale != 1 else ""
    return f"{top} ÷ {bottom}{scale} = {words.figure(figure['value'], indicator.unit)}"

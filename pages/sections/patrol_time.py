"""Targeted patrol time: officers' hours in a place beside what happened there, by week: association, never effect."""

from collections.abc import Mapping

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from data_access.answers import patrol_time as answers_patrol_time
from data_access.answers.patrol_time import PatrolTimeQuestion
from pages.parts import headline, house, tables
from pages.parts.palette import BLUE, PLUM
from pages.selections import choices, spots
from pages.selections.context import Context
from pages.selections.places import SPOTS
from pages.wording import plain, words

TITLE = "Targeted patrol time"
LAGS = {str(weeks): "the same week" if weeks == 0 else f"{weeks} weeks later" for weeks in range(9)} | {
    "1": "1 week later"
}
BESIDE = {
    "crimes": ("recorded crimes", "count"),
    "harm": ("crime harm", "score"),
    "incidents": ("ASB incidents", "count"),
    "stop_searches": ("stop and searches", "count"),
}
PERIODS = {"3": "3 months", "6": "6 months", "12": "12 months", "24": "24 months"}
WEAK, CLOSE = 0.3, 0.6  # words for a rank correlation, chosen arbitrarily
ASSOCIATION = (
    "Association, never effect: patrols go where crime is, so hours and crime often rise together, and many other "
    "things change from week to week."
)


def draw(context: Context) -> None:
    """Draw the section: where, how many weeks later, the two series by week, how they move together, the table."""
    st.markdown(f"## {TITLE}")
    level, code, name, lag, beside, months = _choices(context)
    question = PatrolTimeQuestion(
        level=level, code=code, month=context.selection.month, months=int(months), lag=int(lag)
    )
    asked = (context.reader, question)
    weeks = answers_patrol_time.patrol_weeks(*asked)
    if weeks.filter(pl.col("officer_hours") > 0).is_empty():
        st.info(
            f"No radio fixes place an officer in {plain.markdown(name)} in these {months} months, or fewer than five "
            "in each week: there are no hours to show."
        )
        return
    _total(answers_patrol_time.in_total(*asked), name)
    chart(context, weeks, name, beside, lag, key="time_weeks")
    headline.caption(f"{ASSOCIATION} {_hours_of(level)}")
    _together(answers_patrol_time.moving_together(*asked), beside, lag)
    _table(context, weeks, name, lag)


def _choices(context: Context) -> tuple[str, str, str, str, str, str]:
    """Read where (level, code, name), how many weeks later, beside what, over how many months."""
    selection = context.selection
    offered = {
        f"{level}:{code}": f"{words.capital(words.level(level))} {name}"
        for (level, code), name in spots.offered(context, *SPOTS).items()
    }
    where, period, later, what = st.columns([2, 1, 1, 1])
    with where:
        spot = choices.choose("time_in", "Hours spent in", offered, nothing=context.place)
    with period:
        months = choices.choose("weeks_of", "Over the last", PERIODS, default="12") or "12"
    with later:
        lag = choices.choose("lag", "Beside what happened", LAGS, default="0") or "0"
    with what:
        beside = choices.choose("beside", "Beside", {key: said for key, (said, _) in BESIDE.items()}, default="crimes")
    level, code = spot.split(":", 1) if spot else (selection.level, selection.code)
    return level, code, context.name(level, code), lag, beside or "crimes", months


def _total(total: Mapping[str, float | None], name: str) -> None:
    """Say what was spent there and what happened there, in the whole weeks of the period."""
    cost = "" if total["cost"] is None else f" at a cost of £{words.number(total['cost'], 'count')}"
    unpriced = total["unpriced_hours"] or 0
    if cost and unpriced:
        cost += f" ({words.figure(unpriced, 'h')} of them by roles without a price)"
    said = [
        f"{what} not loaded" if total[key] is None else f"{words.number(total[key], unit)} {what}"
        for key, (what, unit) in BESIDE.items()
        if key != "harm"
    ]
    st.markdown(
        f"**{plain.markdown(name)}, {words.number(total['weeks'], 'count')} weeks with radio fixes:** "
        f"{words.figure(total['officer_hours'], 'h')} of officers' time{cost}; "
        f"{', '.join(said)}; crime harm {words.number(total['harm'], 'score')}."
    )


def _hours_of(level: str) -> str:
    if level in SPOTS:
        return "Hours are all time held inside by radio, tasked or not; two officers together count twice."
    return (
        "Hours are visible hours of officers in uniform (VIS-01), by place; two officers together count twice. Weeks "
        "of fewer than five officers have none for viewers who may not see teams."
    )


@house.chart
def chart(context: Context, weeks: pl.DataFrame, name: str, beside: str, lag: str) -> house.Drawn:
    """Draw the hours above and what happened below, on one line of weeks: two scales are never laid over each other."""
    said = BESIDE[beside][0]
    figure = go.Figure(layout=house.layout(380, "officer-hours<br>per week"))
    figure.add_bar(x=weeks["week"].to_list(), y=weeks["officer_hours"].to_list(), marker_color=BLUE, yaxis="y")
    figure.add_scatter(
        x=weeks["week"].to_list(), y=weeks[beside].to_list(), mode="lines+markers", line={"color": PLUM}, yaxis="y2"
    )
    below = {**figure.layout.yaxis.to_plotly_json(), "domain": [0, 0.45], "rangemode": "tozero"}
    figure.update_layout(
        yaxis={"domain": [0.55, 1]},
        yaxis2={**below, "title": {"text": f"{said}<br>per week", "font": {"size": house.FONT}}},
        xaxis={"anchor": "y2"},
    )
    figure.update_xaxes(tickformat="%d %b %Y", title_text="week starting")
    title = f"Officer-hours in {name}, and {said} {LAGS[lag]}"
    alt = f"{title}: {weeks.height} weeks, newest {words.figure(weeks['officer_hours'][-1], 'h')}."
    return house.Drawn(figure=figure, title=title, alt=alt)


def _together(rows: pl.DataFrame, beside: str, lag: str) -> None:
    """Say in a sentence how the two series move together, and on how many weeks that rests."""
    found: Mapping[str, object] = rows.filter(pl.col("outcome") == beside).to_dicts()[0]
    said, value = BESIDE[beside][0], found["rank_correlation"]
    if value is None:
        st.markdown(f"Too few weeks ({found['weeks']}) to say how hours and {said} move together.")
        return
    way = "up and down together" if value > 0 else "in opposite directions"
    moves = "hardly move together" if abs(value) < WEAK else f"move {'closely ' if abs(value) >= CLOSE else ''}{way}"
    figure = f"{value:+.2f}".replace("-", words.MINUS)
    st.markdown(
        f"Hours and {said} ({LAGS[lag]}) **{moves}**: Spearman's rank correlation {figure} over {found['weeks']} weeks."
    )


def _table(context: Context, weeks: pl.DataFrame, name: str, lag: str) -> None:
    number = st.column_config.NumberColumn
    costs = {
        "cost": number("Cost, £", format="£%,.0f"),
        "unpriced_hours": number("Hours without a price", format="%,.1f"),
    }
    if not context.reader.settings.cost.hour:
        costs = dict.fromkeys(costs)
    later = "" if lag == "0" else f", {LAGS[lag]}"
    tables.rows(
        context,
        weeks,
        key="time_table",
        title=f"Week by week, {name}",
        columns={
            "week": st.column_config.DateColumn("Week starting", format="D MMM YYYY"),
            "officer_hours": number("Officer-hours", format="%,.1f"),
            **costs,
            "incidents": number(f"ASB incidents{later}", format="%,d"),
            "stop_searches": number(f"Stop and searches{later}", format="%,d"),
            "crimes": number(f"Crimes{later}", format="%,d"),
            "harm": number(f"Harm{later}", format="%,.0f"),
        },
        height=320,
    )
    if not context.reader.settings.cost.hour:
        headline.caption("No cost is shown: no price of an hour is configured ([cost] hour by role in config.toml).")

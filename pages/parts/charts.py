"""Charts in the house style: by month, by area, by category.

Every chart takes an answer's frame and draws its rows as they are. `key` is unique on the page. More: grids, plots.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import dropwhile
from typing import Any

import plotly.graph_objects as go
import polars as pl

from metrics.indicator import Indicator
from pages.parts import ahead, house, series
from pages.parts.palette import BLUE, INK, ORANGE, PLUM, SERIES, VERDICTS
from pages.selections import narrowing, places
from pages.selections.context import Context
from pages.selections.selection import LAST_YEAR
from pages.wording import figures, plain, words
from pages.wording.sentences import REAL

MONTHS = 36  # what a trend shows: the baseline of 24 months and a year to judge
_MOST_BARS = 25
_WORDS = 0.2  # of the longest bar: the words at a bar's end
_REFERENCE = 18  # pixels for the words of a reference line
_FLAG = 70  # pixels for a verdict's word beside a bar, on a telephone too


@house.chart
def trend(
    context: Context,
    frame: pl.DataFrame,
    *,
    title: str,
    compared: pl.DataFrame | None = None,
    asked: Mapping[str, Any] | None = None,
    height: int = 300,
) -> house.Drawn:
    """Draw one indicator of one area by month: value, expected range shaded, real changes marked, what is to come.

    `frame` has compare's columns; `asked` is what it was asked with beyond area and month. The area that the viewer
    compares with is a second line, as `compared` where that was asked for otherwise; or last year, where they compare
    with it. Months before the first figure are left out; provisional ones are hollow. The months that come are drawn
    apart, where they have an expected range.
    """
    rows = list(dropwhile(lambda row: row["value"] is None, frame.sort("month").iter_rows(named=True)))
    if not rows:
        return house.Drawn(title=context.titled(title))
    if context.selection.compare == LAST_YEAR:
        compared = frame.with_columns(value="same_month_last_year")
    indicator = context.indicator(rows[0]["indicator_id"])
    if compared is None:
        compared = _compared(context, indicator, rows[0])
    figure = go.Figure(layout=house.layout(height, words.axis(indicator, "<br>")))
    series.counted(figure, context.selection.months)
    series.band(figure, rows, indicator.unit)
    series.unknown(figure, rows)
    named = [(rows[0]["area_name"], rows)]
    if compared is not None:
        named.append((context.compared_name, compared.sort("month").to_dicts()))
    coming = ahead.of_series(context, rows, asked or {})
    last = (coming or rows)[-1]["month"]
    series.lines(figure, named, indicator, context.provisional, last if coming else None)
    series.shifts(figure, rows, indicator)
    series.spikes(figure, rows)
    series.flat(figure, rows, indicator.unit)
    of_whole = (rows[0]["indicator_id"], rows[0]["area_level"], rows[0]["area_code"])
    held = None if context.narrowed else context.targets.get(of_whole)
    if held:
        series.target(figure, indicator, held)
    series.marks(figure, rows, indicator, context.provisional)
    series.explanations(figure, rows, [] if context.narrowed else context.explanations_of(*of_whole))
    ahead.draw(figure, coming, indicator.unit)
    span = [rows[0]["month"], last + timedelta(days=12)]  # room for the mark of the newest month
    ticks = {"dtick": "M1"} if len(rows) <= 6 else {"nticks": 7}  # left to itself Plotly repeats a short series' months
    figure.update_xaxes(tickformat="%b<br>%Y", tickangle=0, range=span, **ticks)
    note = ahead.words_of(indicator, coming)
    alt = f"{_trend_words(title, rows, indicator.unit)} {note}".strip()
    return house.Drawn(figure=figure, title=title, alt=alt, note=note)


def _compared(context: Context, indicator: Indicator, row: house.Row) -> pl.DataFrame | None:
    """Return the months of the area compared with; None where a month is, and of places that are no areas."""
    is_area = row["area_level"] in places.AREAS and context.compared != (row["area_level"], row["area_code"])
    if context.compared is None or not is_area or context.compared[0] not in indicator.levels:
        return None
    return context.ask_compared(indicator.id, months=MONTHS).filter(pl.col("category").eq_missing(row["category"]))


@house.chart
def ranked(
    context: Context,
    frame: pl.DataFrame,
    *,
    title: str,
    asked: Mapping[str, Any] | None = None,
    drill: bool = True,
    pick: narrowing.Dimension | None = None,
    picked: str | None = None,
    height: int | None = None,
) -> house.Drawn:
    """Draw one indicator in one month as horizontal bars, largest first; a click on a bar drills into its area.

    The force and the area compared with are lines across them, but for totals, beside which every bar would be a speck;
    `asked` is what `frame` was asked with beyond area and month. At most 25 bars: the table has the rest. `pick`: a
    click on a bar narrows the page to its group in this dimension instead; the one `picked` has an outline.
    """
    title = titled(context, frame, title)
    known = frame.filter(pl.col("value").is_not_null()).sort("value", "area_name", descending=[False, True])
    rows = known.tail(_MOST_BARS).to_dicts()
    if not rows:
        return house.Drawn(title=context.titled(title), note=_left_out(frame))
    indicator = context.indicator(rows[0]["indicator_id"])
    unit = indicator.unit
    references = _references(context, indicator, rows[0], asked or {})
    figure = go.Figure(layout=house.layout(height or 90 + 27 * len(rows), None))
    figure.add_bar(
        orientation="h",
        y=[row["area_name"] for row in rows],
        x=[row["value"] for row in rows],
        # What a click takes stands first: a value to pick, or a level and its code to open.
        customdata=[
            [row["area_code"] if pick else row["area_level"], row["area_code"], figures.whole(indicator, row)]
            for row in rows
        ],
        text=[_bar_words(row, indicator) for row in rows],
        textposition=_positions(rows, references.values()),
        insidetextanchor="start",
        marker={
            "color": [_bar_colour(row, indicator) for row in rows],
            **_outlined([row["area_code"] for row in rows], picked),
        },
        hovertemplate="%{y}: %{customdata[2]}<extra></extra>",
        cliponaxis=False,
        textfont={"size": house.FONT},
    )
    figure.update_xaxes(title_text=words.axis(indicator), range=_room(row["value"] for row in rows))
    figure.update_yaxes(automargin=True, ticklabelstandoff=6)
    if any(row.get("verdict") in REAL for row in rows):
        figure.update_layout(margin_r=_FLAG)
    _reference_lines(figure, references, unit)
    left_out = f" The {_MOST_BARS} highest of {known.height}." if known.height > _MOST_BARS else ""
    alt = f"{title}. Highest {rows[-1]['area_name']} {words.figure(rows[-1]['value'], unit)}, lowest "
    alt += f"{rows[0]['area_name']} {words.figure(rows[0]['value'], unit)}.{left_out}"
    alt += "".join(f" {name}: {words.figure(value, unit)}." for name, value in references.items())
    clicked = {"drill": drill and rows[0]["area_level"] in places.DRILLED, "pick": pick}
    return house.Drawn(figure=figure, title=title + left_out, alt=alt, note=_left_out(frame), **clicked)


def titled(context: Context, frame: pl.DataFrame, title: str) -> str:
    """Add to a title the months that a frame's figures are of, where these are several counted as one."""
    return f"{title}, {context.when()}" if "year_before" in frame.columns else title


@house.chart
def bars(
    context: Context,
    frame: pl.DataFrame,
    *,
    title: str,
    label: str,
    value: str = "value",
    unit: str,
    axis: str = "",
    colour: str | None = None,
    colours: dict[str, str] | None = None,
    pick: narrowing.Dimension | None = None,
    picked: str | None = None,
    height: int | None = None,
) -> house.Drawn:
    """Draw any labelled values as horizontal bars, largest first: `label` and `value` name columns.

    `axis` says what is counted where the unit does not ('live plans').
    `pick`: a click on a bar narrows the page to its label in this dimension; the one `picked` has an outline.
    `colour` names a column whose values `colours` maps to a house colour; those values are then the legend.
    """
    rows = frame.filter(pl.col(value).is_not_null(), pl.col(label).is_not_null()).sort(value).to_dicts()[-_MOST_BARS:]
    if not rows:
        return house.Drawn(title=context.titled(title))
    figure = go.Figure(layout=house.layout(height or 80 + 27 * len(rows), None, legend=colour is not None))
    for name, group in _in_order(_groups(rows, colour), colours):
        figure.add_bar(
            orientation="h",
            name=name,
            y=[row[label] for row in group],
            x=[row[value] for row in group],
            text=[words.figure(row[value], unit) for row in group],
            textposition="outside",
            cliponaxis=False,
            textfont={"size": house.FONT},
            marker={"color": (colours or {}).get(name, BLUE), **_outlined([row[label] for row in group], picked)},
            customdata=[[row[label]] for row in group],
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    figure.update_xaxes(title_text=axis or words.unit_words(unit), range=_room(row[value] for row in rows))
    figure.update_yaxes(categoryorder="array", categoryarray=[row[label] for row in rows], automargin=True)
    alt = f"{title}. Highest {rows[-1][label]} {words.figure(rows[-1][value], unit)}."
    return house.Drawn(figure=figure, title=title, alt=alt, pick=pick)


@house.chart
def stacked(
    context: Context,
    frame: pl.DataFrame,
    *,
    title: str,
    label: str,
    part: str,
    value: str = "value",
    unit: str,
    axis: str = "",
    colours: dict[str, str] | None = None,
    pick: narrowing.Dimension | None = None,
    picked: str | None = None,
    height: int | None = None,
) -> house.Drawn:
    """Draw a mix as stacked horizontal bars, one per `label`, one segment per `part` (at most four).

    `axis` says what is counted where the unit does not ('taskings').
    `pick`: a click on a segment narrows the page to its part in this dimension; the one `picked` has an outline.
    """
    rows = frame.filter(pl.col(value).is_not_null()).to_dicts()
    if not rows:
        return house.Drawn(title=context.titled(title))
    labels = list(dict.fromkeys(row[label] for row in rows))[::-1]
    figure = go.Figure(layout=house.layout(height or 110 + 30 * len(labels), None, legend=True))
    # A segment too small for its number at the house size goes without: the hover and the table have it.
    figure.update_layout(barmode="stack", uniformtext={"minsize": house.FONT, "mode": "hide"})
    for step, (name, group) in enumerate(_groups(rows, part).items()):
        figure.add_bar(
            orientation="h",
            name=name,
            y=[row[label] for row in group],
            x=[row[value] for row in group],
            text=[words.figure(row[value], unit) for row in group],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            marker={
                "color": (colours or {}).get(name, SERIES[step % len(SERIES)]),
                **_outlined([name] * len(group), picked),
            },
            customdata=[[name]] * len(group),
            hovertemplate="%{y}, " + plain.chart(name) + ": %{text}<extra></extra>",
        )
    figure.update_xaxes(title_text=axis or words.unit_words(unit), rangemode="tozero")
    figure.update_yaxes(categoryorder="array", categoryarray=labels, automargin=True)
    alt = f"{title}: {', '.join(_groups(rows, part))}."
    return house.Drawn(figure=figure, title=title, alt=alt, pick=pick)


def _outlined(values: Sequence[str], picked: str | None) -> dict[str, Any]:
    """Return the look of bars of which the one of a value is picked: an outline for it, the others paler."""
    if picked is None:
        return {}
    width, opacity = zip(*((3, 1.0) if value == picked else (0, 0.55) for value in values), strict=True)
    return {"line": {"color": INK, "width": width}, "opacity": opacity}


def _positions(rows: Sequence[house.Row], references: Iterable[float]) -> list[str]:
    """Return where each bar has its words: at its end, but within where a line would cross them there."""
    room = _WORDS * max(row["value"] for row in rows)
    return [
        "inside" if any(row["value"] <= one <= row["value"] + room for one in references) and row["value"] > room
        else "outside"
        for row in rows
    ]  # fmt: skip


def _references(
    context: Context, indicator: Indicator, row: house.Row, asked: Mapping[str, Any]
) -> dict[str, float]:
    """Return, by name, the figures of the force and of the area compared with, where a bar can be set beside them."""
    if indicator.denominator is None and indicator.numerator.unit != "duration":
        return {}
    force = context.reader.settings.force
    named = {("force", force.code): force.name}
    if context.compared is not None:
        named.setdefault(context.compared, context.compared_name)
    found = {}
    for (level, code), name in named.items():
        if level not in indicator.levels or level == row["area_level"] == "force":
            continue
        within = () if level == "force" else ((level, code),)
        whole = context.ask(indicator.id, level=level, **{**asked, "within": within})
        value = whole.filter(pl.col("category").eq_missing(row["category"]))["value"].first()
        if value is not None:
            found[name] = value
    return found


def _reference_lines(figure: go.Figure, references: Mapping[str, float], unit: str) -> None:
    """Draw each as a dashed line with its name above the bars, a line of words each so that none lies on another."""
    for step, (colour, (name, value)) in enumerate(zip((ORANGE, PLUM), references.items(), strict=False)):
        figure.add_vline(x=value, line={"color": colour, "width": 2, "dash": "dash"})
        figure.add_annotation(
            x=value,
            y=1.0,
            yref="paper",
            text=f"{plain.chart(name)} {words.figure(value, unit)}",
            showarrow=False,
            yanchor="bottom",
            yshift=_REFERENCE * step,
            font={"size": house.FONT},
        )
    if references:
        figure.update_layout(margin_t=12 + _REFERENCE * len(references))


def _left_out(frame: pl.DataFrame) -> str:
    """Say whose value is missing and why: by name while it is short, else how many."""
    reasons: dict[str, list[str]] = {}
    for row in frame.filter(pl.col("value").is_null()).iter_rows(named=True):
        reasons.setdefault(row.get("note") or "no data", []).append(row["area_name"])
    said = [f"{', '.join(names) if len(names) <= 3 else len(names)} ({why})" for why, names in reasons.items()]
    return f"No figure: {'; '.join(said)}." if said else ""


def _room(values: Iterable[float]) -> list[float]:
    """Return an axis from zero with room for the words at a bar's end."""
    return [0, (max(values) or 1) * 1.35]


def _bar_words(row: house.Row, indicator: Indicator) -> str:
    verdict = row.get("verdict")
    flag = f" {words.mark(verdict).glyph} {verdict}" if _is_flagged(row, indicator) else ""
    return figures.value(indicator, row) + flag


def _bar_colour(row: house.Row, indicator: Indicator) -> str:
    """Give a bar the colour of its verdict where that is real; a percentage of a few is never coloured."""
    return VERDICTS[words.mark(row["verdict"]).word][0] if _is_flagged(row, indicator) else BLUE


def _is_flagged(row: house.Row, indicator: Indicator) -> bool:
    return row.get("verdict") in REAL and not figures.is_few(indicator, row)


def _trend_words(title: str, rows: Sequence[house.Row], unit: str) -> str:
    known = [row for row in rows if row["value"] is not None]
    if not known:
        return f"{title}: no month has a value."
    newest = known[-1]
    flagged = [words.month(row["month"]) for row in known if row["verdict"] in ("improvement", "concern", "change")]
    said = f" Real changes in {', '.join(flagged[-6:])}." if flagged else " No real change."
    return (
        f"{title}, {words.month(known[0]['month'])} to {words.month(newest['month'])}. "
        f"Newest {words.figure(newest['value'], unit)}.{said}"
    )


def _in_order(groups: dict[str, list[house.Row]], colours: dict[str, str] | None) -> Iterable[tuple[str, Any]]:
    """Return the groups as the palette orders them, so that a legend reads the same on every page."""
    order = list(colours or {})
    return sorted(groups.items(), key=lambda group: order.index(group[0]) if group[0] in order else len(order))


def _groups(rows: Sequence[house.Row], column: str | None) -> dict[str, list[house.Row]]:
    groups: dict[str, list[house.Row]] = {}
    for row in rows:
        groups.setdefault(str(row[column]) if column else "", []).append(row)
    return groups

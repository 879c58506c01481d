"""Plots of one thing against another: scatter, funnel, and the waterfall of what moved a total.

Every plot takes a frame and draws its rows as they are. `key` is unique on the page.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import accumulate

import plotly.graph_objects as go
import polars as pl

from metrics.impact import OTHER
from pages.parts import house
from pages.parts.palette import BLUE, LINE, ORANGE, QUIET, SERIES, TEAL
from pages.selections import narrowing
from pages.selections.context import Context
from pages.wording import plain, words

_MOST_ROWS = 20
_ROOM = 0.25  # of the width, for the words at a bar's end
_NAMED_AT = (70, 90)  # % held: where a curve has its name, so that names do not lie on each other
_FEW_POINTS = 8  # so few that each can carry its name
_NAME_DEPTHS = (0.09, 0.055, 0.02)  # of the highest point
Sides = tuple[str, str, Collection[str]]  # the names of two areas, and the codes of the areas inside the second alone


@house.chart
def scatter(
    context: Context,
    frame: pl.DataFrame,
    *,
    title: str,
    across: str,
    up: str,
    across_title: str,
    up_title: str,
    label: str = "area_name",
    named: Sequence[str] = (),
    expected: tuple[str, str] | None = None,
    sides: Sides | None = None,
    height: int = 420,
) -> house.Drawn:
    """Draw one point per row: `across` and `up` name columns; the points whose `label` is in `named` carry it.

    `expected` names a column drawn as a line, and what the line says. `sides` tells the points of two areas apart.
    """
    rows = frame.filter(pl.col(across).is_not_null(), pl.col(up).is_not_null()).to_dicts()
    if not rows:
        return house.Drawn(title=title)
    figure = go.Figure(layout=house.layout(height, up_title, legend=sides is not None))
    if expected:
        _expected(figure, sorted(rows, key=lambda row: row[across]), across, *expected)
    _named(figure, rows, across, up, label, named)
    rows.sort(key=lambda row: row[label] in named)  # the legend has the colour of a side's first point
    for name, of_side, colour, symbol in _told_apart(rows, sides):
        colours = [ORANGE if row[label] in named else colour for row in of_side]
        figure.add_scatter(
            name=name,
            mode="markers",
            x=[row[across] for row in of_side],
            y=[row[up] for row in of_side],
            customdata=[[row.get("area_level"), row.get("area_code")] for row in of_side],
            hovertext=[row[label] for row in of_side],
            marker={"size": 9, "color": colours, "symbol": symbol, "opacity": 0.8},
            hovertemplate="%{hovertext}: %{x:,.1f} · %{y:,.1f}<extra></extra>",
        )
    figure.update_xaxes(title_text=across_title, rangemode="tozero")
    figure.update_yaxes(rangemode="tozero")
    drill = rows[0].get("area_level") in ("lpa", "sector", "neighbourhood")
    alt = f"{title}: {len(rows)} points, {across_title} across, {up_title} upwards."
    return house.Drawn(figure=figure, title=title, alt=alt, drill=drill)


@house.chart
def curves(
    context: Context,
    frame: pl.DataFrame,
    *,
    title: str,
    across: tuple[str, str],
    up: tuple[str, str],
    line: str,
    height: int = 360,
) -> house.Drawn:
    """Draw a line for each value of column `line`, with its name beside; `across` and `up` are a column and its title.

    The dashed diagonal is what no concentration would look like.
    """
    figure = go.Figure(layout=house.layout(height, up[1]))
    figure.add_scatter(x=[0, 100], y=[0, 100], mode="lines", line={"color": QUIET, "dash": "dash"}, hoverinfo="skip")
    said = []
    for colour, rows in zip(SERIES, frame.partition_by(line, maintain_order=True), strict=False):
        name = rows[line].first()
        x, y = rows[across[0]].to_list(), rows[up[0]].to_list()
        hover = f"{name}: %{{x:.1f}} % hold %{{y:.0f}} %<extra></extra>"
        figure.add_scatter(x=x, y=y, mode="lines", line={"color": colour, "width": 3}, hovertemplate=hover)
        middle = next(place for place, held in enumerate(y) if held >= 50)
        beside = next(place for place, held in enumerate(y) if held >= _NAMED_AT[len(said) % 2])
        place = {"xanchor": "left", "xshift": 10, "yshift": -10} if not said else {"xanchor": "right", "yshift": 12}
        figure.add_annotation(x=x[beside], y=y[beside], text=name, showarrow=False, font={"color": colour}, **place)
        said.append(f"half of {name} in {x[middle]:.1f} %")
    figure.update_xaxes(title_text=across[1], range=[0, 40])
    figure.update_yaxes(range=[0, 102])
    return house.Drawn(figure=figure, title=title, alt=f"{title}: {', '.join(said)}.")


def _expected(figure: go.Figure, rows: Sequence[house.Row], across: str, column: str, said: str) -> None:
    known = [row for row in rows if row[column] is not None]
    x, y = [row[across] for row in known], [row[column] for row in known]
    line = {"color": QUIET, "dash": "dash", "width": 2}
    figure.add_scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip", showlegend=False)
    if known:
        figure.add_annotation(x=x[-1], y=y[-1], text=said, showarrow=False, xanchor="right", yanchor="bottom", yshift=6)


def _told_apart(
    rows: Sequence[house.Row], sides: Sides | None
) -> Iterator[tuple[str | None, list[house.Row], str, str]]:
    """Give the name, rows, colour and symbol of each side: of one where `sides` tells none apart."""
    first, second, theirs = sides or (None, "", ())
    yield first, [row for row in rows if row["area_code"] not in theirs], BLUE, "circle"
    if sides:
        yield second, [row for row in rows if row["area_code"] in theirs], TEAL, "diamond"


def _named(
    figure: go.Figure, rows: Sequence[house.Row], across: str, up: str, label: str, named: Sequence[str]
) -> None:
    """Name points at the foot of the chart, in turn at three depths, so that names do not lie on each other."""
    top = max(row[up] for row in rows)
    for step, row in enumerate(sorted((row for row in rows if row[label] in named), key=lambda row: row[across])):
        figure.add_annotation(
            x=row[across],
            y=row[up],
            text=plain.chart(row[label]),
            ax=0,
            ayref="y",
            ay=top * _NAME_DEPTHS[step % len(_NAME_DEPTHS)],
            arrowcolor=LINE,
            arrowwidth=1,
            arrowhead=0,
            standoff=5,
        )


@house.chart
def funnel(
    context: Context,
    frame: pl.DataFrame,
    *,
    title: str,
    lower: str = "funnel_lower",
    upper: str = "funnel_upper",
    centre: str = "funnel_centre",
    sides: Sides | None = None,
    height: int = 380,
) -> house.Drawn:
    """Draw rates against their denominators with funnel limits, which `lower`, `upper` and `centre` name.

    `sides` tells the points of two areas apart.
    """
    rows = frame.filter(pl.col("value").is_not_null()).sort("denominator").to_dicts()
    if not rows:
        return house.Drawn(title=title)
    indicator = context.indicator(rows[0]["indicator_id"])
    sizes = [row["denominator"] for row in rows]
    figure = go.Figure(layout=house.layout(height, words.axis(indicator, "<br>"), legend=sides is not None))
    for name, dash in ((upper, "dot"), (lower, "dot"), (centre, "solid")):
        drawn = {"mode": "lines", "line": {"color": QUIET, "dash": dash, "width": 1}}
        figure.add_scatter(x=sizes, y=[row[name] for row in rows], hoverinfo="skip", showlegend=False, **drawn)
    limited = [row for row in rows if row[lower] is not None]
    outside = [row["area_code"] for row in limited if not row[lower] <= row["value"] <= row[upper]]
    few = len(rows) <= _FEW_POINTS
    for name, of_side, colour, symbol in _told_apart(rows, sides):
        colours = [ORANGE if row["area_code"] in outside else colour for row in of_side]
        figure.add_scatter(
            name=name,
            mode="markers+text",
            x=[row["denominator"] for row in of_side],
            y=[row["value"] for row in of_side],
            text=[row["area_name"] if few or row["area_code"] in outside else "" for row in of_side],
            textposition="top center",
            hovertext=[row["area_name"] for row in of_side],
            customdata=[[row["area_level"], row["area_code"]] for row in of_side],
            marker={"size": 10, "color": colours, "symbol": symbol},
            hovertemplate="%{hovertext}: %{y:,.1f}<extra></extra>",
        )
    figure.update_xaxes(title_text=indicator.denominator.words if indicator.denominator else "", rangemode="tozero")
    alt = f"{title}. {len(outside)} of {len(rows)} lie outside the limits that chance explains."
    return house.Drawn(figure=figure, title=title, alt=alt, drill=True)


@house.chart
def waterfall(
    context: Context,
    frame: pl.DataFrame,
    *,
    title: str,
    label: str,
    value: str,
    measure: str,
    unit: str,
    pick: narrowing.Dimension | None = None,
    picked: str | None = None,
) -> house.Drawn:
    """Draw what moved a total, step by step in the frame's order, from nothing to the change in all.

    `measure` names a column of 'absolute', 'relative' or 'total' per row. The totals before and after are said, not
    drawn: beside them no step could be seen. `pick`: a click on a step narrows the page to it in this
    dimension; the one `picked` has a tick.
    """
    ends = [row for row in frame.to_dicts() if row[measure] != "relative"]
    steps = [row for row in frame.to_dicts() if row[measure] == "relative"]
    if not steps:
        return house.Drawn(title=title)
    figure = go.Figure(layout=house.layout(110 + 30 * len(steps), None))
    figure.add_waterfall(
        orientation="h",
        y=[*(("✓ " if row[label] == picked else "") + row[label] for row in steps), "change in all"],
        customdata=[*([row[label]] if row[label] != OTHER else None for row in steps), None],
        x=[*(row[value] for row in steps), 0],
        measure=["relative"] * len(steps) + ["total"],
        text=[*(words.change(row[value], unit) for row in steps), ""],
        texttemplate=["%{text}"] * len(steps) + ["%{final:+,.0f}"],
        textposition="outside",
        increasing={"marker": {"color": ORANGE}},
        decreasing={"marker": {"color": TEAL}},
        totals={"marker": {"color": BLUE}},
        connector={"line": {"color": LINE}},
        hovertemplate="%{y}: %{text}<extra></extra>",
        cliponaxis=False,
        textfont={"size": house.FONT},
    )
    reached = _with_room(accumulate(row[value] for row in steps))
    figure.update_xaxes(title_text=f"change in {words.unit_words(unit)}", range=reached)
    figure.update_yaxes(autorange="reversed")
    said = "; ".join(f"{words.capital(row[label])}: {words.figure(row[value], unit)}" for row in ends)
    return house.Drawn(
        figure=figure,
        title=title,
        alt=f"{title}: {len(steps)} steps. {said}.",
        note=f"{said}.",
        pick=pick,
    )


def _with_room(values: Iterable[float]) -> list[float] | None:
    """Return the range of an axis for bars from 0, with room for the words at their ends; None: no bar has a length."""
    ends = [0.0, *values]
    room = _ROOM * (max(ends) - min(ends))
    left = 2 * room if min(ends) < 0 else 0  # there the words would run into the labels, which a telephone has close by
    return [min(ends) - left, max(ends) + (room if max(ends) > 0 else 0)] if room else None


@house.chart
def paired(
    context: Context,
    frame: pl.DataFrame,
    *,
    title: str,
    label: str,
    values: dict[str, str],
    unit: str,
    axis: str = "",
    write: Callable[[float | None, str], str] = words.figure,
    pick: narrowing.Dimension | None = None,
    height: int | None = None,
) -> house.Drawn:
    """Draw two to four values of each row as bars side by side: `values` maps columns to the words of the legend.

    `axis` says what is counted where the unit does not ('check-ins'), `write` how a bar's value is written. `pick`: a
    click on a bar narrows the page to its label in this dimension.
    """
    rows = frame.to_dicts()[:_MOST_ROWS]
    if not rows:
        return house.Drawn(title=title)
    figure = go.Figure(layout=house.layout(height or 110 + (12 + 15 * len(values)) * len(rows), None, legend=True))
    drawn = [row[column] for row in rows for column in values if row[column] is not None]
    for (column, name), colour in zip(values.items(), SERIES, strict=False):
        figure.add_bar(
            orientation="h",
            name=name,
            y=[row[label] for row in rows],
            x=[row[column] for row in rows],
            customdata=[[row[label]] for row in rows],
            text=[write(row[column], unit) for row in rows],
            textposition="outside",
            cliponaxis=False,
            textfont={"size": house.FONT},
            marker_color=colour,
            hovertemplate="%{y}, " + plain.chart(name) + ": %{text}<extra></extra>",
        )
    figure.update_layout(barmode="group")
    figure.update_xaxes(title_text=axis or words.unit_words(unit), range=_with_room(drawn))
    figure.update_yaxes(autorange="reversed", automargin=True)
    left_out = f" The first {_MOST_ROWS} of {frame.height}." if frame.height > _MOST_ROWS else ""
    alt = f"{title}: {', '.join(values.values())} of {len(rows)}.{left_out}"
    return house.Drawn(figure=figure, title=title, alt=alt, note=left_out.strip(), pick=pick)


@house.chart
def by_hour(
    context: Context,
    frame: pl.DataFrame,
    *,
    title: str,
    values: dict[str, str],
    unit: str,
    axis: str,
    height: int = 260,
) -> house.Drawn:
    """Draw values by local `hour` as columns side by side: `values` maps columns to the words of the legend."""
    rows = frame.to_dicts()
    if not rows:
        return house.Drawn(title=context.titled(title))
    figure = go.Figure(layout=house.layout(height, axis, legend=True))
    for (column, name), colour in zip(values.items(), SERIES, strict=False):
        figure.add_bar(
            name=name,
            x=[f"{row['hour']:02d}" for row in rows],
            y=[row[column] for row in rows],
            text=[words.figure(row[column], unit) for row in rows],
            textposition="none",
            marker_color=colour,
            hovertemplate="%{x}:00, " + plain.chart(name) + ": %{text}<extra></extra>",
        )
    figure.update_layout(barmode="group")
    figure.update_xaxes(title_text="local hour", type="category", tickangle=0, nticks=12)
    return house.Drawn(figure=figure, title=title, alt=f"{title}: {', '.join(values.values())}, 24 hours.")

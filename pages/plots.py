"""Plots of one thing against another: scatter, funnel, and the waterfall of what moved a total.

Every plot takes a frame and draws its rows as they are. `key` is unique on the page.
"""

from collections.abc import Sequence

import plotly.graph_objects as go
import polars as pl

from pages import house, words
from pages.context import Context
from pages.palette import BLUE, LINE, ORANGE, QUIET, SERIES, TEAL

_MOST_ROWS = 20


def scatter(
    context: Context,
    frame: pl.DataFrame,
    *,
    key: str,
    title: str,
    across: str,
    up: str,
    across_title: str,
    up_title: str,
    label: str = "area_name",
    named: Sequence[str] = (),
    height: int = 420,
) -> None:
    """Draw one point per row: `across` and `up` name columns; the points whose `label` is in `named` carry it."""
    rows = frame.filter(pl.col(across).is_not_null(), pl.col(up).is_not_null()).to_dicts()
    if not rows:
        return house.nothing(title)
    figure = go.Figure(layout=house.layout(height, up_title))
    figure.add_scatter(
        mode="markers+text",
        x=[row[across] for row in rows],
        y=[row[up] for row in rows],
        text=[row[label] if row[label] in named else "" for row in rows],
        customdata=[[row.get("area_level"), row.get("area_code")] for row in rows],
        hovertext=[row[label] for row in rows],
        textposition="top center",
        marker={"size": 9, "color": [ORANGE if row[label] in named else BLUE for row in rows], "opacity": 0.8},
        hovertemplate="%{hovertext}: %{x:,.1f} · %{y:,.1f}<extra></extra>",
    )
    figure.update_xaxes(title_text=across_title, rangemode="tozero")
    figure.update_yaxes(rangemode="tozero")
    drill = rows[0].get("area_level") in ("lpa", "sector", "neighbourhood")
    alt = f"{title}: {len(rows)} points, {across_title} across, {up_title} upwards."
    house.show(context, figure, frame, key=key, title=title, alt=alt, drill=drill)


def funnel(
    context: Context,
    frame: pl.DataFrame,
    *,
    key: str,
    title: str,
    lower: str = "funnel_lower",
    upper: str = "funnel_upper",
    centre: str = "funnel_centre",
    height: int = 380,
) -> None:
    """Draw rates against their denominators with funnel limits, which `lower`, `upper` and `centre` name."""
    rows = frame.filter(pl.col("value").is_not_null()).sort("denominator").to_dicts()
    if not rows:
        return house.nothing(title)
    indicator = context.indicator(rows[0]["indicator_id"])
    sizes = [row["denominator"] for row in rows]
    figure = go.Figure(layout=house.layout(height, words.unit_words(indicator.unit)))
    for name, dash in ((upper, "dot"), (lower, "dot"), (centre, "solid")):
        line = {"color": QUIET, "dash": dash, "width": 1}
        figure.add_scatter(x=sizes, y=[row[name] for row in rows], mode="lines", line=line, hoverinfo="skip")
    outside = [not row[lower] <= row["value"] <= row[upper] for row in rows if row[lower] is not None]
    outside += [False] * (len(rows) - len(outside))
    figure.add_scatter(
        mode="markers+text",
        x=sizes,
        y=[row["value"] for row in rows],
        text=[row["area_name"] if out else "" for row, out in zip(rows, outside, strict=True)],
        textposition="top center",
        hovertext=[row["area_name"] for row in rows],
        customdata=[[row["area_level"], row["area_code"]] for row in rows],
        marker={"size": 10, "color": [ORANGE if out else BLUE for out in outside]},
        hovertemplate="%{hovertext}: %{y:,.1f}<extra></extra>",
    )
    figure.update_xaxes(title_text=indicator.denominator.words if indicator.denominator else "", rangemode="tozero")
    alt = f"{title}. {sum(outside)} of {len(rows)} lie outside the limits that chance explains."
    house.show(context, figure, frame, key=key, title=title, alt=alt, drill=True)


def waterfall(
    context: Context,
    frame: pl.DataFrame,
    *,
    key: str,
    title: str,
    label: str,
    value: str,
    measure: str | None = None,
    unit: str,
    height: int = 380,
) -> None:
    """Draw what moved a total, step by step in the frame's order.

    `measure` names a column of 'absolute', 'relative' or 'total' per row; without it every row is a step.
    """
    rows = frame.to_dicts()
    if not rows:
        return house.nothing(title)
    kinds = [row[measure] if measure else "relative" for row in rows]
    figure = go.Figure(layout=house.layout(height, words.unit_words(unit)))
    figure.add_waterfall(
        x=[row[label] for row in rows],
        y=[row[value] for row in rows],
        measure=kinds,
        text=[
            words.change(row[value], unit) if kind == "relative" else words.figure(row[value], unit)
            for row, kind in zip(rows, kinds, strict=True)
        ],
        textposition="outside",
        increasing={"marker": {"color": ORANGE}},
        decreasing={"marker": {"color": TEAL}},
        totals={"marker": {"color": BLUE}},
        connector={"line": {"color": LINE}},
        hovertemplate="%{x}: %{text}<extra></extra>",
        cliponaxis=False,
    )
    figure.update_xaxes(automargin=True)
    house.show(context, figure, frame, key=key, title=title, alt=f"{title}: {len(rows)} steps.")


def paired(
    context: Context,
    frame: pl.DataFrame,
    *,
    key: str,
    title: str,
    label: str,
    values: dict[str, str],
    unit: str,
    height: int | None = None,
) -> None:
    """Draw two to four values of each row as bars side by side: `values` maps columns to the words of the legend."""
    rows = frame.to_dicts()[:_MOST_ROWS]
    if not rows:
        return house.nothing(title)
    figure = go.Figure(layout=house.layout(height or 110 + (12 + 15 * len(values)) * len(rows), None, legend=True))
    for (column, name), colour in zip(values.items(), SERIES, strict=False):
        figure.add_bar(
            orientation="h",
            name=name,
            y=[row[label] for row in rows],
            x=[row[column] for row in rows],
            text=[words.figure(row[column], unit) for row in rows],
            textposition="outside",
            cliponaxis=False,
            textfont={"size": house.FONT},
            marker_color=colour,
            hovertemplate="%{y}, " + name + ": %{text}<extra></extra>",
        )
    figure.update_layout(barmode="group")
    figure.update_xaxes(title_text=words.unit_words(unit), rangemode="tozero")
    figure.update_yaxes(autorange="reversed", automargin=True)
    left_out = f" The first {_MOST_ROWS} of {frame.height}." if frame.height > _MOST_ROWS else ""
    alt = f"{title}: {', '.join(values.values())} of {len(rows)}.{left_out}"
    house.show(context, figure, frame, key=key, title=title, alt=alt, note=left_out.strip())

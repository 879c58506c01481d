"""Charts of cells in the house style: weekday by local hour.

Every chart takes a frame and draws its rows as they are. `key` is unique on the page.
"""

from typing import Any

import plotly.graph_objects as go
import polars as pl

from pages.parts import house
from pages.parts.palette import INK, SEQUENTIAL
from pages.selections import narrowing
from pages.selections.context import Context
from pages.wording import words


def heat(
    context: Context,
    frame: pl.DataFrame,
    *,
    key: str,
    title: str,
    unit: str,
    axis: str = "",
    value: str = "value",
    pick: bool = False,
    height: int = 280,
) -> None:
    """Draw weekday (1 = Monday) x local hour (0..23): `frame` has columns weekday, hour and `value`, a row per cell.

    `axis` says what is counted where the unit does not ('incidents'). `pick`: a click on a cell narrows the page to it,
    and the one that it is narrowed to has an outline; the cells themselves are of every hour.
    """
    picked = context.chosen("when") if pick else None
    of_every = context.without("when") if pick else context
    said = axis or words.unit_words(unit)
    named = {"title": title, "unit": unit, "said": said, "value": value, "height": height}
    _heat(of_every, frame, key=key, pick=pick, picked=picked, **named)


@house.chart
def _heat(
    context: Context,
    frame: pl.DataFrame,
    *,
    title: str,
    unit: str,
    said: str,
    value: str,
    pick: bool,
    picked: str | None,
    height: int,
) -> house.Drawn:
    rows = frame.filter(pl.col("weekday").is_not_null(), pl.col("hour").is_not_null()).to_dicts()
    if not rows:
        return house.Drawn(title=context.titled(title))
    cells = {(row["weekday"], row["hour"]): row[value] for row in rows}
    table = [[cells.get((weekday, hour)) for hour in range(24)] for weekday in range(1, 8)]
    figure = go.Figure(layout=house.layout(height, None))
    figure.add_heatmap(
        z=table,
        x=[f"{hour:02d}" for hour in range(24)],
        y=list(words.WEEKDAYS),
        colorscale=[[step / 4, colour] for step, colour in enumerate(SEQUENTIAL)],
        zmin=0,
        zmax=max((cell or 0 for cell in cells.values()), default=0) or 1,
        xgap=1,
        ygap=1,
        text=[[words.figure(cell, unit) for cell in line] for line in table],
        hovertemplate="%{y} %{x}:00 to %{x}:59: %{text}<extra></extra>",
        colorbar={
            "title": {"text": said, "side": "right"},
            "thickness": 12,
            "outlinewidth": 0,
        },
    )
    if pick:
        _hours_to_pick(figure, cells, unit, picked)
    figure.update_xaxes(title_text="local hour", type="category", tickangle=0, nticks=12, showgrid=False)
    figure.update_yaxes(autorange="reversed", showgrid=False)
    (weekday, hour), top = max(cells.items(), key=lambda cell: cell[1] or 0)
    alt = f"{title}. Highest on {words.WEEKDAYS[weekday - 1]} at {hour:02d}:00 with {words.figure(top, unit)}."
    return house.Drawn(figure=figure, title=title, alt=alt, pick="when" if pick else None)


def _hours_to_pick(figure: go.Figure, cells: dict[tuple[int, int], Any], unit: str, picked: str | None) -> None:
    """Lay a point that is not seen on every cell, for Plotly selects no cell of a heatmap; outline the picked one."""
    # On empty cells too: a click beside a point takes the nearest one.
    week = [(weekday, hour) for weekday in range(1, len(words.WEEKDAYS) + 1) for hour in range(24)]
    figure.add_scatter(
        x=[f"{hour:02d}" for _, hour in week],
        y=[words.WEEKDAYS[weekday - 1] for weekday, _ in week],
        mode="markers",
        marker={"symbol": "square", "size": 20, "opacity": 0},
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
        customdata=[[narrowing.hour_of_week(*cell)] for cell in week],
        text=[words.figure(cells.get(cell), unit) for cell in week],
        hovertemplate="%{y} %{x}:00 to %{x}:59: %{text}<extra></extra>",
    )
    for weekday, hour in week:
        if narrowing.hour_of_week(weekday, hour) == picked:
            sides = {"x0": hour - 0.5, "x1": hour + 0.5, "y0": weekday - 1.5, "y1": weekday - 0.5}
            figure.add_shape(type="rect", **sides, line={"color": INK, "width": 3})

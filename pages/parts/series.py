"""What a trend is made of: the expected range, one line or two with their names, and the marks of real changes."""

import textwrap
from collections.abc import Collection, Sequence
from datetime import date

import plotly.graph_objects as go

from metrics.indicator import Indicator
from pages.parts import house
from pages.parts.palette import BLUE, EXPECTED, INK, PAPER, PLUM, QUIET, TEAL, VERDICTS
from pages.wording import plain, sentences, words

_LETTER = 7  # pixels
_FEW_MONTHS = 3  # a line of one month could not be seen
_LONGEST_LINE = 15  # letters
_LOOKS = ((BLUE, "solid"), (TEAL, "dash"))


def band(figure: go.Figure, rows: Sequence[house.Row], unit: str) -> None:
    """Shade the expected range of the months that have one, seasons and all, with what is usual as a dotted line."""
    judged = [row for row in rows if row["lower_limit"] is not None]
    if not judged:
        return
    months = [row["month"] for row in judged]
    edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    figure.add_scatter(x=months, y=[row["upper_limit"] for row in judged], **edge)
    figure.add_scatter(x=months, y=[row["lower_limit"] for row in judged], fill="tonexty", fillcolor=EXPECTED, **edge)
    centre = {"color": QUIET, "dash": "dot", "width": 1}
    figure.add_scatter(x=months, y=[row["centre"] for row in judged], mode="lines", line=centre, hoverinfo="skip")
    figure.add_annotation(
        x=months[0],
        y=1,
        yref="paper",
        text=f"shaded: the expected range; {words.figure(judged[-1]['centre'], unit)} usual this month",
        showarrow=False,
        xanchor="left",
        yanchor="bottom",
        font={"color": QUIET, "size": house.FONT},
    )
    figure.update_layout(margin_t=22)


def lines(figure: go.Figure, named: Sequence[tuple[str, Sequence[house.Row]]], unit: str) -> None:
    """Draw the months of one area and of what it is compared with, the first in front; each line ends in its value.

    Two lines carry their names too; one alone is what the page is about.
    """
    ends = [_end(rows) for _, rows in named]
    highest = max((end["value"] for end in ends if end), default=0)
    for (name, rows), end, (colour, dash) in reversed(list(zip(named, ends, _LOOKS, strict=False))):
        _line(figure, rows, name, unit, colour, dash)
        if end is not None:
            said = [f"<b>{words.figure(end['value'], unit)}</b>", *(_wrapped(name) if len(named) > 1 else ())]
            anchor = "middle" if len(named) == 1 else "bottom" if end["value"] == highest else "top"
            _label(figure, end, said, BLUE if colour == BLUE else INK, anchor)


def _wrapped(name: str) -> list[str]:
    return [plain.chart(line) for line in textwrap.wrap(name, _LONGEST_LINE)]


def _end(rows: Sequence[house.Row]) -> house.Row | None:
    return next((row for row in reversed(rows) if row["value"] is not None), None)


def _line(figure: go.Figure, rows: Sequence[house.Row], name: str, unit: str, colour: str, dash: str) -> None:
    figure.add_scatter(
        x=[row["month"] for row in rows],
        y=[row["value"] for row in rows],
        mode="lines" if len(rows) > _FEW_MONTHS else "lines+markers",
        line={"color": colour, "width": 2.5, "dash": dash},
        text=[words.figure(row["value"], unit) for row in rows],
        hovertemplate="%{x|%b %Y}: %{text}<extra>" + plain.chart(name) + "</extra>",
    )


def _label(figure: go.Figure, end: house.Row, said: Sequence[str], colour: str, anchor: str) -> None:
    figure.add_annotation(
        x=end["month"],
        y=end["value"],
        text="<br>".join(said),
        showarrow=False,
        xanchor="left",
        yanchor=anchor,
        xshift=8,
        align="left",
        font={"color": colour, "size": house.FONT},
    )
    room = 16 + _LETTER * max(map(len, said))
    figure.update_layout(margin_r=max(room, figure.layout.margin.r))


def target(figure: go.Figure, indicator: Indicator, held: house.Row) -> None:
    """Draw the target that somebody owns as a line, labelled with its value and owner."""
    said = plain.chart(sentences.target(indicator, held))
    label = {"text": said, "textposition": "start", "font": {"color": PLUM, "size": house.FONT}}
    figure.add_hline(y=held["target"], line={"color": PLUM, "dash": "dashdot", "width": 1.5}, label=label)


def shifts(figure: go.Figure, rows: Sequence[house.Row], indicator: Indicator) -> None:
    """Date each lasting shift found in these months where it began, with its size."""
    months = {row["month"] for row in rows}
    found = [row for row in rows if row["signal"] == "shift" and row["since"] in months]
    for step, row in enumerate(found):
        figure.add_vline(x=row["since"], line={"color": INK, "dash": "dash", "width": 1})
        figure.add_annotation(
            x=row["since"],
            y=0,
            yref="paper",
            text=sentences.shift(indicator, row),
            showarrow=False,
            xanchor="left" if row["since"] < rows[len(rows) * 2 // 3]["month"] else "right",
            yanchor="bottom",
            yshift=step * 16,  # two shifts near each other would write over each other
            font={"color": INK, "size": house.FONT},
        )


def explanations(figure: go.Figure, rows: Sequence[house.Row], said: Sequence[house.Row]) -> None:
    """Put a number above each month of which somebody has said something; hovering over it gives the sentence."""
    values = {row["month"]: row["value"] for row in rows if row["value"] is not None}
    for number, one in enumerate(said, start=1):
        if one["month"] in values:
            figure.add_annotation(
                x=one["month"],
                y=values[one["month"]],
                text=f"<b>{number}</b>",
                hovertext=plain.chart(f"{number}. {one['kind']}: {one['sentence']} ({one['owner']})"),
                yshift=16,
                showarrow=False,
                bordercolor=INK,
                bgcolor=PAPER,
                borderpad=2,
                font={"color": INK, "size": house.FONT},
            )


def marks(figure: go.Figure, rows: Sequence[house.Row], unit: str, provisional: Collection[date]) -> None:
    """Mark the months of a real change with the verdict's shape, and those that may still change with a ring."""
    for verdict in ("improvement", "concern", "change"):
        flagged = [row for row in rows if row["verdict"] == verdict]
        mark = words.mark(verdict)
        figure.add_scatter(
            x=[row["month"] for row in flagged],
            y=[row["value"] for row in flagged],
            mode="markers",
            marker={
                "symbol": mark.symbol,
                "color": VERDICTS[mark.word][0],
                "size": 11,
                "line": {"color": INK, "width": 1},
            },
            text=[words.figure(row["value"], unit) for row in flagged],
            hovertemplate="%{x|%b %Y}: %{text}, " + mark.word + "<extra></extra>",
        )
    open_months = [row for row in rows if row["month"] in provisional]
    figure.add_scatter(
        x=[row["month"] for row in open_months],
        y=[row["value"] for row in open_months],
        mode="markers",
        marker={"symbol": "circle-open", "color": BLUE, "size": 12, "line": {"width": 2}},
        hovertemplate="%{x|%b %Y}: provisional<extra></extra>",
    )

"""What a trend is made of: the expected range, one line or two with their names, and the marks of real changes."""

import textwrap
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from itertools import groupby

import plotly.graph_objects as go

from metrics.indicator import Indicator
from pages.parts import house
from pages.parts.palette import BLUE, CLEAR, COUNTED, EXPECTED, HATCH, INK, PAPER, PLUM, QUIET, TEAL, VEIL, VERDICTS
from pages.wording import figures, plain, sentences, words

_LETTER, TWO_LINES = 7, 38  # pixels
_FEW_MONTHS = 3  # a line of one month could not be seen
_LONGEST_LINE = 15  # letters
_LOOKS = ((BLUE, "solid"), (TEAL, "dash"))
_NOTE = 0.2  # of the figures' span: the height of a note


def counted(figure: go.Figure, months: Sequence[date]) -> None:
    """Lay a quiet band under the months that the page counts as one, where they are several."""
    for month in months if len(months) > 1 else ():
        half = timedelta(days=16)  # months that follow each other make one band
        figure.add_vrect(x0=month - half, x1=month + half, fillcolor=COUNTED, line_width=0, layer="below")


def band(figure: go.Figure, rows: Sequence[house.Row], unit: str) -> None:
    """Shade the expected range of the months that have one, seasons and all, with what is usual as a dotted line."""
    judged = [row for row in rows if row["lower_limit"] is not None]
    if not judged:
        return
    months, usual = [row["month"] for row in judged], words.figure(judged[-1]["centre"], unit)
    edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    figure.add_scatter(x=months, y=[row["upper_limit"] for row in judged], **edge)
    figure.add_scatter(x=months, y=[row["lower_limit"] for row in judged], fill="tonexty", fillcolor=EXPECTED, **edge)
    centre = {"color": QUIET, "dash": "dot", "width": 1}
    figure.add_scatter(x=months, y=[row["centre"] for row in judged], mode="lines", line=centre, hoverinfo="skip")
    figure.add_annotation(
        x=0,  # from the plot's own edge, in two lines: beside the band a telephone cuts it off
        xref="paper",
        y=1,
        yref="paper",
        text=f"shaded: the expected range;<br>{usual} usual in {words.month(months[-1])}",
        showarrow=False,
        align="left",
        xanchor="left",
        yanchor="bottom",
        font={"color": QUIET, "size": house.FONT},
    )
    figure.update_layout(margin_t=TWO_LINES)


def lines(
    figure: go.Figure,
    named: Sequence[tuple[str, Sequence[house.Row]]],
    indicator: Indicator,
    provisional: Collection[date],
    until: date | None = None,
) -> None:
    """Draw the months of one area and of what it is compared with, the first in front; each line ends in its value.

    Two lines carry their names too; one alone is what the page is about. A line is dotted into a provisional month.
    The words stand beside the end, or beside the month `until` that the picture goes on to.
    """
    unit = indicator.unit
    ends = [_end(rows) for _, rows in named]
    highest = max((end["value"] for end in ends if end), default=0)
    for (name, rows), end, (colour, dash) in reversed(list(zip(named, ends, _LOOKS, strict=False))):
        settled = [row for row in rows if row["month"] not in provisional]
        _line(figure, settled, name, indicator, colour, dash)
        _line(figure, _open_end(rows, provisional), name, indicator, colour, "dot")
        if end is not None:
            said = [f"<b>{words.figure(end['value'], unit)}</b>", *(_wrapped(name) if len(named) > 1 else ())]
            anchor = "middle" if len(named) == 1 else "bottom" if end["value"] == highest else "top"
            _label(figure, {**end, "month": until or end["month"]}, said, BLUE if colour == BLUE else INK, anchor)


def _wrapped(name: str) -> list[str]:
    return [plain.chart(line) for line in textwrap.wrap(name, _LONGEST_LINE)]


def _end(rows: Sequence[house.Row]) -> house.Row | None:
    return next((row for row in reversed(rows) if row["value"] is not None), None)


def _open_end(rows: Sequence[house.Row], provisional: Collection[date]) -> Sequence[house.Row]:
    """Return a line from its last settled month on; nothing where no month at its end is provisional."""
    first = next((step for step, row in enumerate(rows) if row["month"] in provisional), len(rows))
    return rows[max(first - 1, 0) :] if first < len(rows) else ()


def _line(
    figure: go.Figure, rows: Sequence[house.Row], name: str, indicator: Indicator, colour: str, dash: str
) -> None:
    if not rows:
        return
    figure.add_scatter(
        x=[row["month"] for row in rows],
        y=[row["value"] for row in rows],
        mode="lines" if len(rows) > _FEW_MONTHS else "lines+markers",
        line={"color": colour, "width": 2.5, "dash": dash},
        text=[figures.whole(indicator, row) for row in rows],
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
    found = _shifts(rows)
    for step, row in enumerate(found):
        figure.add_vline(x=row["since"], line={"color": INK, "dash": "dash", "width": 1})
        side = "left" if row["since"] < rows[len(rows) * 2 // 3]["month"] else "right"
        _foot(figure, row["since"], sentences.shift(indicator, row), side=side, step=step)


def _foot(figure: go.Figure, month: date, said: str, *, side: str = "right", step: int = 0) -> None:
    """Write a note at a month at the foot of the chart, a line higher each step: near ones would lie on each other."""
    figure.add_annotation(
        x=month,
        y=0,
        yref="paper",
        text=said,
        showarrow=False,
        xanchor=side,
        yanchor="bottom",
        yshift=step * 16,
        bgcolor=VEIL,
        font={"color": INK, "size": house.FONT},
    )


def spikes(figure: go.Figure, rows: Sequence[house.Row]) -> None:
    """Date the months that stand out by themselves, on the side of the line away from what is usual.

    Months that follow each other share one note: two would lie on each other. Where shifts are noted at the foot, the
    axis begins lower, so that a note below the line stays above theirs.
    """
    drawn = _drawn(rows)
    if _noted(rows) and any(_spike(row) == "low" for row in rows):
        foot = min(drawn) - _NOTE * (max(drawn) - min(drawn)) * (_noted(rows) + 1)
        figure.update_yaxes(autorangeoptions_include=max(foot, 0) if min(drawn) >= 0 else foot)
    for side, found in groupby(rows, _spike):
        run = list(found)
        if side is not None:
            early = run[0]["month"] < rows[len(rows) // 3]["month"]
            figure.add_annotation(
                x=run[0]["month"],
                y=run[0]["value"],
                text=f"{words.span([row['month'] for row in run])}: unusually {side}",
                showarrow=False,
                xanchor="left" if early else "right",
                xshift=8 if early else -8,
                yanchor="bottom" if side == "high" else "top",
                bgcolor=VEIL,
                font={"color": INK, "size": house.FONT},
            )


def _spike(row: house.Row) -> str | None:
    if row["signal"] != "spike" or row["value"] is None:
        return None
    return "high" if row["value"] > row["centre"] else "low"


def _noted(rows: Sequence[house.Row]) -> int:
    """Count the lines that the notes of shifts take at the foot."""
    return len(_shifts(rows))


def _shifts(rows: Sequence[house.Row]) -> list[house.Row]:
    months = {row["month"] for row in rows}
    return [row for row in rows if row["signal"] == "shift" and row["since"] in months]


def unknown(figure: go.Figure, rows: Sequence[house.Row]) -> None:
    """Hatch the months at the end that have no figure yet, and say why where the answer does."""
    known = [row["month"] for row in rows if row["value"] is not None]
    immature = [row for row in rows if not known or row["month"] > known[-1]]
    if not known or not immature:
        return
    since, until = immature[0]["month"], immature[-1]["month"] + timedelta(days=12)
    hatch = {"shape": "/", "fgcolor": HATCH, "bgcolor": CLEAR, "size": 8, "solidity": 0.15}
    figure.add_bar(
        x=[since + (until - since) / 2],
        y=[1],
        width=[(until - since) / timedelta(milliseconds=1)],
        yaxis="y2",
        marker={"color": CLEAR, "pattern": hatch, "line": {"width": 0}},
        hoverinfo="skip",
    )
    figure.update_layout(yaxis2={"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True})
    _foot(figure, until, f"hatched: {immature[-1].get('note') or 'no figure yet'}", step=_noted(rows))


def flat(figure: go.Figure, rows: Sequence[house.Row], unit: str) -> None:
    """Give a line without any height an axis from nothing up; left to itself it would run below nothing."""
    drawn = _drawn(rows)
    if drawn and min(drawn) == max(drawn) >= 0:
        figure.update_yaxes(range=[0, max(drawn) * 1.25 or (10 if unit == "%" else 1)])
    elif drawn and min(drawn) >= 0:
        figure.update_yaxes(rangemode="nonnegative")


def _drawn(rows: Sequence[house.Row]) -> list[float]:
    return [row[name] for row in rows for name in ("value", "lower_limit", "upper_limit") if row[name] is not None]


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


def marks(figure: go.Figure, rows: Sequence[house.Row], indicator: Indicator, provisional: Collection[date]) -> None:
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
            text=[figures.whole(indicator, row) for row in flagged],
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
    if any(row["value"] is not None for row in open_months):
        _foot(figure, open_months[-1]["month"], "dotted: provisional, may still change", step=_noted(rows))

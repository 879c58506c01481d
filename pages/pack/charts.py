"""A finding's chart: PowerPoint's own, whose figures can be read and edited, with the expected range as lines."""

from collections.abc import Sequence
from typing import Any

from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.chart.series import LineSeries
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.slide import Slide
from pptx.util import Pt

from metrics.indicator import Indicator
from pages.pack.boxes import FONT, Box, colour
from pages.parts import palette
from pages.wording import figures, sentences, words

RANGE = {"upper_limit": "expected, at most", "centre": "usual", "lower_limit": "expected, at least"}
DASHES = {"expected, at most": MSO_LINE.DASH, "usual": MSO_LINE.ROUND_DOT, "expected, at least": MSO_LINE.DASH}
SHAPES = {"circle": XL_MARKER_STYLE.CIRCLE, "square": XL_MARKER_STYLE.SQUARE, "diamond": XL_MARKER_STYLE.DIAMOND}
LABELS = 11  # points
EVERY = 4  # months between two labels of the axis
Row = dict[str, Any]


def draw(slide: Slide, indicator: Indicator, series: Sequence[Row], box: Box, said: str) -> None:
    """Add the months of a series to a slide; a month without a figure is a gap. `said` is for who does not see it."""
    series = [figures.judged(indicator, row) for row in series]
    data = CategoryChartData(number_format=_number_format(series))
    data.categories = [row["month"] for row in series]
    data.add_series("each month", [row["value"] for row in series])
    known = any(row.get("upper_limit") is not None for row in series)
    for column, name in RANGE.items() if known else ():
        data.add_series(name, [row.get(column) for row in series])
    changed = list(dict.fromkeys(row["verdict"] for row in series if _is_change(row)))
    for verdict in changed:
        data.add_series(verdict, [row["value"] if row["verdict"] == verdict else None for row in series])
    frame = slide.shapes.add_chart(XL_CHART_TYPE.LINE_MARKERS, *box.place, data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", said)
    _style(frame.chart, indicator)
    for one in frame.chart.plots[0].series:
        if one.name in changed:
            _mark(one)
        elif one.name in DASHES:
            _line(one, palette.QUIET, 1.25, DASHES[one.name])
        else:
            _line(one, palette.BLUE, 2.5)


def _style(chart: Chart, indicator: Indicator) -> None:
    chart.font.name, chart.font.size, chart.font.color.rgb = FONT, Pt(LABELS), colour(palette.INK)
    chart.has_title, chart.has_legend = False, True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    values, months = chart.value_axis, chart.category_axis
    values.has_title = True
    values.axis_title.text_frame.text = words.unit_words(indicator.unit)
    values.axis_title.text_frame.paragraphs[0].runs[0].font.size = Pt(LABELS)
    values.axis_title.text_frame.paragraphs[0].runs[0].font.bold = False
    values.major_gridlines.format.line.color.rgb = colour(palette.GRID)
    values.format.line.fill.background()
    months.format.line.color.rgb = colour(palette.LINE)
    months.tick_labels.number_format, months.tick_labels.number_format_is_linked = "mmm yy", False
    for kind, value in (("majorUnit", EVERY), ("majorTimeUnit", "months")):
        months._element.append(parse_xml(f'<c:{kind} {nsdecls("c")} val="{value}"/>'))


def _line(series: LineSeries, ink: str, width: float, dash: MSO_LINE | None = None) -> None:
    line = series.format.line
    line.color.rgb, line.width = colour(ink), Pt(width)
    if dash is not None:
        line.dash_style = dash
    series.smooth, series.marker.style = False, XL_MARKER_STYLE.NONE


def _is_change(row: Row) -> bool:
    return row["value"] is not None and row.get("verdict") in sentences.REAL


def _mark(series: LineSeries) -> None:
    """Draw the months that really changed as what they are, told apart by shape too: a series, so that it has a key."""
    ink, _ = palette.VERDICTS[series.name]
    series.format.line.fill.background()
    series.smooth, marker = False, series.marker
    marker.style, marker.size = SHAPES[words.mark(series.name).shape], 11
    marker.format.fill.solid()
    marker.format.fill.fore_color.rgb = colour(ink)
    marker.format.line.color.rgb = colour(palette.INK)


def _number_format(series: Sequence[Row]) -> str:
    highest = max((abs(row["value"]) for row in series if row["value"] is not None), default=0)
    return "#,##0" if highest >= 20 else "0.0"

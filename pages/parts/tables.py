"""Tables that read like the charts beside them, and the download that is the frame that was drawn."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from data_access.csv_file import csv_bytes
from data_access.export import MARKING
from data_access.workbook import workbook_bytes
from metrics.funnel import funnel, ties
from metrics.indicator import Indicator
from metrics.levels import LEVELS
from pages.parts import area_table, downloads, listed, method, picture
from pages.parts.once import made_once
from pages.selections.context import Context
from pages.wording import plain, words
from pages.wording.figures import is_few, mark, n

_SHOWN = (
    "value",
    "year_before",
    "change",
    "change_on_year",
    "year_to_date",
    "year_to_date_last_year",
    "rolling_12_months",
    "rank",
    "verdict",
    "note",
)
_TITLES = {
    "year_before": "The year before",
    "change": "On last month",
    "change_on_year": "On last year",
    "year_to_date": "Year to date",
    "year_to_date_last_year": "Last year to date",
    "rolling_12_months": "Rolling 12 months",
    "rank": "Rank",
    "note": "Note",
    "n": "Of what",
}
_KEPT = 1024  # tables, some 20 kB each
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LEADING = ("area_name", "month", "value", "verdict")
_HIDDEN = frozenset({"area_level", "area_code"})
_SIGNED = ("change", "change_on_year")
_LEVELS = {level: words.level(level) for level in LEVELS}
_NAMES = {
    "indicator_id": "Indicator",
    "area_level": "Level",
    "area_code": "Code",
    "area_name": "Area",
    "month": "Month",
    "weekday": "Weekday (1 = Mon)",
    "hour": "Hour",
    "value": "Value",
    "lower_limit": "Lower limit",
    "upper_limit": "Upper limit",
    "centre": "Mean",
    "numerator": "Numerator",
    "denominator": "Denominator",
}


def figures(context: Context, frame: pl.DataFrame, *, key: str, title: str, ranked: bool = True) -> None:
    """Draw one indicator in one month or period as a table, an area a row; a row is a link to its area.

    `frame` has compare's columns and one indicator; `ranked` sorts it best first, else it keeps its order. The
    download beside it holds every column unrounded.
    """
    title = context.titled(context.dated(title) if "year_before" in frame.columns else title)
    st.markdown(f"### {plain.markdown(title)}", anchors=False)
    if frame.is_empty():
        st.info("No data for this selection. Choose another month or area, or clear the selections above.")
        return
    html, shown = _of_areas(context, frame, title, ranked)
    st.html(html)
    twin(context, shown, key=key, title=title)


@made_once(_KEPT)
def _of_areas(context: Context, frame: pl.DataFrame, title: str, ranked: bool) -> tuple[str, pl.DataFrame]:
    """Write the table of `figures`, and return its rows in the order in which they stand there."""
    indicator = context.indicator(frame["indicator_id"][0])
    frame = frame.sort("rank", "area_name", nulls_last=True) if ranked else frame
    level = frame["area_level"][0]
    columns = [name for name in _SHOWN if name in frame.columns and frame[name].null_count() < frame.height]
    mixed = frame["area_level"].n_unique() > 1
    columns = [name for name in columns if not (mixed and name == "rank")]
    shown = frame.select("area_name", *(("area_level",) if mixed else ()), *columns)
    if "rank" in columns:
        places = ties(funnel(frame, indicator)).iter_rows(named=True)
        shown = shown.with_columns(rank=pl.Series(list(map(_rank, places)), dtype=pl.String))
    if "verdict" in columns:
        marks = [mark(indicator, row).word for row in frame.iter_rows(named=True)]
        shown = shown.with_columns(verdict=pl.Series(marks, dtype=pl.String))
    told = _with_n(shown, frame, indicator)
    heads = {"area_name": _head(level, mixed), "area_level": "Level", **_columns(told, indicator)}
    if "year_before" in frame.columns:
        heads["verdict"] = st.column_config.TextColumn(f"{words.month(context.selection.month)}: is it real?")
    if mixed:
        told = told.with_columns(pl.col("area_level").replace(_LEVELS)).rename({"area_level": "level"})
    return area_table.html(context, frame, told, title=title, columns=heads), frame


def _with_n(shown: pl.DataFrame, frame: pl.DataFrame, indicator: Indicator) -> pl.DataFrame:
    """Put beside each percentage or rate of `shown` what it is made of; a percentage of a few is that alone."""
    lines = list(frame.iter_rows(named=True))
    made_of = pl.Series([n(indicator, row) or None for row in lines], dtype=pl.String)
    if made_of.null_count() == len(made_of) or "value" not in shown.columns:
        return shown
    few = pl.Series([is_few(indicator, row) for row in lines], dtype=pl.Boolean)
    told = shown.with_columns(pl.when(~few).then("value").alias("value"), n=made_of)
    place = shown.columns.index("value") + 1
    return told.select(*shown.columns[:place], "n", *shown.columns[place:])


def _rank(row: Mapping[str, Any]) -> str | None:
    """Write a place among the areas: '3 of 44'; for areas that differ by chance only, that they do."""
    if row["rank"] is None:
        return None
    return "tie: chance" if row["tie"] else f"{row['rank']} of {row['ranked_of']}"


def rows(
    context: Context,
    frame: pl.DataFrame,
    *,
    key: str,
    title: str,
    columns: dict[str, Any] | None = None,
    height: int | str = "auto",
    drill: bool = False,
) -> None:
    """Draw any small frame as a table with its download; `columns` is Streamlit's column_config, hidden where None.

    `drill`: each row is a link to the area that its area_level and area_code name.
    """
    st.markdown(f"### {plain.markdown(title)}", anchors=False)
    if frame.is_empty():
        st.info("Nothing to list for this selection.")
        return
    heads = {**_plain_columns(frame), **(columns or {})}
    if drill:
        st.html(area_table.html(context, frame, frame, title=title, columns=heads))
    else:
        _draw(frame, heads, key=key, title=title, height=height)
    twin(context, frame, key=key, title=title)


def _draw(shown: pl.DataFrame, columns: Mapping[str, Any], *, key: str, title: str, height: int | str) -> None:
    """Draw a frame as a table on a screen, and as plain rows on paper and on a telephone: the style sheet shows one."""
    with st.container(key=f"listed_{key}"):
        st.dataframe(
            shown,
            hide_index=True,
            key=key,
            column_config=columns,
            placeholder="",
            alt=title,
            lazy=False,
            height=height,
        )
        st.html(listed.html(shown, columns, title))


def twin(context: Context, frame: pl.DataFrame, *, key: str, title: str, figure: go.Figure | None = None) -> None:
    """Offer a chart's rows as a table, CSV and workbook, its picture and how it is worked out, behind a quiet sign."""
    offered = "table, CSV, Excel, picture" if figure is not None else "table, CSV, Excel"
    label = f"{plain.markdown(title)}: {offered}, how it is worked out"
    # What is offered is drawn when the sign is opened: a quarter of a page's messages, most of which nobody looks at.
    opened = st.popover(label, type="tertiary", key=f"twin_{key}", on_change="rerun")
    if not opened.open:
        return
    with opened:
        if st.button("Table", type="tertiary", key=f"table_{key}"):
            _dialog(frame, title)
        download(context, frame, key=key, title=title)
        if figure is not None:
            name = file_name(context, title).removesuffix(".csv")
            picture.offer(context, figure, frame, key=key, title=title, name=name)
        if "indicator_id" in frame.columns and frame["indicator_id"].n_unique() == 1:
            method.button(context, frame["indicator_id"][0], _of_selection(context, frame), key=key)


def _dialog(frame: pl.DataFrame, title: str) -> None:
    st.dialog(plain.markdown(title), width="large")(_plain)(frame, title)


def _plain(frame: pl.DataFrame, title: str) -> None:
    columns = _plain_columns(frame)
    order = [name for name in _LEADING if name in columns] + [name for name in columns if name not in _LEADING]
    shown = [name for name in order if name not in _HIDDEN and frame[name].null_count() < frame.height]
    st.dataframe(
        frame.select(shown), hide_index=True, column_config=columns, placeholder="", alt=title, lazy=False, height=480
    )


@made_once(_KEPT)
def _of_selection(context: Context, frame: pl.DataFrame) -> dict[str, Any]:
    """Return the row that the explanation works through: that of the selected area and month, if the frame has it."""
    if "verdict" not in frame.columns:
        return {}
    chosen = context.selection
    own = frame.filter(pl.col("area_code") == chosen.code, pl.col("month") == chosen.month)
    return method.shown(context, own.row(0, named=True)) if own.height == 1 else {}


def download(context: Context, frame: pl.DataFrame, *, key: str, title: str) -> None:
    """Offer a frame as a CSV and as a workbook: itself, unrounded, with data version and marking; enters the trail."""
    version = context.reader.version.number
    name = file_name(context, title)
    kinds = {
        "CSV": (name, "text/csv", lambda: csv(frame, version)),
        "Excel": (name.replace(".csv", ".xlsx"), _WORKBOOK, lambda: workbook_bytes(_marked(frame, version), title)),
    }
    for label, (file, mime, made) in kinds.items():
        downloads.offer(
            context,
            label,
            made,
            name=file,
            entry=f"data version {version}, {frame.height:,} rows",
            right=downloads.right_of(frame),
            mime=mime,
            key=f"{label.lower()}_{key}",
            type="tertiary",
            help=f"{plain.markdown(title)}: every column, unrounded",
        )


def csv(frame: pl.DataFrame, version: int) -> bytes:
    """Write a frame as RFC 4180 CSV, with data version and marking as last columns."""
    return csv_bytes(_marked(frame, version))


def _marked(frame: pl.DataFrame, version: int) -> pl.DataFrame:
    return frame.with_columns(data_version=pl.lit(version), marking=pl.lit(MARKING))


def file_name(context: Context, title: str) -> str:
    """Name a download by what it is, where and when: 'abstraction-by-lpa_coventry_2024-10_official.csv'."""
    when = context.when() if context.selection.spans else f"{context.selection.month:%Y-%m}"
    parts = (title, context.place, when, MARKING)
    return "_".join(re.sub(r"[^a-z0-9]+", "-", part.lower()).strip("-")[:60] for part in parts) + ".csv"


def _columns(shown: pl.DataFrame, indicator: Indicator) -> dict[str, Any]:
    def number_of(name: str, title: str) -> Any:
        form = number_format(shown[name].to_list() if name in shown.columns else (), indicator.unit)
        return st.column_config.NumberColumn(title, format=form.replace("%", "%+", 1) if name in _SIGNED else form)

    number = {name: number_of(name, _TITLES[name]) for name in _TITLES if name not in ("rank", "note", "n")}
    return {
        "value": number_of("value", words.capital(words.unit_of(indicator))),
        **number,
        "rank": st.column_config.TextColumn("Rank", help="1 is best; tie: only chance sets it apart"),
        "verdict": st.column_config.TextColumn("Is it real?", width="medium"),
        "note": "Note",
        "n": st.column_config.TextColumn("Of what", help="A percentage of fewer than 10 is written as this alone"),
    }


def _head(level: str, mixed: bool) -> str:
    if mixed:
        return "Area"
    name = words.level(level)
    return name[0].upper() + name[1:]


def number_format(values: Iterable[float | None], unit: str) -> str:
    """Return the format of a column's numbers: the decimals that the one which needs most is written with."""
    known = [words.places(value, unit) for value in values if value is not None]
    return f"%,.{max(known, default=0)}f"


def _plain_columns(frame: pl.DataFrame) -> dict[str, Any]:
    titles = {name: _NAMES.get(name, words.capital(name.replace("_", " "))) for name in frame.columns}
    kinds = {pl.Date: st.column_config.DateColumn, pl.Float64: st.column_config.NumberColumn}
    formats = {pl.Date: "DD MMM YYYY", pl.Float64: "%,.1f"}
    return {
        name: kinds[dtype](titles[name], format=formats[dtype]) if dtype in kinds else titles[name]
        for name, dtype in frame.schema.items()
    }

"""The monthly benchmark: the table that the CSV holds, to search, to read about and to download."""

from collections.abc import Callable
from datetime import date

import polars as pl
import streamlit as st

from data_access import export
from data_access.csv_file import csv_bytes
from metrics.news import news
from pages.parts import downloads, headline
from pages.selections.context import Context
from pages.selections.places import line
from pages.wording import plain, words

TITLE = "Benchmark"
_ALL, _ALL_VERDICTS = "all levels", "all verdicts"
_REAL = ("improvement", "concern", "change")


def render(context: Context) -> None:
    """Draw the page: how much really changed, the choice, the table, the downloads, what is in each column."""
    month = context.selection.month
    head = st.container()
    public, weights = _edition(context)
    after = context.reader.store.newest_edition()
    with st.spinner("Working out every indicator of every area"):
        rows = export.benchmark(context.reader, month, public=public, weight_set=weights)
    with head:
        st.markdown(f"# {plain.markdown(sentence(rows, month))}")
        edition = _edition_words(public)
        headline.caption(f"Every indicator, area by area, as the monthly CSV has it · {words.month(month)} · {edition}")
    shown = _narrowed(context, rows)
    st.dataframe(
        shown,
        hide_index=True,
        column_config=_CONFIG,
        key="benchmark_table",
        height=520,
        placeholder="",
        alt=f"Benchmark of {words.month(month)}, {shown.height} rows",
        lazy=False,
    )
    headline.caption(
        f"{shown.height:,} of {rows.height:,} rows shown, rounded. The download has all of them, unrounded."
    )
    _downloads(context, rows, public, lambda: export.release(context.reader, [month], after=after, weight_set=weights))
    _help(month)


def sentence(rows: pl.DataFrame, month: date) -> str:
    """Write the finding: how many of the LPAs' figures are new signals, as the Overview counts them."""
    judged = rows.filter(pl.col("area_level") == "lpa", pl.col("verdict").is_not_null())
    if judged.is_empty():
        return f"Benchmark {words.month(month)}: too few months for a verdict"
    told = news(judged)
    new = told.shifts.height + told.spikes.height
    return f"Benchmark {words.month(month)}: {new:,} of {judged.height:,} LPA figures are new signals"


def _edition_words(public: bool) -> str:
    return "public edition" if public else "full edition"


def _edition(context: Context) -> tuple[bool, str | None]:
    """Choose between the full and the public edition, and the crime harm weights where several are loaded."""
    newest = export.newest_public_month(date.today())
    default, loaded = context.reader.settings.harm.weight_set, context.reader.weight_sets()
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom", key="benchmark_edition"):
        public = st.toggle(
            "For publication",
            key="benchmark_public",
            disabled=not context.reader.scope.force or context.selection.month > newest,
            help="A full month behind, small counts below LPA suppressed",
        )
        weights = default
        if len(loaded) > 1:
            start = loaded.index(default) if default in loaded else 0
            weights = st.selectbox("Crime harm weights", loaded, index=start, key="benchmark_weights", width=240)
    headline.caption(_rules(context, newest))
    allowed = context.reader.scope.force and context.selection.month <= newest
    return public and allowed, None if weights == default else weights


def _rules(context: Context, newest: date) -> str:
    """Say what the public edition leaves out and when it may be made."""
    said = (
        "For publication: counts of 1 to 4 below LPA are emptied (“suppressed”), with as many more as keep them from "
        "being worked out, now or from an earlier edition. The download is kept as an edition."
    )
    if not context.reader.scope.force:
        return f"{said} Only a viewer of the whole force can make it, since all areas are suppressed together."
    if context.selection.month > newest:
        return f"{said} The newest month that may be published is {words.month(newest)}: a full month must have passed."
    return said


def _narrowed(context: Context, rows: pl.DataFrame) -> pl.DataFrame:
    """Keep what the viewer asks to see: a level, some indicators, the selected area."""
    names = dict(rows.select("indicator_id", "indicator_name").unique(maintain_order=True).iter_rows())
    present = [level for level in export.LEVELS if level in rows["area_level"]]
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom", key="benchmark_filters"):
        level = st.selectbox("Level", [_ALL, *present], format_func=words.level, key="benchmark_level", width=200)
        chosen = st.multiselect(
            "Indicators",
            list(names),
            format_func=lambda one: f"{one} {names[one]}",
            placeholder="all indicators: type to search",
            key="benchmark_indicators",
            width=460,
        )
        verdict = st.selectbox("Verdict", [_ALL_VERDICTS, *_REAL, "no real change"], key="benchmark_verdict", width=200)
        narrow = context.selection.level != "force" and st.toggle(
            f"Only {plain.markdown(context.place)} and what is in it", key="benchmark_here"
        )
    kept = rows if level == _ALL else rows.filter(pl.col("area_level") == level)
    kept = kept.filter(pl.col("indicator_id").is_in(chosen)) if chosen else kept
    kept = kept if verdict == _ALL_VERDICTS else kept.filter(pl.col("verdict") == verdict)
    return kept.filter(pl.struct("area_level", "area_code").is_in(_inside(context))) if narrow else kept


def _inside(context: Context) -> pl.Series:
    """List the selected area and all areas in it."""
    selected = (context.selection.level, context.selection.code)
    places = [place for place in context.places.names if selected in line(context.places, place)]
    return pl.DataFrame(places, {"area_level": pl.String, "area_code": pl.String}, orient="row").to_struct()


def _downloads(context: Context, rows: pl.DataFrame, public: bool, release: Callable[[], None]) -> None:
    month = context.selection.month
    name = export.file_name(month)

    def made() -> bytes:
        if public:
            release()
        return csv_bytes(rows)

    with st.container(horizontal=True, gap="small", key="benchmark_downloads"):
        downloads.offer(
            context,
            f"Download {name}",
            made,
            name=name,
            entry=f"{_edition_words(public)}, {rows.height:,} rows",
            mime="text/csv",
            key="benchmark_csv",
            type="primary",
            help="Entered in the audit trail",
        )
        downloads.offer(
            context,
            "Download its description (CSVW)",
            lambda: export.description_bytes(name, month, public=public),
            name=f"{name}-metadata.json",
            entry=_edition_words(public),
            mime="application/csvm+json",
            key="benchmark_csvw",
            help="CSV on the Web, a W3C standard: every column with its type and meaning, for other software to read",
        )


def _help(month: date) -> None:
    """Say what is in each column, and which command writes the same file."""
    with st.expander("What is in each column?", key="benchmark_columns"):
        lines = [f"| `{column.name}` | {column.datatype} | {column.description} |" for column in export.COLUMNS]
        st.markdown("\n".join(["| Column | Type | What it holds |", "|---|---|---|", *lines]))
    headline.caption(
        f"The same file without a browser: `python -m data_access export --month {month:%Y-%m} --out DIR` "
        "(`--since YYYY-MM` for every month from then on, `--public` for publication)."
    )


_CONFIG = {
    column.name: st.column_config.NumberColumn(column.name, help=column.description, width=110)
    if column.datatype in ("number", "integer")
    else st.column_config.TextColumn(column.name, help=column.description)
    for column in export.COLUMNS
}

"""The monthly benchmark: the table that the CSV holds, to search, to read about and to download."""

from datetime import date

import polars as pl
import streamlit as st

from data_access import export
from metrics import news_ids
from metrics.news import news
from pages.parts import headline
from pages.sections import benchmark_choice, benchmark_file
from pages.selections.context import Context
from pages.wording import plain, words

TITLE = "Benchmark"


def render(context: Context) -> None:
    """Draw the page: how much really changed, the choice, the table, the downloads, what is in each column."""
    month = context.selection.month
    head = headline.room()
    public, weights = benchmark_choice.edition(context)
    after = context.reader.store.newest_edition()
    with st.spinner("Working out every indicator of every area"):
        rows = export.benchmark(context.reader, month, public=public, weight_set=weights)
    with head:
        st.markdown(f"# {plain.markdown(sentence(rows, month))}")
        edition = benchmark_choice.edition_words(public)
        headline.caption(f"Every indicator, area by area, as the monthly CSV has it · {words.month(month)} · {edition}")
    headline.of_month(context)
    shown, asked = benchmark_choice.narrowed(context, rows)
    st.dataframe(
        shown,
        hide_index=True,
        column_config=benchmark_file.CONFIG,
        key="benchmark_table",
        height=520,
        placeholder="",
        alt=f"Benchmark of {words.month(month)}, {shown.height} rows",
        lazy=False,
    )
    headline.caption(
        f"Shown, rounded: {plain.markdown(asked)}. {shown.height:,} of {rows.height:,} rows. The table follows what is "
        "selected above and here; downloads are unrounded, of what is shown or of all rows."
    )
    benchmark_file.offer(
        context,
        rows,
        public,
        lambda: export.release(context.reader, [month], after=after, weight_set=weights),
        shown=shown,
        asked=asked,
    )
    benchmark_file.explain(month)


def sentence(rows: pl.DataFrame, month: date) -> str:
    """Write the finding: how many of the LPAs' figures are new signals, as the Overview counts them."""
    in_news = pl.col("indicator_id").str.split(":").list.first().is_in(news_ids())
    judged = rows.filter(pl.col("area_level") == "lpa", pl.col("verdict").is_not_null(), in_news)
    if judged.is_empty():
        return f"Benchmark {words.month(month)}: too few months for a verdict"
    told = news(judged)
    new = told.shifts.height + told.spikes.height
    return f"Benchmark {words.month(month)}: {new:,} of {judged.height:,} LPA figures are new signals"

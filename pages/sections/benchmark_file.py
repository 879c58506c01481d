"""The benchmark as a file: its downloads, its columns, and the command that writes it."""

from collections.abc import Callable
from datetime import date

import polars as pl
import streamlit as st

from data_access import export
from data_access.csv_file import csv_bytes
from pages.parts import downloads, headline
from pages.sections.benchmark_choice import edition_words
from pages.selections.context import Context

CONFIG = {
    column.name: st.column_config.NumberColumn(column.name, help=column.description, width=110)
    if column.datatype in ("number", "integer")
    else st.column_config.TextColumn(column.name, help=column.description)
    for column in export.COLUMNS
}


def offer(
    context: Context,
    rows: pl.DataFrame,
    public: bool,
    release: Callable[[], None],
    *,
    shown: pl.DataFrame,
    asked: str,
) -> None:
    """Offer the CSV of all rows, that of those `shown` (`asked` in words), and the description.

    `release` keeps the public edition, before any of it is handed out. Suppression was of all rows together.
    """
    month = context.selection.month
    name = export.file_name(month)

    def made(given: pl.DataFrame) -> bytes:
        if public:
            release()
        return csv_bytes(given)

    with st.container(horizontal=True, gap="small", key="benchmark_downloads"):
        downloads.offer(
            context,
            f"Download {name}",
            lambda: made(rows),
            name=name,
            entry=f"{edition_words(public)}, {rows.height:,} rows",
            mime="text/csv",
            key="benchmark_csv",
            type="primary",
            help="Entered in the audit trail",
        )
        if shown.height < rows.height:
            downloads.offer(
                context,
                f"Download only what is shown ({shown.height:,})",
                lambda: made(shown),
                name=name.replace(".csv", "-shown.csv"),
                entry=f"{edition_words(public)}, {shown.height:,} of {rows.height:,} rows: {asked}",
                mime="text/csv",
                key="benchmark_shown",
                help="Entered in the audit trail, with what was chosen; its columns are those of the whole file",
            )
        downloads.offer(
            context,
            "Download its description (CSVW)",
            lambda: export.description_bytes(name, month, public=public),
            name=f"{name}-metadata.json",
            entry=edition_words(public),
            mime="application/csvm+json",
            key="benchmark_csvw",
            help="CSV on the Web, a W3C standard: every column with its type and meaning, for other software to read",
        )


def explain(month: date) -> None:
    """Say what is in each column, and which command writes the same file."""
    with st.expander("What is in each column?", key="benchmark_columns"):
        lines = [f"| `{column.name}` | {column.datatype} | {column.description} |" for column in export.COLUMNS]
        st.markdown("\n".join(["| Column | Type | What it holds |", "|---|---|---|", *lines]))
    headline.caption(
        f"The same file without a browser: `python -m data_access export --month {month:%Y-%m} --out DIR` "
        "(`--since YYYY-MM` for every month from then on, `--public` for publication)."
    )

"""The one CSV writer, for every table that leaves the suite: no cell of it runs as a formula in a spreadsheet."""

import polars as pl
import polars.selectors as cs

# What a spreadsheet takes for the start of a formula, or strips on its way to one [OWASP, CSV Injection].
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
NEUTRALISED = (
    "A text cell that begins with =, +, -, @, a tab or a line end is written with an apostrophe before it, so that no "
    "spreadsheet runs it as a formula; numbers are written as they are."
)


def csv_bytes(rows: pl.DataFrame, *, line_end: str = "\r\n") -> bytes:
    """Write a frame as RFC 4180 has it: UTF-8, a header, no rounding, formulas neutralised as NEUTRALISED says."""
    return without_formulas(rows).write_csv(line_terminator=line_end).encode()


def without_formulas(rows: pl.DataFrame) -> pl.DataFrame:
    """Return a frame of which no text and no name runs as a formula, as NEUTRALISED says."""
    texts = cs.string() | cs.categorical() | cs.enum()
    safe = rows.with_columns(texts.cast(pl.String)).with_columns(_neutral(texts))
    return safe.rename(_neutral_name)


def _neutral(text: pl.Expr) -> pl.Expr:
    runs = pl.any_horizontal(text.str.starts_with(start) for start in FORMULA_STARTS)
    return pl.when(runs).then("'" + text).otherwise(text).name.keep()


def _neutral_name(name: str) -> str:
    return f"'{name}" if name.startswith(FORMULA_STARTS) else name

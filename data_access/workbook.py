"""The one writer of workbooks, for readers who work in Excel: the same rows and columns as the CSV."""

from io import BytesIO

import polars as pl
import polars.selectors as cs
from xlsxwriter import Workbook

from data_access.csv_file import without_formulas
from metrics.levels import LONDON

_LONGEST_NAME = 31  # letters; Excel's own bound, as are the signs that a sheet's name may not have
_FORBIDDEN = str.maketrans(dict.fromkeys(r"[]:*?/\\", " "))


def workbook_bytes(rows: pl.DataFrame, title: str) -> bytes:
    """Write a frame as an Excel workbook of one sheet named by `title`, unrounded, formulas neutralised as in a CSV.

    Instants are written in local time, since a workbook knows no time zones.
    """
    local = rows.with_columns(cs.datetime(time_zone="*").dt.convert_time_zone(LONDON).dt.replace_time_zone(None))
    file = BytesIO()
    # Belt and braces: nor does the writer make a formula or a link of any text.
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    with Workbook(file, {"in_memory": True, **plain}) as book:
        without_formulas(local).write_excel(book, title.translate(_FORBIDDEN)[:_LONGEST_NAME].strip(" '") or "Rows")
    return file.getvalue()

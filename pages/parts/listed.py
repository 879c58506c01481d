"""The rows of a table as plain HTML: whole on paper, a list on a telephone, where a table's drawing shows its corner.

Cells are written as Streamlit writes them from the same columns; tests/pages/parts/test_listed.py compares the forms.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from html import escape
from typing import Any

import polars as pl

from pages.parts.once import made_once
from pages.wording import words

_KEPT = 1024  # tables, some 10 kB each
MOST_ROWS = 60  # two sheets of paper; the download has the others
_NUMBER = re.compile(r"%([+]?)(,?)(?:\.(\d+))?[df]")


@made_once(_KEPT)
def html(frame: pl.DataFrame, columns: Mapping[str, Any], title: str) -> str:
    """Write the first MOST_ROWS rows; `columns` is Streamlit's column_config: a column that is None stays out."""
    shown = [name for name in frame.columns if columns.get(name, name) is not None]
    heads = {name: escape(_label(columns.get(name), name)) for name in shown}
    rows = frame.select(shown).head(MOST_ROWS).iter_rows(named=True)
    body = "".join(
        f"<tr>{''.join(_cell(row[name], columns.get(name), heads[name]) for name in shown)}</tr>" for row in rows
    )
    left = frame.height - MOST_ROWS
    named = "".join(f'<th scope="col">{head}</th>' for head in heads.values())
    more = f"<p>The first {MOST_ROWS} of {frame.height:,}: the download has them all.</p>" if left > 0 else ""
    return (
        f'<div class="npd-rows" role="region" tabindex="0" aria-label="{escape(title)}"><table><thead><tr>'
        f"{named}</tr></thead><tbody>{body}</tbody></table>{more}</div>"
    )


def _cell(value: object, column: Any, head: str) -> str:
    kind = ' class="npd-number"' if isinstance(value, int | float) and not isinstance(value, bool) else ""
    said = escape(written(value, column))
    return f'<td data-head="{head}"{kind}>{said}</td>' if said else f'<td data-head="{head}" class="npd-none"></td>'


def written(value: object, column: Any) -> str:
    """Write one cell as text, in the format that its column has."""
    form = (column.get("type_config") or {}).get("format") if isinstance(column, dict) else None
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _number(value, form or ("%,d" if isinstance(value, int) else "%,.1f"))
    if isinstance(value, datetime):
        return words.day(value) if form and "H" not in form else words.moment(value)
    if isinstance(value, date):
        return words.month(value) if form == "MMM YYYY" else words.day(value)
    return str(value)


def _number(value: float, form: str) -> str:
    def digits(found: re.Match[str]) -> str:
        sign, thousands, places = found.groups()
        return format(value, f"{sign}{thousands}.{places or 0}f").replace("-", words.MINUS)

    return _NUMBER.sub(digits, form).replace("%%", "%")


def _label(column: Any, name: str) -> str:
    if isinstance(column, str):
        return column
    return (column or {}).get("label") or name

"""Tables whose rows are links: a click anywhere on a row, or Enter on its name, opens the area that it names there."""

import re
from collections.abc import Collection, Mapping
from datetime import date
from html import escape
from typing import Any

import polars as pl

from pages.parts import drawing
from pages.parts.once import made_once
from pages.selections import links
from pages.selections.context import Context
from pages.wording import words

_FORMAT = re.compile(r"%(?P<sign>\+?)(?P<comma>,?)(?:\.(?P<places>\d))?[df](?P<after>.*)")
_PLACES = 1  # of a number whose column says nothing
_FIRST = ("area_name", "value", "n", "verdict")  # what a telephone shows of a table of figures
_KEPT = 1024  # tables, some 20 kB each
_HIDDEN = ("area_level", "area_code")
_MARKS = {mark.word: mark for mark in (*words.VERDICTS.values(), words.TOO_FEW)}
Columns = Mapping[str, Any]


@made_once(_KEPT)
def html(context: Context, frame: pl.DataFrame, shown: pl.DataFrame, *, title: str, columns: Columns) -> str:
    """Write `shown`, a row for each of `frame`, whose area_level and area_code say where the row leads.

    `columns` is Streamlit's column_config: heads, number formats, None for hidden ones. A head sorts by its column.
    What is more than half a screen is scrolled to.
    """
    names = [name for name in shown.columns if name not in _HIDDEN and columns.get(name, "") is not None]
    more = set(names) - set(_FIRST) if {"value", "verdict"} <= set(names) else set()
    heads = "".join(_head(name, columns.get(name), shown.schema[name], name in more) for name in names)
    places = frame.select(_HIDDEN).rows()
    lines = zip(shown.select(names).iter_rows(named=True), places, strict=True)
    body = "".join(_line(context, row, place, columns, more) for row, place in lines)
    return (
        f'<div class="npd-scroll npd-half" tabindex="0" role="region" aria-label="{escape(title)}">'
        f'<table class="npd-areas"><caption>{escape(title)}</caption><thead><tr>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _head(name: str, column: Any, dtype: pl.DataType, more: bool) -> str:
    label = column if isinstance(column, str) else (column or {}).get("label")
    told = None if isinstance(column, str) else (column or {}).get("help")
    said = escape(label or words.capital(name.replace("_", " ")))
    title = f' title="{escape(told)}"' if told else ""
    kind = _class(dtype.is_numeric(), more)
    return f'<th scope="col" data-name="{escape(name)}"{kind}{title}><button type="button">{said}</button></th>'


def _class(number: bool, more: bool) -> str:
    """Name how a cell stands: numbers to the right, and what a telephone leaves to the download."""
    kinds = ["npd-number"] * number + ["npd-more"] * more
    return f' class="{" ".join(kinds)}"' if kinds else ""


def _line(
    context: Context, row: Mapping[str, Any], place: tuple[str, str], columns: Columns, more: Collection[str]
) -> str:
    first, *others = row
    name = escape(str(row[first]))
    if place in context.places.names and place != (context.selection.level, context.selection.code):
        name = links.link(links.here(context, *place), name)
    cells = "".join(_cell(column, row[column], columns.get(column), column in more) for column in others)
    return f'<tr><th scope="row" data-value="{escape(str(row[first]))}">{name}</th>{cells}</tr>'


def _cell(name: str, value: Any, column: Any, more: bool) -> str:
    if name.endswith("verdict"):
        return f'<td data-value="{escape(value or "")}">{_verdict(value)}</td>'
    if isinstance(value, int | float) and not isinstance(value, bool):
        form = None if column is None or isinstance(column, str) else column["type_config"].get("format")
        return f'<td{_class(True, more)} data-value="{value}">{number(value, form)}</td>'
    said = words.day(value) if isinstance(value, date) else escape(str(value or ""))
    return f'<td{_class(False, more)} data-value="{"" if value is None else escape(str(value))}">{said}</td>'


def _verdict(word: str | None) -> str:
    mark = _MARKS[word or words.mark(None).word]
    return f'<span class="npd-verdict">{drawing.mark_html(mark)} {mark.word}</span>'


def number(value: float, form: str | None) -> str:
    """Write a number in Streamlit's format '%+,.1f %%': '3.82 m' from a million on, and no sign on a zero."""
    found = _FORMAT.fullmatch(form or "")
    sign, comma = (found["sign"], found["comma"]) if found else ("", ",")
    places = int(found["places"] or 0) if found else 0 if float(value).is_integer() else _PLACES
    after = found["after"].replace("%%", "%") if found else ""
    if abs(value) >= words.MILLION:
        written = f"{value / words.MILLION:{sign},.2f} m"
    else:
        written = f"{value:{sign}{comma}.{places}f}"
    if not any(digit in written for digit in "123456789"):
        written = written.lstrip("+-")
    return written.replace("-", words.MINUS) + after

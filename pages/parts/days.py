"""A calendar that is text: a square with a letter for each day, as wide as a finger needs on a telephone."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape
from itertools import groupby
from typing import NamedTuple

import polars as pl
import streamlit as st

from pages.parts import house, tables
from pages.selections.context import Context
from pages.wording import plain, words

_LONGEST_MONTH = 31  # days


class Square(NamedTuple):
    """What stands for one result of a day: its word, whose first letter is written, on a colour, in an ink."""

    word: str
    colour: str
    ink: str


Day = tuple[date, str]  # and its result


def calendar(
    context: Context,
    frame: pl.DataFrame,
    *,
    key: str,
    title: str,
    head: str,
    labels: Iterable[str],
    squares: Mapping[str, Square],
) -> None:
    """Draw a line for each of `labels`, in their order, and each month; `head` says what they are.

    `frame` has `area_name`, which the labels are of, `day` and `result`, a closed set that `squares` draws.
    """
    title = context.titled(title)
    parts = frame.sort("day").partition_by("area_name", as_dict=True)
    days = {name: part.select("day", "result").rows() for (name,), part in parts.items()}
    lines = [_line(name, month, squares) for label in labels for name, month in _months(label, days.get(label, ()))]
    if not lines:
        return house.nothing(title)
    st.markdown(f"### {plain.markdown(title)}", anchors=False)
    numbers = "".join(f'<th scope="col">{number}</th>' for number in range(1, _LONGEST_MONTH + 1))
    st.html(
        f'{_legend(squares)}<div class="npd-scroll" tabindex="0" role="region" aria-label="{escape(title)}">'
        f'<table class="npd-days"><caption>{escape(title)}</caption>'
        f'<thead><tr><th scope="col">{escape(head)}</th>{numbers}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table></div>"
    )
    tables.twin(context, frame, key=key, title=title)


def _months(label: str, days: Sequence[Day]) -> list[tuple[str, list[Day]]]:
    """Return the days by month; a line is named after its month too where there are several."""
    months = [list(of_month) for _, of_month in groupby(days, lambda day: day[0].replace(day=1))]
    several = len(months) > 1
    return [(f"{label}, {words.month(month[0][0])}" if several else label, month) for month in months]


def _line(name: str, month: Sequence[Day], squares: Mapping[str, Square]) -> str:
    cells = "".join(_cell(day, squares[result]) for day, result in month)
    return f'<tr><th scope="row">{escape(name)}</th>{cells}</tr>'


def _cell(day: date, square: Square) -> str:
    said = f"{words.day(day)}: {square.word.lstrip('· ')}"
    return f'<td title="{said}" data-day="{day.day}" style="{_look(square)}">{square.word[:1]}</td>'


def _legend(squares: Mapping[str, Square]) -> str:
    keys = (
        f'<span><b style="{_look(square)}">{square.word[:1]}</b> {escape(square.word.lstrip("· "))}</span>'
        for square in squares.values()
    )
    return f'<div class="npd-legend npd-days">{"".join(keys)}</div>'


def _look(square: Square) -> str:
    return f"background: {square.colour}; color: {square.ink}"

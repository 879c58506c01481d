"""Things to ask about: each with its n, how long it has been so, whose it is, and the way to exactly that figure."""

from collections.abc import Mapping
from html import escape
from typing import Any

import polars as pl
import streamlit as st

from metrics.indicator import Indicator
from metrics.levels import months_between
from pages.parts import drawing
from pages.selections import links
from pages.selections.context import Context
from pages.wording import figures, sentences, words

Row = Mapping[str, Any]


def draw(context: Context, rows: pl.DataFrame) -> None:
    """Draw rows of compare's columns as a numbered list, in their order."""
    st.html(f'<ol class="npd-asks">{"".join(_item(context, row) for row in rows.to_dicts())}</ol>')


def _item(context: Context, row: Row) -> str:
    indicator = context.indicator(row["indicator_id"])
    mark = figures.mark(indicator, row)
    name = escape(words.capital(sentences.name(indicator, row["category"])))
    to = links.figure(context, row)
    head = links.link(to, f"{escape(row['area_name'])}: {name}")
    return (
        f"<li>{drawing.mark_html(mark)}<div>{head}<p><strong>{escape(figures.whole(indicator, row))}</strong>"
        f" · {escape(how_long(indicator, row))} · {escape(_whose(context, row))}</p></div></li>"
    )


def how_long(indicator: Indicator, row: Row) -> str:
    """Say how large a change is and for how long it has been so: 'lower since Jun 2026, 5 months'."""
    if row["since"] is None or row["signal"] == "spike":
        low, high = (words.number(row[limit], indicator.unit) for limit in ("lower_limit", "upper_limit"))
        return f"this month, usually {low} to {high}"
    months = len(months_between(row["since"], row["month"]))
    return f"{sentences.shift(indicator, row)}, {months} {'month' if months == 1 else 'months'}"


def _whose(context: Context, row: Row) -> str:
    """Name who answers for a figure: who explained it, else who owns its target; else that nobody has said so."""
    said = context.explanations_of(row["indicator_id"], row["area_level"], row["area_code"])
    held = context.targets.get((row["indicator_id"], row["area_level"], row["area_code"]))
    if said:
        return f"explained by {said[-1]['owner']}"
    return f"target of {held['owner']}" if held else "nobody has explained it yet"

"""The scoreboard of the Impact areas page: which area's crime fell since last year, by type, and where for certain."""

from html import escape
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from data_access.answers import harm as answers_harm
from metrics.scoreboard import ALL_CRIME, TYPES
from pages.parts import headline, tables
from pages.selections.context import Context
from pages.wording import findings, words

TITLE = "Scoreboard: this year to date against last, by area and type of crime"
_MARKS = {"fell": "▼ fell", "rose": "▲ rose", "no certain change": "could be chance", "too few": "too few to say"}


def draw(context: Context) -> None:
    """Draw the table of Impact Areas by type of crime; each cell opens its area."""
    board = answers_harm.scoreboard(context.reader, context.selection.month, context.selection.lpa)
    st.markdown(f"### {TITLE}", anchors=False)
    if board.is_empty():
        st.info("No Impact Area is loaded for this selection.")
        return
    st.markdown(findings.fell(board.filter(crime_type=ALL_CRIME).to_dicts()))
    cells = {(row["area_code"], row["crime_type"]): row for row in board.to_dicts()}
    areas = board.select("area_code", "area_name").unique(maintain_order=True).rows()
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in ("Impact Area", *TYPES))
    lines = "".join(_line(code, name, cells) for code, name in areas)
    st.html(
        f'<div class="npd-scroll" tabindex="0" role="region" aria-label="{escape(TITLE)}"><table class="npd-matrix">'
        f"<caption>{escape(TITLE)}</caption><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>"
    )
    tables.twin(context, board, key="hrm_scoreboard", title=TITLE)
    headline.caption(
        "Crimes this year to date ← last year to date, and the change in % with its 95 % interval (log-normal, of the "
        "ratio of the two counts; not given below 5 crimes in either). It fell or rose for certain where the interval "
        "excludes 0. Of so many cells, a few pass by chance."
    )


def _line(code: str, name: str, cells: dict[tuple[str, str], dict[str, Any]]) -> str:
    found = "".join(f"<td>{_cell(code, cells[code, kind])}</td>" for kind in TYPES)
    return f'<tr><th scope="row">{_link(code, escape(name))}</th>{found}</tr>'


def _cell(code: str, row: dict[str, Any]) -> str:
    counts = f"{words.number(row['after'], 'count')} ← {words.number(row['before'], 'count')}"
    if row["low"] is None:
        return f"{_link(code, counts)}<br><small>{_MARKS[row['result']]}</small>"
    change = words.percent(row["change_percent"])
    between = f"{words.percent(row['low'])} to {words.percent(row['high'])}"
    said = f"<strong>{_MARKS[row['result']]}</strong>" if row["result"] in ("fell", "rose") else _MARKS[row["result"]]
    return f"{_link(code, counts)}<br>{change} <small>({between})</small><br><small>{said}</small>"


def _link(code: str, inside: str) -> str:
    chosen = {name: value for name, value in st.query_params.to_dict().items() if value and name != "impact_area"}
    return f'<a href="impact_areas?{escape(urlencode({**chosen, "impact_area": code}))}">{inside}</a>'

"""Every indicator's definition, on the About page, to choose by subject and to search."""

from typing import get_args

import streamlit as st

from metrics import DEFINITION_VERSION, indicators_of
from metrics.indicator import Indicator, Subject
from pages.parts import headline, method
from pages.selections.context import Context
from pages.wording import words

_ALL = "all subjects"


def draw(context: Context) -> None:
    """List the indicators of the subject chosen whose definition has the words wanted, each to open."""
    st.markdown(f"### All {len(indicators_of())} indicators", anchors=False)
    headline.caption(
        f"Every definition is of edition {DEFINITION_VERSION}, last changed by the suite's maintainers. Who changed "
        "which line, and why, is in the history of its source code. The NPCC's own list of indicators is unpublished."
    )
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom", key="about_filters"):
        subject = st.selectbox("Subject", [_ALL, *get_args(Subject)], key="about_subject", width=260)
        wanted = st.text_input("Search in names and definitions", key="about_search", width=340)
    every = map(context.worded, indicators_of())
    found = [one for one in every if _is_about(one, subject) and _mentions(one, wanted)]
    if not found:
        st.info("No indicator has these words. Try another word, or another subject.")
    half = -(-len(found) // 2)
    columns = [column.container(gap="xxsmall") for column in st.columns(2, gap="medium")]
    for step, one in enumerate(found):
        with (
            columns[step // half],
            st.expander(f"{one.id} · {one.name} · {words.unit_words(one.unit)}", key=f"about_{one.id}"),
        ):
            st.markdown(method.definition(one))


def _is_about(one: Indicator, subject: str) -> bool:
    return subject in (_ALL, one.subject)


def _mentions(one: Indicator, wanted: str) -> bool:
    """Tell whether all the words are there, in any order."""
    text = f"{one.id} {one.name} {method.definition(one)}".lower()
    return all(word in text for word in wanted.lower().split())

"""Columns of tables that hold a moment or a whole number."""

from typing import Any

import streamlit as st

from pages.wording import words


def moment(name: str) -> Any:
    """Return a column of moments, in local time."""
    return st.column_config.DatetimeColumn(name, format="DD MMM YYYY HH:mm", timezone=str(words.LONDON))


def whole(name: str) -> Any:
    """Return a column of whole numbers, thousands apart."""
    return st.column_config.NumberColumn(name, format="%,d")

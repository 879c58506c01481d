"""The one door by which anything leaves a page: offered to those who may, and entered in the audit trail."""

from collections.abc import Callable
from typing import Any

import polars as pl
import streamlit as st

from data_access.answers.reader import Reader
from data_access.settings import Right
from pages.selections.context import Context

_ABOUT_PEOPLE = frozenset(("officer_id", "caller_ref", "person"))


def offer(
    context: Context,
    label: str,
    make: Callable[[], bytes],
    *,
    name: str,
    entry: str,
    right: Right = "export",
    **button: Any,
) -> None:
    """Offer the file `name`, made by `make` at the click; draws nothing for a viewer without `right`.

    `entry` is what the audit trail says of it beside its name; `button` goes on to st.download_button.
    """
    if not (context.reader.scope.may("export") and context.reader.scope.may(right)):
        return
    st.download_button(
        label,
        data=lambda: give(context.reader, make, name=name, entry=entry, right=right),
        file_name=name,
        on_click="ignore",
        **button,
    )


def give(reader: Reader, make: Callable[[], bytes], *, name: str, entry: str, right: Right = "export") -> bytes:
    """Enter a download in the audit trail and make it. Raises PermissionError for a viewer without `right`."""
    reader.scope.demand("export")
    reader.scope.demand(right)
    reader.record("exported", name, entry)
    return make()


def right_of(frame: pl.DataFrame) -> Right:
    """Name the right that a file of these rows needs: rows about single people need one of their own."""
    levels = frame["area_level"].unique().to_list() if "area_level" in frame.columns else []
    about_people = not _ABOUT_PEOPLE.isdisjoint(frame.columns) or "officer" in levels
    return "export_individuals" if about_people else "export"

"""The one door by which anything leaves a page: offered to those who may, and entered in the audit trail."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
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

    def made() -> bytes:
        if context.scope_now() != context.reader.scope:
            raise PermissionError("what this viewer may see has changed since: open the page again")
        return give(context.reader, make, name=name, entry=entry, right=right)

    st.download_button(
        label,
        data=made,
        file_name=name,
        on_click="ignore",
        **button,
    )


def give(reader: Reader, make: Callable[[], bytes], *, name: str, entry: str, right: Right = "export") -> bytes:
    """Enter a download in the audit trail and make it.

    Raises PermissionError, entered as well, for a viewer without `right` and for one who has had too many in an hour.
    """
    try:
        reader.scope.demand("export")
        reader.scope.demand(right)
        _limit(reader)
    except PermissionError as refusal:
        reader.record("refused", name, str(refusal), daily=True)
        raise
    reader.record("exported", name, entry)
    return make()


def _limit(reader: Reader) -> None:
    most, since = reader.settings.privacy.downloads_per_hour, datetime.now(UTC) - timedelta(hours=1)
    if reader.store.done_since(reader.scope.viewer, "exported", since) >= most:
        raise PermissionError(f"{most} downloads in an hour are the most ([privacy] downloads_per_hour): wait a while")


def right_of(frame: pl.DataFrame) -> Right:
    """Name the right that a file of these rows needs: rows about single people need one of their own."""
    of_people = "area_level" in frame.columns and (frame["area_level"] == "officer").any()
    about_people = of_people or not _ABOUT_PEOPLE.isdisjoint(frame.columns)
    return "export_individuals" if about_people else "export"

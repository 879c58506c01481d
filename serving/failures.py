"""Failures told to the viewer by a number and to the log by their place: neither names anybody.

The message of an exception may hold what was being read, a name or an id; its kind and its place may not.
"""

import logging
import secrets
import traceback
from collections.abc import Iterator
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).resolve().parents[1]
TELLING = (
    "streamlit.error_util",
    "streamlit.runtime.backend_operation_handler",
    "streamlit.runtime.media_file_manager",
)
FRAMES = 12  # innermost: where it happened
_LOG = logging.getLogger(__name__)


def say_sorry(error: Exception) -> bool:
    """Say in our own words that a page failed, with a number that is in the log beside the place of the failure."""
    reference = secrets.token_hex(4).upper()
    _LOG.error("a page failed, reference %s: %s", reference, places(error))
    st.error(
        "This page could not be drawn. Clear the selections, or open another page. If it happens again, tell whoever "
        f"runs the suite this reference: {reference}. It is in the server's log."
    )
    return True


def places(error: BaseException) -> str:
    """Return the kind of an exception and the lines that it came through, innermost first, and those of its causes."""
    return "; because of ".join(
        f"{type(one).__name__} at {', '.join(_lines(one)) or 'an unknown place'}" for one in _chain(error)
    )


class NobodyNamed(logging.Filter):
    """A filter that puts the place of an exception where a log would print its message."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record; keep every one."""
        if record.exc_info and record.exc_info[1]:
            record.msg, record.args = f"{record.getMessage()}: {places(record.exc_info[1])}", ()
            record.exc_info = record.exc_text = None
        return True


def name_nobody() -> None:
    """Put the filter before the logs of Streamlit that print exceptions of pages and downloads."""
    for name in TELLING:
        logging.getLogger(name).addFilter(NobodyNamed())


def _chain(error: BaseException) -> Iterator[BaseException]:
    following: BaseException | None = error
    while following is not None:
        yield following
        following = following.__cause__ or following.__context__


def _lines(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return [f"{_short(frame.filename)}:{frame.lineno}" for frame in reversed(frames)]


def _short(name: str) -> str:
    path = Path(name)
    inside = path.is_relative_to(ROOT) and "site-packages" not in path.parts
    return path.relative_to(ROOT).as_posix() if inside else path.name

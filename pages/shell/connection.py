"""Which browser connection is asking: told to scripts as a header, and to what runs beside them as a variable."""

from contextvars import ContextVar

HEADER = "x-npd-connection"
CURRENT: ContextVar[str | None] = ContextVar("npd_connection", default=None)

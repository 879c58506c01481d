"""The worked example as an open store of a force's own data: a briefing is written without the shell."""

from tests.data_access.conftest import example_store

__all__ = ["example_store"]

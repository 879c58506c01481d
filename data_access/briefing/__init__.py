"""A briefing: the headline figures of one area and month on one self-contained page, to read offline or to print."""

from data_access.briefing.command import add_arguments, run
from data_access.briefing.document import file_name, write
from data_access.briefing.material import Area, gather

__all__ = ["Area", "add_arguments", "file_name", "gather", "run", "write"]

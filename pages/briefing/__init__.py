"""A briefing: the headline figures of one area and month on one self-contained page, to read offline or to print."""

from pages.briefing.command import add_arguments, run
from pages.briefing.document import file_name, write
from pages.briefing.material import Area, gather

__all__ = ["Area", "add_arguments", "file_name", "gather", "run", "write"]

"""The meeting's pack: the findings of one area and month as slides, from the same material as the briefing.

PowerPoint's own format, so that the board can edit the words, move the slides and read each chart's figures.
"""

from pages.pack.command import add_arguments, file_name, make, run

__all__ = ["add_arguments", "file_name", "make", "run"]

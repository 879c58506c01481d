"""The command `python -m data_access pack`, and what the Overview's button writes."""

import argparse
from datetime import UTC, date, datetime

from data_access.answers.reader import Reader
from pages.briefing import command
from pages.briefing.material import Area
from pages.pack.material import gather


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    command.add_arguments(parser, "PowerPoint")


def run(arguments: argparse.Namespace) -> int:
    """Write the pack. Gives 0, or 2 with a sentence on stderr, and then no file."""
    return command.write_month(arguments, "pack", make)


def make(reader: Reader, area: Area, month: date) -> bytes:
    """Return the pack of an area and month (its first day) as a PowerPoint file."""
    from pages.pack.slides import write  # a third of a second to import, and wanted once a month

    return write(gather(reader, area, month), datetime.now(UTC))


def file_name(area: Area, month: date) -> str:
    """Name the file of a pack: 'pack-E08000026-2024-10.pptx'."""
    return f"pack-{area.code}-{month:%Y-%m}.pptx"

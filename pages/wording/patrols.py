"""What became of a hotspot's patrols, in words."""

from collections.abc import Mapping
from typing import Any

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def kept(row: Mapping[str, Any]) -> str:
    """Write how many patrols were kept and what became of the others: every tasking of the row is in the sentence.

    '0 of 11 kept: nine visits missed the window, two never happened'.
    """
    if not row["taskings"]:
        return "no patrol was tasked"
    failed = (
        (row["outside_window"], "visit missed the window", "visits missed the window"),
        (row["short"], "was too short", "were too short"),
        (row["missed"], "never happened", "never happened"),
    )
    told = [f"{_number(count)} {one if count == 1 else more}" for count, one, more in failed if count]
    return f"{row['compliant']} of {row['taskings']} kept" + (f": {', '.join(told)}" if told else "")


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else f"{count:,}"

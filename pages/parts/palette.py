"""The house colours: the same colour for the same thing on every page; safe for colour-blind readers."""

from collections.abc import Mapping

INK, QUIET, LINE = "#0b0c0c", "#505a5f", "#b1b4b6"
PAPER, VEIL, CLEAR = "#ffffff", "rgba(255,255,255,0.75)", "rgba(0,0,0,0)"  # a veil lets a line below a word be guessed
BLUE, EXPECTED = "#12436D", "#e3e8ee"
TEAL, PLUM, ORANGE = "#28A197", "#801650", "#F46A25"
SERIES = (BLUE, TEAL, PLUM, ORANGE)
FAMILIES = {"demand": BLUE, "aid": TEAL, "mandatory": PLUM, "core": LINE}
CATEGORIES = {"nuisance": BLUE, "personal": PLUM, "environmental": TEAL, "unknown": LINE}
# Five classes of one hue from light to dark: order survives every kind of colour blindness and a grey print.
SEQUENTIAL = ("#dbe7f2", "#a8c5e0", "#6f9dc8", "#3c71a8", BLUE)
# Blue to orange through grey: fewer or more than the comparison.
DIVERGING = (BLUE, "#7ba4cc", "#e6e6e6", "#f8b48d", "#c4491a")
NO_DATA = PAPER  # hatched, so that it is told apart without colour
HATCH = "#6f777b"
GRID, GROUND, COUNTED = "#e3e5e6", "#eef0f1", "#f4f1e4"
# By the word of a verdict: its colour, and the ink of what stands on it.
VERDICTS: Mapping[str, tuple[str, str]] = {
    "improvement": ("#1d70b8", PAPER),
    "concern": (ORANGE, INK),
    "change": (PLUM, PAPER),
    "no real change": (HATCH, PAPER),
    "no verdict yet": (LINE, INK),
    "too few to judge": (LINE, INK),
}

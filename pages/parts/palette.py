"""The house colours: the same colour for the same thing on every page; safe for colour-blind readers."""

from pages.parts import drawing

INK, QUIET, LINE = drawing.INK, drawing.QUIET, drawing.LINE
PAPER = "#ffffff"
BLUE, EXPECTED = drawing.BLUE, drawing.EXPECTED
TEAL, PLUM, ORANGE = "#28A197", "#801650", "#F46A25"
SERIES = (BLUE, TEAL, PLUM, ORANGE)
FAMILIES = {"demand": BLUE, "aid": TEAL, "mandatory": PLUM, "core": LINE}
CATEGORIES = {"nuisance": BLUE, "personal": PLUM, "environmental": TEAL, "unknown": LINE}
# Five classes of one hue from light to dark: order survives every kind of colour blindness and a grey print.
SEQUENTIAL = ("#dbe7f2", "#a8c5e0", "#6f9dc8", "#3c71a8", "#12436D")
# Blue to orange through grey: fewer or more than the comparison.
DIVERGING = ("#12436D", "#7ba4cc", "#e6e6e6", "#f8b48d", "#c4491a")
NO_DATA = PAPER  # hatched, so that it is told apart without colour
HATCH = "#6f777b"
GRID, GROUND = "#e3e5e6", "#eef0f1"

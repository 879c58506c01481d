"""The house colours: the same colour for the same thing on every page; safe for colour-blind readers."""

INK = "#0b0c0c"
QUIET = "#505a5f"
LINE = "#b1b4b6"
BLUE, TEAL, PLUM, ORANGE = "#12436D", "#28A197", "#801650", "#F46A25"
SERIES = (BLUE, TEAL, PLUM, ORANGE)
FAMILIES = {"demand": BLUE, "aid": TEAL, "mandatory": PLUM, "core": LINE}
CATEGORIES = {"nuisance": BLUE, "personal": PLUM, "environmental": TEAL, "unknown": LINE}
EXPECTED = "#e3e8ee"
# Five classes of one hue from light to dark: order survives every kind of colour blindness and a grey print.
SEQUENTIAL = ("#dbe7f2", "#a8c5e0", "#6f9dc8", "#3c71a8", "#12436D")
# Blue to orange through grey: fewer or more than the comparison.
DIVERGING = ("#12436D", "#7ba4cc", "#e6e6e6", "#f8b48d", "#c4491a")
NO_DATA = "#c9c9c9"

"""An indicator's definition in words: the same text in the dialog, on the About page and in a briefing."""

from metrics.indicator import Indicator, Part
from pages.wording import words

BETTER = {
    "higher": "Higher is better.",
    "lower": "Lower is better.",
    "neither": "Neither direction is better in itself: a rise may be better recording.",
}
REFERENCES = {
    "S0": "FOI 383A/23 (SARA, PMP)",
    "S1": "Neighbourhood Policing Ambition 2023-26",
    "S2": "Accountability and Governance Board, Community Policing, 26 Nov 2024",
    "S3": "Community Policing paper, Dec 2021",
    "S4": "Next Generation Local Policing, Dec 2015",
    "NPG": "Home Office Neighbourhood Policing Guarantee, 2025",
}
_NOTHING = ("Nothing: this is a plain total.", "Nothing: durations are ordered, not divided.")
JUDGED = (
    "A month is judged against its own past by an XmR chart: the baseline is the first 24 months of the series (at "
    "least 12, else there is no verdict), the expected range is its mean ± 2.66 × its mean moving range. A month is a "
    "real change when it is outside the range, or is the 8th or later in a row on one side of the mean, or is one of 2 "
    "of 3 in a row in the outer third on one side. Only what was known by then counts. Everything else is what "
    "month-to-month chance explains."
)


def definition(indicator: Indicator) -> tuple[tuple[str, str], ...]:
    """Give the definition as (heading, text); a heading without anything to say is left out."""
    against = indicator.denominator
    parts = (
        ("What it says", indicator.why),
        ("Formula", formula(indicator)),
        ("Counted", _part(indicator.numerator)),
        ("Against", _part(against) if against else _NOTHING[indicator.numerator.unit == "duration"]),
        ("Who counts", _who(indicator)),
        ("Direction", BETTER[indicator.better]),
        ("Caution", indicator.caveat),
        ("Source of the definition", f"{reference(indicator.reference)} ({indicator.id})"),
    )
    return tuple((head, text) for head, text in parts if text)


def formula(indicator: Indicator) -> str:
    """Write the formula as it is computed."""
    if indicator.denominator is None:
        spread = "Median and 90th percentile of" if indicator.numerator.unit == "duration" else "Σ"
        return f"{spread} ({indicator.numerator.words})"
    scale = f"{indicator.scale:,g} × " if indicator.scale != 1 else ""
    return (
        f"{scale}Σ ({indicator.numerator.words}) ÷ Σ ({indicator.denominator.words}), each summed first, divided once"
    )


def reference(code: str) -> str:
    """Spell out the paper that a reference names: 'S1 Neighbourhood Policing Ambition 2023-26'."""
    known = REFERENCES.get(code.split(" ")[0])
    return f"{code}, {known}" if known else code


def _part(part: Part) -> str:
    return f"{part.words} (source: {words.SOURCES.get(part.source, part.source)})"


def _who(indicator: Indicator) -> str:
    if indicator.department is None:
        return "Everyone in the source."
    return f"Only officers whose home department on the day is {indicator.department}, unless the page says otherwise."

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
    "A month is judged by the months before it, and by nothing that came later. Their level (the last 24 months, or "
    "those since the last lasting shift; at least 12, or 6 after a shift) times the days of the month, or its "
    "denominator, times the season of that calendar month as the whole force has it, is what the month usually brings. "
    "How far chance carries a month from it is measured on the series itself and on its peers. A month further away "
    "than 99.7 % of months would be is a spike. Many months a little to one side add up (a CUSUM): where they pass "
    "what chance would, there is a lasting shift, dated by the month from which they lean. A shift is news once; from "
    "then on the new level is the usual one, and the figure says since when. A recorded change of practice starts the "
    "level anew. Where nothing changes, fewer than 1 in 100 months are called a change (0.2 to 0.9 %, simulated with "
    "and without a season; of crime harm, where one homicide outweighs hundreds of crimes, up to 3 in 100); a fall of "
    "30 % at 60 a month is found within six months in 95 of 100 cases. A list of "
    "news keeps the share of false spikes among those listed to 1 in 10. "
    "Farrington et al. 1996, Noufaily et al. 2013: the rule by which English public health watches its series."
)
BY_HAND = (
    "**By hand**, from what “How is this worked out?” shows. What is usual, μ, is level × season × the days of the "
    "month or, of a ratio, its denominator. The range is μ (1 − 2τ)^1.5 to μ (1 + 2τ)^1.5, with τ² = dispersion × "
    "(1 − p) × (1 + e/E) / μ plus the variance left in the logarithm of the season. p is the level of a share, or "
    "of its complement where that is the smaller, which is then judged instead; else 0. e is the month's days or "
    "denominator, times its season; E is the sum of e over the months that the level rests on. Where a series has "
    "no peers, as the force's own, τ is as much wider as Student's t is than the normal, with two thirds of a "
    "degree of freedom for each month of the last 36. A stock goes by its monthly change, a duration by its value: "
    "usual is the median of the months before, a standard deviation 1.4826 × their median distance from it (at "
    "least one unit), as much wider as Student's t with 0.37 of a degree for each month."
)


def definition(indicator: Indicator) -> tuple[tuple[str, str], ...]:
    """Return the definition as (heading, text); a heading without anything to say is left out."""
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

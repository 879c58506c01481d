"""What the definitions leave to a force to choose, and how a text says what it chose."""

from dataclasses import asdict, dataclass, replace
from functools import lru_cache

from metrics.indicator import Indicator, Part

CACHED = 1024  # each indicator, for the few choices that are asked for in one process


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """The choices of a force, [parameters] in config.toml, with the values that the definitions name.

    `max_gap` are the seconds that a radio fix holds for at most; `building_buffer_m` the metres around a building that
    count as inside; `min_coverage` the % of duty time that must be known; a location with `repeat_n` incidents within
    `repeat_days` local days is a repeat.
    """

    standard_shift_hours: float = 8
    max_gap: int = 600
    building_buffer_m: float = 20
    min_coverage: float = 60
    repeat_n: int = 3
    repeat_days: int = 183


def said(text: str, parameters: Parameters) -> str:
    """Return `text` with the parameters that it names in braces ('{min_coverage} %'); {max_gap} is in minutes."""
    values = asdict(parameters) | {"max_gap": parameters.max_gap / 60}
    return text.format(**{name: f"{value:g}" for name, value in values.items()})


@lru_cache(maxsize=CACHED)
def worded(indicator: Indicator, parameters: Parameters) -> Indicator:
    """Return the indicator with every text of it saying what the force chose."""
    below = indicator.denominator
    return replace(
        indicator,
        numerator=_part(indicator.numerator, parameters),
        denominator=below and _part(below, parameters),
        why=said(indicator.why, parameters),
        caveat=said(indicator.caveat, parameters),
    )


def _part(part: Part, parameters: Parameters) -> Part:
    return replace(part, words=said(part.words, parameters))

"""The pure core: what is counted, and how. Polars in, Polars out; no SQL, no screen, no viewer, no file."""

from metrics import (
    abstraction,
    asb,
    engagement,
    harm,
    harm_flags,
    mental_health,
    outcomes,
    patrol,
    problem_solving,
    response,
    visibility,
    workforce,
)
from metrics.indicator import Indicator

DEFINITION_VERSION = "2026-11"  # the edition of the definitions that every figure follows

# Explicit, so that a lost subject is a visible change and not a missed discovery.
INDICATORS: tuple[Indicator, ...] = (
    *abstraction.INDICATORS,
    *asb.INDICATORS,
    *harm.INDICATORS,
    *outcomes.INDICATORS,
    *patrol.INDICATORS,
    *visibility.INDICATORS,
    *workforce.INDICATORS,
    *engagement.INDICATORS,
    *problem_solving.INDICATORS,
    *response.INDICATORS,
    *mental_health.INDICATORS,
    *harm_flags.INDICATORS,
)


def indicator(indicator_id: str) -> Indicator:
    """Give the indicator of an id; a mix may be named with its category ('ABS-05:football aid')."""
    base = indicator_id.split(":")[0]
    for found in INDICATORS:
        if found.id == base:
            return found
    known = ", ".join(one.id for one in INDICATORS)
    raise ValueError(f"no indicator {indicator_id!r}: choose one of {known}")

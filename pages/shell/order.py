"""The pages, in the order of the navigation; the first is what opens. Explicit, so that a lost page is seen."""

from types import ModuleType

from pages import (
    about,
    abstractions,
    asb,
    benchmark,
    engagement,
    explore,
    figure,
    framework,
    hotspot,
    impact_areas,
    need,
    overview,
    patrols,
    response,
    visibility,
    workforce,
    yours,
)

PAGES: tuple[ModuleType, ...] = (
    overview,
    abstractions,
    visibility,
    need,
    asb,
    impact_areas,
    patrols,
    hotspot,
    response,
    framework,
    explore,
    figure,
    workforce,
    engagement,
    benchmark,
    about,
    yours,
)
# Opened from the button beside the filters, or from a figure, so that the navigation stays a line of questions.
OFF_NAVIGATION = frozenset({figure, yours})

"""An address as a saved view keeps it: a page of the suite and what it shows, and nothing else."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from data_access.scope import Scope
from metrics.disclosure import GROUP_LEVELS
from pages.selections.places import AREAS, SPOTS, Places
from pages.selections.selection import DIMENSIONS, listed

FIRST = "overview"  # the page that the root of the suite is
PAGES = frozenset(path.stem for path in Path(__file__).parent.parent.glob("*.py") if not path.stem.startswith("_"))
# What a page may choose beside the selections bar; a test reads the pages and holds that none is missing.
_OWN = (
    "began", "beside", "counted", "everywhere", "explore", "explore_by", "explore_level", "explore_map", "explore_over",
    "explore_turned", "funnel", "grade", "indicator", "indicators", "kind", "lag", "level", "measure", "move_from",
    "move_hours", "move_to", "need_move", "pillar", "posts_lost", "principle", "public", "rows", "target", "time_in",
    "verdict", "weeks_of", "weights", "without_homicide",
)  # fmt: skip
_NARROWED = ("category", "cause", "when", "offence", "team")
KEYS = frozenset((*DIMENSIONS, "from", *SPOTS, *_NARROWED, *_OWN, *(f"{page}_tab" for page in PAGES)))
LONGEST_VALUE = 400


def written(page: str, params: Mapping[str, str]) -> str:
    """Write an address; keys that no page knows are left out. Raises ValueError for no page, or a value too long."""
    if page not in PAGES:
        raise ValueError("this is no page of the suite")
    kept = {key: value for key, value in params.items() if key in KEYS and value}
    if any(len(value) > LONGEST_VALUE for value in kept.values()):
        raise ValueError(f"a choice of more than {LONGEST_VALUE} letters cannot be kept: choose fewer")
    return f"{page}?{urlencode(kept)}" if kept else page


def parted(address: str) -> tuple[str, dict[str, str]]:
    """Return page and choices of a kept address; a page that is gone is the first, a key that is gone is left out."""
    page, _, query = address.partition("?")
    return page if page in PAGES else FIRST, {key: value for key, value in parse_qsl(query) if key in KEYS}


def href(address: str) -> str:
    """Return the link that opens a kept address, from any page: the first page answers to the root alone."""
    page, params = parted(address)
    query = f"?{urlencode(params)}" if params else ""
    return f"./{query}" if page == FIRST else f"{page}{query}"


def is_within(address: str, places: Places, scope: Scope) -> bool:
    """Tell whether a viewer may see every area, place and team that an address names."""
    _, params = parted(address)
    if "team" in params and not (scope.force and scope.names("team") and not scope.teams):
        return False
    groups = params.get("explore_level")
    if groups in GROUP_LEVELS and not scope.names(groups):
        return False
    return all(
        (level, code) in places.names
        for level in (*AREAS[1:], *SPOTS)
        for code in listed(params.get(level, ""), {known for named, known in places.names if named == level})
    ) and all((level, code) in places.names for level, code in _beside(params))


def _beside(params: Mapping[str, str]) -> list[tuple[str, str]]:
    """List the areas below the LPA that an address names beside what it selects; LPAs everybody compares with."""
    level, _, code = params.get("compare", "").partition(":")
    compared = [(level, code)] if level in AREAS[2:] else []
    return compared + [("neighbourhood", params[key]) for key in ("move_from", "move_to") if key in params]

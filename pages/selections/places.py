"""The areas a viewer may choose: their names, parents and order, and the areas above and below one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from data_access.scope import Scope
from metrics.levels import codes_of, enumerated, together

AREAS = ("force", "lpa", "sector", "neighbourhood")
SPOTS = ("impact_area", "hotspot")  # places in an LPA, which an address names beside it
DRILLED = (*AREAS[1:], *SPOTS)  # what a click opens
_KEPT = 4096  # lists of areas that lie in another: all there are for some ten scopes
Place = tuple[str, str]  # level, code


@dataclass(frozen=True, kw_only=True, eq=False)
class Places:
    """What a scope may choose from: `names` and `parents` by (level, code), `levels` in name order.

    `top` is where a viewer starts: the force, or the first LPA or sector of a narrower scope.
    """

    names: Mapping[Place, str]
    parents: Mapping[Place, Place]
    levels: Mapping[str, tuple[Place, ...]]
    top: Place


def places_of(rows: Sequence[Mapping[str, str]], scope: Scope) -> Places:
    """Build Places from rows of level, code, name, parent_level, parent_code, each place once."""
    names = {(row["level"], row["code"]): row["name"] or row["code"] for row in rows}
    parents = {
        (row["level"], row["code"]): (row["parent_level"], row["parent_code"])
        for row in rows
        if (row["parent_level"], row["parent_code"]) in names
    }
    levels: dict[str, tuple[Place, ...]] = {}
    for place in sorted(names, key=names.__getitem__):
        levels[place[0]] = (*levels.get(place[0], ()), place) if place[0] in AREAS else ()
    return Places(names=names, parents=parents, levels=levels, top=_top(levels, scope))


def at_level(places: Places, level: str) -> tuple[Place, ...]:
    """List the areas of one level in name order."""
    return places.levels.get(level, ())


def line(places: Places, place: Place) -> tuple[Place, ...]:
    """List a place and everything above it, highest first; above areas counted together lie their parents together."""
    above = [place]
    while parents := [places.parents[one] for one in each(above[0]) if one in places.parents]:
        above.insert(0, joined(parents))
    return tuple(above)


@lru_cache(maxsize=_KEPT)
def below(places: Places, place: Place, level: str) -> tuple[Place, ...]:
    """List the areas of `level` that lie in `place`, in name order; the place itself where it is of that level."""
    own = set(each(place))
    return tuple(other for other in at_level(places, level) if own.intersection(line(places, other)))


def each(place: Place) -> tuple[Place, ...]:
    """List the areas that a place stands for: those counted together, or itself."""
    level, code = place
    return tuple((level, one) for one in codes_of(level, code))


def joined(places: Sequence[Place]) -> Place:
    """Return areas of one level as the one place that they are together."""
    return places[0][0], together(code for _, code in places)


def name_of(places: Places, place: Place) -> str:
    """Name a place, and areas counted together by all their names; a code without a name is its own."""
    return enumerated(sorted(places.names.get(one, one[1]) for one in each(place)))


def in_lpas(places: Places, spot: Place, lpas: Collection[str]) -> bool:
    """Tell whether a hotspot or Impact Area lies in one of some LPAs; of none named, always."""
    return not lpas or places.parents.get(spot, ("", ""))[1] in lpas


def spots(places: Places, levels: Collection[str], lpas: Collection[str]) -> tuple[Place, ...]:
    """List the hotspots, Impact Areas or both of some LPAs, or of everything a viewer sees, in name order."""
    found = (place for place in places.names if place[0] in levels)
    inside = (place for place in found if in_lpas(places, place, lpas))
    return tuple(sorted(inside, key=places.names.__getitem__))


def _top(levels: Mapping[str, Sequence[Place]], scope: Scope) -> Place:
    if scope.force:
        return levels["force"][0]
    own = [place for place in levels.get("lpa", ()) if place[1] in scope.lpas]
    own += [place for place in levels.get("sector", ()) if place[1] in scope.sectors]
    if not own:
        raise PermissionError("none of this viewer's areas is in the data; their codes stand in config.toml")
    return own[0]

"""The areas a viewer may choose: their names, parents and children, and the areas above and below one."""

from collections.abc import Mapping
from dataclasses import dataclass

AREAS = ("force", "lpa", "sector", "neighbourhood")
Place = tuple[str, str]  # level, code


@dataclass(frozen=True, kw_only=True, eq=False)
class Places:
    """What a scope may choose from. `names` and `parents` are keyed by (level, code); `children` keep name order.

    `top` is where a viewer starts: the force, or the first LPA or sector of a narrower scope.
    """

    names: Mapping[Place, str]
    parents: Mapping[Place, Place]
    children: Mapping[Place, tuple[Place, ...]]
    top: Place


def places_of(rows: list[dict], whole_force: bool) -> Places:
    """Build Places from rows of level, code, name, parent_level, parent_code, each place once."""
    names = {(row["level"], row["code"]): row["name"] or row["code"] for row in rows}
    parents = {
        (row["level"], row["code"]): (row["parent_level"], row["parent_code"])
        for row in rows
        if (row["parent_level"], row["parent_code"]) in names
    }
    children: dict[Place, list[Place]] = {}
    for place in sorted(names, key=lambda place: names[place]):
        if place in parents:
            children.setdefault(parents[place], []).append(place)
    tops = [place for level in AREAS for place in names if place[0] == level]
    top = tops[0] if whole_force else next(place for place in tops if place[0] != "force")
    return Places(
        names=names, parents=parents, children={place: tuple(below) for place, below in children.items()}, top=top
    )


def at_level(places: Places, level: str) -> tuple[Place, ...]:
    """List the places of one level in name order."""
    return tuple(sorted((place for place in places.names if place[0] == level), key=places.names.__getitem__))


def line(places: Places, place: Place) -> tuple[Place, ...]:
    """List a place and everything above it, highest first."""
    above = [place]
    while above[0] in places.parents:
        above.insert(0, places.parents[above[0]])
    return tuple(above)


def below(places: Places, place: Place, level: str) -> tuple[Place, ...]:
    """List the places of `level` that lie in `place`, in name order; the place itself where it is of that level."""
    return tuple(other for other in at_level(places, level) if place in line(places, other))


def next_level(level: str) -> str | None:
    """Give the level below an area level; None below a neighbourhood."""
    position = AREAS.index(level) if level in AREAS else len(AREAS)
    return AREAS[position + 1] if position + 1 < len(AREAS) else None

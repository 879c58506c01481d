"""The areas there are, by level, each with its name and the area above it."""

import polars as pl
from sqlalchemy import Connection

from data_access.areas import hotspots, neighbourhoods
from data_access.scope import Scope
from data_access.settings import ForceSettings

SCHEMA = {
    "level": pl.String,
    "code": pl.String,
    "name": pl.String,
    "parent_level": pl.String,
    "parent_code": pl.String,
}
_LADDER = (("lpa", "force"), ("sector", "lpa"), ("neighbourhood", "sector"))


def members(connection: Connection, scope: Scope, force: ForceSettings) -> pl.DataFrame:
    """List level, code, name, parent_level and parent_code of every area in `scope`, with those of the past.

    Levels: force, lpa, sector, neighbourhood, and hotspot and impact_area, whose parent is an LPA. A code's newest
    version gives its name and parent. The force itself is listed only for a scope that holds it.
    """
    areas = neighbourhoods(connection).drop("geometry").sort("valid_from", nulls_last=False)
    places = hotspots(connection).drop("geometry").sort("valid_from", nulls_last=False)
    ladder = [_level(_inside(areas, scope), level, parent, force.code) for level, parent in _LADDER]
    own = [_force(force), *ladder] if scope.force else ladder
    return pl.concat([*own, _places(_inside(places, scope))]).select(list(SCHEMA))


def _inside(rows: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    return scope.restrict(rows.lazy()).collect()


def _force(force: ForceSettings) -> pl.DataFrame:
    row = {"level": "force", "code": force.code, "name": force.name, "parent_level": None, "parent_code": None}
    return pl.DataFrame([row], SCHEMA)


def _level(areas: pl.DataFrame, level: str, parent: str, force_code: str) -> pl.DataFrame:
    above = pl.lit(force_code) if parent == "force" else pl.col(f"{parent}_code")
    named = areas.select(
        level=pl.lit(level),
        code=f"{level}_code",
        name=f"{level}_name",
        parent_level=pl.lit(parent),
        parent_code=above,
    )
    return named.filter(pl.col("code").is_not_null()).unique("code", keep="last").sort("name", "code")


def _places(places: pl.DataFrame) -> pl.DataFrame:
    kind = pl.when(pl.col("kind") == "impact_area").then(pl.lit("impact_area")).otherwise(pl.lit("hotspot"))
    named = places.select(
        level=kind,
        code="hotspot_id",
        name="name",
        parent_level=pl.lit("lpa"),
        parent_code="lpa_code",
    )
    return named.unique("code", keep="last").sort("level", "name", "code")

"""Who and what there is: areas, teams, officers, hotspots and Impact Areas that a viewer may name."""

import polars as pl

from data_access.database.areas import Feeds, hotspots, neighbourhoods
from data_access.scope import Scope
from metrics.hotspots import IMPACT_AREA
from metrics.levels import team_code

MEMBERS = ("level", "code", "name", "parent_level", "parent_code")
LIFETIME = ("valid_from", "valid_to")


def members(feed: Feeds, scope: Scope, force_code: str, force_name: str) -> pl.DataFrame:
    """List level, code, name, parent_level, parent_code of all members in a scope, each once, by its newest version.

    valid_from and valid_to span the versions of an area, [first, last); null: open, and for people.
    The force is there for every viewer: its figures are comparators. A sector's viewer sees the LPA above it named.
    """
    versions = lineage(feed, scope, force_code, force_name)
    spanned = versions.with_columns(valid_from=_of_all(pl.col("valid_from").min()), valid_to=_of_all(_last_end()))
    return spanned.unique(["level", "code"], keep="last", maintain_order=True)


def lineage(feed: Feeds, scope: Scope, force_code: str, force_name: str) -> pl.DataFrame:
    """List what `members` does, once for each version: whose child an area was in [valid_from, valid_to)."""
    areas = scope.restrict(neighbourhoods(feed).drop("geometry").lazy()).collect().sort("valid_from")
    force = pl.DataFrame(
        [("force", force_code, force_name, None, None)],
        schema=dict.fromkeys(MEMBERS, pl.String),
        orient="row",
    )
    levels = (("lpa", None), ("sector", "lpa"), ("neighbourhood", "sector"))
    rows = [force, *(_areas(areas, level, parent, force_code) for level, parent in levels)]
    rows += [_polygons(feed, scope), *_people(feed, scope)]
    return pl.concat(rows, how="diagonal_relaxed").filter(pl.col("code").is_not_null())


def _of_all(versions: pl.Expr) -> pl.Expr:
    return versions.over("level", "code")


def _last_end() -> pl.Expr:
    return pl.when(pl.col("valid_to").is_not_null().all()).then(pl.col("valid_to").max())


def _areas(areas: pl.DataFrame, level: str, parent: str | None, force_code: str) -> pl.DataFrame:
    above = pl.col(f"{parent}_code") if parent else pl.lit(force_code)
    return areas.select(
        *LIFETIME,
        level=pl.lit(level),
        code=pl.col(f"{level}_code"),
        name=pl.col(f"{level}_name"),
        parent_level=pl.lit(parent or "force"),
        parent_code=above,
    ).sort("code", maintain_order=True)


def _polygons(feed: Feeds, scope: Scope) -> pl.DataFrame:
    rows = scope.restrict(hotspots(feed).drop("geometry").lazy()).collect().sort("hotspot_id", "valid_from")
    impact = pl.col("kind") == IMPACT_AREA
    return rows.select(
        *LIFETIME,
        level=pl.when(impact).then(pl.lit(IMPACT_AREA)).otherwise(pl.lit("hotspot")),
        code="hotspot_id",
        name="name",
        parent_level=pl.lit("lpa"),
        parent_code="lpa_code",
    )


def _people(feed: Feeds, scope: Scope) -> list[pl.DataFrame]:
    """List departments, teams and officers as finely as the scope names people; an officer under the newest team."""
    named = feed("officers").select("officer_id", "display_name")
    posted = feed("postings").join(named, on="officer_id", how="left").sort("start_date")
    seen = scope.restrict(posted.lazy()).collect()
    department = seen.select(_member("department", pl.col("department"), pl.col("department"), None, None))
    teams = seen.select(_member("team", team_code, team_code, "department", pl.col("department")))
    officer = pl.col("officer_id")
    name = pl.when(officer.is_not_null()).then(pl.coalesce("display_name", "officer_id"))
    officers = seen.select(_member("officer", officer, name, "team", team_code))
    shown = [department] if scope.names("department") else []
    shown += [teams] if scope.names("team") else []
    return [one.sort("code", maintain_order=True) for one in (*shown, *([officers] if scope.names("officer") else []))]


def _member(level: str, code: pl.Expr, name: pl.Expr, above: str | None, parent: pl.Expr | None) -> list[pl.Expr]:
    parent_code = pl.lit(None, pl.String) if parent is None else parent
    return [
        pl.lit(level).alias("level"),
        code.alias("code"),
        name.alias("name"),
        pl.lit(above, pl.String).alias("parent_level"),
        parent_code.alias("parent_code"),
    ]

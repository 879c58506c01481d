"""The area ladder and the people ladder, months and performance years, and the home of an officer on a day."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Literal, get_args
from zoneinfo import ZoneInfo

import polars as pl

AreaLevel = Literal["force", "lpa", "sector", "neighbourhood"]
PeopleLevel = Literal["department", "team", "officer"]
PlaceLevel = Literal["hotspot", "impact_area"]
Level = Literal["force", "lpa", "sector", "neighbourhood", "department", "team", "officer", "hotspot", "impact_area"]

AREA_LEVELS: tuple[AreaLevel, ...] = get_args(AreaLevel)
PEOPLE_LEVELS: tuple[PeopleLevel, ...] = get_args(PeopleLevel)
PLACE_LEVELS: tuple[PlaceLevel, ...] = get_args(PlaceLevel)
LEVELS: tuple[Level, ...] = get_args(Level)

LONDON = "Europe/London"
YEAR = 12  # months
PERFORMANCE_YEAR_STARTS = 4  # April

AREA_COLUMNS = ("lpa_code", "sector_code", "neighbourhood_code")
team_code = pl.concat_str("department", pl.lit(" / "), "team")  # two departments may have a team of the same name
HOME_COLUMNS = ("role", "uniformed", "department", "team", *AREA_COLUMNS)


# The columns of a row that list the polygons of a level it lies in.
POLYGONS: Mapping[Level, tuple[str, ...]] = {
    "hotspot": ("hotspots", "syv_robbery_hotspots"),
    "impact_area": ("impact_areas",),
}


# Joins the codes of areas of one level that are counted as one: the code of what they are together.
_TOGETHER = " + "


def together(codes: Iterable[str]) -> str:
    """Return the code of some areas of one level counted as one; of a single area its own."""
    return _TOGETHER.join(sorted(set(codes)))


def codes_of(level: str, code: str) -> tuple[str, ...]:
    """Return the areas that a code stands for: those counted together, or the one area or group of people."""
    return tuple(code.split(_TOGETHER)) if level in AREA_LEVELS else (code,)


def enumerated(names: Sequence[str]) -> str:
    """Name several areas as one: 'A and B', 'A, B and C'."""
    return " and ".join([*filter(None, [", ".join(names[:-1])]), *names[-1:]])


def level_code(level: Level, columns: Sequence[str], force_code: str) -> pl.Expr | None:
    """Return the code of a row's area or people group at `level`; null: not placed at that level.

    A row of crimes may lie in several polygons: its `hotspots` and `impact_areas` are lists, and so is the
    code. None when a source with these columns has no such level.
    """
    if level == "force":
        return pl.lit(force_code)
    if level == "team":
        return team_code if "team" in columns else None
    names = {
        "department": ("department",),
        "officer": ("officer_id",),
        "hotspot": ("hotspots", "hotspot_id"),
        "impact_area": ("impact_areas",),
    }.get(level, (f"{level}_code",))
    found = [name for name in names if name in columns]
    return pl.col(found[0]) if found else None


def inside(rows: pl.LazyFrame, areas: Sequence[tuple[Level, str]], force_code: str) -> pl.LazyFrame:
    """Keep the rows that lie in every one of `areas` (level, code); a level that the rows lack narrows nothing.

    A row lies in areas that are counted together if it lies in one of them.
    """
    columns = rows.collect_schema().names()
    for level, code in areas:
        column = level_code(level, columns, force_code)
        rows = rows if column is None else rows.filter(is_area(column, level, code))
    return rows


def is_area(column: pl.Expr, level: str, code: str) -> pl.Expr:
    """Tell whether a column of codes names an area, or one of those counted together under its code."""
    codes = codes_of(level, code)
    return column == codes[0] if len(codes) == 1 else column.is_in(codes)


def local_day(instant: pl.Expr) -> pl.Expr:
    """Return the Europe/London calendar day of a UTC instant."""
    return instant.dt.convert_time_zone(LONDON).dt.date()


def local_hour(instant: pl.Expr) -> pl.Expr:
    """Return the Europe/London wall-clock hour, 0..23, of a UTC instant."""
    return instant.dt.convert_time_zone(LONDON).dt.hour()


def local_midnight(day: pl.Expr) -> pl.Expr:
    """Return the UTC instant at which a London day starts; its midnight is never skipped nor repeated."""
    return day.cast(pl.Datetime("us")).dt.replace_time_zone(LONDON).dt.convert_time_zone("UTC")


def local_start(day: date, hour: int = 0) -> datetime:
    """Return the UTC instant at which an hour (0..23) of a London day starts: of two in October, the first."""
    return datetime.combine(day, time(hour), ZoneInfo(LONDON)).astimezone(UTC)


def local_date(instant: datetime) -> date:
    """Return the Europe/London calendar day of an instant."""
    return instant.astimezone(ZoneInfo(LONDON)).date()


def month_of(day: date) -> date:
    """Return the first day of the month of `day`."""
    return day.replace(day=1)


def add_months(month: date, months: int) -> date:
    """Return the first day of the month `months` after (before, if negative) that of `month`."""
    index = month.year * 12 + month.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def months_between(since: date, until: date) -> list[date]:
    """List the first days of the months from that of `since` to that of `until`, both included."""
    count = (until.year - since.year) * 12 + until.month - since.month + 1
    return [add_months(since, step) for step in range(count)]


def performance_year(month: date) -> date:
    """Return the first day of the performance year (from 1 April) that holds `month`."""
    year = month.year if month.month >= PERFORMANCE_YEAR_STARTS else month.year - 1
    return date(year, PERFORMANCE_YEAR_STARTS, 1)


def in_force(day: str, since: str, until: str) -> pl.Expr:
    """Tell whether column `day` lies in [`since`, `until`); an empty bound is open."""
    started = pl.col(since).is_null() | (pl.col(since) <= pl.col(day))
    return started & (pl.col(until).is_null() | (pl.col(day) < pl.col(until)))


def in_force_in_month(month: pl.Expr, since: str, until: str) -> pl.Expr:
    """Tell whether a day of `month` (its first) lies in [`since`, `until`), columns of which an empty one is open."""
    started = pl.col(since).is_null() | (pl.col(since) <= month.dt.month_end())
    return started & (pl.col(until).is_null() | (pl.col(until) > month))


def residents_by_month(neighbourhoods: pl.LazyFrame, since: date, until: date) -> pl.LazyFrame:
    """Return the source `residents`: neighbourhood x month (`day` its first) from `since` to `until`, both
    included.

    A neighbourhood has residents in the months on whose last day it is valid.
    """
    months = pl.LazyFrame({"day": months_between(since, until)}, schema={"day": pl.Date})
    last = months.with_columns(last=pl.col("day").dt.month_end())
    valid = last.join(neighbourhoods, how="cross").filter(in_force("last", "valid_from", "valid_to"))
    return valid.select("day", *AREA_COLUMNS, pl.col("residents").cast(pl.Int64))


def stamp_home(
    frame: pl.LazyFrame, postings: pl.LazyFrame, neighbourhoods: pl.LazyFrame, officers: pl.LazyFrame
) -> pl.LazyFrame:
    """Add HOME_COLUMNS: the role of `officer_id` and the posting in force on `day`, so that no transfer
    rewrites the past.

    Postings are [start_date, end_date); where two cover the day the one that started last holds. A posting
    without a sector takes that of its neighbourhood on the day. Without a posting or an officer row the
    columns are null.
    """
    frame = frame.cache()  # read twice, made once
    days = frame.select("officer_id", "day").unique()
    homes = _sector_of_neighbourhood(_posting_of_day(days, postings).cache(), neighbourhoods)
    people = officers.select("officer_id", "role", pl.col("uniformed").fill_null(True))
    stamped = frame.drop(HOME_COLUMNS, strict=False).join(people, on="officer_id", how="left")
    return stamped.join(homes, on=["officer_id", "day"], how="left")


def _posting_of_day(days: pl.LazyFrame, postings: pl.LazyFrame) -> pl.LazyFrame:
    home = ("department", "team", *AREA_COLUMNS)
    covering = days.join(postings, on="officer_id").filter(in_force("day", "start_date", "end_date"))
    latest = covering.sort("start_date").group_by("officer_id", "day").agg(pl.col(home).last())
    return latest.with_columns(pl.col(home).cast(pl.String))


def _sector_of_neighbourhood(homes: pl.LazyFrame, neighbourhoods: pl.LazyFrame) -> pl.LazyFrame:
    areas = neighbourhoods.select(
        "neighbourhood_code", "valid_from", "valid_to", pl.col("sector_code").alias("own_sector")
    )
    posted = homes.filter(pl.col("sector_code").is_null(), pl.col("neighbourhood_code").is_not_null())
    sectors = (
        posted.select("neighbourhood_code", "day")
        .unique()
        .join(areas, on="neighbourhood_code")
        .filter(in_force("day", "valid_from", "valid_to"))
        .sort("valid_from", nulls_last=False)
        .group_by("neighbourhood_code", "day")
        .agg(pl.col("own_sector").last())
    )
    joined = homes.join(sectors, on=["neighbourhood_code", "day"], how="left")
    return joined.with_columns(sector_code=pl.coalesce("sector_code", "own_sector")).drop("own_sector")

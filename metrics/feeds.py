"""The simple feeds as facts: what arrives by month or by neighbourhood, dated and placed (definitions §7)."""

from datetime import date

import polars as pl

from metrics.levels import AREA_COLUMNS, in_force, local_day, stamp_home

REMEMBERED_MONTHS = 12  # how long a closed problem-solving plan counts among those judged
_LADDER = ("neighbourhood", "sector", "lpa", "force")


def establishment_facts(establishment: pl.LazyFrame) -> pl.LazyFrame:
    """Return the source `establishment`: posts funded and filled by month, LPA, department and role."""
    fte = pl.col("establishment_fte", "strength_fte").cast(pl.Float64)
    return establishment.select("lpa_code", "department", "role", fte, "as_at", day="month")


def special_facts(
    special_hours: pl.LazyFrame, postings: pl.LazyFrame, neighbourhoods: pl.LazyFrame, officers: pl.LazyFrame
) -> pl.LazyFrame:
    """Return the source `special_hours`: special x month, with the home posting of the month's last day."""
    dated = special_hours.select(
        "officer_id",
        pl.col("duties").cast(pl.Int64),
        pl.col("hours").cast(pl.Float64),
        day=pl.col("month").dt.month_end(),
    )
    stamped = stamp_home(dated, postings, neighbourhoods, officers)
    return stamped.with_columns(pl.col("day").dt.month_start())


def placed_in(rows: pl.LazyFrame, neighbourhoods: pl.LazyFrame, on: str = "day") -> pl.LazyFrame:
    """Add the sector and LPA of neighbourhood_code as they stood on column `on`; all null where it was not valid.

    Such a row has no place, as a crime has none there: it counts in the force only.
    """
    areas = neighbourhoods.select(*AREA_COLUMNS, "valid_from", "valid_to")
    days = rows.select("neighbourhood_code", on).unique()
    valid = days.join(areas, on="neighbourhood_code").filter(in_force(on, "valid_from", "valid_to"))
    latest = valid.sort("valid_from", nulls_last=False).unique(
        ["neighbourhood_code", on], keep="last", maintain_order=True
    )
    kept = latest.select("neighbourhood_code", on, "sector_code", "lpa_code")
    placed = rows.join(kept, on=["neighbourhood_code", on], how="left")
    return placed.with_columns(neighbourhood_code=pl.when(pl.col("lpa_code").is_not_null()).then("neighbourhood_code"))


def profile_facts(profiles: pl.LazyFrame, neighbourhoods: pl.LazyFrame) -> pl.LazyFrame:
    """Return the source `profiles`: neighbourhood x month, with its areas on the month's last day.

    The profile of a neighbourhood not valid that day is left out, as it is from the neighbourhoods counted against.
    """
    dated = profiles.with_columns(day=pl.col("month").dt.month_end()).drop("month")
    placed = placed_in(dated, neighbourhoods).with_columns(pl.col("day").dt.month_start())
    known = placed.filter(pl.col("neighbourhood_code").is_not_null())
    return known.select("day", *AREA_COLUMNS, "named_officer", "priorities_reviewed_on")


def meeting_facts(meetings: pl.LazyFrame, neighbourhoods: pl.LazyFrame) -> pl.LazyFrame:
    """Return the source `meetings`: one row per meeting, on the day it was held."""
    dated = meetings.with_columns(day="held_on", attendees=pl.col("attendees").cast(pl.Int64))
    return placed_in(dated, neighbourhoods).select("day", *AREA_COLUMNS, "meeting_id", "attendees")


def query_facts(queries: pl.LazyFrame, neighbourhoods: pl.LazyFrame) -> pl.LazyFrame:
    """Return the source `queries`: one row per query, on the local day it came; `reply_hours` null: not answered."""
    waited = (pl.col("answered_at") - pl.col("received_at")).dt.total_seconds() / 3600
    dated = queries.with_columns(day=local_day(pl.col("received_at")), reply_hours=waited)
    return placed_in(dated, neighbourhoods).select("day", *AREA_COLUMNS, "query_id", "reply_hours")


def problem_facts(problems: pl.LazyFrame, neighbourhoods: pl.LazyFrame, until: date) -> pl.LazyFrame:
    """Return the source `problems`: problem (PMP) x month, from its opening to the twelfth month of those that begin
    with its closing, or to the month of `until`.

    `live` tells whether it was open at the month's end, `age_days` how long by then (null: closed), `stage_days` how
    long it has been in its stage (null: closed, or an earlier stage), `closed` whether it was closed in the month,
    `closed_in_year` whether in the twelve months that end with it. An extract knows the stage reached last only:
    `stage` is 'earlier stage' in the months before that was reached. A closed problem stays in the sector and LPA that
    its neighbourhood had at the end of the month of its closing.
    """
    opened = pl.min_horizontal("opened_on", pl.lit(until)).dt.month_start()
    remembered = pl.col("closed_on").dt.month_start().dt.offset_by(f"{REMEMBERED_MONTHS - 1}mo")
    last = pl.min_horizontal(remembered.fill_null(until), pl.lit(until)).dt.month_start()
    known = problems.filter(pl.col("opened_on") <= until)
    months = known.with_columns(day=pl.date_ranges(opened, last, "1mo")).explode("day")
    end = pl.col("day").dt.month_end()
    live = pl.col("closed_on").is_null() | (pl.col("closed_on") > end)
    dated = months.with_columns(
        live=live,
        closed=~live & (pl.col("closed_on") >= pl.col("day")),
        closed_in_year=~live,
        stage_days=pl.when(live & (pl.col("stage_on") <= end)).then((end - pl.col("stage_on")).dt.total_days()),
        age_days=pl.when(live).then((end - pl.col("opened_on")).dt.total_days()),
        stage=pl.when(pl.col("stage_on") <= end).then("stage").otherwise(pl.lit("earlier stage")),
        _end=pl.min_horizontal(end, pl.col("closed_on").dt.month_end()),
    )
    placed = placed_in(dated, neighbourhoods, "_end")
    names = ("problem_id", "title", "stage", "live", "closed", "closed_in_year", "age_days", "stage_days")
    names += ("assessed", "effective")
    return placed.select("day", *AREA_COLUMNS, *names)


def measure_facts(measures: pl.LazyFrame, members: pl.LazyFrame) -> pl.LazyFrame:
    """Return the source `measures`: figures that arrive already added up, so placed that they add up.

    `members` has level, code, parent_level, parent_code. An area's own figure holds at its level; where its children
    have figures too, only what they leave over is kept beside them. An area without one is the sum of its children's.
    A code that `members` does not know is left out. Each level is worked out before the next, which reads it twice.
    """
    areas = _areas_of(members).collect()
    finest = areas.unique("area_code", keep="last", maintain_order=True)
    placed = measures.collect().join(finest, on="area_code")
    given = placed.select("indicator_id", "level", "area_code", "parent", "numerator", "denominator", day="month")
    totals, pieces = None, []
    for level in _LADDER:
        here = given.filter(pl.col("level") == level).drop("level")
        rest = here if totals is None else _less_children(here, totals)
        pieces.append(rest.with_columns(level=pl.lit(level)))
        totals = _totals(here, totals, areas.filter(pl.col("level") == level))
    return _with_areas(pl.concat(pieces), areas).lazy()


def _areas_of(members: pl.LazyFrame) -> pl.LazyFrame:
    """Return level, area_code, parent, the coarsest first: a ward that is its own sector has the code of both."""
    ladder = pl.col("level").replace_strict(_LADDER, range(len(_LADDER)), default=None)
    areas = members.filter(pl.col("level").is_in(_LADDER)).select("level", area_code="code", parent="parent_code")
    return areas.unique(["level", "area_code"], keep="last", maintain_order=True).sort(ladder, descending=True)


_KEY = ("indicator_id", "day")
_PARTS = ("numerator", "denominator")


def _less_children(here: pl.DataFrame, children: pl.DataFrame) -> pl.DataFrame:
    below = children.group_by(*_KEY, area_code="parent").agg(pl.col(_PARTS).sum().name.suffix("_below"))
    joined = here.join(below, on=[*_KEY, "area_code"], how="left")
    return joined.with_columns(pl.col(part) - pl.col(f"{part}_below").fill_null(0) for part in _PARTS).drop(
        f"{part}_below" for part in _PARTS
    )


def _totals(here: pl.DataFrame, children: pl.DataFrame | None, areas: pl.DataFrame) -> pl.DataFrame:
    """Return the figure of every one of `areas`, those of a level: its own, else its children's sum."""
    columns = [*_KEY, "area_code", "parent", *_PARTS]
    if children is None:
        return here.select(columns)
    sums = children.group_by(*_KEY, area_code="parent").agg(pl.col(_PARTS).sum())
    without = sums.join(here, on=[*_KEY, "area_code"], how="anti")
    parents = areas.select("area_code", "parent")
    placed = without.filter(pl.col("area_code").is_not_null()).join(parents, on="area_code", how="left")
    return pl.concat([here.select(columns), placed.select(columns)])


def _with_areas(rows: pl.DataFrame, areas: pl.DataFrame) -> pl.DataFrame:
    above = {level: areas.filter(pl.col("level") == level).drop("level") for level in ("neighbourhood", "sector")}
    sector_of = above["neighbourhood"].rename({"area_code": "neighbourhood_code", "parent": "_sector"})
    lpa_of = above["sector"].rename({"area_code": "sector_code", "parent": "_lpa"})
    at = {name: pl.when(pl.col("level") == name).then("area_code") for name in ("neighbourhood", "sector", "lpa")}
    coded = rows.with_columns(neighbourhood_code=at["neighbourhood"])
    sectors = coded.join(sector_of, on="neighbourhood_code", how="left")
    sectors = sectors.with_columns(sector_code=pl.coalesce("_sector", at["sector"]))
    lpas = sectors.join(lpa_of, on="sector_code", how="left").with_columns(lpa_code=pl.coalesce("_lpa", at["lpa"]))
    return lpas.select("day", *AREA_COLUMNS, "indicator_id", *(pl.col(part).cast(pl.Float64) for part in _PARTS))

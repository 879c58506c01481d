"""What stands beside visible time: how good the fixes are, where coded and located abstraction meet, who was where."""

from collections.abc import Sequence

import polars as pl

from metrics.abstraction import on_duty, operational
from metrics.visibility import out_of_force, placed_in_force, uniformed, visible

DROPPED = ("bad_position", "duplicate", "off_duty", "spike")
PATCHES = ("coded, off patch", "coded, on patch", "not coded, off patch", "not coded, on patch")
HOUR = 3600
_out = (visible | out_of_force) & pl.col("lpa_code").is_not_null()
_homes = [pl.col(f"place_{name}").ne_missing(pl.col(name)) for name in ("sector_code", "lpa_code")]
_away = out_of_force | pl.when(pl.col("sector_code").is_not_null()).then(_homes[0]).otherwise(_homes[1])
_OFFICER_HOUR = ("officer_id", "day", "hour")


def fix_summary(quality: pl.LazyFrame) -> pl.LazyFrame:
    """Return one row: officer_days, fixes, each of DROPPED, and median_gap_seconds of uniformed officers' days.

    The median is that of the officer-days' own medians: the interval on a typical day. Null without any day.
    """
    days = quality.filter(uniformed)
    counts = [pl.col(name).sum() for name in ("fixes", *DROPPED)]
    return days.select(*counts, pl.median("median_gap_seconds"), officer_days=pl.len().cast(pl.Int64))


def coded_by_patch(duty: pl.LazyFrame, visibility_home: pl.LazyFrame, department: str = "NPT") -> pl.LazyFrame:
    """Return `what` (one of PATCHES) and hours: what duty codes call abstraction against where the officers were seen.

    Visible time and time outside the force of officers with a home sector, as in ABS-06. The two sources meet in
    officer-hours: where only a part of an hour is coded as demand or aid, that part of its time counts as coded.
    Time in an hour without duty codes cannot occur: fixes outside duty are dropped.
    """
    totals = _patched(duty, visibility_home, department).group_by("what").agg(hours=pl.col("seconds").sum() / HOUR)
    every = pl.LazyFrame({"what": PATCHES}).join(totals, on="what", how="left", maintain_order="left")
    return every.with_columns(pl.col("hours").fill_null(0.0))


def fewest_in_patch(
    duty: pl.LazyFrame, visibility_home: pl.LazyFrame, areas: Sequence[str], department: str = "NPT"
) -> pl.LazyFrame:
    """Return one row: `officers`, the fewest whose time is in one of coded_by_patch's hours above 0, of any area.

    `areas` are the columns that part areas, those above among them; null where there are no such hours.
    """
    behind = _patched(duty, visibility_home, department).filter(pl.col("seconds") > 0)
    counted = behind.group_by("what", *areas).agg(officers=pl.col("officer_id").n_unique())
    return counted.select(pl.col("officers").min())


def _patched(duty: pl.LazyFrame, visibility_home: pl.LazyFrame, department: str) -> pl.LazyFrame:
    """Return the rows of visibility_home that coded_by_patch counts, parted by `what`, each with its seconds."""
    own = pl.col("department") == department
    hours = (
        duty.filter(own, on_duty)
        .group_by(_OFFICER_HOUR)
        .agg(share=pl.when(operational).then("seconds").otherwise(0).sum() / pl.col("seconds").sum())
    )
    hourly = pl.col("hour").is_not_null()  # folded time has none, and cannot be laid beside duty codes
    seen = visibility_home.filter(own, hourly, visible | out_of_force, pl.col("sector_code").is_not_null())
    off = out_of_force | pl.col("place_sector_code").ne_missing(pl.col("sector_code"))
    placed = seen.with_columns(off_patch=off).join(hours, on=_OFFICER_HOUR, how="left")
    share = pl.col("share").fill_null(0.0)
    where = pl.when("off_patch").then(pl.lit("off patch")).otherwise(pl.lit("on patch"))
    halves = [
        placed.with_columns(what=pl.concat_str(pl.lit(f"{coded}, "), where), seconds=pl.col("seconds") * part)
        for coded, part in (("coded", share), ("not coded", 1 - share))
    ]
    return pl.concat(halves)


def by_officer(duty: pl.LazyFrame, visibility_home: pl.LazyFrame) -> pl.LazyFrame:
    """Return officer_id, department, team, duty_hours, known_hours, visible_hours, coverage_percent, off_patch_percent.

    `off_patch_percent` is location-based abstraction: of visible time and time outside the force, what was outside the
    home sector, or of whoever has none outside the home LPA; null without either. Uniformed officers whose id the rows
    name; sorted by department, team and id, never by merit.
    """
    named = pl.col("officer_id").is_not_null()
    worked = (
        duty.filter(uniformed, on_duty, named)
        .group_by("officer_id")
        .agg(pl.col("department", "team").last(), duty_hours=pl.col("seconds").sum() / HOUR)
    )
    seen = (
        visibility_home.filter(uniformed, named)
        .group_by("officer_id")
        .agg(
            known_hours=pl.col("seconds").sum() / HOUR,
            visible_hours=pl.col("seconds").filter(visible).sum() / HOUR,
            placed_hours=pl.col("seconds").filter(placed_in_force).sum() / HOUR,
            out_hours=pl.col("seconds").filter(_out).sum() / HOUR,
            off_hours=pl.col("seconds").filter(_out & _away).sum() / HOUR,
        )
    )
    joined = worked.join(seen, on="officer_id", how="left").with_columns(pl.col("^.*_hours$").fill_null(0.0))
    covered = pl.when(pl.col("duty_hours") > 0).then(100 * pl.col("known_hours") / pl.col("duty_hours"))
    off = pl.when(pl.col("out_hours") > 0).then(100 * pl.col("off_hours") / pl.col("out_hours"))
    with_rates = joined.with_columns(coverage_percent=covered, off_patch_percent=off).drop("out_hours", "off_hours")
    return with_rates.sort("department", "team", "officer_id")


def side_by_side(
    rows: pl.DataFrame, *, hours: str, share: str, coverage: str, off_patch: Sequence[str]
) -> pl.DataFrame:
    """Return a row for each group of `rows` (answers of one month): group, duty_hours, visible_hours, visible_percent,
    off_patch_percent, off_patch_of_hours (visible and out of the force), coverage_percent, note.

    The other parameters are the ids of the indicators; a group has one of `off_patch`, or none.
    """
    own = ["area_code"]
    located = rows.filter(pl.col("indicator_id").is_in(list(off_patch)), pl.col("denominator") > 0)
    parts = {
        hours: {"visible_hours": "value"},
        share: {"visible_percent": "value", "note": "note"},
        coverage: {"duty_hours": "denominator", "coverage_percent": "value"},
    }
    wide = rows.select("area_code", group="area_name").unique(maintain_order=True)
    for indicator_id, columns in parts.items():
        mine = rows.filter(pl.col("indicator_id") == indicator_id).select(*own, **columns)
        wide = wide.join(mine, on=own, how="left", maintain_order="left")
    off = located.select(*own, off_patch_percent="value", off_patch_of_hours="denominator").unique(own, keep="first")
    with_rates = wide.join(off, on=own, how="left", maintain_order="left").sort("group")
    order = ("group", "duty_hours", "visible_hours", "visible_percent", "off_patch_percent", "off_patch_of_hours")
    return with_rates.select(*order, "coverage_percent", "note")

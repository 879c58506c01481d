"""The same job in SQL, with SedonaDB on all cores: what the engine is measured against."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import polars as pl
import sedonadb

from tests.bench import baseline

# Each step is kept in memory, since the next ones read it more than once.
STEPS = {
    "positioned": """
        SELECT officer_id, at, lon, lat,
               row_number() OVER (PARTITION BY officer_id, at ORDER BY lon, lat) AS nth
        FROM fixes WHERE lon BETWEEN -9 AND 2 AND lat BETWEEN 49 AND 61""",
    "on_duty": """
        SELECT f.officer_id, at, lon, lat, d.start AS duty_start, d."end" AS duty_end,
               lag(at) OVER one AS at_before, lag(lon) OVER one AS lon_before, lag(lat) OVER one AS lat_before,
               lead(at) OVER one AS at_after, lead(lon) OVER one AS lon_after, lead(lat) OVER one AS lat_after
        FROM positioned f JOIN duties d ON f.officer_id = d.officer_id AND at >= d.start AND at < d."end"
        WHERE nth = 1 WINDOW one AS (PARTITION BY f.officer_id ORDER BY at)""",
    "kept": """
        SELECT row_number() OVER () AS fix, officer_id, at, lon, lat, duty_start, duty_end
        FROM on_duty
        WHERE NOT coalesce({fast_before} AND {fast_after}, false)""",
    "placed": """
        SELECT k.fix, officer_id, at, duty_start, duty_end, ward,
               coalesce(building, CASE WHEN ward IS NULL THEN 'out_of_force' ELSE 'visible' END) AS kind
        FROM kept k
        LEFT JOIN (SELECT fix, min(neighbourhood_code) AS ward FROM kept
                   JOIN wards ON ST_Intersects({point}, wards.geometry) GROUP BY fix) w ON w.fix = k.fix
        LEFT JOIN (SELECT fix, max(kind) AS building FROM kept
                   JOIN premises ON ST_Intersects({point}, premises.geometry) GROUP BY fix) p ON p.fix = k.fix""",
    "beside": """
        SELECT officer_id, at, ward, kind, duty_end, lead(at) OVER one AS following,
               lag(kind) OVER one AS before, lead(kind) OVER one AS after,
               coalesce(at - lag(at) OVER one <= {gap}, false) AND
               coalesce(lead(at) OVER one - at <= {gap}, false) AS near
        FROM placed WINDOW one AS (PARTITION BY officer_id, duty_start ORDER BY at)""",
    "held": """
        SELECT officer_id, ward, at, least(at + {gap}, duty_end, coalesce(following, duty_end)) AS until,
               CASE WHEN near AND before = after AND kind <> 'out_of_force' AND before <> 'out_of_force'
                    THEN before ELSE kind END AS kind
        FROM beside""",
    # Nothing is held longer than ten minutes, so each interval has one or two pieces.
    "pieces": """
        SELECT officer_id, ward, kind, at, least(until, date_trunc('hour', at) + INTERVAL '1 hour') AS until FROM held
        UNION ALL
        SELECT officer_id, ward, kind, date_trunc('hour', until), until FROM held
        WHERE until > date_trunc('hour', at) + INTERVAL '1 hour'""",
}
LOCAL = "at AT TIME ZONE 'Europe/London'"
SECONDS = "(CAST({until} AS BIGINT) - CAST({since} AS BIGINT)) / 1000000"
VISIBILITY = f"""
    SELECT officer_id, CAST({LOCAL} AS DATE) AS day, CAST(date_part('hour', {LOCAL}) AS INT) AS hour,
           kind, ward, sum({SECONDS.format(since="at", until="until")}) AS seconds
    FROM pieces GROUP BY 1, 2, 3, 4, 5"""
PRESENCE = f"""
    SELECT ward, CAST({LOCAL} AS DATE) AS day, CAST(date_part('hour', {LOCAL}) AS INT) AS hour,
           sum({SECONDS.format(since="greatest(at, coalesce(reached, at))", until="until")}) AS seconds
    FROM (SELECT *, max(until) OVER (PARTITION BY ward ORDER BY at
                                     ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached
          FROM pieces WHERE kind = 'visible' AND ward IS NOT NULL)
    WHERE reached IS NULL OR until > reached GROUP BY 1, 2, 3"""
POINT = "ST_SetSRID(ST_Point(lon, lat), 4326)"
GAP = "INTERVAL '600 seconds'"


def facts(folder: Path, wards: pl.DataFrame, premises: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Visibility and presence as `baseline.facts` gives them."""
    session = sedonadb.connect()
    session.read_parquet(str(folder / "fixes")).to_view("fixes")
    session.read_parquet(str(folder / "duties.parquet")).to_view("duties")
    session.create_data_frame(baseline.areas(wards, "neighbourhood_code")).to_view("wards")
    session.create_data_frame(_near(baseline.areas(premises, "kind"))).to_view("premises")
    words = {"gap": GAP, "point": POINT, "fast_before": _fast("before"), "fast_after": _fast("after")}
    for name, query in STEPS.items():
        session.create_data_frame(session.sql(query.format(**words)).to_arrow_table()).to_view(name)
    return _frame(session, VISIBILITY), _frame(session, PRESENCE)


def _near(premises: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """All within 20 m of each footprint, once: then no fix needs metres. `max` of the kinds is the police building."""
    buffered = premises.to_crs(27700).buffer(20.0, quad_segs=64).to_crs(4326)
    kinds = premises["kind"].where(premises["kind"] == "police_building", "other_premises")
    return gpd.GeoDataFrame({"kind": kinds}, geometry=buffered, crs=4326)


def _fast(beside: str) -> str:
    """Whether the way from or to the fix beside, great-circle metres, is faster than 50 m/s."""
    half = (
        f"power(sin(radians(lat_{beside} - lat) / 2), 2)"
        f" + cos(radians(lat)) * cos(radians(lat_{beside})) * power(sin(radians(lon_{beside} - lon) / 2), 2)"
    )
    seconds = f"abs(CAST(at_{beside} AS BIGINT) - CAST(at AS BIGINT)) / 1000000.0"
    return f"({seconds} <= 600 AND 2 * 6371008.8 * asin(sqrt({half})) > 50 * {seconds})"


def _frame(session: Any, query: str) -> pl.DataFrame:
    return pl.DataFrame(pl.from_arrow(session.sql(query).to_arrow_table()))

"""The same job as most would write it, with geopandas and pandas: what the engine is measured against."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import polars as pl
import shapely

MAX_GAP = pd.Timedelta(seconds=600)
LONDON = "Europe/London"


def areas(frame: pl.DataFrame, code: str) -> gpd.GeoDataFrame:
    shapes = shapely.from_geojson(frame["geometry"].to_numpy())
    return gpd.GeoDataFrame({code: frame[code].to_list()}, geometry=shapes, crs=4326)


def wards_of(lon: np.ndarray, lat: np.ndarray, wards: gpd.GeoDataFrame) -> pd.Series:
    """Ward code of each position, the lower on a shared border, missing outside."""
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs=4326)
    joined = gpd.sjoin(points, wards, predicate="intersects")["neighbourhood_code"]
    return joined.groupby(level=0).min().reindex(points.index)


def facts(folder: Path, wards: pl.DataFrame, premises: pl.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Visibility and presence by every rule of definitions.md §3, from a folder of fixes and duties."""
    kept = _kept(pd.concat(map(pd.read_parquet, sorted((folder / "fixes").glob("*.parquet")))), folder)
    following = kept.groupby(["officer_id", "duty_start"])["at"].shift(-1)
    kept["until"] = np.minimum(kept["at"] + MAX_GAP, kept["duty_end"])
    kept["until"] = kept[["until"]].assign(next=following).min(axis=1)
    kept["ward"] = wards_of(kept["lon"], kept["lat"], areas(wards, "neighbourhood_code"))
    kept["kind"] = _smoothed(kept, _kinds(kept, areas(premises, "kind")))
    pieces = _by_hour(kept[["officer_id", "kind", "ward", "at", "until"]])
    keys = ["officer_id", "day", "hour", "kind", "ward"]
    visibility = pieces.groupby(keys, dropna=False)["seconds"].sum().reset_index()
    return visibility, _presence(pieces[(pieces["kind"] == "visible") & pieces["ward"].notna()])


def _kept(fixes: pd.DataFrame, folder: Path) -> pd.DataFrame:
    fixes = fixes[fixes["lon"].between(-9, 2) & fixes["lat"].between(49, 61)]
    fixes = fixes.sort_values(["officer_id", "at", "lon", "lat"]).drop_duplicates(["officer_id", "at"])
    duties = pd.read_parquet(folder / "duties.parquet").rename(columns={"start": "duty_start", "end": "duty_end"})
    on_duty = pd.merge_asof(
        fixes.sort_values("at"),
        duties.sort_values("duty_start"),
        left_on="at",
        right_on="duty_start",
        by="officer_id",
    )
    on_duty = on_duty[on_duty["at"] < on_duty["duty_end"]].sort_values(["officer_id", "at"])
    by_officer = on_duty.groupby("officer_id")
    fast = {}
    for step in (1, -1):
        other = by_officer[["at", "lon", "lat"]].shift(step)
        gap = (on_duty["at"] - other["at"]).abs()
        metres = _metres(on_duty["lon"], on_duty["lat"], other["lon"], other["lat"])
        fast[step] = (gap <= MAX_GAP) & (metres > gap.dt.total_seconds() * 50)
    return on_duty[~(fast[1] & fast[-1])].reset_index(drop=True)


def _metres(lon: pd.Series, lat: pd.Series, lon_to: pd.Series, lat_to: pd.Series) -> pd.Series:
    lon, lat, lon_to, lat_to = (np.radians(angle) for angle in (lon, lat, lon_to, lat_to))
    half = np.sin((lat_to - lat) / 2) ** 2 + np.cos(lat) * np.cos(lat_to) * np.sin((lon_to - lon) / 2) ** 2
    return 2 * 6_371_008.8 * np.arcsin(np.sqrt(half))


def _kinds(kept: pd.DataFrame, premises: gpd.GeoDataFrame) -> pd.Series:
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(kept["lon"], kept["lat"]), crs=4326)
    near = gpd.sjoin(points.to_crs(27700), premises.to_crs(27700), predicate="dwithin", distance=20.0)
    police = near.index[near["kind"] == "police_building"].unique()
    kinds = pd.Series(np.where(kept["ward"].notna(), "visible", "out_of_force"), index=kept.index)
    kinds[near.index.unique()] = "other_premises"
    kinds[police] = "police_building"
    return kinds


def _smoothed(kept: pd.DataFrame, kinds: pd.Series) -> pd.Series:
    frame = kept[["officer_id", "duty_start", "at"]].assign(kind=kinds)
    duty = frame.groupby(["officer_id", "duty_start"])[["at", "kind"]]
    before, after = duty.shift(1), duty.shift(-1)
    near = (frame["at"] - before["at"] <= MAX_GAP) & (after["at"] - frame["at"] <= MAX_GAP)
    inside = (kinds != "out_of_force") & (before["kind"] != "out_of_force")
    odd = near & inside & (before["kind"] == after["kind"]) & (kinds != before["kind"])
    return kinds.mask(odd, before["kind"])


def _by_hour(held: pd.DataFrame) -> pd.DataFrame:
    """Cut at the hour; nothing is held longer than ten minutes, so each interval has one or two pieces."""
    hour_end = held["at"].dt.floor("h") + pd.Timedelta(hours=1)
    crossing = held["until"] > hour_end
    first = held.assign(until=np.minimum(held["until"], hour_end))
    pieces = pd.concat([first, held.assign(at=hour_end)[crossing]])
    local = pieces["at"].dt.tz_convert(LONDON)
    seconds = (pieces["until"] - pieces["at"]).dt.total_seconds()
    return pieces.assign(day=local.dt.date, hour=local.dt.hour, seconds=seconds)


def _presence(pieces: pd.DataFrame) -> pd.DataFrame:
    pieces = pieces.sort_values(["ward", "at"])
    reached = pieces.groupby("ward")["until"].cummax().groupby(pieces["ward"]).shift(1)
    begins = pieces["at"].where(reached.isna() | (reached < pieces["at"]), reached)
    seconds = (pieces["until"] - begins).dt.total_seconds().clip(lower=0)
    return pieces.assign(seconds=seconds).groupby(["ward", "day", "hour"])["seconds"].sum().reset_index()

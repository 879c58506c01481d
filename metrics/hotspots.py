"""Hotspots: small polygons that are patrolled, and what happens in them (definitions §6)."""

import polars as pl

from metrics.harm import RECORDED_CRIMES, in_hotspot, robbery, violence_with_injury
from metrics.indicator import Indicator, Part
from metrics.levels import AREA_LEVELS, in_force

SYV_ROBBERY = "syv_robbery"  # hotspots tasked for serious youth violence and robbery
IMPACT_AREA = "impact_area"  # a kind of polygon that is not patrolled as a hotspot
_VERSION = ("hotspot_id", "kind", "lpa_code", "valid_from", "valid_to")
patrolled = pl.col("kind").ne_missing(IMPACT_AREA)


def on_its_day(rows: pl.LazyFrame, hotspots: pl.LazyFrame) -> pl.LazyFrame:
    """Add kind and LPA as on the row's day; of a hotspot not valid that day, those of its newest version."""
    rows = rows.cache()  # read twice, made once
    days = rows.select("hotspot_id", "day").unique()
    versions = days.join(hotspots.select(_VERSION), on="hotspot_id")
    # A hotspot is patrolled before its polygon is entered, or after it was closed: such a row keeps its kind and LPA.
    ranked = versions.with_columns(_there=in_force("day", "valid_from", "valid_to")).sort("_there", "valid_from")
    known = ranked.unique(["hotspot_id", "day"], keep="last", maintain_order=True)
    return rows.join(known.select("hotspot_id", "day", "kind", "lpa_code"), on=["hotspot_id", "day"], how="left")


_BY_LPA = ("force", "lpa")
_EVERYWHERE = (*AREA_LEVELS, "hotspot")
_tasked_for_violence = pl.col("syv_robbery_hotspots").list.len().fill_null(0) > 0
_CHOSEN = "Hotspots were chosen because they were high, so that part of any fall would have come by itself."

INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        id="TGP-07",
        name="violence with injury and robbery in their hotspots",
        unit="count",
        better="lower",
        numerator=Part(
            words="violence with injury and robbery inside hotspots tasked for serious youth violence and robbery",
            source="crimes",
            rows=_tasked_for_violence & (violence_with_injury | robbery),
            among=RECORDED_CRIMES,
        ),
        levels=_EVERYWHERE,
        published=_EVERYWHERE,
        why="What these patrols are tasked to prevent.",
        caveat=f"By position, in the hotspots of the day; a crime in two of them counts once. {_CHOSEN}",
        reference="S2 para 24",
        principle="Targeting activity",
        subject="Hotspots",
        page="patrols",
    ),
    Indicator(
        id="TGP-08",
        name="hotspots' share of violence with injury",
        unit="%",
        better="lower",
        numerator=Part(
            words="violence with injury inside any hotspot", source="crimes", rows=violence_with_injury & in_hotspot
        ),
        denominator=Part(words="violence with injury", source="crimes", rows=violence_with_injury),
        scale=100,
        levels=_BY_LPA,
        published=_BY_LPA,
        why="How much of the violence happens where the patrols are: 18 % in 2024.",
        caveat=f"Read it beside the hotspots' share of the area. {_CHOSEN}",
        reference="S2 para 24",
        principle="Targeting activity",
        subject="Hotspots",
        page="patrols",
    ),
    Indicator(
        id="TGP-09",
        name="hotspots' share of the area",
        unit="%",
        better="neither",
        numerator=Part(
            words="km² covered by hotspots", source="extents", rows=pl.col("hotspot_km2"), unit="km2", stock=True
        ),
        denominator=Part(
            words="km² covered by neighbourhoods", source="extents", rows=pl.col("area_km2"), unit="km2", stock=True
        ),
        scale=100,
        levels=_BY_LPA,
        published=_BY_LPA,
        why="How small the places are that the patrols go to: 1.6 % in 2024.",
        caveat="On the month's last day, in British National Grid. What two hotspots both cover counts once.",
        reference="S2 para 24",
        principle="Targeting activity",
        subject="Hotspots",
        page="patrols",
        news=False,  # moves when a line is drawn anew
    ),
)

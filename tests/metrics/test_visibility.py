"""Definitions §3 and §7b: whose time counts where, in tables small enough to add up by hand."""

from datetime import date

import polars as pl
import pytest

from metrics import indicator
from metrics.compute import compute
from metrics.disclosure import withhold
from metrics.sources import SOURCES

OCTOBER = date(2024, 10, 1)
HOME = {"day": OCTOBER, "department": "NPT", "team": "A", "lpa_code": "L1", "sector_code": "S1"}


def rows(source: str, *given: dict) -> pl.LazyFrame:
    schema = dict(SOURCES[source])
    return pl.DataFrame([dict.fromkeys(schema) | HOME | row for row in given], schema).lazy()


def held(kind: str, minutes: int, sector: str | None = "S1", **more: object) -> dict:
    return {"place_kind": kind, "seconds": 60 * minutes, "place_sector_code": sector, **more}


def worked(family: str, minutes: int, **more: object) -> dict:
    return {"family": family, "seconds": 60 * minutes, "shifts": 0, "episodes": 0, **more}


def community_time(level: str = "force") -> dict:
    facts = {
        "visibility_home": rows(
            "visibility_home",
            held("visible", 120),
            held("visible", 60, "S2"),
            held("police_building", 90),
            held("out_of_force", 30, None),
            held("visible", 45, uniformed=False),
            held("visible", 240, "S3", sector_code=None),
            held("visible", 999, department="Response"),
        ),
        "duty": rows(
            "duty",
            worked("core", 300),
            worked("demand", 60),
            worked("mandatory", 45, uniformed=False),
            worked("aid", 255, sector_code=None),
            worked("absence", 480),
            worked("core", 999, department="Response"),
        ),
    }
    found = compute(facts, [indicator("VIS-06")], level, force_code="F").collect()
    return {code: (top, below, value) for code, top, below, value in found.select(
        "area_code", "numerator", "denominator", "value").iter_rows()}  # fmt: skip


def test_time_in_the_community_is_visible_time_in_the_home_sector_of_all_duty_time():
    # 120 + 45 minutes in their sector, plain clothes too, of 300 + 60 + 45 + 255 on duty: absence is no duty, and
    # whoever has no home sector is on duty but never in it.
    assert community_time() == {"F": (2.75, 11, 25)}


def test_whoever_has_no_home_sector_is_in_no_sector_s_figure():
    assert community_time("sector") == {"S1": (2.75, 6.75, pytest.approx(100 * 165 / 405))}


@pytest.mark.parametrize(("coverage", "note"), [(59.9, "withheld: coverage 59 %"), (60.0, None)])
def test_it_is_withheld_where_the_radios_tell_too_little(coverage: float, note: str | None):
    area = {"area_level": "force", "area_code": "F", "month": OCTOBER}
    tidy = pl.LazyFrame(
        [
            {"indicator_id": "VIS-06", **area, "numerator": 2.75, "denominator": 11.0, "value": 25.0},
            {"indicator_id": "VIS-04", **area, "numerator": coverage, "denominator": 100.0, "value": coverage},
        ]
    )
    shown = (
        withhold(tidy, tidy, [indicator("VIS-06"), indicator("VIS-04")], 60)
        .filter(pl.col("indicator_id") == "VIS-06")
        .collect()
        .row(0, named=True)
    )
    assert (shown["value"], shown["note"]) == (None if note else 25, note)
    assert shown["coverage_percent"] == coverage

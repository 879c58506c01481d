"""The worked example, from raw fixes to the benchmark's figures: VIS-01..05, ABS-06, ABS-07 and patrols, to 1e-9."""

import json
from functools import lru_cache

import polars as pl
import pytest

from metrics import abstraction, patrol, visibility
from metrics.compute import compute
from metrics.levels import AREA_LEVELS, residents_by_month
from metrics.location import AreaIndex
from metrics.stays import Ground, Stays, stays
from tests.metrics import example
from tests.metrics.stays.force import facts_of


def features(name: str) -> pl.DataFrame:
    rows = [{**f["properties"], "geometry": json.dumps(f["geometry"])} for f in example.features(name)]
    return pl.DataFrame(rows)


@lru_cache(maxsize=1)
def example_stays() -> Stays:
    ground = Ground(
        neighbourhoods=AreaIndex.from_features(features("neighbourhoods")),
        premises=AreaIndex.from_premises(features("premises")),
        hotspots=AreaIndex.from_features(features("hotspots"), code="hotspot_id"),
    )
    resolved = abstraction.resolve(example.feed("duties"), example.feed("activity_codes"))
    uniformed = example.feed("officers").filter("uniformed").collect()["officer_id"]
    return stays(example.feed("fixes"), abstraction.duty_intervals(resolved), ground, uniformed=uniformed)


def facts() -> dict[str, pl.LazyFrame]:
    postings, officers, neighbourhoods = example.feed("postings"), example.feed("officers"), example.neighbourhoods()
    duties, codes = example.feed("duties"), example.feed("activity_codes")
    found = {
        **facts_of(example_stays(), postings, officers, neighbourhoods),
        "duty": abstraction.duty_facts(duties, codes, postings, officers, neighbourhoods),
        "residents": residents_by_month(neighbourhoods, example.OCTOBER, example.OCTOBER),
    }
    return {source: rows.collect().lazy() for source, rows in found.items()}  # else each indicator works them out again


def values(sources, indicators, levels) -> dict:
    rows = pl.concat(
        compute(sources, [i for i in indicators if level in i.levels], level, force_code=example.FORCE)
        for level in levels
    )
    october = rows.filter(pl.col("month") == example.OCTOBER).collect()
    keys = ("indicator_id", "area_level", "area_code")
    return {tuple(row[key] for key in keys): row["value"] for row in october.iter_rows(named=True)}


def test_visibility_and_location_based_abstraction():
    indicators = visibility.INDICATORS
    found = values(facts(), indicators, AREA_LEVELS)
    expected = example.expected(*(indicator.id for indicator in indicators))
    assert {indicator_id for indicator_id, *_ in expected} == {
        "VIS-01", "VIS-02", "VIS-03", "VIS-04", "VIS-05", "ABS-06", "ABS-07",
    }  # fmt: skip
    for key, value in expected.items():
        assert found[key] == pytest.approx(value, rel=1e-9, abs=1e-9), key


def test_targeted_patrols_by_the_held_time_in_their_hotspots():
    taskings = patrol.tasking_facts(example.feed("taskings"), example_stays().hotspot_stays, example.hotspots())
    rows = taskings.collect()
    expected = example.expected("TGP-01", "TGP-02", "TGP-03")
    for level, column in (("hotspot", "hotspot_id"), ("lpa", "lpa_code")):
        for (code,), group in rows.group_by(column):
            visits = group["visit_s"]
            found = {
                "TGP-01": 100 * (visits >= 3600).sum() / len(group),
                "TGP-02": group["officer_s"].sum() / 3600,
                "TGP-03": 100 * (visits > 0).sum() / len(group),
            }
            for indicator, value in found.items():
                assert value == pytest.approx(expected[indicator, level, code], rel=1e-9, abs=1e-9)

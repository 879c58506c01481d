"""The worked example, from its extract files through the pure functions, to 1e-9."""

import polars as pl
import pytest
import shapely

from metrics import abstraction, asb, harm, patrol
from metrics.compute import compute
from metrics.levels import AREA_LEVELS, residents_by_month
from tests.metrics import example
from tests.oracle.held import held


def values(facts: dict[str, pl.LazyFrame], indicators, levels=AREA_LEVELS) -> dict[tuple[str, str, str], float | None]:
    answers = [compute(facts, indicators, level, force_code=example.FORCE).collect() for level in levels]
    october = pl.concat(answers).filter(pl.col("month") == example.OCTOBER)
    named = pl.concat_str("indicator_id", "category", separator=":", ignore_nulls=True)
    return {row[:3]: row[3] for row in october.select(named, "area_level", "area_code", "value").rows()}


def agree(found: dict, expected: dict) -> None:
    missing = [key for key, value in expected.items() if value is not None and found.get(key) is None]
    assert not missing
    wrong = {
        key: (found.get(key), value)
        for key, value in expected.items()
        if found.get(key) != pytest.approx(value, rel=1e-9, abs=1e-9)
    }
    assert not wrong
    invented = {key for key, value in found.items() if value not in (None, 0) and key not in expected}
    assert not invented


def test_abstractions():
    duty = abstraction.duty_facts(
        example.feed("duties"),
        example.feed("activity_codes"),
        example.feed("postings"),
        example.feed("officers"),
        example.neighbourhoods(),
    )
    found = values({"duty": duty}, abstraction.INDICATORS)
    agree(found, example.expected(*(indicator.id for indicator in abstraction.INDICATORS)))


def residents() -> pl.LazyFrame:
    return residents_by_month(example.neighbourhoods(), example.OCTOBER, example.OCTOBER)


def test_asb():
    incidents = asb.asb_facts(example.placed(example.feed("incidents")), example.feed("closure_codes"))
    indicators = asb.INDICATORS[:5]
    found = values({"asb": incidents, "residents": residents()}, indicators)
    agree(found, example.expected(*(indicator.id for indicator in indicators)))


def test_crime_and_harm():
    crimes = example.with_polygons(example.placed(example.feed("crimes")))
    facts = harm.with_weights(harm.crime_facts(crimes, example.feed("offences")), example.feed("weights"), "acceptance")
    found = values({"crimes": facts, "residents": residents()}, harm.INDICATORS, (*AREA_LEVELS, "impact_area"))
    agree(found, example.expected(*(indicator.id for indicator in harm.INDICATORS)))


def hotspot_stays() -> pl.LazyFrame:
    resolved = abstraction.resolve(example.feed("duties"), example.feed("activity_codes"))
    duty = abstraction.duty_intervals(resolved).collect().rows()
    fixes = example.feed("fixes").select("officer_id", "at", "lon", "lat").collect().rows()
    shapes = [
        (feature["properties"]["hotspot_id"], shapely.geometry.shape(feature["geometry"]))
        for feature in example.features("hotspots")
    ]
    stays = [
        (officer, hotspot, start, end)
        for officer, start, end, lon, lat in held(fixes, duty)
        for hotspot, shape in shapes
        if shape.covers(shapely.Point(lon, lat))
    ]
    return pl.LazyFrame(stays, schema=["officer_id", "hotspot_id", "start", "end"], orient="row")


def test_patrols():
    taskings = patrol.tasking_facts(example.feed("taskings"), hotspot_stays(), example.hotspots()).cache()
    facts = {"taskings": taskings, "hotspot_months": patrol.hotspot_months(taskings, example.hotspots())}
    found = values(facts, patrol.INDICATORS[:4], ("force", "lpa", "hotspot"))
    agree(found, example.expected("TGP-01", "TGP-02", "TGP-03", "TGP-04"))

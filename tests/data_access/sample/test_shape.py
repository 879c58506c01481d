"""The sample has the shape of the published figures."""

import numpy as np
import polars as pl
import pytest
import shapely

from data_access.sample import figures
from tests.data_access.sample.conftest import Sample, shapes

TO_METRES = (67_800.0, 111_195.0)


def metres(shape: shapely.Geometry) -> shapely.Geometry:
    return shapely.transform(shape, lambda points: points * TO_METRES)


def test_the_wards_of_the_seven_authorities(sample: Sample) -> None:
    wards = sample.features("neighbourhoods")
    counts = dict(wards.group_by("lpa_name").len().rows())
    assert counts == {
        "Birmingham": 69, "Coventry": 18, "Dudley": 24, "Sandwell": 24, "Solihull": 17, "Walsall": 20,
        "Wolverhampton": 20,
    }  # fmt: skip
    assert wards["residents"].sum() == 2_919_600


def test_cells_meet_without_gap_or_overlap_and_are_small_to_draw(sample: Sample) -> None:
    cells = shapes(sample.features("neighbourhoods"))
    assert shapely.coverage_is_valid(cells)
    assert max(len(shapely.get_coordinates(cell)) for cell in cells) <= 90
    assert shapely.union_all(cells).geom_type == "Polygon"
    centres = figures.read_wards().sort("neighbourhood_code")
    codes = sample.features("neighbourhoods")["neighbourhood_code"].to_list()
    assert codes == centres["neighbourhood_code"].to_list()
    assert all(
        shapely.contains_xy(cell, lon, lat)
        for cell, (lon, lat) in zip(cells, centres.select("lon", "lat").rows(), strict=True)
    )


def test_sectors_are_three_to_six_wards_of_one_lpa_that_touch(sample: Sample) -> None:
    wards = sample.features("neighbourhoods")
    for (_sector,), own in wards.group_by("sector_code"):
        assert 3 <= len(own) <= 6
        assert own["lpa_code"].n_unique() == 1
        assert shapely.union_all(shapes(own)).geom_type == "Polygon"


def test_impact_areas_and_patrol_hotspots_are_as_many_and_as_large_as_published(sample: Sample) -> None:
    hotspots = sample.features("hotspots")
    assert dict(hotspots.group_by("kind").len().rows()) == {"impact_area": 19, "syv_robbery": 46, "asb": 34}
    areas = hotspots.filter(kind="impact_area").group_by("lpa_code").len()
    assert len(areas) == 7
    assert areas["len"].min() >= 2
    patrolled = [metres(shape) for shape in shapes(hotspots.filter(pl.col("kind") != "impact_area"))]
    square_km = sum(shape.area for shape in patrolled) / 1e6
    assert square_km == pytest.approx(902 * 0.016, rel=0.1)
    assert shapely.union_all(patrolled).area == pytest.approx(square_km * 1e6)


def test_hotspots_lie_in_their_lpa(sample: Sample) -> None:
    wards = sample.features("neighbourhoods")
    land = {code: shapely.union_all(shapes(own)).buffer(1e-5) for (code,), own in wards.group_by("lpa_code")}
    hotspots = sample.features("hotspots")
    for code, shape in zip(hotspots["lpa_code"], shapes(hotspots), strict=True):
        assert shapely.contains(land[code], shape)


def test_each_lpa_has_stations_hospitals_a_court_and_a_council_house(sample: Sample) -> None:
    premises = sample.features("premises")
    kinds = dict(premises.group_by("kind").len().rows())
    assert kinds["hospital"] == 14
    assert kinds["court"] == kinds["council"] == 7
    assert 7 * 3 <= kinds["police_building"] <= 7 * 10


def test_crime_has_the_published_total_and_shares(sample: Sample) -> None:
    crimes = sample.rows("crimes")
    assert len(crimes) == pytest.approx(323_197, rel=0.03)
    named = crimes.join(sample.rows("offences"), on="offence_code")
    kinds = dict(named.group_by("neighbourhood_crime").len().rows())
    assert kinds["robbery"] == pytest.approx(8_122, rel=0.06)
    assert kinds["vehicle"] == pytest.approx(28_452, rel=0.06)
    assert kinds["theft_person"] == pytest.approx(3_236, rel=0.1)
    unplaced = crimes.filter(pl.col("lon").is_null() & pl.col("neighbourhood_code").is_null())
    assert 0.005 < len(unplaced) / len(crimes) < 0.03


def test_crime_falls_to_the_lpas_by_their_shares(sample: Sample) -> None:
    crimes = sample.rows("crimes").filter(pl.col("lon").is_not_null())
    wards = sample.features("neighbourhoods")
    tree = shapely.STRtree(shapes(wards))
    point, ward = tree.query(shapely.points(crimes["lon"], crimes["lat"]), predicate="intersects")
    found = wards["lpa_code"].to_numpy()[ward]
    for code, share in figures.CRIME_SHARE.items():
        assert (found == code).mean() == pytest.approx(share, abs=0.015)
    assert len(np.unique(point)) > 0.999 * len(crimes)  # a few metres of scatter may leave the outline


def test_hotspots_hold_a_sixth_of_violence_with_injury(sample: Sample) -> None:
    named = sample.rows("crimes").join(sample.rows("offences"), on="offence_code")
    violence = named.filter(pl.col("violence_with_injury") & pl.col("lon").is_not_null())
    hotspots = sample.features("hotspots").filter(pl.col("kind") != "impact_area")
    inside = shapely.STRtree(shapes(hotspots)).query(
        shapely.points(violence["lon"], violence["lat"]), predicate="intersects"
    )
    assert 0.14 < len(np.unique(inside[0])) / len(violence) < 0.22


def test_anti_social_behaviour_has_the_published_mix_and_hours(sample: Sample) -> None:
    incidents = sample.rows("incidents").filter(pl.col("closing_codes").str.contains("ASB"))
    own = incidents.filter(~pl.col("closing_codes").str.contains("NOISE"))
    local = own["reported_at"].dt.convert_time_zone("Europe/London")
    weekend = (local.dt.weekday() >= 6).to_numpy()
    daytime = local.dt.hour().is_between(8, 15).to_numpy()
    assert weekend.mean() == pytest.approx(0.32, abs=0.02)
    assert (~weekend & daytime).mean() == pytest.approx(0.19, abs=0.02)
    last = own["closing_codes"].str.extract_all(r"ASB-[PNE]").list.last().value_counts(normalize=True)
    mix = dict(last.rows())
    assert mix["ASB-N"] == pytest.approx(0.70, abs=0.03)
    assert mix["ASB-P"] == pytest.approx(0.25, abs=0.03)
    monthly = len(incidents) / 12
    assert 1_500 < monthly < 2_500


def test_locations_come_up_again(sample: Sample) -> None:
    asb = sample.rows("incidents").filter(pl.col("closing_codes").str.contains("ASB"))
    again = asb["location_ref"].drop_nulls().value_counts()
    assert 0.2 < again.filter(pl.col("count") >= 3)["count"].sum() / again["count"].sum() < 0.8


def test_specials_give_about_a_day_a_week(sample: Sample) -> None:
    hours = sample.rows("special_hours")
    assert hours["hours"].mean() == pytest.approx(23, abs=5)


def test_duties_stay_within_the_months_written(sample: Sample) -> None:
    duties = sample.rows("duties")
    end = pl.datetime(2026, 11, 1, time_zone="Europe/London").dt.convert_time_zone("UTC")
    assert duties.filter(pl.col("ends_at") > end).is_empty()
    assert sample.fixes("2026-10").filter(pl.col("at") >= end).is_empty()


def test_some_segments_overlap_as_in_real_duty_systems(sample: Sample) -> None:
    duties = sample.rows("duties").sort("officer_id", "starts_at")
    before = pl.col("ends_at").shift(1).over("officer_id")
    assert 0.1 < duties.select((pl.col("starts_at") < before).mean()).item() < 0.6

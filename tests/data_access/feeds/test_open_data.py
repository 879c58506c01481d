"""Open data: what is published becomes rows of the raw tables, and nothing is lost on the way."""

import json
from datetime import UTC, date, datetime

import polars as pl
import pytest
import shapely

from data_access.feeds.open_data import default_weights, open_kind, published_offences, read_open
from data_access.feeds.reading import UnreadableFile
from data_access.feeds.tables import FEED_TABLES
from metrics.location import AreaIndex, place
from tests.places import OPEN_DATA, WARDS, needs_open_data

HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context"
)
SEARCH_HEADER = (
    "Type,Date,Part of a policing operation,Policing operation,Latitude,Longitude,Gender,Age range,"
    "Self-defined ethnicity,Officer-defined ethnicity,Legislation,Object of search,Outcome,"
    "Outcome linked to object of search,Removal of more than just outer clothing"
)


def street(folder, *rows, name="2017-04-west-midlands-street.csv"):
    path = folder / name
    path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    return path


def row(month="2017-04", lon="-1.892674", lat="52.469009", kind="Burglary", outcome="", crime_id=""):
    force = "West Midlands Police"
    return f"{crime_id},{month},{force},{force},{lon},{lat},On or near,,,{kind},{outcome},"


def read(path):
    return read_open(path, open_kind(path))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("2017-01-west-midlands-street.csv", "street"),
        ("2017-01-west-midlands-stop-and-search.csv", "stop-and-search"),
        ("2017-13-west-midlands-street.csv", None),
        ("2017-01-west-midlands-outcomes.csv", None),
        ("crimes.csv", None),
    ],
)
def test_police_files_are_known_by_their_name(tmp_path, name, kind):
    assert open_kind(tmp_path / "2017-01" / name) == kind


def test_asb_becomes_an_incident_and_everything_else_a_crime(tmp_path):
    path = street(tmp_path, row(kind="Anti-social behaviour"), row(outcome="Under investigation"))
    file = read(path)
    assert file.replaces == "2017-04-west-midlands-street"
    (crime,) = file.tables["crimes"].to_dicts()
    assert crime["recorded_on"] == date(2017, 4, 1)
    assert (crime["offence_code"], crime["outcome_code"]) == ("Burglary", "Under investigation")
    assert (crime["lon"], crime["lat"], crime["line"]) == (-1.892674, 52.469009, 3)
    (incident,) = file.tables["incidents"].to_dicts()
    assert incident["reported_at"] == datetime(2017, 3, 31, 23, tzinfo=UTC), "local midnight, in summer"
    assert incident["location_ref"] == "-1.892674,52.469009"
    for one in (crime, incident):
        assert (one["provenance"], one["day_known"]) == ("data.police.uk", False)
        assert one["street_file"] == file.replaces


def test_rows_that_look_alike_are_rows_of_their_own(tmp_path):
    rows = [row(kind="Anti-social behaviour")] * 3 + [row(crime_id="abc")] * 2
    tables = read(street(tmp_path, *rows)).tables
    assert tables["incidents"]["incident_id"].n_unique() == 3
    assert tables["crimes"]["crime_id"].n_unique() == 2


def test_the_same_line_of_another_force_or_month_has_another_id(tmp_path):
    names = ("2017-04-west-midlands", "2017-04-warwickshire", "2017-05-west-midlands")
    files = [street(tmp_path, row(month=name[:7]), name=f"{name}-street.csv") for name in names]
    assert len({read(file).tables["crimes"]["crime_id"].item() for file in files}) == 3


@pytest.mark.parametrize(
    ("bad", "rule"),
    [
        (row(month="2017-05"), "month_of_the_file"),
        (row(month=""), "month_of_the_file"),
        (row(kind=""), "required"),
        (row(lon="west"), "number"),
        (row(lat="nan"), "number"),
        (row(lat=""), "position_complete"),
        (row(lon="-190.5"), "longitude_in_range"),
        (row(lat="91"), "latitude_in_range"),
        ("one,two", "number_of_fields"),
    ],
)
def test_a_row_that_breaks_a_rule_is_set_aside_and_the_rest_stays(tmp_path, bad, rule):
    file = read(street(tmp_path, row(), bad, row()))
    assert file.failures.select("line", "rule").rows() == [(3, rule)]
    assert file.tables["crimes"]["line"].to_list() == [2, 4]
    assert file.rows_read == 3


def test_a_crime_without_a_place_stays_without_one(tmp_path):
    file = read(street(tmp_path, row(lon="", lat=""), row(lon="", lat="", kind="Anti-social behaviour")))
    assert file.failures.is_empty()
    assert file.tables["crimes"].select("lon", "lat").row(0) == (None, None)
    assert file.tables["incidents"]["location_ref"].item() is None


def test_a_street_file_without_a_column_it_needs_cannot_be_read(tmp_path):
    path = tmp_path / "2017-04-west-midlands-street.csv"
    path.write_text("Crime ID,Month,Longitude,Latitude\n,2017-04,-1.9,52.5\n")
    with pytest.raises(UnreadableFile, match="column 'Crime type' is missing"):
        read(path)


def test_an_empty_month_has_rows_of_no_table(tmp_path):
    file = read(street(tmp_path))
    assert [len(rows) for rows in file.tables.values()] == [0, 0]
    assert file.rows_read == 0


def test_stop_and_searches_keep_their_time_of_day(tmp_path):
    path = tmp_path / "2020-06-west-midlands-stop-and-search.csv"
    searched = "Person search,{},,,52.48,-1.89,Male,18-24,White,White,Misuse of Drugs Act 1971,Drugs,Arrest,,"
    days = (
        "2020-06-01T00:15:00+01:00",
        "2020-06-30T23:30:00+00:00",
        "2020-06-02",
        "2020-08-01T10:00:00+00:00",
    )
    path.write_text("\n".join([SEARCH_HEADER, *map(searched.format, days)]))
    file = read(path)
    assert file.tables["stop_searches"]["searched_at"].to_list() == [
        datetime(2020, 5, 31, 23, 15, tzinfo=UTC),
        datetime(2020, 6, 30, 23, 30, tzinfo=UTC),
    ]
    (first, _) = file.tables["stop_searches"].to_dicts()
    assert (first["legislation"], first["object"], first["outcome"]) == (
        "Misuse of Drugs Act 1971",
        "Drugs",
        "Arrest",
    )
    assert first["day_known"] is True
    assert file.failures["rule"].to_list() == ["instant_with_offset", "month_of_the_file"]


def test_the_columns_are_those_of_the_raw_tables(tmp_path):
    file = read(street(tmp_path, row()))
    for name, rows in file.tables.items():
        assert rows.columns == [column.name for column in FEED_TABLES[name].columns if column.name != "file_id"]


def wards(folder, year="25", without=(), times=1):
    names = {f"WD{year}CD": "E05", f"WD{year}NM": "Ward", f"LAD{year}CD": "E08", f"LAD{year}NM": "Borough"}
    outline = {"type": "Polygon", "coordinates": [[[0, 52], [0, 53], [1, 53], [0, 52]]]}
    properties = {name: value for name, value in names.items() if name not in without}
    feature = {"type": "Feature", "properties": properties, "geometry": outline}
    path = folder / "wards.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature] * times}))
    return path


@pytest.mark.parametrize("year", ["11", "25"])
def test_wards_of_any_year_become_neighbourhoods(tmp_path, year):
    (ward,) = read(wards(tmp_path, year)).tables["neighbourhoods"].to_dicts()
    assert (ward["neighbourhood_code"], ward["lpa_code"], ward["lpa_name"]) == ("E05", "E08", "Borough")
    assert ward["sector_code"] is None


def test_of_a_ward_given_twice_the_last_stays(tmp_path):
    file = read(wards(tmp_path, times=2))
    assert file.tables["neighbourhoods"]["line"].to_list() == [2]
    assert file.failures.select("line", "rule").rows() == [(1, "duplicate_key")]


def test_wards_without_their_authority_cannot_be_read(tmp_path):
    with pytest.raises(UnreadableFile, match="LADyyCD"):
        read(wards(tmp_path, without=("LAD25CD",)))


@needs_open_data
def test_every_published_record_lands_in_the_ward_that_contains_its_point():
    boundaries = read(WARDS).tables["neighbourhoods"]
    assert len(boundaries) == 192
    files = [read(path) for path in sorted((OPEN_DATA / "police_uk").rglob("*-street.csv"))]
    tables = [rows.select("lon", "lat", day=pl.lit(date(2025, 6, 1))) for one in files for rows in one.tables.values()]
    records = pl.concat(tables)
    assert len(records) == 9448
    assert sum(len(one.failures) for one in files) == 0
    placed = place(records.lazy(), AreaIndex.from_features(boundaries)).collect()
    shapes = shapely.from_geojson(boundaries["geometry"].to_numpy())
    point, ward = shapely.STRtree(shapes).query(shapely.points(records["lon"], records["lat"]), predicate="intersects")
    expected = [None] * len(records)
    for record, number in zip(point, ward, strict=True):
        code = boundaries["neighbourhood_code"][int(number)]
        expected[record] = min(code, expected[record] or code)
    assert placed["neighbourhood_code"].to_list() == expected
    assert placed["neighbourhood_code"].null_count() == 0


@needs_open_data
def test_every_published_category_is_an_offence_with_a_weight():
    files = [read(path) for path in (OPEN_DATA / "police_uk").rglob("*-street.csv")]
    published = set(pl.concat([file.tables["crimes"] for file in files])["offence_code"])
    assert published <= set(published_offences()["offence_code"]) <= set(default_weights()["offence_code"])


def test_neighbourhood_crime_is_found_among_the_published_categories():
    rows = published_offences().drop_nulls("neighbourhood_crime").select("offence_code", "neighbourhood_crime")
    assert dict(rows.rows()) == {
        "Burglary": "residential_burglary",
        "Robbery": "robbery",
        "Theft from the person": "theft_person",
        "Vehicle crime": "vehicle",
    }


@needs_open_data
def test_the_weights_are_those_that_ons_published():
    table = pl.read_csv(OPEN_DATA / "weights" / "ons_crime_severity_weights_2020.csv", infer_schema=False)
    codes = table.select(pl.col("ho_count_codes").str.split("|"), pl.col("css_weight").cast(float))
    published = dict(codes.explode("ho_count_codes").rows())
    stand_ins = pl.col("source").str.contains("stand-in")
    shipped = default_weights().filter(~stand_ins).select("offence_code", "weight")
    assert len(published) == len(shipped) == 134
    assert dict(shipped.rows()) == published
    assert default_weights()["source"].str.contains("Open Government Licence").all()


def test_a_published_category_weighs_what_its_stand_in_weighs():
    stand_ins = default_weights().filter(pl.col("source").str.contains("stand-in"))
    named = stand_ins.with_columns(code=pl.col("source").str.extract(r"the weight of (\S+) "))
    weights = default_weights().select(code="offence_code", named_weight="weight")
    assert named.join(weights, on="code").filter(pl.col("weight") == pl.col("named_weight")).height == 13
    assert named["weight"].max() < 800, "no category may weigh like a homicide"


def test_each_code_is_weighed_once():
    assert default_weights().select("weight_set", "offence_code").is_unique().all()


def test_a_stop_and_search_file_keeps_all_that_disproportionality_needs(tmp_path):
    path = tmp_path / "2020-06-west-midlands-stop-and-search.csv"
    searched = "Person search,2020-06-02T10:00:00+00:00,,,52.48,-1.89,Male,{},{},{},Act,Drugs,Arrest,{},"
    rows = [("18-24", "Asian/Asian British - Pakistani", "Asian", "True"), ("", "", "White", "False"), ("", "", "", "")]
    path.write_text("\n".join([SEARCH_HEADER, *(searched.format(*row) for row in rows)]))
    names = ("age_range", "self_defined_ethnicity", "officer_defined_ethnicity", "linked_outcome")
    assert read(path).tables["stop_searches"].select(names).rows() == [
        ("18-24", "Asian/Asian British - Pakistani", "Asian", True),
        (None, None, "White", False),
        (None, None, None, None),
    ]


GROUPS = (
    "Asian, Asian British or Asian Welsh",
    "Black, Black British, Black Welsh, Caribbean or African",
    "Mixed or Multiple ethnic groups",
    "White",
    "Other ethnic group",
)


def census(folder, *rows):
    """Write a file of TS021 as NOMIS publishes it: the total, each group, and the finer groups of it."""
    names = [f"Ethnic group: {group}" for group in ("Total: All usual residents", *GROUPS, "White: Irish")]
    header = ",".join(["date", "geography", "geography code", *(f'"{name}"' for name in names)])
    path = folder / "census2021-ts021-ltla.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def test_the_census_by_ethnic_group_loads_as_nomis_publishes_it(tmp_path):
    good = "2021,Solihull,E08000029,216240,23782,6722,8011,177674,51,1900"
    path = census(tmp_path, good, "2021,Nowhere,E08,1,1,1,1,many,1,1")
    assert open_kind(path) == "ethnicity"
    file = read(path)
    rows = file.tables["population"].select("area_code", "ethnic_group", "residents", "valid_from").rows()
    day = date(2021, 3, 21)
    assert sorted(rows) == [
        ("E08000029", "Asian", 23782, day),
        ("E08000029", "Black", 6722, day),
        ("E08000029", "Mixed", 8011, day),
        ("E08000029", "Other", 51, day),
        ("E08000029", "White", 177674, day),
    ]
    assert file.failures.select("line", "rule").rows() == [(3, "whole_number")]


def test_a_census_file_without_one_of_the_groups_cannot_be_read(tmp_path):
    path = census(tmp_path)
    path.write_text(path.read_text().replace("Ethnic group: White", "Ethnic group: Weiß"))
    with pytest.raises(UnreadableFile, match="column 'Ethnic group: White' is missing"):
        read(path)

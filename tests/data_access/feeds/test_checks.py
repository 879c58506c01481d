"""Every rule of the input contract on one small row, and the lines that it names."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from data_access.feeds.checks import check, last_of_each_key, unknown_codes
from data_access.feeds.contract import FEEDS, columns_of, key_of
from data_access.feeds.reading import UnreadableFile, batches, header
from tests.data_access.small_force import square

DUTY = {
    "officer_id": "A",
    "shift_id": "S",
    "starts_at": "2024-10-01T08:00:00Z",
    "ends_at": "2024-10-01T09:00:00Z",
    "activity_code": "P",
}
CRIME = {"crime_id": "C", "recorded_on": "2024-10-01", "offence_code": "45", "lon": "-1.9", "lat": "52.4"}
WARD = {
    "neighbourhood_code": "N",
    "neighbourhood_name": "Ward",
    "sector_code": "S",
    "sector_name": "Sector",
    "lpa_code": "L",
    "lpa_name": "LPA",
    "geometry": str(square(-1.9, 52.4)).replace("'", '"'),
}
POSTING = {"officer_id": "A", "department": "NPT", "team": "T", "lpa_code": "L", "start_date": "2024-01-01"}
STAFF = {"officer_id": "A", "role": "officer"}
WEIGHT = {"weight_set": "w", "offence_code": "45", "weight": "1", "source": "s"}
ESTABLISHMENT = {
    "month": "2024-10",
    "lpa_code": "L",
    "department": "NPT",
    "role": "officer",
    "establishment_fte": "1",
    "strength_fte": "1",
    "as_at": "2024-10-31",
}
BOW_TIE = '{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,1],[0,0]]]}'
GRID = '{"type":"Polygon","coordinates":[[[400000,280000],[400100,280000],[400100,280100],[400000,280000]]]}'

INCIDENT = {"incident_id": "I", "reported_at": "2024-10-01T08:00:00Z", "closing_codes": ""}
OUTCOME = {"outcome_code": "1", "outcome_name": "Charged", "positive": "true"}
STANDARD = {"grade": "P1", "minutes": "15", "valid_from": "2024-01-01", "source": "s"}
SURVEY = {
    "survey": "pulse",
    "question": "CON-01",
    "area_code": "L",
    "period_start": "2024-07-01",
    "period_end": "2024-09-30",
    "asked": "100",
    "yes": "60",
}
PEOPLE = {"area_code": "L", "ethnic_group": "Asian", "residents": "1", "valid_from": "2021-03-21"}
POWER = {"power_id": "P", "power": "cpn", "issued_on": "2024-10-01"}
REVIEW = {"review_id": "R", "lpa_code": "L", "requested_on": "2024-10-01"}
ACTION = {"action_id": "A", "source": "pmp", "action": "Clear", "owner_role": "sergeant", "due_on": "2024-10-01"}

BROKEN = [
    ("incidents", INCIDENT, {"arrived_at": "2024-10-01T07:59:59Z"}, "arrived_at_not_before_reported_at", "arrived_at"),
    ("incidents", INCIDENT, {"resource": "helicopter"}, "allowed_value", "resource"),
    ("incidents", INCIDENT, {"attended": "yes"}, "true_or_false", "attended"),
    ("incidents", INCIDENT, {"officer_minutes": "-1"}, "at_least_0", "officer_minutes"),
    ("crimes", CRIME, {"flags": "hate;hat"}, "allowed_values", "flags"),
    ("outcome_codes", OUTCOME, {"positive": ""}, "required", "positive"),
    ("response_standards", STANDARD, {"valid_to": "2024-01-01"}, "valid_to_after_valid_from", "valid_to"),
    ("surveys", SURVEY, {"yes": "101"}, "yes_at_most_asked", "yes"),
    ("surveys", SURVEY, {"question": "SAT-01"}, "question_of_CON", "question"),
    ("surveys", SURVEY, {"design_effect": "0"}, "above_0", "design_effect"),
    ("surveys", SURVEY, {"period_end": "2024-06-30"}, "period_end_not_before_period_start", "period_end"),
    ("population", PEOPLE, {"ethnic_group": "Martian"}, "census_ethnic_group", "ethnic_group"),
    ("asb_powers", POWER, {"power": "asbo"}, "allowed_value", "power"),
    ("asb_powers", POWER, {"breached_on": "2024-09-30"}, "breached_on_not_before_issued_on", "breached_on"),
    ("case_reviews", REVIEW, {"accepted": "-1"}, "at_least_0", "accepted"),
    ("plan_actions", ACTION, {"source": "email"}, "allowed_value", "source"),
    ("duties", DUTY, {"officer_id": ""}, "required", "officer_id"),
    ("duties", DUTY, {"shift_id": "   "}, "required", "shift_id"),
    ("duties", DUTY, {"starts_at": "2024-10-01T08:00:00"}, "instant_with_offset", "starts_at"),
    ("duties", DUTY, {"starts_at": "2024-10-32T08:00:00Z"}, "instant_with_offset", "starts_at"),
    ("duties", DUTY, {"starts_at": "2024-10-01"}, "instant_with_offset", "starts_at"),
    ("duties", DUTY, {"starts_at": "2024-10-01T25:00:00Z"}, "instant_with_offset", "starts_at"),
    ("duties", DUTY, {"starts_at": "yesterday"}, "instant_with_offset", "starts_at"),
    ("duties", DUTY, {"ends_at": "2024-10-01T08:00:00Z"}, "ends_at_after_starts_at", "ends_at"),
    ("duties", DUTY, {"ends_at": "2024-10-01T08:30:00+01:00"}, "ends_at_after_starts_at", "ends_at"),
    ("duties", DUTY, {"ends_at": "2026-10-03T08:00:00Z"}, "at_most_731_days_long", "ends_at"),
    ("duties", DUTY, {"starts_at": "0024-10-01T08:00:00Z"}, "plausible_year", "starts_at"),
    ("crimes", CRIME, {"recorded_on": "9999-12-31"}, "plausible_year", "recorded_on"),
    ("crimes", CRIME, {"recorded_on": "2023-02-29"}, "date", "recorded_on"),
    ("crimes", CRIME, {"recorded_on": "01/10/2024"}, "date", "recorded_on"),
    ("crimes", CRIME, {"recorded_on": "2024-10-01T00:00:00Z"}, "date", "recorded_on"),
    ("crimes", CRIME, {"lon": "east"}, "number", "lon"),
    ("crimes", CRIME, {"lon": "nan"}, "number", "lon"),
    ("crimes", CRIME, {"lat": "inf"}, "number", "lat"),
    ("crimes", CRIME, {"lon": "-181"}, "at_least_-180", "lon"),
    ("crimes", CRIME, {"lat": "90.1"}, "at_most_90", "lat"),
    ("crimes", CRIME, {"lat": ""}, "position_complete", "lon"),
    ("crimes", CRIME, {"victim_age": "-1"}, "at_least_0", "victim_age"),
    ("crimes", CRIME, {"victim_age": "24.5"}, "whole_number", "victim_age"),
    ("postings", POSTING, {"end_date": "2023-12-31"}, "end_date_not_before_start_date", "end_date"),
    ("officers", STAFF, {"role": "king"}, "allowed_value", "role"),
    ("officers", STAFF, {"uniformed": "yes"}, "true_or_false", "uniformed"),
    ("weights", WEIGHT, {"weight": "-1"}, "at_least_0", "weight"),
    ("establishment", ESTABLISHMENT, {"month": "2024-13"}, "month", "month"),
    ("establishment", ESTABLISHMENT, {"month": "2024-10-01"}, "month", "month"),
    (
        "neighbourhoods",
        WARD,
        {"geometry": '{"type":"Point","coordinates":[0,0]}'},
        "area_geometry",
        "geometry",
    ),
    ("neighbourhoods", WARD, {"geometry": BOW_TIE}, "area_geometry", "geometry"),
    ("neighbourhoods", WARD, {"geometry": GRID}, "area_geometry", "geometry"),
    ("neighbourhoods", WARD, {"geometry": "round"}, "area_geometry", "geometry"),
    (
        "neighbourhoods",
        WARD | {"valid_from": "2024-01-01"},
        {"valid_to": "2024-01-01"},
        "valid_to_after_valid_from",
        "valid_to",
    ),
]


def rows_of(*rows):
    names = {name for row in rows for name in row}
    columns = {name: [row.get(name) for row in rows] for name in names}
    return pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String)).with_row_index("line", offset=2)


@pytest.mark.parametrize(("feed", "good", "change", "rule", "column"), BROKEN)
def test_a_row_that_breaks_a_rule_is_named_and_the_others_stay(feed, good, change, rule, column):
    kept, failures = check(FEEDS[feed], rows_of(good, good | change))
    assert kept["line"].to_list() == [2]
    value = (change | good if column not in change else change)[column].strip() or None
    assert failures.rows() == [(3, rule, column, value)]


def test_each_value_is_typed():
    crime = CRIME | {"victim_age": " 24 ", "outcome_code": " ", "committed_on": "2024-02-29"}
    kept, _ = check(FEEDS["crimes"], rows_of(crime))
    assert kept.select("recorded_on", "committed_on", "lon", "victim_age", "outcome_code").rows() == [
        (date(2024, 10, 1), date(2024, 2, 29), -1.9, 24, None)
    ]
    officer, _ = check(FEEDS["officers"], rows_of(STAFF, STAFF | {"uniformed": "FALSE"}))
    assert officer["uniformed"].to_list() == [True, False]
    area, _ = check(FEEDS["neighbourhoods"], rows_of(WARD | {"residents": "3000.0"}))
    assert area.select("residents", "valid_from", "valid_to").rows() == [(3000, date(1, 1, 1), None)]
    posts, _ = check(FEEDS["establishment"], rows_of(ESTABLISHMENT))
    assert posts["month"].to_list() == [date(2024, 10, 1)]


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2024-10-27T01:30:00+01:00", (0, 30, 0)),
        ("2024-10-27T01:30:00+00:00", (1, 30, 0)),
        ("2024-10-27T01:30:00Z", (1, 30, 0)),
        ("2024-10-27 01:30:00.25+0100", (0, 30, 250_000)),
        ("2024-10-27T01:30+01:00", (0, 30, 0)),
        ("2024-10-27 01:30:00+01", (0, 30, 0)),  # as PostgreSQL writes it
    ],
)
def test_both_hours_of_the_long_night_are_told_apart(text, hour):
    kept, _ = check(FEEDS["incidents"], rows_of({"incident_id": "I", "reported_at": text, "closing_codes": ""}))
    hours, minutes, micro = hour
    assert kept["reported_at"].to_list() == [datetime(2024, 10, 27, hours, minutes, 0, micro, tzinfo=UTC)]


def test_of_rows_with_the_same_key_the_last_stays():
    rows, _ = check(FEEDS["officers"], rows_of(STAFF, STAFF | {"officer_id": "B"}, STAFF | {"role": "pcso"}))
    kept, repeated = last_of_each_key(FEEDS["officers"], rows)
    assert kept.select("line", "officer_id", "role").rows() == [(3, "B", "officer"), (4, "A", "pcso")]
    assert repeated.rows() == [(2, "duplicate_key", "officer_id", "A")]


def test_a_code_must_be_known_and_hold_on_the_day():
    feed = FEEDS["duties"]
    old = DUTY | {"starts_at": "2019-12-31T23:59:59Z", "ends_at": "2020-01-01T09:00:00Z"}
    rows, _ = check(feed, rows_of(DUTY, DUTY | {"activity_code": "Q"}, old))
    known = pl.DataFrame({"activity_code": ["P"], "valid_from": [date(2020, 1, 1)], "valid_to": [None]})
    missing = unknown_codes(rows, feed.references[0], known.with_columns(pl.col("valid_to").cast(pl.Date)))
    assert missing.to_list() == [False, True, True]


def test_every_feed_has_a_key_and_a_required_column():
    for feed in FEEDS.values():
        assert key_of(feed)
        assert any(not column.info["optional"] for column in columns_of(feed))


def read(path, columns):
    found = list(batches(path, columns))
    rows = pl.concat([batch.rows for batch in found])
    return rows.rows(), pl.concat([batch.failures for batch in found]).rows()


def test_lines_are_those_of_the_file_whatever_stands_in_it(tmp_path):
    path = tmp_path / "x.csv"
    lines = (
        b"\xef\xbb\xbfa,b,c\r\n",
        b"1,2,3\r\n",
        b"\r\n",
        b'4,"two\r\nlines, ""quoted""",6\r\n',
        b"7,8\r\n",
        b"9,10,11,12\r\n",
        b'"",13,14\r\n',
        b"15,16\r\n",
    )
    path.write_bytes(b"".join(lines))
    rows, failures = read(path, ["a", "b", "c"])
    assert rows == [(2, "1", "2", "3"), (4, "4", 'two\r\nlines, "quoted"', "6"), (8, "", "13", "14")]
    assert [(line, rule) for line, rule, _, _ in failures] == [(n, "number_of_fields") for n in (6, 7, 9)]


def test_lines_stay_right_over_many_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr("data_access.feeds.reading.BLOCK_BYTES", 64)
    path = tmp_path / "x.csv"
    text = [
        "a,b",
        *(f'{n},"x\ny"' if n % 7 == 0 else f"{n}" if n % 11 == 0 else f"{n},z" for n in range(200)),
    ]
    path.write_text("\n".join(text) + "\n")
    expected, line = {}, 2
    for n in range(200):
        expected[n] = line
        line += 2 if n % 7 == 0 else 1
    rows, failures = read(path, ["a", "b"])
    odd = [n for n in range(200) if n % 11 == 0 and n % 7]
    assert [(line, int(a)) for line, a, _ in rows] == [(expected[n], n) for n in range(200) if n not in odd]
    assert [line for line, *_ in failures] == [expected[n] for n in odd]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a,b\n\xff\xfe,1\n", "UTF-8"),
        (b"a,a\n1,2\n", "'a' twice"),
        (b"\r\na,b\r\n1,2\r\n", "first line is empty"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path, content, words):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=words):
        read(path, ["a", "b"])


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"a,b", []),
        (b"\xef\xbb\xbfa,b\r\n", []),
        (b"a,b,\n1,2,\n", [(2, "1", "2")]),  # as a spreadsheet leaves it
        (b"a,,x,b,,x\n1,,5,2,,6\n", [(2, "1", "2")]),
    ],
)
def test_what_no_column_needs_does_not_matter(tmp_path, content, rows):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    assert read(path, ["a", "b"]) == (rows, [])


def test_a_quotation_mark_never_closed_is_said_to_be_one(tmp_path, monkeypatch):
    monkeypatch.setattr("data_access.feeds.reading.BLOCK_BYTES", 64)
    path = tmp_path / "x.csv"
    path.write_text('a,b\n1,"2\n' + "3,4\n" * 100)
    with pytest.raises(UnreadableFile, match="never closed"):
        read(path, ["a", "b"])


def test_a_geojson_without_features_is_empty(tmp_path):
    path = tmp_path / "x.geojson"
    path.write_text('{"type": "FeatureCollection", "features": []}')
    assert header(path) == []
    assert read(path, ["a"]) == ([], [])


def test_a_broken_geojson_says_what_it_is_not(tmp_path):
    path = tmp_path / "x.geojson"
    path.write_text('{"type": "Point"}')
    with pytest.raises(UnreadableFile, match="FeatureCollection"):
        header(path)


def test_parquet_is_judged_like_text(tmp_path):
    path = tmp_path / "incidents.parquet"
    moment = datetime(2024, 10, 27, 1, 30, tzinfo=UTC)
    typed = {"incident_id": ["I", "J"], "reported_at": [moment, None], "closing_codes": [["A", "B"], []]}
    pl.DataFrame(typed).with_columns(pl.col("reported_at").dt.convert_time_zone("Europe/London")).write_parquet(path)
    feed = FEEDS["incidents"]
    batch = next(iter(batches(path, [column.name for column in columns_of(feed)])))
    kept, failures = check(feed, batch.rows)
    assert kept.select("reported_at", "closing_codes").rows() == [(moment, "A;B")]
    assert failures.select("line", "rule", "column_name").rows() == [(2, "required", "reported_at")]


def test_an_instant_without_a_zone_is_not_believed_in_parquet_either(tmp_path):
    path = tmp_path / "incidents.parquet"
    pl.DataFrame({"incident_id": ["I"], "reported_at": [datetime(2024, 10, 27, 1, 30)]}).write_parquet(path)
    feed = FEEDS["incidents"]
    batch = next(iter(batches(path, [column.name for column in columns_of(feed)])))
    kept, failures = check(feed, batch.rows)
    assert len(kept) == 0
    assert failures["rule"].to_list() == ["instant_with_offset"]

"""Definitions §4: what is ASB, its category, repeat locations, the dip sample."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics import asb
from tests.laws import examples

CODES = {"P": "personal", "N": "nuisance", "E": "environmental", "X": None}
NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
FIELDS = {
    "incident_id": pl.String,
    "reported_at": pl.Datetime("us", "UTC"),
    "closing_codes": pl.String,
    "location_ref": pl.String,
    "risk_assessed": pl.Boolean,
    "lpa_code": pl.String,
    "sector_code": pl.String,
    "neighbourhood_code": pl.String,
    "caller_ref": pl.String,
    "mental_health": pl.Boolean,
    "closed_at": pl.Datetime("us", "UTC"),
    "lon": pl.Float64,
    "lat": pl.Float64,
}


def incidents(*rows: dict) -> pl.LazyFrame:
    return pl.LazyFrame([dict.fromkeys(FIELDS) | row for row in rows], schema=FIELDS)


def incident(number: int, at: datetime = NOON, codes: str | None = "N", **more) -> dict:
    return {"incident_id": f"I{number:03}", "reported_at": at, "closing_codes": codes, **more}


def facts(*rows: dict) -> pl.DataFrame:
    closure = {"closure_code": list(CODES), "asb_category": list(CODES.values())}
    return asb.asb_facts(incidents(*rows), pl.LazyFrame(closure)).collect().sort("incident_id")


def test_an_incident_is_dated_by_the_local_clock():
    found = facts(incident(1, datetime(2024, 6, 30, 23, 30, tzinfo=UTC)))
    assert (found["day"][0], found["hour"][0]) == (date(2024, 7, 1), 0)


def test_open_data_is_asb_of_unknown_category_and_hour():
    row = incidents(incident(1, codes=None)).with_columns(provenance=pl.lit("data.police.uk"), day_known=False)
    found = asb.asb_facts(row, pl.LazyFrame({"closure_code": ["P"], "asb_category": ["personal"]})).collect()
    assert found.select("category", "hour", "repeat").rows() == [("unknown", None, None)]


def repeats(*days: int, place: str | None = "A") -> list[bool | None]:
    rows = [incident(k, NOON + timedelta(days=day), location_ref=place) for k, day in enumerate(days)]
    return facts(*rows)["repeat"].to_list()


def test_without_a_location_nothing_repeats_or_is_counted():
    assert repeats(0, 1, 2, place=None) == [None, None, None]


def test_incidents_of_one_instant_count_in_the_order_of_their_ids():
    assert repeats(0, 0, 0) == [False, False, True]


row = st.tuples(st.sampled_from([None, "A", "B"]), st.integers(0, 24 * 400), st.sampled_from(["P", "N;X", "X", None]))


@examples(40)
@given(st.lists(row, max_size=25), st.randoms())
def test_a_loop_finds_the_same_repeats_in_any_order(rows, random):
    given_rows = [
        incident(k, NOON + timedelta(hours=hour), codes, location_ref=place)
        for k, (place, hour, codes) in enumerate(rows)
    ]
    found = facts(*random.sample(given_rows, len(given_rows)))
    assert dict(found.select("incident_id", "repeat").rows()) == repeats_by_loop(given_rows)


def repeats_by_loop(rows: list[dict]) -> dict[str, bool | None]:
    asb_rows = [r for r in rows if r["closing_codes"] in ("P", "N;X")]
    days = {r["incident_id"]: r["reported_at"].astimezone(ZoneInfo("Europe/London")).date() for r in asb_rows}
    order = {r["incident_id"]: (r["reported_at"], r["incident_id"]) for r in asb_rows}
    found = {}
    for one in asb_rows:
        name, place = one["incident_id"], one["location_ref"]
        same = [r["incident_id"] for r in asb_rows if r["location_ref"] == place]
        count = sum(order[o] <= order[name] and (days[name] - days[o]).days <= 183 for o in same)
        found[name] = None if place is None else count >= 3
    return found


def wilson(successes: int, sampled: int) -> tuple:
    lower, upper = asb.wilson(pl.col("s"), pl.col("n"))
    return pl.DataFrame({"s": [successes], "n": [sampled]}).select(lower=lower, upper=upper).row(0)


def test_wilson_limits():
    # Newcombe 1998, table I: 81 of 263 gives 0.2553 to 0.3662 without continuity correction
    assert wilson(81, 263) == pytest.approx((25.53, 36.62), abs=0.005)
    assert wilson(0, 20) == pytest.approx((0, 16.11), abs=0.005)
    assert wilson(0, 0) == (None, None)


def drawn(frame: pl.DataFrame, seed: int = 1) -> list[str]:
    return asb.draw_sample(frame, per_stratum=3, seed=seed)["incident_id"].to_list()


def test_the_sample_is_drawn_by_stratum_and_reproducibly():
    rows = [incident(k, codes="PN"[k % 2], lpa_code=f"L{k % 3}") for k in range(60)]
    found = facts(*rows)
    first = drawn(found)
    assert first == drawn(found.reverse())
    assert first != drawn(found, seed=2)
    strata = found.filter(pl.col("incident_id").is_in(first)).select("lpa_code", "category").rows()
    assert set(Counter(strata).values()) == {3}
    assert len(set(strata)) == 6


def test_a_late_incident_does_not_reshuffle_the_sample():
    found = facts(*(incident(k, lpa_code="L1") for k in range(20)))
    before, after = drawn(found.filter(pl.col("incident_id") != "I019")), drawn(found)
    assert len(set(after) - set(before)) <= 1

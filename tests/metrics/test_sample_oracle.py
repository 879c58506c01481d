"""A month of the sample force, clock change included, counted once by loops and once by the pure functions."""

import csv
from collections import Counter, defaultdict
from datetime import date
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from data_access.sample import write_sample
from metrics import abstraction, asb, harm, indicator
from metrics.compute import compute
from tests.oracle import abstractions as oracle

pytestmark = pytest.mark.law
LONDON = ZoneInfo("Europe/London")
OCTOBER = date(2024, 10, 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("sample")
    write_sample(path, seed=7, months=1, scale=0.02, until=date(2024, 10, 31))
    return path


def rows(folder, name: str) -> list[dict]:
    with (folder / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def frame(folder, name: str, dates: tuple = (), booleans: tuple = ()) -> pl.LazyFrame:
    raw = pl.read_csv(folder / f"{name}.csv", infer_schema=False)
    raw = raw.with_columns(pl.lit(None, pl.String).alias(d) for d in dates if d not in raw.columns)
    return raw.with_columns(pl.col(dates).str.to_date(), *(pl.col(b) == "true" for b in booleans)).lazy()


def homes(folder) -> dict[str, tuple]:
    """Give department and LPA of the officers who were posted once; the others are left out on both sides."""
    posted = defaultdict(list)
    for row in rows(folder, "postings"):
        posted[row["officer_id"]].append((row["department"], row["lpa_code"]))
    return {officer: found[0] for officer, found in posted.items() if len(found) == 1}


def test_loops_give_the_same_abstractions(folder):
    home = homes(folder)
    codes = {row["activity_code"]: (row["category"], row["family"]) for row in rows(folder, "activity_codes")}
    duties = pl.read_parquet(folder / "duties.parquet").filter(pl.col("officer_id").is_in(list(home)))
    columns = ("officer_id", "shift_id", "starts_at", "ends_at", "activity_code")
    segments = [row for row in duties.select(columns).rows() if home[row[0]][0] == "NPT"]
    away = Counter(), Counter(), Counter()
    for (officer, day, _, code), seconds in oracle.seconds(segments, codes).items():
        if day.month == 10:
            away[0][home[officer][1]] += seconds * (codes[code][1] in ("demand", "aid"))
            away[1][home[officer][1]] += seconds * (codes[code][1] != "absence")
    for (officer, _, day), count in oracle.episodes(segments, codes).items():
        away[2][home[officer][1]] += count * (day.month == 10)
    no_areas = {"neighbourhood_code": pl.String, "sector_code": pl.String, "valid_from": pl.Date, "valid_to": pl.Date}
    facts = abstraction.duty_facts(
        duties.lazy(),
        frame(folder, "activity_codes", ("valid_from", "valid_to")),
        frame(folder, "postings", ("start_date", "end_date")),
        frame(folder, "officers", (), ("uniformed",)),
        pl.LazyFrame(schema=no_areas),
    )
    asked = [indicator("ABS-01"), indicator("ABS-03"), indicator("ABS-04")]
    found = compute({"duty": facts}, asked, "lpa", force_code="F").filter(pl.col("month") == OCTOBER).collect()
    by_id = {
        (i, lpa): (n, v) for i, lpa, n, v in found.select("indicator_id", "area_code", "numerator", "value").rows()
    }
    lpas = [lpa for lpa, seconds in away[1].items() if seconds]
    assert len(lpas) == 7
    for lpa in lpas:
        assert by_id["ABS-01", lpa][1] == pytest.approx(100 * away[0][lpa] / away[1][lpa], rel=1e-12)
        assert by_id["ABS-04", lpa][1] == pytest.approx(away[0][lpa] / 3600, rel=1e-12)
        assert by_id["ABS-03", lpa][0] == away[2][lpa]


def test_loops_give_the_same_asb(folder):
    closure = {row["closure_code"]: row.get("asb_category") or None for row in rows(folder, "closure_codes")}
    raw = pl.read_parquet(folder / "incidents.parquet")
    expected, seen = {}, defaultdict(list)
    for row in sorted(raw.iter_rows(named=True), key=lambda row: (row["reported_at"], row["incident_id"])):
        categories = [closure.get(code.strip()) for code in (row["closing_codes"] or "").split(";")]
        known = [category for category in categories if category]
        if not known:
            continue
        day, place = row["reported_at"].astimezone(LONDON).date(), row["location_ref"]
        seen[place].append(day)
        recent = sum((day - other).days <= 183 for other in seen[place])
        expected[row["incident_id"]] = (day, known[-1], None if place is None else recent >= 3)
    nowhere = raw.with_columns(lpa_code=pl.lit("L1"), sector_code=pl.lit("S1"), neighbourhood_code=pl.lit("N1"))
    codes = pl.LazyFrame({"closure_code": list(closure), "asb_category": list(closure.values())})
    found = asb.asb_facts(nowhere.lazy(), codes).select("incident_id", "day", "category", "repeat").collect()
    assert {row[0]: row[1:] for row in found.rows()} == expected
    assert any(repeat for _, _, repeat in expected.values())


def test_loops_give_the_same_harm(folder):
    raw = pl.read_parquet(folder / "crimes.parquet")
    offences = frame(folder, "offences", (), ("violence_with_injury", "homicide", "town_centre"))
    codes = sorted({row["offence_code"] for row in rows(folder, "offences")})
    weights = {code: 10.5 + place for place, code in enumerate(codes) if place % 5}
    total, young = 0.0, 0
    injury = {row["offence_code"] for row in rows(folder, "offences") if row["violence_with_injury"] == "true"}
    for row in raw.iter_rows(named=True):
        total += weights.get(row["offence_code"], 0)
        young += row["offence_code"] in injury and row["victim_age"] is not None and row["victim_age"] < 25
    chosen = pl.LazyFrame({"weight_set": "a", "offence_code": list(weights), "weight": list(weights.values())})
    placed = raw.lazy().with_columns(lpa_code=pl.lit("L1"), sector_code=pl.lit("S1"))
    facts = harm.with_weights(harm.crime_facts(placed, offences), chosen, "a")
    asked = [indicator("HRM-01"), indicator("HRM-02"), indicator("HRM-06")]
    found = compute({"crimes": facts}, asked, "force", force_code="F").collect()
    sums = dict(found.group_by("indicator_id").agg(pl.col("value").sum()).rows())
    assert sums == {"HRM-01": raw.height, "HRM-02": pytest.approx(total), "HRM-06": young}
    assert young > 0

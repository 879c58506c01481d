"""Definitions §7b: hotspots' part in violence, and in the ground."""

from datetime import date

import polars as pl

from metrics.extent import extent_facts
from tests.metrics.test_extent import box
from tests.specs.notation import Case, case, spec
from tests.specs.sources import crimes


@spec(
    "TGP-07",
    case(
        "Violence with injury and robbery inside hotspots tasked for them; once, though two hotspots overlap",
        {"L1": 2, "L2": 0},
        level="lpa",
        crimes="""
            crime_id | recorded_on | offence_code | lpa_code | hotspots | syv_robbery_hotspots
            1        | 2024-05-01  | WOUNDING     | L1       | V1 V2    | V1 V2
            2        | 2024-05-01  | ROBBERY      | L1       | V1 A1    | V1
            3        | 2024-05-01  | SHOPLIFTING  | L1       | V1       | V1
            4        | 2024-05-01  | WOUNDING     | L2       | A1       |
            5        | 2024-05-01  | ROBBERY      | L2       |          |
        """,
    ),
    case(
        "In each of the hotspots of that kind that hold it",
        {"V1": 1, "V2": 1, "A1": 0},
        level="hotspot",
        crimes="""
            crime_id | recorded_on | offence_code | hotspots | syv_robbery_hotspots
            1        | 2024-05-01  | WOUNDING     | V1 V2 A1 | V1 V2
        """,
    ),
)
def test_violence_and_robbery_in_their_hotspots(case: Case) -> None:
    assert case.figures(crimes=crimes(case)) == case.figure


@spec(
    "TGP-08",
    case(
        "Violence with injury inside any hotspot, of that anywhere; robbery is not in it",
        25,
        crimes="""
            crime_id | recorded_on | offence_code | hotspots | impact_areas
            1        | 2024-05-01  | WOUNDING     | V1 A1    |
            2        | 2024-05-01  | WOUNDING     |          | I1
            3        | 2024-05-01  | WOUNDING     |          |
            4        | 2024-05-01  | WOUNDING     |          |
            5        | 2024-05-01  | ROBBERY      | V1       |
        """,
    ),
)
def test_hotspots_share_of_violence_with_injury(case: Case) -> None:
    assert case.figures(crimes=crimes(case)) == case.figure


@spec(
    "TGP-09",
    case(
        "Ground under hotspots, of that under neighbourhoods: 2 + 2 km² that share 1, of 10; an Impact Area is none",
        {"L1": 30, "L2": 0},
        level="lpa",
        hotspots="""
            hotspot_id | kind        | lpa_code | metres
            A1         | asb         | L1       | 400000 300000 402000 301000
            V1         | syv_robbery | L1       | 401000 300000 403000 301000
            I1         | impact_area | L1       | 405000 300000 409000 301000
        """,
        neighbourhoods="""
            neighbourhood_code | lpa_code | metres
            N1                 | L1       | 400000 300000 410000 301000
            N3                 | L2       | 410000 300000 420000 301000
        """,
    ),
)
def test_hotspots_share_of_the_area(case: Case) -> None:
    drawn = {name: _drawn(case.rows(name).collect()) for name in ("neighbourhoods", "hotspots")}
    shares = case.figures(extents=extent_facts(**drawn, months=[date(2024, 5, 1)]))
    assert {area: round(share, 6) for area, share in shares.items()} == case.figure  # the projection goes both ways


def _drawn(features: pl.DataFrame) -> pl.DataFrame:
    """Draw each rectangle, written as west, south, east and north in metres of the British National Grid."""
    outlines = [box(*map(float, text.split())) for text in features["metres"]]
    return features.with_columns(geometry=pl.Series(outlines))

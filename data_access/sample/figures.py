"""Published figures that shape the sample force, and the wards it borrows names and centres from.

`wards.csv` has the 192 electoral wards of May 2025 with code, name, authority and centre as figures (Office for
National Statistics, Open Government Licence v3.0; contains OS data © Crown copyright and database right 2025), each
given to an invented sector of three to six neighbouring wards.
"""

from pathlib import Path

import polars as pl

WARDS_FILE = Path(__file__).parent / "wards.csv"

BIRMINGHAM, COVENTRY, DUDLEY, SANDWELL, SOLIHULL, WALSALL, WOLVERHAMPTON = (
    f"E080000{number}" for number in range(25, 32)
)
# Census 2021 usual residents (ONS).
RESIDENTS = {
    BIRMINGHAM: 1_144_900, COVENTRY: 345_300, DUDLEY: 323_500, SANDWELL: 341_900, SOLIHULL: 216_200,
    WALSALL: 284_100, WOLVERHAMPTON: 263_700,
}  # fmt: skip
# Shares of recorded crime by LPA, year to June 2024 (press and FOI).
CRIME_SHARE = {
    BIRMINGHAM: 0.43, COVENTRY: 0.12, DUDLEY: 0.09, SANDWELL: 0.11, SOLIHULL: 0.07, WALSALL: 0.09,
    WOLVERHAMPTON: 0.09,
}  # fmt: skip
CRIMES_A_MONTH = 26_900
ASB_A_MONTH = 1_750
OTHER_INCIDENTS_A_MONTH = 60_000
# Personal, nuisance, environmental: Walsall's mix (police and crime plan), taken for the whole force.
ASB_MIX = (0.25, 0.70, 0.05)
# Weekday 08:00-16:00, weekday 16:00-08:00, weekend.
ASB_TIMES = (0.19, 0.49, 0.32)

NPT_OFFICERS = 1_200
PCSOS = 300
RESPONSE_OFFICERS = 1_800
PCT_OFFICERS = 400
# Special constables by LPA (Accountability and Governance Board, 26 Nov 2024), and those of no LPA.
SPECIALS = {
    BIRMINGHAM: 56, COVENTRY: 20, DUDLEY: 17, SANDWELL: 14, SOLIHULL: 12, WALSALL: 14, WOLVERHAMPTON: 13,
}  # fmt: skip
SPECIALS_ELSEWHERE = {"motorway": 20, "operations": 12, "students": 16, "others": 6}

IMPACT_AREAS = {
    BIRMINGHAM: 7, COVENTRY: 2, DUDLEY: 2, SANDWELL: 2, SOLIHULL: 2, WALSALL: 2, WOLVERHAMPTON: 2,
}  # fmt: skip
# (serious youth violence and robbery, ASB): 46 and 34.
PATROL_HOTSPOTS = {
    BIRMINGHAM: (20, 14), COVENTRY: (6, 4), DUDLEY: (4, 3), SANDWELL: (5, 4), SOLIHULL: (3, 3),
    WALSALL: (4, 3), WOLVERHAMPTON: (4, 3),
}  # fmt: skip
HOTSPOT_SQUARE_KM = 0.18  # 80 of them: 1.6 % of the force's 902 square km


def read_wards() -> pl.DataFrame:
    """Return the 192 wards in the order of their codes.

    Columns: neighbourhood_code, neighbourhood_name, sector_code, sector_name, lpa_code, lpa_name (String), lon, lat
    (degrees, Float64), square_km (Float64).
    """
    return pl.read_csv(WARDS_FILE)

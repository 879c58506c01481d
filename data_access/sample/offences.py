"""The sample force's offence codes: Home Office count codes, how often each is recorded, and what it counts as.

`offences.csv` has the columns of the `offences` feed and three of our own: `a_year`, crimes a year in the whole force;
`street`, likelier in hotspots and Impact Areas; `victim`, has one with an age. The yearly numbers are round figures
fitted to the published totals (year to June 2024: 323,197 crimes, of them robbery 8,122, burglary 12,189, vehicle
28,452, theft from the person 3,236, homicide 38); the split within a group is invented.
"""

from pathlib import Path

import polars as pl

OFFENCES_FILE = Path(__file__).parent / "offences.csv"
HOMICIDE_CODE = "1"
SEXUAL = "Sexual offences"
_OUR_OWN = ("a_year", "street", "victim")


def read_offences() -> pl.DataFrame:
    """Return the offences with how often they are recorded (`a_year`, Int64) and how they are placed (Boolean)."""
    return pl.read_csv(OFFENCES_FILE, schema_overrides={"offence_code": pl.String})


def offences() -> pl.DataFrame:
    """Return the `offences` feed."""
    return read_offences().drop(_OUR_OWN)

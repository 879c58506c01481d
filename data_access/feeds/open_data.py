"""Open data as it is published: data.police.uk files, ONS wards, the census by ethnic group, and the ONS weights.

Nothing here touches the store: a file goes in, typed rows of the raw tables come out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl
from sqlalchemy import Table

from data_access.feeds.checks import Broken, check, last_of_each_key, set_aside
from data_access.feeds.contract import FEEDS
from data_access.feeds.reading import UnreadableFile, are_missing, batches, header
from data_access.feeds.tables import FEED_TABLES
from data_access.feeds.values import dtype_of, instant_of
from metrics.levels import local_day, local_midnight

Kind = Literal["street", "stop-and-search", "wards", "ethnicity"]

PROVENANCE = "data.police.uk"
ASB = "Anti-social behaviour"
DEFAULT_WEIGHTS = Path(__file__).with_name("ons_severity_2020.csv")
# Names of data.police.uk, numbers of the Home Office and plain words. Positive are the Home Office's outcomes 1-4 and
# 6-8: charged, cautioned, taken into consideration, penalty notice, warning for cannabis, community resolution. A
# court's outcome stands for the charge that came before it.
DEFAULT_OUTCOMES = Path(__file__).with_name("outcome_codes.csv")

_POLICE_FILE = re.compile(r"^(?P<month>\d{4}-(0[1-9]|1[0-2]))-(?P<force>.+)-(?P<kind>street|stop-and-search)\.csv$")
_STREET_COLUMNS = ("Month", "Longitude", "Latitude", "Crime type", "Last outcome category")
_SEARCH_TEXTS = {
    "legislation": "Legislation",
    "object": "Object of search",
    "outcome": "Outcome",
    "self_defined_ethnicity": "Self-defined ethnicity",
    "officer_defined_ethnicity": "Officer-defined ethnicity",
    "age_range": "Age range",
}
_LINKED = "Outcome linked to object of search"
_SEARCH_COLUMNS = ("Date", "Longitude", "Latitude", *_SEARCH_TEXTS.values(), _LINKED)
_WARD_COLUMNS = {
    "neighbourhood_code": r"WD\d\dCD",
    "neighbourhood_name": r"WD\d\dNM",
    "lpa_code": r"LAD\d\dCD",
    "lpa_name": r"LAD\d\dNM",
}
# TS021 of the census of 2021, as NOMIS publishes it in bulk: one of these columns for each of the five groups.
_CENSUS_FILE = re.compile(r"(?i)^.*ts021.*\.csv$")
_CENSUS_AREA = "geography code"
_CENSUS_GROUPS = {
    "Ethnic group: Asian, Asian British or Asian Welsh": "Asian",
    "Ethnic group: Black, Black British, Black Welsh, Caribbean or African": "Black",
    "Ethnic group: Mixed or Multiple ethnic groups": "Mixed",
    "Ethnic group: White": "White",
    "Ethnic group: Other ethnic group": "Other",
}
CENSUS_DAY = "2021-03-21"
_CATEGORY_GROUPS = {
    "Bicycle theft": "Theft",
    "Burglary": "Burglary",
    "Criminal damage and arson": "Criminal damage and arson",
    "Drugs": "Drugs",
    "Other crime": "Other crime",
    "Other theft": "Theft",
    "Possession of weapons": "Possession of weapons",
    "Public order": "Public order",
    "Robbery": "Robbery",
    "Shoplifting": "Theft",
    "Theft from the person": "Theft",
    "Vehicle crime": "Vehicle crime",
    "Violence and sexual offences": "Violence and sexual offences",
}
# Published burglary holds homes and businesses and cannot be split. It counts whole: leaving it out would
# lose the larger part, and the offence's name tells the reader.
_NEIGHBOURHOOD_CRIMES = {
    "Burglary": "residential_burglary",
    "Robbery": "robbery",
    "Vehicle crime": "vehicle",
    "Theft from the person": "theft_person",
}
_NAMES = {"Burglary": "Burglary (homes and businesses together, as published)"}
_TOWN_CENTRE = ("Robbery", "Shoplifting", "Theft from the person")

_TRUTH = {"true": True, "false": False}  # published as True, TRUE or nothing

_lon, _lat = (pl.col(name).cast(pl.Float64, strict=False) for name in ("Longitude", "Latitude"))


@dataclass(frozen=True, kw_only=True, eq=False)
class OpenFile:
    """An open-data file, read: rows of the raw tables (all their columns but `file_id`), and those set aside.

    `replaces` is the `street_file` whose rows, in these tables, it puts anew; None: its rows replace by key.
    `failures` (as FAILURES) has a row for each line set aside.
    """

    kind: Kind
    tables: Mapping[str, pl.DataFrame]
    failures: pl.DataFrame
    replaces: str | None = None

    @property
    def rows_read(self) -> int:
        """How many rows the file holds."""
        return len(self.failures) + sum(map(len, self.tables.values()))


def open_kind(path: Path) -> Kind | None:
    """Tell open data from an extract (None): police and census files by their name, wards by their properties."""
    if named := _POLICE_FILE.match(path.name):
        return "street" if named["kind"] == "street" else "stop-and-search"
    if _CENSUS_FILE.match(path.name):
        return "ethnicity"
    is_ward_file = path.suffix == ".geojson" and any(re.fullmatch(r"WD\d\dCD", name) for name in header(path))
    return "wards" if is_ward_file else None


def read_open(path: Path, kind: Kind) -> OpenFile:
    """Read a file of the kind that `open_kind` gave; UnreadableFile where a column it needs is missing."""
    readers = {"street": _street, "stop-and-search": _searches, "wards": _wards, "ethnicity": _ethnicity}
    return readers[kind](path)


def published_offences() -> pl.DataFrame:
    """Return the rows of `offences` for the crime categories of data.police.uk, each its own offence code."""
    category = pl.col("offence_code")
    codes = pl.DataFrame({"offence_code": list(_CATEGORY_GROUPS)})
    return codes.with_columns(
        offence_name=category.replace(_NAMES),
        offence_group=category.replace_strict(_CATEGORY_GROUPS),
        neighbourhood_crime=category.replace_strict(_NEIGHBOURHOOD_CRIMES, default=None),
        violence_with_injury=pl.lit(None, pl.Boolean),
        homicide=pl.lit(None, pl.Boolean),
        town_centre=category.is_in(_TOWN_CENTRE),
    )


def default_weights() -> pl.DataFrame:
    """Return the rows of `weights` that ship with the suite: set `ons-2020`, each with its source."""
    types = {"weight_set": pl.String, "offence_code": pl.String, "weight": pl.Float64, "source": pl.String}
    return pl.read_csv(DEFAULT_WEIGHTS, schema=types)


def _street(path: Path) -> OpenFile:
    """Read street-level crime and ASB; rows that look alike are rows of their own."""
    rows, odd = _rows(path, _STREET_COLUMNS, needed=_STREET_COLUMNS[:4])
    rules = [
        ("required", "Crime type", pl.col("Crime type").is_null()),
        ("month_of_the_file", "Month", pl.col("Month").ne_missing(_month(path))),
        *_position_rules(),
    ]
    good, broken = set_aside(rows, rules)
    is_asb = pl.col("Crime type") == ASB
    month = pl.lit(_month(path) + "-01").str.to_date()
    crimes = good.filter(~is_asb).with_columns(
        crime_id=_made_id(path),
        recorded_on=month,
        offence_code="Crime type",
        outcome_code="Last outcome category",
    )
    incidents = good.filter(is_asb).with_columns(
        incident_id=_made_id(path),
        reported_at=local_midnight(month),
        location_ref=pl.col("Longitude") + "," + pl.col("Latitude"),
    )
    tables = {"crimes": crimes, "incidents": incidents}
    return _police_file(path, "street", tables, pl.concat([odd, broken]), day_known=False)


def _searches(path: Path) -> OpenFile:
    """Read stop and searches; these have a time of day."""
    rows, odd = _rows(path, _SEARCH_COLUMNS, needed=_SEARCH_COLUMNS[:3])
    at = instant_of(pl.col("Date"))
    local_month = local_day(at).dt.strftime("%Y-%m")
    in_month = (local_month == _month(path)) | pl.col("Date").str.starts_with(_month(path))
    rules = [
        ("required", "Date", pl.col("Date").is_null()),
        ("instant_with_offset", "Date", at.is_null()),
        ("month_of_the_file", "Date", ~in_month),
        *_position_rules(),
    ]
    good, broken = set_aside(rows, rules)
    searches = good.with_columns(
        search_id=_made_id(path),
        searched_at=at,
        linked_outcome=pl.col(_LINKED).str.to_lowercase().replace_strict(_TRUTH, default=None, return_dtype=pl.Boolean),
        **_SEARCH_TEXTS,
    )
    tables = {"stop_searches": searches}
    return _police_file(path, "stop-and-search", tables, pl.concat([odd, broken]), day_known=True)


def _wards(path: Path) -> OpenFile:
    """Read ONS wards as neighbourhoods, the local authority as LPA; their sectors stay empty."""
    present = header(path)
    found = {
        name: max(filter(re.compile(pattern).fullmatch, present), default=pattern.replace(r"\d\d", "yy"))
        for name, pattern in _WARD_COLUMNS.items()
    }
    columns = (*found.values(), "geometry")
    rows, odd = _rows(path, columns, needed=columns)
    renamed = rows.rename({source: name for name, source in found.items()})
    feed = FEEDS["neighbourhoods"]
    checked, broken = check(feed, renamed)
    good, repeated = last_of_each_key(feed, checked)
    tables = {"neighbourhoods": _as_table(feed.table, good)}
    return OpenFile(kind="wards", tables=tables, failures=pl.concat([odd, broken, repeated]))


def _ethnicity(path: Path) -> OpenFile:
    """Read residents by ethnic group, five rows of `population` for each row of the file; the finer groups are left."""
    columns = (_CENSUS_AREA, *_CENSUS_GROUPS)
    rows, odd = _rows(path, columns, needed=columns)
    feed = FEEDS["population"]
    tall = rows.unpivot(index=["line", _CENSUS_AREA], variable_name="ethnic_group", value_name="residents")
    renamed = tall.with_columns(
        pl.col("ethnic_group").replace_strict(_CENSUS_GROUPS),
        area_code=_CENSUS_AREA,
        valid_from=pl.lit(CENSUS_DAY),
    )
    checked, broken = check(feed, renamed.drop(_CENSUS_AREA))
    whole = checked.filter(~pl.col("line").is_in(broken["line"].unique().implode()))
    good, repeated = last_of_each_key(feed, whole)
    tables = {"population": _as_table(feed.table, good)}
    failures = pl.concat([odd, broken.unique("line", keep="first"), repeated.unique("line", keep="first")])
    return OpenFile(kind="ethnicity", tables=tables, failures=failures)


def _rows(path: Path, columns: tuple[str, ...], *, needed: tuple[str, ...]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the file's rows as text, empty values null, and the lines that are no rows."""
    present = header(path)
    if missing := [name for name in needed if name not in present]:
        raise UnreadableFile(f"{path.name} cannot be read: {are_missing(missing)}")
    found = list(batches(path, list(columns)))
    text = pl.concat([batch.rows for batch in found])
    empty_as_null = [pl.col(name).str.strip_chars().replace("", None) for name in text.columns if name != "line"]
    absent = [pl.lit(None, pl.String).alias(name) for name in columns if name not in present]
    rows = text.with_columns(*empty_as_null, *absent)
    return rows, pl.concat([batch.failures for batch in found])


def _position_rules() -> list[Broken]:
    unreadable = [
        ("number", name, pl.col(name).is_not_null() & ~value.is_finite().fill_null(False))
        for name, value in (("Longitude", _lon), ("Latitude", _lat))
    ]
    return [
        *unreadable,
        ("position_complete", "Longitude", _lon.is_null() != _lat.is_null()),
        ("longitude_in_range", "Longitude", ~_lon.is_between(-180, 180)),
        ("latitude_in_range", "Latitude", ~_lat.is_between(-90, 90)),
    ]


def _month(path: Path) -> str:
    return path.name[:7]


def _made_id(path: Path) -> pl.Expr:
    """Make an id that no other row has: the published one is empty for ASB and repeats among crimes."""
    return pl.format("{}:{}", pl.lit(path.stem), "line")


def _police_file(
    path: Path, kind: Kind, tables: Mapping[str, pl.DataFrame], failures: pl.DataFrame, *, day_known: bool
) -> OpenFile:
    stamped = {
        name: _as_table(
            FEED_TABLES[name],
            rows.with_columns(
                lon=_lon,
                lat=_lat,
                provenance=pl.lit(PROVENANCE),
                day_known=pl.lit(day_known),
                street_file=pl.lit(path.stem),
            ),
        )
        for name, rows in tables.items()
    }
    return OpenFile(kind=kind, tables=stamped, failures=failures, replaces=path.stem)


def _as_table(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """Return exactly the columns of the raw table, in its order and types; what open data lacks is null."""
    kinds = {column.name: dtype_of(column) for column in table.columns if column.name != "file_id"}
    absent = [pl.lit(None, dtype).alias(name) for name, dtype in kinds.items() if name not in rows.columns]
    return rows.with_columns(absent).select(pl.col(name).cast(dtype) for name, dtype in kinds.items())

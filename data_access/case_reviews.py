"""The yearly publication of ASB case reviews (section 104 of the 2014 Act), as a CSV.

A year is a performance year: `--year 2025` is from 1 April 2025. The Act lets the bodies choose their twelve months.
"""

import argparse
import getpass
import sys
from datetime import date
from pathlib import Path

import polars as pl

from data_access.answers.reader import Reader
from data_access.csv_file import csv_bytes
from data_access.export import FAILED, write_file
from data_access.scope import Scope
from data_access.settings import load_settings
from data_access.store import Store
from metrics.asb_powers import publication
from metrics.levels import PERFORMANCE_YEAR_STARTS, add_months

YEARS = range(2014, 2101)  # from the Act on


def case_reviews(reader: Reader, year: date) -> pl.DataFrame:
    """Return the publication for the year that starts on the day `year`: the force first, then each LPA by its code.

    Columns: year, area_level, area_code, area_name, and those of metrics.asb_powers.publication. No rows: no request.
    """
    facts = reader.facts("case_reviews", year, add_months(year, 12)).collect()
    if facts.is_empty():
        return pl.DataFrame()
    names = reader.members().select(area_level="level", area_code="code", area_name="name").unique("area_code")
    level = pl.when(pl.col("lpa_code").is_null()).then(pl.lit("force")).otherwise(pl.lit("lpa"))
    code = pl.col("lpa_code").fill_null(reader.settings.force.code)
    counted = publication(facts, year).with_columns(area_level=level, area_code=code)
    named = counted.join(names, on=["area_level", "area_code"], how="left", maintain_order="left")
    by_area = named.with_columns(year=pl.lit(words(year)), area_name=pl.coalesce("area_name", "area_code"))
    first = ("year", "area_level", "area_code", "area_name")
    return by_area.select(*first, pl.exclude(*first, "lpa_code"))


def words(year: date) -> str:
    """Name a performance year: 2025/26."""
    return f"{year.year}/{(year.year + 1) % 100:02d}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--year", required=True, type=_year, help="the year in which it starts, on 1 April: YYYY")
    parser.add_argument("--out", required=True, type=Path, help="folder to write into")
    parser.add_argument("--store", help="store URL; default: config.toml's")


def run(arguments: argparse.Namespace) -> int:
    """Write `case-reviews-YYYY.csv`. Gives 0, or 2 with a sentence on stderr, and then no file."""
    reader = Reader.open(Store.open(load_settings(), url=arguments.store), Scope.whole_force("export"))
    rows = case_reviews(reader, arguments.year)
    if rows.is_empty():
        print(f"no case review was asked for in {words(arguments.year)}, or none was handed over", file=sys.stderr)
        return FAILED
    path = arguments.out / f"case-reviews-{arguments.year:%Y}.csv"
    who, entry = f"command line: {getpass.getuser()}", f"case reviews of {words(arguments.year)}, {len(rows):,} rows"
    reader.store.record(who, "exported", path.name, entry)
    arguments.out.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_file(path, csv_bytes(rows))
    print(f"{path}: {len(rows):,} rows")
    return 0


def _year(text: str) -> date:
    if not text.isdecimal() or int(text) not in YEARS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a year; write the one in which it starts, for example 2025")
    return date(int(text), PERFORMANCE_YEAR_STARTS, 1)

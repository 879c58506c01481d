"""The monthly benchmark CSV (definitions.md §9) and the CSVW file that describes every column of it."""

import argparse
import getpass
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import polars as pl

from data_access.answers.answer import Question, benchmark_rows, published_counts
from data_access.answers.explanations import explained, noted
from data_access.answers.reader import Reader
from data_access.csv_file import NEUTRALISED, csv_bytes
from data_access.database.editions import EditionMoved
from data_access.private import write_file
from data_access.scope import Scope
from data_access.settings import load_settings
from data_access.store import Store
from metrics import DEFINITION_VERSION, ids_of, indicators_of
from metrics.compare import YEAR
from metrics.disclosure import explain_missing
from metrics.levels import AREA_LEVELS, PLACE_LEVELS, Level, add_months, month_of, months_between

MARKING = "OFFICIAL"
LEVELS: tuple[Level, ...] = (*AREA_LEVELS, *PLACE_LEVELS)
KEY = ("month", "indicator_id", "area_level", "area_code")
FAILED = 2
MONTHS_TOLD = (0, 1, YEAR)  # a file tells of its month, the month before and the same month of last year
PUBLIC_LAG_MONTHS = 1  # whole months that must have passed before a month is public


class Column(NamedTuple):
    """A column of the CSV: its name, its CSVW datatype and what it holds, in plain words."""

    name: str
    datatype: str
    description: str


COLUMNS: tuple[Column, ...] = (
    Column("month", "gYearMonth", "Local calendar month (Europe/London)."),
    Column("indicator_id", "string", "Indicator; a mix has one row per category, the category after a colon."),
    Column("indicator_name", "string", "Name of the indicator."),
    Column("area_level", "string", "force, lpa, sector, neighbourhood, hotspot or impact_area."),
    Column("area_code", "string", "Code of the area."),
    Column("area_name", "string", "Name of the area."),
    Column("value", "number", "scale x numerator / denominator, unrounded; empty where withheld or missing."),
    Column("unit", "string", "Unit of the value."),
    Column("numerator", "number", "Sum counted; times in hours."),
    Column("denominator", "number", "Sum counted against; times in hours; empty for a count or total."),
    Column("previous_month", "number", "Value of the month before."),
    Column("change", "number", "Value less that of the month before."),
    Column("change_percent", "number", "Change in percent; counts and totals only, based on a count of at least 20."),
    Column("same_month_last_year", "number", "Value twelve months before."),
    Column("change_on_year", "number", "Value less that of twelve months before."),
    Column("year_to_date", "number", "From 1 April to the end of the month."),
    Column("year_to_date_last_year", "number", "The same months a year before."),
    Column("rolling_12_months", "number", "The twelve months that end with this one."),
    Column("rank", "integer", "Place among the areas of the level; 1 is best; empty if no direction is better."),
    Column("ranked_of", "integer", "How many areas are ranked."),
    Column("centre", "number", "What the months before lead to expect: level x days or denominator x season."),
    Column("lower_limit", "number", "Lower limit of the range expected of this month: 3 standard deviations."),
    Column("upper_limit", "number", "Upper limit of the range expected of this month: 3 standard deviations."),
    Column("verdict", "string", "improvement, concern, change or no real change; empty: not judged (yet)."),
    Column("signal", "string", "spike: outside the limits; shift: the month that finds a lasting one; else empty."),
    Column("since", "date", "First month of a lasting shift while it stands, or from which a new level settles."),
    Column("surprise", "number", "Distance from the centre in standard deviations; above 3 is outside the limits."),
    Column("coverage_percent", "number", "Known share of duty time (VIS-04) behind a figure from radio fixes."),
    Column("note", "string", "Why a value is empty, or what to know of it."),
    Column("data_version", "integer", "Number of the load that the figures come from."),
    Column("definition_version", "string", "Edition of the definitions."),
    Column("marking", "string", "Protective marking."),
)  # fmt: skip


def benchmark(
    reader: Reader,
    month: date,
    *,
    levels: Sequence[Level] = LEVELS,
    weight_set: str | None = None,
    public: bool = False,
) -> pl.DataFrame:
    """Return the benchmark of `month` (its first day) as the CSV has it: COLUMNS, sorted by indicator, level and code.

    `public`: small counts below the LPA are suppressed (definitions.md §9). The reader's scope limits the areas.
    """
    rows = benchmark_rows(reader, _question(month, weight_set), levels, public=public)
    figures = pl.concat([rows, _missing(reader, rows, levels, month)], how="diagonal_relaxed")
    if not public:  # what is said inside the force may name people
        figures = noted(figures, explained(reader))
    stamps = {
        "data_version": reader.version.number,
        "definition_version": DEFINITION_VERSION,
        "marking": MARKING,
    }
    described = figures.join(_catalogue(), on="indicator_id")
    kept = described.filter(pl.col("area_level").is_in(pl.col("_published"))).with_columns(
        month=pl.col("month").dt.strftime("%Y-%m"),
        indicator_id=pl.concat_str("indicator_id", "category", separator=":", ignore_nulls=True),
        **{name: pl.lit(value) for name, value in stamps.items()},
    )
    return kept.select(column.name for column in COLUMNS).sort("indicator_id", "area_level", "area_code")


def release(reader: Reader, months: Sequence[date], *, after: int, weight_set: str | None = None) -> None:
    """Keep what the public benchmarks of `months` tell, before they leave: a later edition must not give it away.

    `after` is the newest edition when they were worked out. Raises EditionMoved where another came in between.
    """
    cells = published_counts(reader, _question(months[-1], weight_set))
    told = {add_months(month, -back) for month in months for back in MONTHS_TOLD}
    names = {"after": after, "by": reader.scope.viewer, "data_version": reader.version.number}
    reader.store.release(cells.filter(pl.col("month").is_in(sorted(told))), months, **names)


def _question(month: date, weight_set: str | None) -> Question:
    return Question(indicators=ids_of(), level="force", since=month, until=month, weight_set=weight_set)


def _missing(reader: Reader, rows: pl.DataFrame, levels: Sequence[Level], month: date) -> pl.DataFrame:
    """Return a row that says so for every indicator and area without data: nothing is left out in silence."""
    areas = reader.members().filter(pl.col("level").is_in(levels)).unique(["level", "code"])
    every = areas.select(area_level="level", area_code="code", area_name="name").join(
        _catalogue().select("indicator_id"), how="cross"
    )
    present = rows.select("area_level", "area_code", "indicator_id").unique()
    absent = every.join(present, on=["indicator_id", "area_level", "area_code"], how="anti")
    return explain_missing(absent.with_columns(month=pl.lit(month), value=pl.lit(None, pl.Float64)), indicators_of())


def _catalogue() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "indicator_id": [one.id for one in indicators_of()],
            "indicator_name": [one.name for one in indicators_of()],
            "unit": [one.unit for one in indicators_of()],
            "_published": [list(one.published) for one in indicators_of()],
        }
    )


_FORM = f"One row per indicator, area and month; definitions as in definition_version. {NEUTRALISED}"
SUPPRESSION = (
    "Where the note says suppressed, a count below the LPA of 1 to 4, or a share that leaves 1 to 4, has been emptied, "
    "or one beside it that would have given it away: by subtraction within any sum of areas or categories, between a "
    "numerator and its denominator, over the months, or from an earlier edition. An emptied count may be 0. What an "
    "edition has emptied stays empty in later ones. Every small count may be anything from 1 to 4, unless the figures "
    "of its LPA, which are always published, leave less. What is shown is exact: nothing is rounded."
)


def description(name: str, month: date, *, public: bool) -> dict[str, object]:
    """Describe the CSV called `name` as CSV on the Web (W3C CSVW): every column with its datatype and meaning."""
    columns = [
        {
            "name": column.name,
            "titles": column.name,
            "datatype": column.datatype,
            "dc:description": column.description,
            "null": "",
            "required": column.name in KEY,
        }
        for column in COLUMNS
    ]
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": name,
        "dc:title": f"Neighbourhood policing benchmark, {month:%B %Y}{' (public)' if public else ''}",
        "dc:description": f"{_FORM} {SUPPRESSION if public else ''}".strip(),
        "dialect": {"header": True, "encoding": "utf-8", "delimiter": ",", "doubleQuote": True},
        "tableSchema": {"columns": columns, "primaryKey": list(KEY)},
    }


def write_benchmark(folder: Path, month: date, rows: pl.DataFrame, *, public: bool = False) -> Path:
    """Write `benchmark-YYYY-MM.csv` and its description, each whole or not at all; give the CSV's path."""
    path = folder / file_name(month)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_file(path.with_name(f"{path.name}-metadata.json"), description_bytes(path.name, month, public=public))
    write_file(path, csv_bytes(rows))
    return path


def file_name(month: date) -> str:
    """Name the benchmark of a month; its description is called the same, with `-metadata.json` after it."""
    return f"benchmark-{month:%Y-%m}.csv"


def description_bytes(name: str, month: date, *, public: bool) -> bytes:
    """Write `description` as a JSON file."""
    value = description(name, month, public=public)
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--month", required=True, type=month_argument, help="the month, YYYY-MM")
    parser.add_argument("--since", type=month_argument, help="export every month from this one to --month")
    parser.add_argument("--out", required=True, type=Path, help="folder to write into")
    parser.add_argument("--store", help="store URL; default: config.toml's")
    parser.add_argument("--level", choices=LEVELS, action="append", help="only this level (may be repeated)")
    parser.add_argument("--weight-set", help="crime harm weights to use; default: config.toml's")
    parser.add_argument(
        "--public", action="store_true", help="for publication: a month behind, small counts and few officers out"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the benchmark of each month asked for. Gives 0, or 2 with a sentence on stderr, and then no file."""
    settings = load_settings()
    reader = Reader.open(Store.open(settings, url=arguments.store), _scope(public=arguments.public))
    months, after = months_between(arguments.since or arguments.month, arguments.month), reader.store.newest_edition()
    refusal = _refusal(reader, months, arguments)
    if refusal:
        print(refusal, file=sys.stderr)
        return FAILED
    editions = {month: _rows(reader, month, arguments) for month in months}
    if arguments.public:
        try:
            release(reader, months, after=after, weight_set=arguments.weight_set)
        except EditionMoved as moved:
            print(moved, file=sys.stderr)
            return FAILED
    for month, rows in editions.items():
        edition = "public" if arguments.public else "full"
        who, entry = f"command line: {getpass.getuser()}", f"{edition} edition, {rows.height:,} rows"
        reader.store.record(who, "exported", file_name(month), entry)
        path = write_benchmark(arguments.out, month, rows, public=arguments.public)
        print(f"{path}: {len(rows):,} rows")
    return 0


def _rows(reader: Reader, month: date, arguments: argparse.Namespace) -> pl.DataFrame:
    levels, weight_set = arguments.level or LEVELS, arguments.weight_set
    return benchmark(reader, month, levels=levels, weight_set=weight_set, public=arguments.public)


def _scope(*, public: bool) -> Scope:
    """Return what the command may see: for publication nobody; else the figures of few officers too, as analysts do."""
    nobody = Scope.whole_force("export")
    return nobody if public else replace(nobody, people="officer")


def _refusal(reader: Reader, months: Sequence[date], arguments: argparse.Namespace) -> str | None:
    """Say why these months cannot be exported; None: they can."""
    held = reader.version.months
    if held is None:
        return "nothing is loaded: load a folder of extracts first (python -m data_access load DIR)"
    if not months or months[0] < held[0] or months[-1] > held[1]:
        return f"no such months: the store holds {held[0]:%Y-%m} to {held[1]:%Y-%m}"
    known = reader.weight_sets()
    if arguments.weight_set and arguments.weight_set not in known:
        return f"no weight set {arguments.weight_set!r}; loaded are {', '.join(known)}"
    newest = newest_public_month(date.today())
    if arguments.public and months[-1] > newest:
        return f"{months[-1]:%Y-%m} is not public yet: the newest month that may be published is {newest:%Y-%m}"
    return None


def newest_public_month(today: date) -> date:
    """Return the newest month that lies a full month back: in the middle of March that is January."""
    return add_months(month_of(today), -1 - PUBLIC_LAG_MONTHS)


def month_argument(text: str) -> date:
    """Read YYYY-MM from the command line."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a month; write it as YYYY-MM, for example 2024-10") from None

"""What can be asked: a table of endpoints, each with its parameters, its columns and the function that answers it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from data_access import export
from data_access.answers.answer import answer
from data_access.answers.reader import Reader
from data_access.export import Column
from metrics import DEFINITION_VERSION, ids_of, indicators_of
from metrics.__main__ import formula
from metrics.breakdowns import COLUMNS as BREAKDOWNS
from metrics.breakdowns import breakdowns, levels_of
from metrics.levels import LEVELS as EVERY_LEVEL
from metrics.parameters import worded
from serving.api import asked
from serving.api.asked import MONTH, Given, Parameter
from serving.api.formats import FORMATS

TEXT = {"type": "string"}
STAMPS = ("data_version", "definition_version", "marking")
_KNOWN = {column.name: column for column in export.COLUMNS}
_STAMPED = tuple(_KNOWN[name] for name in STAMPS)


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """A path under /api/v1, what it gives, and to whom: `data` leaves with the right to export, and to it alone."""

    path: str
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    rows: Callable[[Reader, Given], pl.DataFrame]
    data: bool = True


FORMAT = Parameter(
    name="format",
    description="How the answer is written; without it the Accept header says.",
    schema={"type": "string", "enum": list(FORMATS)},
)
_WEIGHTS = Parameter(name="weight_set", description="Crime harm weights; without it the force's.", schema=TEXT)
_LEVEL = "Level of the rows; more than one may be named."
_BENCHMARK = (
    Parameter(name="month", description="The month.", schema=MONTH, required=True),
    Parameter(name="level", description=_LEVEL, schema={"type": "string", "enum": list(export.LEVELS)}, many=True),
    _WEIGHTS,
    FORMAT,
)
_BY = sorted({name for names in BREAKDOWNS.values() for name in names})
_ANSWER = (
    Parameter(
        name="indicator",
        description="Ids of indicators, as /catalogue lists them: indicator=ABS-01&indicator=ASB-01.",
        schema={"type": "string", "enum": list(ids_of())},
        required=True,
        many=True,
    ),
    Parameter(
        name="level",
        description="Level of the rows.",
        schema={"type": "string", "enum": list(asked.LEVELS)},
        required=True,
    ),
    Parameter(name="since", description="First month.", schema=MONTH, required=True),
    Parameter(name="until", description="Last month.", schema=MONTH, required=True),
    Parameter(
        name="within",
        description="Only areas inside this one (of several: inside all), as level:code.",
        schema={"type": "string", "examples": ["lpa:E08000026"]},
        many=True,
    ),
    Parameter(
        name="by",
        description=(
            "Break the months down, together, by a column, or by two; /catalogue lists which. No comparison then, "
            f"and no grain. At most {asked.MOST_MONTHS} months."
        ),
        schema={"type": "string", "enum": _BY},
        many=True,
    ),
    Parameter(
        name="grain",
        description=f"Months, or weeks or days without comparison, of at most {asked.MOST_MONTHS} months.",
        schema={"type": "string", "enum": list(asked.GRAINS), "default": "1mo"},
    ),
    _WEIGHTS,
    FORMAT,
)
_MONTHLY = tuple(
    _KNOWN[name]
    for name in (
        *("previous_month", "change", "change_percent", "same_month_last_year", "change_on_year", "year_to_date"),
        *("year_to_date_last_year", "rolling_12_months", "rank", "ranked_of", "centre", "lower_limit", "upper_limit"),
        *("verdict", "signal", "since", "surprise", "coverage_percent"),
    )
)
ANSWER_COLUMNS = (
    _KNOWN["indicator_id"]._replace(description="Indicator."),
    Column("category", "string", "Category of a mix; median or p90 of a duration; or the column that `by` names."),
    _KNOWN["indicator_name"],
    _KNOWN["area_level"]._replace(description=f"{', '.join(EVERY_LEVEL)}."),
    *(_KNOWN[name] for name in ("area_code", "area_name")),
    Column("month", "date", "First day of the month, or the day on which the week begins, or the day; none with `by`."),
    *(_KNOWN[name] for name in ("value", "unit", "numerator", "denominator")),
    *_MONTHLY,
    Column("interval_lower", "number", "Lower end of the 95 % interval, of samples and ratios of rates."),
    Column("interval_upper", "number", "Upper end of the 95 % interval, of samples and ratios of rates."),
    _KNOWN["note"],
    *_STAMPED,
)
_CATALOGUE_COLUMNS = (
    Column("indicator_id", "string", "Indicator."),
    Column("indicator_name", "string", "Name of the indicator."),
    Column("unit", "string", "Unit of the value."),
    Column("better", "string", "Which direction is better: higher, lower or neither."),
    Column("formula", "string", "What is divided by what, in words."),
    Column("why", "string", "Why it is looked at."),
    Column("caveat", "string", "What to keep in mind."),
    Column("reference", "string", "The force's paper that asks for it."),
    Column("levels", "string", "Levels at which this viewer may ask for it, with commas between them."),
    Column("by", "string", "Columns by which this viewer may break areas down; two at once are joined by +."),
    *_STAMPED,
)
_AREA_COLUMNS = (
    Column("area_level", "string", "Level."),
    Column("area_code", "string", "Code."),
    Column("area_name", "string", "Name."),
    Column("parent_level", "string", "Level of the area that it lies in."),
    Column("parent_code", "string", "Code of the area that it lies in."),
    *_STAMPED,
)


def _benchmark(reader: Reader, given: Given) -> pl.DataFrame:
    """Return the levels asked of the whole benchmark: the page's and everybody's, worked out once."""
    month, levels = asked.month(reader, given, "month"), asked.levels(given, export.LEVELS)
    rows = export.benchmark(reader, month, weight_set=asked.weight_set(reader, given))
    return rows.filter(pl.col("area_level").is_in(levels))


def _answer(reader: Reader, given: Given) -> pl.DataFrame:
    question = asked.question(reader, given)
    rows = answer(reader, question)
    asked.require_rows(reader, rows.height)
    named = rows.join(_names(reader), on="indicator_id", maintain_order="left")
    monthly = question.grain == "1mo" and not question.by
    left_out = {*question.by, *(() if monthly else [column.name for column in _MONTHLY])}
    if question.by:
        left_out.add("month")
    split = [Column(name, "string", "What the figures are broken down by.") for name in question.by]
    indicator, *others = [column for column in ANSWER_COLUMNS if column.name not in left_out]
    return _of_columns(reader, named, [indicator, *split, *others])


def _catalogue(reader: Reader, _: Given) -> pl.DataFrame:
    people, teams = asked.groups(reader), asked.teams(reader)
    told = [worded(one, reader.settings.parameters) for one in indicators_of()]
    rows = pl.DataFrame(
        {
            "better": [one.better for one in told],
            "formula": [formula(one) for one in told],
            "why": [one.why for one in told],
            "caveat": [one.caveat for one in told],
            "reference": [one.reference for one in told],
            "levels": [", ".join(levels_of(one, people)) for one in told],
            "by": [", ".join("+".join(names) for names in breakdowns(one, teams=teams) if names) for one in told],
        }
    )
    return _of_columns(reader, pl.concat([_names(reader), rows], how="horizontal"), _CATALOGUE_COLUMNS)


def _names(reader: Reader) -> pl.DataFrame:
    told = [worded(one, reader.settings.parameters) for one in indicators_of()]
    named = {"indicator_id": [one.id for one in told], "indicator_name": [one.name for one in told]}
    return pl.DataFrame({**named, "unit": [one.unit for one in told]})


def _areas(reader: Reader, _: Given) -> pl.DataFrame:
    rows = reader.members().rename({"level": "area_level", "code": "area_code", "name": "area_name"})
    listed = rows.filter(pl.col("area_level").is_in(asked.LEVELS)).sort("area_level", "area_code")
    return _of_columns(reader, listed, _AREA_COLUMNS)


def _of_columns(reader: Reader, rows: pl.DataFrame, columns: Sequence[Column]) -> pl.DataFrame:
    """Return these columns in this order, with what stamps every row; one that has no value here is null."""
    types = {"number": pl.Float64, "integer": pl.Int64, "date": pl.Date, "string": pl.String}
    stamps = {
        "data_version": pl.lit(reader.version.number),
        "definition_version": pl.lit(DEFINITION_VERSION),
        "marking": pl.lit(export.MARKING),
    }
    absent = [column for column in columns if column.name not in rows.columns and column.name not in stamps]
    empty = {column.name: pl.lit(None, types[column.datatype]) for column in absent}
    return rows.with_columns(**stamps, **empty).select(column.name for column in columns)


ENDPOINTS = (
    Endpoint(
        path="/benchmark",
        summary="The monthly benchmark",
        description="Every indicator of every area in a month: the rows of the monthly CSV.",
        parameters=_BENCHMARK,
        columns=export.COLUMNS,
        rows=_benchmark,
    ),
    Endpoint(
        path="/answer",
        summary="Indicators by month, week or day, or broken down",
        description="What the pages ask, with verdicts and comparisons, and with the same figures withheld.",
        parameters=_ANSWER,
        columns=ANSWER_COLUMNS,
        rows=_answer,
    ),
    Endpoint(
        path="/catalogue",
        summary="The indicators",
        description="What each is, at which levels and by which columns this viewer may ask for it. No figures.",
        parameters=(FORMAT,),
        columns=_CATALOGUE_COLUMNS,
        rows=_catalogue,
        data=False,
    ),
    Endpoint(
        path="/areas",
        summary="The areas",
        description="The areas that this viewer may ask about, each with the one that it lies in. No figures.",
        parameters=(FORMAT,),
        columns=_AREA_COLUMNS,
        rows=_areas,
        data=False,
    ),
)

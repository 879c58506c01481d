"""The input contract: which feeds there are, and the named rules that their rows keep."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
import shapely
from sqlalchemy import BigInteger, Boolean, Column, Date, Float, Table, Text

from data_access.feeds.columns import Geometry, Instant, Month
from data_access.feeds.tables import FEED_TABLES, FLAGS
from metrics.ethnicity import ethnic_group
from metrics.levels import in_force, local_day

INSTANT = pl.Datetime("us", "UTC")
_DATE = r"^\d{4}-\d{2}-\d{2}$"
_MONTH = r"^\d{4}-\d{2}$"
_WHOLE = r"^[+-]?\d{1,15}(\.0+)?$"
_CLOCK = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}"
_OFFSET = r"(Z|[+-]\d{2}(:?\d{2})?)$"
NUL = "\0"  # PostgreSQL keeps no text that holds it
OPEN_ENDS = ("valid_to", "end_date")  # an empty one of these means: for good
PLAUSIBLE_YEARS = (1900, 2100)
LONGEST_DUTY_DAYS = 731
FAILURES = {"line": pl.Int64, "rule": pl.String, "column_name": pl.String, "value": pl.String}


@dataclass(frozen=True, kw_only=True, eq=False)
class Rule:
    """What must be true of a typed row; its name is the label of the rows set aside, `column` what they show."""

    name: str
    column: str
    holds: pl.Expr


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A code that another feed must know; `on` is the column whose local day the other feed's version must cover."""

    column: str
    feed: str
    target: str
    on: str | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Feed:
    """A feed: its table, the rules beyond types, the codes it refers to, and when a row happens.

    `event` and `until` name the columns between which a row is in force; a feed without them bears on every month.
    """

    name: str
    table: Table
    rules: tuple[Rule, ...] = ()
    references: tuple[Reference, ...] = ()
    event: str | None = None
    until: str | None = None


def _feed(name: str, *rules: Rule, **options: Any) -> Feed:
    happened = _plausible(options["event"]) if options.get("until", "") not in OPEN_ENDS and "event" in options else ()
    return Feed(name=name, table=FEED_TABLES[name], rules=(*happened, *rules), **options)


def _plausible(event: str) -> tuple[Rule]:
    """Refuse an event in a year that can only be a slip: each month between it and the others would be built."""
    holds = pl.col(event).dt.year().is_between(*PLAUSIBLE_YEARS)
    return (Rule(name="plausible_year", column=event, holds=holds),)


def _at_most_days(days: int, later: str, earlier: str) -> Rule:
    holds = pl.col(later) - pl.col(earlier) <= pl.duration(days=days)
    return Rule(name=f"at_most_{days}_days_long", column=later, holds=holds)


def _after(later: str, earlier: str, *, equal: bool = False) -> Rule:
    first, second = pl.col(earlier), pl.col(later)
    holds = first <= second if equal else first < second
    name = f"{later}_{'not_before' if equal else 'after'}_{earlier}"
    return Rule(name=name, column=later, holds=second.is_null() | first.is_null() | holds)


def _refers(column: str, feed: str, target: str | None = None, on: str | None = None) -> Reference:
    return Reference(column=column, feed=feed, target=target or column, on=on)


def _each_of(column: str, allowed: tuple[str, ...]) -> Rule:
    """Ask that every part of a `;`-separated text is of a closed set."""
    parts = pl.col(column).str.split(";").list.eval(pl.element().str.strip_chars().is_in(("", *allowed)))
    return Rule(name="allowed_values", column=column, holds=parts.list.all())


_POSITION = Rule(name="position_complete", column="lon", holds=pl.col("lon").is_null() == pl.col("lat").is_null())
_VALIDITY = _after("valid_to", "valid_from")
_GROUP = Rule(
    name="census_ethnic_group", column="ethnic_group", holds=ethnic_group(pl.col("ethnic_group")).is_not_null()
)
_SOME_DESIGN = Rule(name="above_0", column="design_effect", holds=pl.col("design_effect") > 0)
_YES_OF_ASKED = Rule(name="yes_at_most_asked", column="yes", holds=pl.col("yes") <= pl.col("asked"))
_QUESTION = Rule(name="question_of_CON", column="question", holds=pl.col("question").str.contains(r"^CON-\d\d$"))
_NEIGHBOURHOOD = _refers("neighbourhood_code", "neighbourhoods")
_HOTSPOT = _refers("hotspot_id", "hotspots")

# In the order in which they load: a feed comes after those it refers to.
FEEDS: Mapping[str, Feed] = {
    feed.name: feed
    for feed in (
        _feed("neighbourhoods", _VALIDITY, event="valid_from", until="valid_to"),
        _feed("sectors"),
        _feed("premises", _VALIDITY, event="valid_from", until="valid_to"),
        _feed("hotspots", _VALIDITY, event="valid_from", until="valid_to"),
        _feed("officers"),
        _feed("postings", _after("end_date", "start_date", equal=True), event="start_date", until="end_date"),
        _feed("activity_codes", _VALIDITY, event="valid_from", until="valid_to"),
        _feed("closure_codes"),
        _feed("offences"),
        _feed("weights"),
        _feed(
            "duties",
            _after("ends_at", "starts_at"),
            _at_most_days(LONGEST_DUTY_DAYS, "ends_at", "starts_at"),
            references=(_refers("activity_code", "activity_codes", on="starts_at"),),
            event="starts_at",
            until="ends_at",
        ),
        _feed("incidents", _POSITION, _after("arrived_at", "reported_at", equal=True), event="reported_at"),
        _feed("response_standards", _VALIDITY, event="valid_from", until="valid_to"),
        _feed("handovers", _POSITION, _after("handed_over_at", "detained_at", equal=True), event="detained_at"),
        _feed("asb_audits", references=(_refers("incident_id", "incidents"),), event="audited_on"),
        _feed("outcome_codes"),
        _feed("crimes", _POSITION, _each_of("flags", FLAGS), event="recorded_on"),
        _feed(
            "taskings",
            _after("window_end", "window_start"),
            references=(_HOTSPOT,),
            event="window_start",
            until="window_end",
        ),
        _feed(
            "patrols",
            _after("checked_out_at", "checked_in_at", equal=True),
            references=(_HOTSPOT,),
            event="checked_in_at",
            until="checked_out_at",
        ),
        _feed("stop_searches", _POSITION, event="searched_at"),
        _feed("population", _GROUP),
        _feed("asb_powers", _POSITION, _after("breached_on", "issued_on", equal=True), event="issued_on"),
        _feed("case_reviews", _after("held_on", "requested_on", equal=True), event="requested_on"),
        _feed("establishment", event="month"),
        _feed("special_hours", event="month"),
        _feed(
            "problems",
            _after("closed_on", "opened_on", equal=True),
            references=(_NEIGHBOURHOOD,),
            event="opened_on",
            until="closed_on",
        ),
        _feed("profiles", references=(_NEIGHBOURHOOD,), event="month"),
        _feed("meetings", references=(_NEIGHBOURHOOD,), event="held_on"),
        _feed(
            "queries",
            _after("answered_at", "received_at", equal=True),
            references=(_NEIGHBOURHOOD,),
            event="received_at",
        ),
        _feed("plan_actions", references=(_NEIGHBOURHOOD,), event="due_on"),
        _feed(
            "surveys",
            _after("period_end", "period_start", equal=True),
            _YES_OF_ASKED,
            _SOME_DESIGN,
            _QUESTION,
            event="period_start",
            until="period_end",
        ),
        _feed("measures", event="month"),
        _feed("targets", _after("end_date", "start_date"), event="start_date", until="end_date"),
    )
}
# What a value that cannot be read as the column's type is called.
READABLE: Mapping[type, str] = {
    Instant: "instant_with_offset",
    Month: "month",
    Date: "date",
    Boolean: "true_or_false",
    BigInteger: "whole_number",
    Float: "number",
}
FIXES_COLUMNS = ("officer_id", "at", "lon", "lat")


def columns_of(feed: Feed) -> list[Column[Any]]:
    """Give the columns that an extract of `feed` may have."""
    own = [column for column in feed.table.columns if column.name not in ("file_id", "line")]
    return [column for column in own if not column.info.get("derived")]


def required_columns(feed: Feed) -> list[str]:
    """Name the columns without which a file of `feed` cannot be read."""
    columns = columns_of(feed)
    return [column.name for column in columns if not column.info["optional"] or column.info.get("header")]


def key_of(feed: Feed) -> list[str]:
    """Name the columns that identify a row of `feed`."""
    return [column.name for column in feed.table.primary_key.columns]


def dtype_of(column: Column[Any]) -> pl.DataType:
    """Give the Polars type of a column of the store."""
    kinds: dict[type, Any] = {
        Instant: INSTANT, Month: pl.Date, Date: pl.Date, Boolean: pl.Boolean, BigInteger: pl.Int64, Float: pl.Float64,
    }  # fmt: skip
    return kinds.get(type(column.type), pl.String)


def check(feed: Feed, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Type the text columns of `rows` (with `line`); give the good rows, and FAILURES: one for each bad line.

    An absent optional column counts as empty. Of several broken rules the first is named; of rows with the same key
    the last stays and the others are `duplicate_key`.
    """
    columns = columns_of(feed)
    absent = [pl.lit(None, pl.String).alias(column.name) for column in columns if column.name not in rows.columns]
    stripped = [pl.col(name).str.strip_chars().replace("", None) for name in rows.columns if name != "line"]
    given = rows.with_columns(stripped).with_columns(absent)
    typed = given.with_columns(_typed(column).alias(_typed_name(column)) for column in columns)
    tests = [test for column in columns for test in _tests(column)]
    broken = _first_failing(typed, tests)
    clean = typed.select("line", *(pl.col(_typed_name(column)).alias(column.name) for column in columns))
    rules = [(rule.name, rule.column, ~rule.holds.fill_null(True)) for rule in feed.rules]
    broken_rule = _first_failing(clean, rules)
    failures = [
        _failures(given, broken, tests),
        _failures(given.filter(broken.is_null()), broken_rule.filter(broken.is_null()), rules),
    ]
    return clean.filter(broken.is_null() & broken_rule.is_null()), pl.concat(failures)


def last_of_each_key(feed: Feed, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Keep the last row of each key; the earlier ones are failures by `duplicate_key`."""
    key = key_of(feed)
    last = rows.select(pl.struct(key).is_last_distinct()).to_series()
    return rows.filter(last), duplicates(feed, rows.filter(~last))


def duplicates(feed: Feed, rows: pl.DataFrame) -> pl.DataFrame:
    """Describe rows whose key comes again later in the same file."""
    key = key_of(feed)
    shown = pl.concat_str([pl.col(name).cast(pl.String).fill_null("") for name in key], separator=", ")
    return rows.select(
        pl.col("line").cast(pl.Int64),
        rule=pl.lit("duplicate_key"),
        column_name=pl.lit(", ".join(key)),
        value=shown,
    )


def unknown_codes(rows: pl.DataFrame, reference: Reference, known: pl.DataFrame) -> pl.Series:
    """Tell of each row whether `known` (the target column; valid_from, valid_to if dated) lacks its code."""
    codes = known[reference.target].unique().implode()
    missing = rows.select(~pl.col(reference.column).is_in(codes).fill_null(True)).to_series()
    if reference.on is None:
        return missing
    days = rows.select(pl.col(reference.column).alias(reference.target), day=local_day(pl.col(reference.on)))
    valid = in_force("day", "valid_from", "valid_to")
    covered = days.unique().join(known, on=reference.target).filter(valid).select(reference.target, "day").unique()
    found = days.join(covered.with_columns(found=True), on=[reference.target, "day"], how="left", maintain_order="left")
    return found["found"].is_null()


def _typed_name(column: Column[Any]) -> str:
    return f"{column.name}: typed"


def plain(text: pl.Expr) -> pl.Expr:
    """Give text of one-byte characters; else null: Polars dies of a date with an accent in the wrong place."""
    return pl.when(text.str.len_bytes() == text.str.len_chars()).then(text)


def instant_of(text: pl.Expr) -> pl.Expr:
    """Read an ISO 8601 instant that has an offset; else null."""
    shaped = text.str.contains(_CLOCK) & text.str.contains(_OFFSET)
    seconds = plain(text).str.replace(" ", "T", literal=True)
    exact = seconds.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%#z", time_unit="us", strict=False)
    minutes = seconds.str.to_datetime("%Y-%m-%dT%H:%M%#z", time_unit="us", strict=False)
    return pl.when(shaped).then(pl.coalesce(exact, minutes).dt.convert_time_zone("UTC"))


def _typed(column: Column[Any]) -> pl.Expr:
    text, kind = pl.col(column.name), type(column.type)
    if kind is Instant:
        value = instant_of(text)
    elif kind is Month:
        value = pl.when(text.str.contains(_MONTH)).then((plain(text) + "-01").str.to_date("%Y-%m-%d", strict=False))
    elif kind is Date:
        value = pl.when(text.str.contains(_DATE)).then(plain(text).str.to_date("%Y-%m-%d", strict=False))
    elif kind is Boolean:
        value = text.str.to_lowercase().replace_strict(
            {"true": True, "false": False}, default=None, return_dtype=pl.Boolean
        )
    elif kind is BigInteger:
        value = pl.when(text.str.contains(_WHOLE)).then(
            text.cast(pl.Float64, strict=False).cast(pl.Int64, strict=False)
        )
    elif kind is Float:
        value = text.cast(pl.Float64, strict=False)
        value = pl.when(value.is_finite()).then(value)
    else:
        value = text
    empty = column.info.get("empty", column.info.get("default"))
    return value if empty is None else pl.when(text.is_null()).then(pl.lit(empty)).otherwise(value)


def _tests(column: Column[Any]) -> list[tuple[str, str, pl.Expr]]:
    """Give (rule, column, broken) for what the column's declaration asks."""
    name, text, value = column.name, pl.col(column.name), pl.col(_typed_name(column))
    tests = [] if column.info["optional"] else [("required", name, text.is_null())]
    if type(column.type) is Text:
        tests.append(("text_without_nul", name, text.str.contains(NUL, literal=True)))
    if type(column.type) in READABLE:
        tests.append((READABLE[type(column.type)], name, text.is_not_null() & value.is_null()))
    if type(column.type) is Geometry:
        tests.append(("area_geometry", name, ~_is_area(text)))
    if "allowed" in column.info:
        tests.append(("allowed_value", name, text.is_not_null() & ~value.is_in(column.info["allowed"])))
    for bound, outside in (("least", value.lt), ("most", value.gt)):
        if bound in column.info:
            tests.append((f"at_{bound}_{column.info[bound]}", name, outside(column.info[bound]).fill_null(False)))
    return tests


def _is_area(text: pl.Expr) -> pl.Expr:
    return text.map_batches(_are_areas, return_dtype=pl.Boolean)


def _are_areas(texts: pl.Series) -> pl.Series:
    shapes = shapely.from_geojson(texts.to_numpy(), on_invalid="ignore")
    areas = (shapely.get_type_id(shapes) == 3) | (shapely.get_type_id(shapes) == 6)
    bounds = shapely.bounds(shapes)
    in_degrees = (bounds[:, 0] >= -180) & (bounds[:, 1] >= -90) & (bounds[:, 2] <= 180) & (bounds[:, 3] <= 90)
    return pl.Series(areas & in_degrees & shapely.is_valid(shapes) & ~shapely.is_empty(shapes))


def _first_failing(rows: pl.DataFrame, tests: list[tuple[str, str, pl.Expr]]) -> pl.Series:
    """Give the number of the first test that each row fails; null: it passes all."""
    if not tests:
        return pl.Series(values=[None] * len(rows), dtype=pl.Int32)
    numbered = [pl.when(broken).then(pl.lit(number, pl.Int32)) for number, (_, _, broken) in enumerate(tests)]
    return rows.select(pl.coalesce(numbered).alias("broken")).to_series()


def _failures(given: pl.DataFrame, broken: pl.Series, tests: list[tuple[str, str, pl.Expr]]) -> pl.DataFrame:
    found = [pl.DataFrame(schema=FAILURES)]
    for number in broken.drop_nulls().unique().to_list():
        rule, column, _ = tests[number]
        failing = given.filter(broken == number)
        found.append(
            failing.select(
                pl.col("line").cast(pl.Int64),
                rule=pl.lit(rule),
                column_name=pl.lit(column),
                value=pl.col(column),
            )
        )
    return pl.concat(found)

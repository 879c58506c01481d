"""The input contract: which feeds there are, and the named rules that their rows keep."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlalchemy import Column, Table

from data_access.feeds.tables import FEED_TABLES, FLAGS
from metrics.ethnicity import ethnic_group

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
FIXES = "fixes"
FIXES_COLUMNS = ("officer_id", "at", "lon", "lat")


def columns_of(feed: Feed) -> list[Column[Any]]:
    """Return the columns that an extract of `feed` may have."""
    own = [column for column in feed.table.columns if column.name not in ("file_id", "line")]
    return [column for column in own if not column.info.get("derived")]


def required_columns(feed: Feed) -> list[str]:
    """Name the columns without which a file of `feed` cannot be read."""
    columns = columns_of(feed)
    return [column.name for column in columns if not column.info["optional"] or column.info.get("header")]


def key_of(feed: Feed) -> list[str]:
    """Name the columns that identify a row of `feed`."""
    return [column.name for column in feed.table.primary_key.columns]

"""ASB answers that are no indicator: repeat locations and callers, closing codes, and the dip sample."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

import polars as pl

from data_access.answers.answer import Question, answer
from data_access.answers.reader import Reader
from data_access.answers.where import Where, facts_between, facts_of_months
from data_access.scope import Scope
from metrics import indicators_of
from metrics.asb import draw_sample
from metrics.asb_lists import closing_codes, repeats, sample_results, with_code_names
from metrics.indicator import Indicator
from metrics.levels import YEAR, Level, add_months

CACHED = 256
FORCE = "force"  # open data has no incident to open and no closing code: nothing to audit
_SAMPLE = (
    "incident_id", "reported_at", "day_known", "lpa_code", "neighbourhood_code", "category", "closed_as", "closed_at",
    "risk_assessed", "audited_on", "correct", "should_be_crime",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Draw:
    """A dip sample: `per_stratum` incidents of each LPA x category reported in `month`, drawn by `seed`.

    `lpa` leaves out what was drawn for other LPAs; it does not change what is drawn for this one.
    """

    month: date
    seed: int
    per_stratum: int
    lpa: str | None = None


def repeat_locations(reader: Reader, where: Where) -> pl.DataFrame:
    """Return the locations with `[parameters] repeat_n` or more incidents in the `repeat_days` before the month's end.

    Columns as metrics.asb_lists.repeats has them, by `location_ref`. Raises PermissionError without the right to read
    free text: such a reference is mostly an address.
    """
    reader.scope.demand("read_text")
    return _repeats(reader, where, "location_ref")


def repeat_callers(reader: Reader, where: Where) -> pl.DataFrame:
    """Return callers as `repeat_locations` gives locations, by `caller_ref`; only to a scope that names individuals.

    The view is entered in the audit trail, once a day. Raises PermissionError for any other scope.
    """
    if not reader.scope.names("officer"):
        raise PermissionError("callers are individuals: only a viewer whose people is 'officer' may see them")
    reader.scope.demand("open_individuals")
    _enter_view(reader, "repeat ASB callers", f"{_place(where)}, {where.month:%Y-%m}")
    return _repeats(reader, where, "caller_ref")


@lru_cache(maxsize=CACHED)
def codes_used(reader: Reader, where: Where) -> pl.DataFrame:
    """Count the closing codes of the twelve months that end with the month, as metrics.asb_lists.closing_codes does."""
    rows = facts_of_months(reader, where, "asb", YEAR)
    return closing_codes(rows, reader.closure_codes().lazy()).collect()


def may_audit(scope: Scope) -> bool:
    """Tell whether a viewer may see and judge single incidents: of the force or of whole LPAs, and police only.

    A viewer who may see nothing about people, a partner agency, sees no single incident either.
    """
    return (scope.force or bool(scope.lpas)) and scope.people != "none"


def dip_sample(reader: Reader, draw: Draw) -> pl.DataFrame:
    """Return the incidents drawn, with what they were closed as and the verdict so far (null: none).

    The same draw gives the same incidents, whoever asks, as far as they may see them. The view is entered in the
    audit trail, once a day. Raises PermissionError for a scope that may not audit.
    """
    if not may_audit(reader.scope):
        raise PermissionError("single incidents are for viewers of a force or of whole LPAs who may see people")
    _enter_view(reader, "ASB dip sample", f"{draw.lpa or 'the whole scope'}, {draw.month:%Y-%m}")
    drawn = _drawn(reader, draw)
    verdicts = reader.facts("audits", draw.month, add_months(draw.month, 1))
    known = verdicts.select("incident_id", "audited_on", "correct", "should_be_crime").collect()
    return drawn.join(known, on="incident_id", how="left", maintain_order="left").select(_SAMPLE)


def judge(reader: Reader, draw: Draw, incident_id: str, *, correct: bool, should_be_crime: bool, reason: str) -> None:
    """Record the viewer's verdict on an incident of the sample; it counts in ASB-06 and ASB-07 at once.

    Raises PermissionError for a viewer without the right and for an incident that was not drawn for this one,
    ValueError without a reason.
    """
    _demand_drawn(reader, draw, incident_id)
    verdict = {"correct": correct, "should_be_crime": should_be_crime, "reason": reason}
    reader.store.judge(reader.scope.viewer, incident_id, **verdict)


def withdraw(reader: Reader, draw: Draw, incident_id: str, reason: str) -> None:
    """Take back the verdict on an incident of the sample: it is not judged any more, and the verdict stays on record.

    Raises PermissionError as `judge` does, ValueError without a reason and for an incident without a verdict.
    """
    rows = _demand_drawn(reader, draw, incident_id)
    if rows.filter(pl.col("incident_id") == incident_id)["correct"].item() is None:
        raise ValueError(f"{incident_id} has no verdict that counts: there is nothing to withdraw")
    reader.store.withdraw(reader.scope.viewer, incident_id, reason)


def _demand_drawn(reader: Reader, draw: Draw, incident_id: str) -> pl.DataFrame:
    """Return the sample, if the viewer may judge and the incident is one of it."""
    reader.scope.demand("judge")
    rows = dip_sample(reader, draw)
    if incident_id not in rows["incident_id"]:
        raise PermissionError("this incident is not in your sample: draw the sample and choose one of its rows")
    return rows


def dip_findings() -> tuple[Indicator, ...]:
    """Return the indicators that the dip sample finds: closed correctly, should have been a crime."""
    return tuple(one for one in indicators_of(page="asb") if one.column)


def dip_results(reader: Reader, where: Where, level: Level) -> pl.DataFrame:
    """Return what the audits of the twelve months found, by area, as metrics.asb_lists.sample_results lays it out."""
    findings = dip_findings()
    asked = Question(
        indicators=tuple(one.id for one in findings),
        level=level,
        since=add_months(where.month, -11),
        until=where.month,
        within=where.within,
        grain="period",
    )
    return sample_results(answer(reader, asked), findings)


def _enter_view(reader: Reader, whom: str, where: str) -> None:
    """Enter a view in the audit trail: once a day and area, not at every click on the page that shows it."""
    reader.record("viewed", whom, where, daily=True)


@lru_cache(maxsize=CACHED)
def _repeats(reader: Reader, where: Where, by: Literal["location_ref", "caller_ref"]) -> pl.DataFrame:
    parameters, until = reader.settings.parameters, add_months(where.month, 1)
    since = until - timedelta(days=1 + parameters.repeat_days)
    return repeats(facts_between(reader, where, "asb", since, until), by, at_least=parameters.repeat_n).collect()


@lru_cache(maxsize=CACHED)
def _drawn(reader: Reader, draw: Draw) -> pl.DataFrame:
    where = Where(month=draw.month, within=(("lpa", draw.lpa),) if draw.lpa else ())
    rows = facts_of_months(reader, where, "asb")
    audited = rows.filter(pl.col("provenance") == FORCE)
    drawn = draw_sample(audited.collect(), per_stratum=draw.per_stratum, seed=draw.seed)
    return with_code_names(drawn, reader.closure_codes())


def _place(where: Where) -> str:
    return ", ".join(f"{level} {code}" for level, code in where.within) or "the whole scope"

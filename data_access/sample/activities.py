"""The sample force's duty codes: what each means, its family, and where the work is done."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import polars as pl

Place = Literal["beat", "lpa", "base", "scene", "hospital", "court", "ground", "away", "none"]
Family = Literal["core", "demand", "aid", "mandatory", "absence"]
_SINCE = date(2020, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Activity:
    """A duty code and the place where an officer on it is found."""

    code: str
    name: str
    category: str
    family: Family
    place: Place


ACTIVITIES = (
    Activity(code="NPAT", name="Neighbourhood patrol", category="neighbourhood duty", family="core", place="beat"),
    Activity(code="RPAT", name="Response duty", category="response duty", family="core", place="lpa"),
    Activity(code="PROA", name="Proactive crime duty", category="proactive crime duty", family="core", place="lpa"),
    Activity(code="SPAT", name="Special constable patrol", category="neighbourhood duty", family="core", place="lpa"),
    Activity(code="ENGA", name="Community engagement", category="engagement", family="core", place="beat"),
    Activity(code="PSOL", name="Problem solving", category="problem solving", family="core", place="base"),
    Activity(code="ENQU", name="Investigation and enquiries", category="enquiries", family="core", place="beat"),
    Activity(code="BKFL", name="Response backfill", category="response backfill", family="demand", place="lpa"),
    Activity(code="COBS", name="Constant watch", category="constant observations", family="demand", place="base"),
    Activity(code="HOSP", name="Hospital guard", category="hospital guard", family="demand", place="hospital"),
    Activity(code="SCEN", name="Scene guard", category="scene guard", family="demand", place="scene"),
    Activity(code="CUST", name="Custody cover", category="custody", family="demand", place="base"),
    Activity(code="FOOT", name="Football aid", category="football aid", family="aid", place="ground"),
    Activity(code="PUBO", name="Public order aid", category="public order aid", family="aid", place="ground"),
    Activity(code="MAID", name="Mutual aid to another force", category="mutual aid", family="aid", place="away"),
    Activity(code="COUR", name="Court", category="court", family="mandatory", place="court"),
    Activity(code="TRAI", name="Mandatory training", category="mandatory training", family="mandatory", place="base"),
    Activity(code="LEAV", name="Annual leave", category="annual leave", family="absence", place="none"),
    Activity(code="SICK", name="Sickness", category="sickness", family="absence", place="none"),
)  # fmt: skip
NUMBER = {activity.code: number for number, activity in enumerate(ACTIVITIES)}
CODES = [activity.code for activity in ACTIVITIES]


def numbers(*codes: str) -> list[int]:
    """Return the numbers of these codes."""
    return [NUMBER[code] for code in codes]


def in_families(*families: Family) -> list[int]:
    """Return the numbers of the codes of these families."""
    return [number for number, activity in enumerate(ACTIVITIES) if activity.family in families]


def activity_codes() -> pl.DataFrame:
    """Return the `activity_codes` feed."""
    return pl.DataFrame(
        {
            "activity_code": CODES,
            "activity_name": [activity.name for activity in ACTIVITIES],
            "category": [activity.category for activity in ACTIVITIES],
            "family": [activity.family for activity in ACTIVITIES],
            "valid_from": [_SINCE] * len(ACTIVITIES),
        }
    )

"""The small feeds of the framework and workforce pages: posts, specials, problems, profiles, meetings and queries."""

import numpy as np
import polars as pl

from data_access.sample import figures
from data_access.sample.areas import Areas
from data_access.sample.people import NPT, PCSO, PCT, RESPONSE, SPECIAL, People
from data_access.sample.shifts import Shifts
from data_access.sample.span import DAY, HOUR, Month, dates, day_number, instants, stream, utc

_POSTS = ((NPT, "NPT", "officer", 0.94), (PCSO, "NPT", "pcso", 0.86), (RESPONSE, "Response", "officer", 0.97),
          (PCT, "PCT", "officer", 0.95), (SPECIAL, "Special Constabulary", "special", 0.70))  # fmt: skip
_TITLES = (
    "Sample: off-road bikes on open land", "Sample: youths gathering at shops", "Sample: street drinking",
    "Sample: theft from vans", "Sample: drug dealing in a stairwell", "Sample: fly-tipping in an alley",
    "Sample: robbery of pupils after school", "Sample: nuisance parking at a school",
)  # fmt: skip
_STAGES = ("scanning", "analysis", "response", "assessment")
AUDITED_A_MONTH = 60
QUERIES_A_MONTH = 520
WMNOW_MEMBERS, WMNOW_GROWTH = 122_407, 348  # November 2024 and a month [S2 19]
WMNOW_LEAVERS = 400  # a month, invented
TRAINED, ELIGIBLE = 359, 1_500  # problem solving, September 2024 [S2 16]


def establishment(people: People, areas: Areas, months: tuple[Month, ...], seed: int) -> pl.DataFrame:
    """Return the `establishment` feed: posts funded and filled on the last day of each month."""
    chance = stream(seed, "establishment")
    rows = [
        _posts(people, areas, month, post, chance).select(
            month=pl.lit(month.label), lpa_code="lpa_code", department=pl.lit(department), role=pl.lit(role),
            establishment_fte="funded", strength_fte="filled", as_at="as_at",
        )
        for month in months
        for post in _POSTS
        for _, department, role, _ in [post]
    ]  # fmt: skip
    return pl.concat(rows)


def _posts(
    people: People, areas: Areas, month: Month, post: tuple[int, str, str, float], chance: np.random.Generator
) -> pl.DataFrame:
    kind, _, _, filled = post
    own = np.flatnonzero(people.kind == kind)
    last = np.full(len(own), month.days[-1])
    strength = np.bincount(people.home(own, last).lpa, minlength=len(areas.lpas))
    funded = np.ceil(np.bincount(people.first.lpa[own], minlength=len(areas.lpas)) / filled)
    part_time = 0.03 * chance.random(len(strength))
    return pl.DataFrame(
        {
            "lpa_code": areas.lpas,
            "funded": funded,
            "filled": np.round(strength * (1 - part_time), 1),
            "as_at": dates(np.full(len(areas.lpas), month.days[-1])),
        }
    )


def special_hours(people: People, month: Month, shifts: Shifts) -> pl.DataFrame:
    """Return the month's rows of the `special_hours` feed: every special, also those who gave none."""
    specials = np.flatnonzero(people.kind == SPECIAL)
    there = shifts.kind == SPECIAL
    hours = np.bincount(shifts.person[there], (shifts.end - shifts.start)[there] / HOUR, minlength=len(people.kind))
    duties = np.bincount(shifts.person[there], minlength=len(people.kind))
    return pl.DataFrame(
        {
            "month": [month.label] * len(specials),
            "officer_id": people.identifiers[specials],
            "duties": duties[specials],
            "hours": hours[specials],
        }
    )


def problems(areas: Areas, months: tuple[Month, ...], seed: int) -> pl.DataFrame:
    """Return the `problems` feed: plans opened throughout, and some before the sample begins."""
    chance = stream(seed, "problems")
    first, last = day_number(months[0].first), int(months[-1].days[-1])
    count = 9 * len(months) + 60
    opened = np.sort(chance.integers(first - 240, last, count))
    lasts = chance.gamma(2.2, 70, count).astype(int) + 14
    closed = opened + lasts
    is_closed = closed <= last
    reached = np.where(is_closed, 3, ((last - opened) / lasts * 4).astype(int).clip(0, 3))
    stage_on = np.where(is_closed, closed - lasts // 5, opened + (reached * lasts) // 4)
    assessed = is_closed & (chance.random(count) < 0.72)
    effective = chance.random(count) < 0.61
    return pl.DataFrame(
        {
            "problem_id": "PMP-" + pl.Series(np.arange(1, count + 1)).cast(pl.String).str.zfill(4),
            "neighbourhood_code": areas.wards["neighbourhood_code"].to_numpy()[_wards(areas, count, chance)],
            "title": np.array(_TITLES)[chance.integers(0, len(_TITLES), count)],
            "opened_on": dates(opened),
            "stage": np.array(_STAGES)[reached],
            "stage_on": dates(stage_on),
            "closed_on": dates(closed).set(pl.Series(~is_closed), None),
            "assessed": pl.Series(assessed).set(pl.Series(~is_closed), None),
            "effective": pl.Series(effective).set(pl.Series(~assessed), None),
        }
    )


def profiles(areas: Areas, months: tuple[Month, ...], seed: int) -> pl.DataFrame:
    """Return the `profiles` feed: each ward in each month; priorities are reviewed about every ten weeks."""
    chance = stream(seed, "profiles")
    codes = areas.wards["neighbourhood_code"].to_numpy()
    every = chance.integers(55, 125, len(codes))
    offset = chance.integers(0, 90, len(codes))
    rows = []
    for month in months:
        end = int(month.days[-1])
        named = chance.random(len(codes)) < 0.955
        reviewed = end - (end + offset) % every
        rows.append(
            pl.DataFrame(
                {
                    "neighbourhood_code": codes,
                    "month": [month.label] * len(codes),
                    "named_officer": named,
                    "priorities_reviewed_on": dates(reviewed),
                }
            )
        )
    return pl.concat(rows)


def meetings(areas: Areas, months: tuple[Month, ...], seed: int) -> pl.DataFrame:
    """Return the `meetings` feed: two wards in three meet in a month."""
    chance = stream(seed, "meetings")
    days = np.concatenate([month.days for month in months])
    count = chance.poisson(len(areas.cells) * 0.66 * len(months))
    return pl.DataFrame(
        {
            "meeting_id": "SM-" + pl.Series(np.arange(1, count + 1)).cast(pl.String).str.zfill(5),
            "neighbourhood_code": areas.wards["neighbourhood_code"].to_numpy()[
                chance.integers(0, len(areas.cells), count)
            ],
            "held_on": dates(np.sort(chance.choice(days, count))),
            "attendees": chance.negative_binomial(4, 0.25, count),
        }
    )


def queries(areas: Areas, months: tuple[Month, ...], seed: int) -> pl.DataFrame:
    """Return the `queries` feed: most are answered within three days, some after weeks, a few not yet."""
    chance = stream(seed, "queries")
    days = np.concatenate([month.days for month in months])
    count = chance.poisson(QUERIES_A_MONTH * len(months))
    received = np.sort(utc(chance.choice(days, count) * DAY + chance.integers(7 * HOUR, 23 * HOUR, count)))
    waited = chance.lognormal(3.35, 0.95, count) * HOUR
    answered = received + waited.astype(np.int64)
    open_yet = (answered > (days[-1] + 1) * DAY) | (chance.random(count) < 0.015)
    return pl.DataFrame(
        {
            "query_id": "SQ-" + pl.Series(np.arange(1, count + 1)).cast(pl.String).str.zfill(6),
            "neighbourhood_code": areas.wards["neighbourhood_code"].to_numpy()[_wards(areas, count, chance)],
            "received_at": instants(received),
            "answered_at": instants(answered).set(pl.Series(open_yet), None),
        }
    )


def asb_audits(incidents: pl.DataFrame, month: Month, seed: int) -> pl.DataFrame:
    """Return the month's rows of the `asb_audits` feed: a dip sample of its ASB incidents, judged a month later."""
    chance = stream(seed, "asb_audits", month)
    asb = incidents.filter(pl.col("closing_codes").str.contains("ASB", literal=True))
    chosen = np.sort(chance.choice(len(asb), min(AUDITED_A_MONTH, len(asb)), replace=False))
    correct = chance.random(len(chosen)) < 0.87
    crime = ~correct & (chance.random(len(chosen)) < 0.45)
    reason = np.where(crime, "Sample: an offence is disclosed", np.where(correct, "", "Sample: wrong category"))
    return pl.DataFrame(
        {
            "incident_id": asb["incident_id"][pl.Series(chosen)],
            "audited_on": dates(month.days[-1] + 1 + chance.integers(0, 12, len(chosen))),
            "correct": correct,
            "should_be_crime": crime,
            "reason": pl.Series(reason).replace("", None),
            "auditor": pl.lit("Sample auditor", dtype=pl.String)
            if len(chosen) == 0
            else ["Sample auditor"] * len(chosen),
        }
    )


def measures(areas: Areas, months: tuple[Month, ...], seed: int) -> pl.DataFrame:
    """Return the `measures` feed: WMNow members, training, and the quarterly surveys, by LPA."""
    chance = stream(seed, "measures")
    share = np.array([figures.RESIDENTS[code] for code in areas.lpas]) / sum(figures.RESIDENTS.values())
    rows = []
    for step, month in enumerate(months):
        members = np.round(share * (WMNOW_MEMBERS + WMNOW_GROWTH * step + chance.normal(0, 60)))
        eligible = np.round(share * ELIGIBLE)
        trained = np.round(eligible * min(0.95, TRAINED / ELIGIBLE + 0.012 * step))
        pathway = np.round(eligible * min(0.9, 0.05 + 0.011 * step))
        rows += _measured(areas, month, "ENG-05", members, None)
        gone = np.round(share * WMNOW_LEAVERS)
        rows += _measured(areas, month, "ENG-05:joined", gone + np.round(share * WMNOW_GROWTH), None)
        rows += _measured(areas, month, "ENG-05:left", gone, None)
        rows += _measured(areas, month, "DEV-01", trained, eligible)
        rows += _measured(areas, month, "DEV-02", pathway, eligible)
        if month.number % 3 == 0:
            for indicator, agreed in (("SAT-01", 0.72), ("SAT-02", 0.29), ("SAT-03", 0.36), ("SAT-04", 0.33)):
                asked = np.round(share * 2_400)
                rows += _measured(areas, month, indicator, chance.binomial(asked.astype(int), agreed), asked)
    schema = ["indicator_id", "area_code", "month", "numerator", "denominator", "note"]
    return pl.DataFrame(rows, schema=schema, orient="row")


def targets(areas: Areas, months: tuple[Month, ...]) -> pl.DataFrame:
    """Return the `targets` feed: a few, each with an owner who does not exist."""
    start = months[0].first
    owner = "Sample owner (invented)"
    rows = [("TGP-01", code, 75.0, owner, start) for code in areas.lpas]
    rows += [("ENG-04", code, 90.0, owner, start) for code in areas.lpas]
    return pl.DataFrame(rows, schema=["indicator_id", "area_code", "value", "owner", "start_date"], orient="row")


def _measured(
    areas: Areas, month: Month, indicator: str, numerator: np.ndarray, denominator: np.ndarray | None
) -> list[tuple[str, str, str, float, float | None, str]]:
    below = [None] * len(areas.lpas) if denominator is None else [float(value) for value in denominator]
    above = [float(value) for value in numerator]
    return [
        (indicator, code, month.label, top, bottom, "Sample data")
        for code, top, bottom in zip(areas.lpas, above, below, strict=True)
    ]


def _wards(areas: Areas, count: int, chance: np.random.Generator) -> np.ndarray:
    return chance.choice(len(areas.demand), count, p=areas.demand)

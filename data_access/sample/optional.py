"""Small feeds that a force may hand over later: powers, case reviews, the census, surveys and actions."""

from collections.abc import Callable, Mapping

import numpy as np
import polars as pl

from data_access.sample import figures
from data_access.sample.areas import Areas
from data_access.sample.framework import problems
from data_access.sample.planted import LATE_ACTIONS, LESS_CONFIDENT, LESS_CONFIDENT_POINTS, MORE_BREACHES
from data_access.sample.response import handovers, response_standards
from data_access.sample.span import Month, dates, stream

POWERS_A_MONTH, REVIEWS_A_MONTH, ACTIONS_A_MONTH = 210, 9, 140
ASKED_A_QUARTER = 3_600
CENSUS = "2021-03-21"
# Each group's share of the searches of whom it is known, so that nobody is searched more often than anybody else: about
# policing nothing is to be read from invented people.
GROUPS = {"White": 0.50, "Asian": 0.24, "Black": 0.08, "Mixed": 0.05}
_POWERS = (("cpw", 0.46), ("cpn", 0.20), ("dispersal", 0.14), ("pspo_fpn", 0.12), ("closure", 0.03), ("cbo", 0.03),
           ("injunction", 0.02))  # fmt: skip
_BREACHED, _MORE = 0.12, 0.30
_ON_TIME, _LATE = 0.82, 0.45
_CONFIDENCE = {"CON-01": 0.58, "CON-02": 0.66, "CON-03": 0.71}
_DESIGN_EFFECT = 1.4
_ACTIONS = ("Sample: meet the housing office", "Sample: cut back the hedge", "Sample: visit the shops",
            "Sample: serve a warning", "Sample: patrol after school")  # fmt: skip
_ROLES = ("sector sergeant", "neighbourhood officer", "PCSO", "council warden")


def asb_powers(areas: Areas, months: tuple[Month, ...], seed: int) -> pl.DataFrame:
    """Return the `asb_powers` feed; in one LPA more of them are breached."""
    chance = stream(seed, "asb_powers")
    issued, ward, last = _spread(areas, months, POWERS_A_MONTH, chance)
    kinds, shares = zip(*_POWERS, strict=True)
    often = areas.lpa_of[ward] == areas.lpas.index(MORE_BREACHES.area)
    breached = issued + chance.geometric(0.02, len(issued))
    is_breached = (chance.random(len(issued)) < np.where(often, _MORE, _BREACHED)) & (breached <= last)
    return pl.DataFrame(
        {
            "power_id": _numbered("SP", len(issued)),
            "power": chance.choice(kinds, len(issued), p=shares),
            "issued_on": dates(issued),
            "neighbourhood_code": _codes(areas)[ward],
            "breached_on": dates(breached).set(pl.Series(~is_breached), None),
        }
    )


def case_reviews(areas: Areas, months: tuple[Month, ...], seed: int) -> pl.DataFrame:
    """Return the `case_reviews` feed: half of them meet the threshold, and are held some weeks later."""
    chance = stream(seed, "case_reviews")
    asked, ward, last = _spread(areas, months, REVIEWS_A_MONTH, chance)
    held = asked + chance.integers(20, 60, len(asked))
    decided = asked + 14 <= last
    met = decided & (chance.random(len(asked)) < 0.5)
    is_held = met & (held <= last)
    advised = chance.integers(0, 5, len(asked))
    taken = chance.binomial(advised, 0.8)
    not_held = pl.Series(~is_held)
    return pl.DataFrame(
        {
            "review_id": _numbered("SR", len(asked)),
            "lpa_code": np.array(areas.lpas)[areas.lpa_of[ward]],
            "requested_on": dates(asked),
            "threshold_met": pl.Series(met).set(pl.Series(~decided), None),
            "held_on": dates(held).set(not_held, None),
            "recommendations": pl.Series(advised).set(not_held, None),
            "accepted": pl.Series(taken).set(not_held, None),
        }
    )


def population(areas: Areas, _months: tuple[Month, ...], _seed: int) -> pl.DataFrame:
    """Return the `population` feed: in each ward the same share of each group, as among those searched."""
    shares = {**GROUPS, "Other": 0.02}
    total = sum(shares.values())
    people = [np.round(areas.residents * share / total).astype(int) for share in shares.values()]
    rows = [
        pl.DataFrame({"area_code": _codes(areas), "residents": number}).with_columns(ethnic_group=pl.lit(group))
        for group, number in zip(shares, people, strict=True)
    ]
    return pl.concat(rows).with_columns(valid_from=pl.lit(CENSUS))


def surveys(areas: Areas, months: tuple[Month, ...], seed: int) -> pl.DataFrame:
    """Return the `surveys` feed: each quarter in each LPA; in one of them confidence falls."""
    chance = stream(seed, "surveys")
    share = np.array([figures.RESIDENTS[code] for code in areas.lpas]) / sum(figures.RESIDENTS.values())
    asked = np.round(share * ASKED_A_QUARTER).astype(int)
    rows = []
    for start, end in zip(months, months[2:], strict=False):
        if end.number % 3:
            continue
        for question, agreed in _CONFIDENCE.items():
            fallen = LESS_CONFIDENT.holds(end.back) and question == "CON-01"
            lost = np.where(np.array(areas.lpas) == LESS_CONFIDENT.area, LESS_CONFIDENT_POINTS * fallen, 0.0)
            yes = chance.binomial(asked, agreed - lost)
            rows += [
                ("Sample pulse", question, code, start.first, _last_day(end), int(n), int(k), _DESIGN_EFFECT)
                for code, n, k in zip(areas.lpas, asked, yes, strict=True)
            ]
    names = ["survey", "question", "area_code", "period_start", "period_end", "asked", "yes", "design_effect"]
    return pl.DataFrame(rows, schema=names, orient="row")


def plan_actions(areas: Areas, months: tuple[Month, ...], seed: int) -> pl.DataFrame:
    """Return the `plan_actions` feed: of plans and tasking meetings; in one LPA most are late."""
    chance = stream(seed, "plan_actions")
    due, ward, last = _spread(areas, months, ACTIONS_A_MONTH, chance)
    plans = problems(areas, months, seed)["problem_id"].to_numpy()
    of_plan = chance.random(len(due)) < 0.6
    late = areas.lpa_of[ward] == areas.lpas.index(LATE_ACTIONS.area)
    on_time = chance.random(len(due)) < np.where(late, _LATE, _ON_TIME)
    done = due + np.where(on_time, -chance.integers(0, 8, len(due)), chance.integers(1, 40, len(due)))
    is_done = (done <= last) & (chance.random(len(due)) < 0.95)
    return pl.DataFrame(
        {
            "action_id": _numbered("SA", len(due)),
            "problem_id": pl.Series(chance.choice(plans, len(due))).set(pl.Series(~of_plan), None),
            "source": np.where(of_plan, "pmp", "tasking"),
            "neighbourhood_code": _codes(areas)[ward],
            "action": chance.choice(_ACTIONS, len(due)),
            "owner_role": chance.choice(_ROLES, len(due)),
            "due_on": dates(due),
            "done_on": dates(done).set(pl.Series(~is_done), None),
            "told_public": pl.Series(is_done & (chance.random(len(due)) < 0.7)),
        }
    )


FEEDS: Mapping[str, Callable[[Areas, tuple[Month, ...], int], pl.DataFrame]] = {
    "response_standards": response_standards,
    "handovers": handovers,
    "asb_powers": asb_powers,
    "case_reviews": case_reviews,
    "population": population,
    "surveys": surveys,
    "plan_actions": plan_actions,
}


def _spread(
    areas: Areas, months: tuple[Month, ...], a_month: int, chance: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, int]:
    """Draw the days and wards of about `a_month` events in each month, in order, and give the last day of all."""
    days = np.concatenate([month.days for month in months])
    count = chance.poisson(a_month * len(months))
    ward = chance.choice(len(areas.demand), count, p=areas.demand)
    return np.sort(chance.choice(days, count)), ward, int(days[-1])


def _codes(areas: Areas) -> np.ndarray:
    return areas.wards["neighbourhood_code"].to_numpy()


def _numbered(prefix: str, count: int) -> pl.Series:
    return pl.Series(np.arange(1, count + 1)).cast(pl.String).str.zfill(5).str.replace("^", f"{prefix}-")


def _last_day(month: Month) -> object:
    return dates(month.days[-1:])[0]

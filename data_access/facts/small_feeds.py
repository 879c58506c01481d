"""Small feeds built whole: plans, profiles, meetings, queries, posts; and how large the areas are."""

from collections.abc import Callable
from datetime import date

import polars as pl

from data_access.facts.inputs import PLACES, Build, Dataset, Inputs
from metrics.actions import action_facts
from metrics.asb_powers import review_facts
from metrics.extent import extent_facts
from metrics.feeds import establishment_facts, meeting_facts, profile_facts, query_facts
from metrics.levels import add_months, months_between


def _extents(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    return extent_facts(inputs.neighbourhoods, inputs.hotspots, months_between(since, add_months(until, -1)))


def _placed(feed: str, facts: Callable[..., pl.LazyFrame]) -> Build:
    """Build a small feed whole from the neighbourhoods of its days; the months wanted are kept afterwards."""

    def build(inputs: Inputs, _since: date, _until: date) -> pl.LazyFrame:
        return facts(inputs.feed(feed).lazy(), inputs.neighbourhoods.lazy())

    return build


def _establishment(inputs: Inputs, _since: date, _until: date) -> pl.LazyFrame:
    return establishment_facts(inputs.feed("establishment").lazy())


def _case_reviews(inputs: Inputs, _since: date, _until: date) -> pl.LazyFrame:
    return review_facts(inputs.feed("case_reviews").lazy())


def _plan_actions(inputs: Inputs, _since: date, _until: date) -> pl.LazyFrame:
    actions, problems = (inputs.feed(feed).lazy() for feed in ("plan_actions", "problems"))
    return action_facts(actions, problems, inputs.neighbourhoods.lazy())


SMALL_FEEDS: tuple[Dataset, ...] = (
    Dataset(name="extents", dated=("crimes", "taskings"), references=("hotspots", *PLACES), build=_extents),
    Dataset(name="establishment", dated=("establishment",), references=(), build=_establishment),
    Dataset(name="profiles", dated=("profiles",), references=PLACES, build=_placed("profiles", profile_facts)),
    Dataset(name="meetings", dated=("meetings",), references=PLACES, build=_placed("meetings", meeting_facts)),
    Dataset(name="queries", dated=("queries",), references=PLACES, build=_placed("queries", query_facts)),
    Dataset(name="case_reviews", dated=("case_reviews",), references=(), build=_case_reviews),
    Dataset(name="plan_actions", dated=("plan_actions",), references=("problems", *PLACES), build=_plan_actions),
)

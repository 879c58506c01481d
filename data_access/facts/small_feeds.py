"""Small feeds built whole: plans, profiles, meetings, queries, posts; and how large the areas are."""

from collections.abc import Callable
from datetime import date

import polars as pl

from data_access.facts.inputs import ALL_MONTHS, PLACES, Build, Dataset, Inputs
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


SMALL_FEEDS: tuple[Dataset, ...] = tuple(
    Dataset(name=name, dated=dated, references=references, build=build, at_once=ALL_MONTHS)
    for name, dated, references, build in (
        ("extents", ("crimes", "taskings"), ("hotspots", *PLACES), _extents),
        ("establishment", ("establishment",), (), _establishment),
        ("profiles", ("profiles",), PLACES, _placed("profiles", profile_facts)),
        ("meetings", ("meetings",), PLACES, _placed("meetings", meeting_facts)),
        ("queries", ("queries",), PLACES, _placed("queries", query_facts)),
        ("case_reviews", ("case_reviews",), (), _case_reviews),
        ("plan_actions", ("plan_actions",), ("problems", *PLACES), _plan_actions),
    )
)

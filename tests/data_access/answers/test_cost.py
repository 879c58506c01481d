"""What a month's abstraction cost, on the worked example: hours by role at their prices."""

from datetime import date

import pytest

from data_access.answers.answer import Question, answer
from data_access.answers.cost import monthly_cost
from data_access.answers.reader import Reader
from data_access.scope import Scope
from data_access.settings import CostSettings, Settings
from data_access.store import Store

OCTOBER = date(2024, 10, 1)
ASKED = Question(indicators=("ABS-04",), level="force", since=OCTOBER, until=OCTOBER)
SUPERVISOR = Scope(viewer="supervisor", force=True, people="officer")
PARTNER = Scope(viewer="partner", force=True, people="none")


def reader(example_store: Store, scope: Scope, **prices: float) -> Reader:
    settings = Settings(cost=CostSettings(hour=prices))
    url = example_store.engine.url.render_as_string(hide_password=False)
    return Reader.open(Store.open(settings, url=url, facts_dir=example_store.facts_dir), scope)


def test_abstraction_costs_its_hours_by_role(example_store: Store) -> None:
    priced = reader(example_store, SUPERVISOR, officer=40.0, pcso=28.0)
    by_role = dict(answer(priced, Question(**{**vars(ASKED), "by": ("role",)})).select("role", "value").iter_rows())
    total = answer(priced, ASKED)["value"].item()
    found = monthly_cost(priced, ASKED)
    assert sum(by_role.values()) == pytest.approx(total)
    assert found.cost.pounds == pytest.approx(40 * by_role.get("officer", 0) + 28 * by_role.get("pcso", 0))
    assert found.cost.pounds > 0
    assert (found.usual.low, found.usual.high) == (None, None)  # one month of data: what is usual is not known


def test_a_role_without_a_price_is_told_apart(example_store: Store) -> None:
    found = monthly_cost(reader(example_store, SUPERVISOR, pcso=28.0), ASKED)
    total = answer(reader(example_store, SUPERVISOR), ASKED)["value"].item()
    assert found.cost.hours + found.cost.unpriced_hours == pytest.approx(total)


def test_without_prices_nothing_is_said(example_store: Store) -> None:
    assert monthly_cost(reader(example_store, SUPERVISOR), ASKED) is None


def test_hours_of_fewer_than_five_officers_are_not_told_as_pounds(example_store: Store) -> None:
    assert monthly_cost(reader(example_store, PARTNER, officer=40.0, pcso=28.0), ASKED) is None

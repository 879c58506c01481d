"""The address of a saved view: pages and keys that there are, opened anywhere, and told to who may see its areas."""

import ast
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from data_access.database.views import checked_address
from data_access.scope import Scope
from pages.selections import address
from pages.selections.narrowing import FIELDS
from pages.selections.places import SPOTS, places_of
from pages.shell.order import PAGES
from tests.places import ROOT

ASKS = ("amount", "choose", "several", "switch", "tabs")


def chosen_keys() -> set[str]:
    """Every key that a page's own choices write into the address, read from the pages' source."""
    found: set[str] = set()
    for path in (ROOT / "pages").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {f"choices.{one}" for one in ASKS}:
                found |= keys_of(node.args[0], path)
    return found


def keys_of(name: ast.expr, path: Path) -> set[str]:
    if isinstance(name, ast.Constant):
        return {name.value}
    if path.stem == "spots":  # whose level is one of these
        return set(SPOTS)
    module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return {getattr(module, ast.unparse(name))}


def test_pages_and_keys_are_those_of_the_suite() -> None:
    assert {module.__name__.rsplit(".", 1)[-1] for module in PAGES} == address.PAGES
    assert PAGES[0].__name__.endswith(f".{address.FIRST}")
    assert len(chosen_keys()) > 30
    assert chosen_keys() - address.KEYS == set()
    assert set(FIELDS) <= address.KEYS


@given(
    some.sampled_from(sorted(address.PAGES)),
    some.dictionaries(some.sampled_from(sorted(address.KEYS)), some.text(min_size=1, max_size=40), max_size=4),
)
def test_whatever_is_chosen_comes_back_and_the_store_takes_it(page: str, params: dict[str, str]) -> None:
    try:
        kept = address.written(page, params)
    except UnicodeEncodeError:  # half a character, which no browser sends
        return
    assert address.parted(checked_address(kept)) == (page, params)


def test_what_no_page_knows_is_left_out_or_refused() -> None:
    assert address.written("asb", {"month": "2026-09", "embed": "true", "lpa": ""}) == "asb?month=2026-09"
    with pytest.raises(ValueError, match="no page of the suite"):
        address.written("https://evil.example/", {})
    with pytest.raises(ValueError, match="choose fewer"):
        address.written("asb", {"lpa": "x" * 401})
    assert address.parted("gone?month=2026-09&was=x") == ("overview", {"month": "2026-09"})
    assert (address.href("overview?lpa=L1"), address.href("overview")) == ("./?lpa=L1", "./")
    assert address.href("asb?lpa=L1%2CL2") == "asb?lpa=L1%2CL2"


@pytest.mark.parametrize(
    ("kept", "seen"),
    [
        ("asb", True),
        ("asb?lpa=L1&compare=lpa%3AL2", True),
        ("asb?lpa=L2", False),
        ("asb?lpa=L1%2CL2", False),
        ("patrols?hotspot=H2", False),
        ("abstractions?team=NPT+%2F+One", False),
        ("asb?lpa=L1&compare=sector%3AS2", False),
        ("need?lpa=L1&move_from=N2", False),
        ("need?lpa=L1&move_to=N2", False),
    ],
)
def test_a_view_is_told_to_who_may_see_its_areas(kept: str, seen: bool) -> None:
    scope = Scope(viewer="v", lpas=frozenset({"L1"}), people="officer")
    row = {"level": "lpa", "code": "L1", "name": "One", "parent_level": "force", "parent_code": "F"}
    assert address.is_within(kept, places_of([row], scope), scope) is seen
    whole = Scope(viewer="v", force=True, people="team")
    rows = [
        {"level": level, "code": code, "name": code, "parent_level": "force", "parent_code": "F"}
        for level, code in (
            *(("force", "F"), ("lpa", "L1"), ("lpa", "L2")),
            *(("sector", "S2"), ("neighbourhood", "N2"), ("hotspot", "H2")),
        )
    ]
    assert address.is_within(kept, places_of(rows, whole), whole)


def test_a_view_of_teams_is_told_to_who_may_see_them() -> None:
    scopes = [Scope(viewer="v", force=True, people=grain) for grain in ("none", "department", "team")]
    places = places_of(
        [{"level": "force", "code": "F", "name": "F", "parent_level": None, "parent_code": None}], scopes[0]
    )
    assert [address.is_within("explore?explore_level=team", places, one) for one in scopes] == [False, False, True]
    assert all(address.is_within("explore?explore_level=lpa", places, one) for one in scopes)

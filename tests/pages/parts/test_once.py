"""What is drawn is made once for whoever sees the same, and anew for whoever does not."""

import json
from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import plotly.graph_objects as go
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from data_access.load.ingest import rebuild
from data_access.store import Store
from pages.parts import cards, house, once
from pages.parts.once import made_once
from tests.pages.conftest import running

COLUMNS = st.fixed_dictionaries(
    {
        "area": st.lists(st.sampled_from(["A", "B", None]), min_size=2, max_size=2),
        "value": st.lists(st.sampled_from([0.0, -0.0, 1.5, None]), min_size=2, max_size=2),
    }
)
ESCAPED = "A &amp; B"
SCHEMA = {"area": pl.String, "value": pl.Float64}


@given(COLUMNS, COLUMNS)
def test_frames_are_known_by_what_they_hold(one: dict, other: dict) -> None:
    asked = []
    made = made_once(8)(lambda frame, rows: asked.append(rows) or frame.rows())
    assert made(pl.DataFrame(one, SCHEMA), [one]) == pl.DataFrame(one, SCHEMA).rows()
    assert made(pl.DataFrame(other, SCHEMA), [other]) == pl.DataFrame(other, SCHEMA).rows()
    assert len(asked) == (1 if repr(one) == repr(other) else 2)


def test_the_same_values_of_another_type_or_under_another_name_are_not_the_same() -> None:
    made = made_once(8)(lambda frame, *, name="": f"{frame.schema} {name}")
    frames = [pl.DataFrame({"a": [1]}), pl.DataFrame({"a": [1.0]}), pl.DataFrame({"b": [1]})]
    assert len({made(frame, name=name) for frame in frames for name in ("", "x")}) == 6


def test_a_frame_is_known_as_long_as_it_is_there_and_no_longer() -> None:
    """Frames that come and go have one another's numbers: none is taken for one that was there before."""
    made = made_once(2_000)(lambda frame: frame.rows())
    for value in range(1_000):
        assert made(pl.DataFrame({"value": [value]})) == [(value,)]
    lasting, before = pl.DataFrame({"value": ["last"]}), len(once._DIGESTS)
    assert made(lasting) == made(lasting) == [("last",)]
    assert len(once._DIGESTS) == before + 1
    del lasting
    assert len(once._DIGESTS) == before


def test_what_cannot_be_made_is_not_kept_and_arguments_are_let_go() -> None:
    asked = []

    @made_once(8)
    def made(value: int) -> int:
        asked.append(value)
        if len(asked) == 1:
            raise PermissionError("not yet")
        return value

    with pytest.raises(PermissionError):
        made(1)
    assert made(1) == made(1) == 1
    assert asked == [1, 1]


@pytest.mark.parametrize(
    ("viewer", "address", "is_new"),
    [
        ("chief", {}, False),
        ("analyst", {}, True),  # the same areas, but people by name: another scope
        ("commander", {"lpa": "L1"}, True),
        ("chief", {"lpa": "L1"}, True),
        ("chief", {"abstractions_tab": "whose"}, True),  # which links carry on
    ],
)
def test_viewers_of_one_scope_and_selection_share_what_is_made(
    shell: Callable[..., AppTest], viewer: str, address: dict[str, str], is_new: bool
) -> None:
    cards._cards.cache_clear()
    shell("chief", "abstractions")
    made = cards._cards.cache_info().misses
    assert not shell(viewer, "abstractions", **address).exception
    assert (cards._cards.cache_info().misses > made) == is_new


def test_what_was_made_is_made_anew_of_another_data_version_and_after_a_verdict(
    example_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copytree(example_store, tmp_path / "store")
    store = Store.open(f"sqlite:///{folder}/npd.sqlite")
    shell = next(running(folder, monkeypatch))
    made = []
    for change in (
        lambda: None,
        lambda: None,
        lambda: store.judge("chief", "I1", correct=True, should_be_crime=False, reason="read the log"),
        lambda: rebuild(store, "somebody"),
    ):
        change()
        before = cards._cards.cache_info().misses
        assert not shell("chief", "abstractions").exception
        made.append(cards._cards.cache_info().misses > before)
    store.close()
    assert made == [True, False, True, True]


def test_a_prepared_figure_is_sent_as_the_one_it_was_made_of_with_its_labels_as_text() -> None:
    figure, shown = (go.Figure(go.Bar(x=[1, 2], y=[name, "C"]), house.layout(300, "h")) for name in ("A & B", ESCAPED))
    figure.layout.yaxis.categoryarray = ["A & B", "C"]
    shown.layout.yaxis.categoryarray = [ESCAPED, "C"]
    prepared = house._Prepared(figure)
    assert json.dumps(prepared.to_dict()) == json.dumps(json.loads(shown.to_json()))
    assert go.Figure(prepared.to_dict()) == shown

"""Pages with what a force may hand over later, and what they say where it did not."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from streamlit.testing.v1 import AppTest

from data_access.load.ingest import load
from data_access.store import Store
from pages.sections import impact_flags
from pages.wording import words
from tests.data_access.small_force import FORCE, write
from tests.data_access.test_optional_feeds import LPAS, as_csv, extracts
from tests.oracle import optional
from tests.pages.conftest import VIEWERS, for_the_demo, serve_as_configured
from tests.places import ROOT

Run = Callable[..., AppTest]
NOT_GIVEN = {
    "response": "Nothing on arrivals is handed over",
    "asb": "Not handed over: the feeds `asb_powers` and `case_reviews`",
    "engagement": "No survey is handed over",
    "impact_areas": "No crime with a flag is handed over",
}


@pytest.fixture(scope="module")
def given() -> dict[str, list[dict]]:
    return extracts(Random(7))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, given: dict[str, list[dict]]) -> Path:
    made = tmp_path_factory.mktemp("optional")
    (made / "config.toml").write_text(f'[store]\nurl = "sqlite:///npd.sqlite"\n{VIEWERS}')
    files = {f"{feed}.csv": as_csv(rows) for feed, rows in given.items()}
    store = Store.open(f"sqlite:///{made}/npd.sqlite")
    assert load(store, write(made / "in", FORCE | files), by="tests").exit_code == 0
    for_the_demo(store)
    return made


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("NPD_CONFIG", str(folder / "config.toml"))
    monkeypatch.delenv("NPD_STORE_URL", raising=False)
    serve_as_configured()

    def opened(page: str, **address: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "pages" / "_shell.py"), default_timeout=120)
        app.switch_page(f"{page}.py")
        app.session_state["viewer"] = "chief"
        for name, value in {"month": "2024-10", **address}.items():
            app.query_params[name] = value
        return app.run()

    return opened


@pytest.mark.parametrize(
    ("page", "axis"),
    [("response", "local hour"), ("engagement", "% of the area's live plans")],
    ids=["hours", "stages"],
)
def test_charts_have_both_areas(run: Run, page: str, axis: str) -> None:
    app = run(page, lpa="L1", compare="lpa:L2", engagement_tab="plans")
    assert not app.exception
    drawn = [one.proto.spec for one in app.get("plotly_chart") if f'"text":"{axis}"' in one.proto.spec]
    assert any('"name":"LPA L1"' in one and '"name":"LPA L2"' in one for one in drawn)


def test_the_grades_on_the_page_are_those_of_plain_loops(run: Run, given: dict[str, list[dict]]) -> None:
    app = run("response")
    assert not app.exception
    (table,) = (one.value for one in app.dataframe if "share_within" in one.value.columns)
    months = ("2024-08", "2024-09", "2024-10")
    waits = [
        wait
        for row in given["incidents"]
        if row["grade"] == "P1" and optional.month(optional.local(row["reported_at"])) in months
        and (wait := optional.minutes(row)) is not None
    ]  # fmt: skip
    first = table[table["grade"] == "P1"].iloc[0]
    assert first["arrivals"] == len(waits)
    assert first["median"] == pytest.approx(optional.quantile(waits, 0.5))


@pytest.mark.parametrize(
    ("page", "tab", "heading"),
    [
        ("asb", "powers", "## Powers and case reviews"),
        ("engagement", "searched", "## Stop and search"),
        ("impact_areas", "flagged", f"## {impact_flags.HEADING}"),
    ],
)
def test_what_was_handed_over_has_its_place(run: Run, page: str, tab: str, heading: str) -> None:
    app = run(page, **{f"{page}_tab": tab})
    assert not app.exception
    assert heading in [one.value for one in app.markdown]
    assert not [one.value for one in app.info if NOT_GIVEN[page] in one.value]


def test_flagged_crime_per_resident_is_that_of_plain_loops(run: Run, given: dict[str, list[dict]]) -> None:
    """This force has no Impact Area: its flagged crime has its place all the same."""
    (table,) = (one.value for one in run("impact_areas").dataframe if "Flag" in one.value.columns)
    counted = optional.flagged(given["crimes"], LPAS, "2024-10")
    shown = dict(zip(table["Flag"], table["Per 1,000 residents"], strict=True))
    assert len(shown) == 5
    for flag, name in words.FLAGS.items():
        count = counted[f"FLG-01:{flag}", optional.FORCE]
        assert shown[words.capital(name)] == f"{words.figure(count / 3, 'per 1,000')}, {count} for 3,000"


@pytest.mark.parametrize(("page", "tab"), list(zip(NOT_GIVEN, ("arrivals", "powers", "said", "flagged"), strict=True)))
def test_what_was_not_handed_over_is_said(shell: Run, page: str, tab: str) -> None:
    app = shell("chief", page, month="2024-10", **{f"{page}_tab": tab})
    assert [one.value for one in app.info if NOT_GIVEN[page] in one.value]

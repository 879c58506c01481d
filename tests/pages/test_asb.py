"""The ASB page without a browser: the card is the CSV, open data says what it does not know, audits count at once."""

import csv
import re
import shutil
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data_access.answers.reader import Reader
from data_access.csv_file import csv_bytes
from data_access.export import benchmark
from data_access.load.ingest import load
from data_access.sample_mark import MARKER, MARKER_TEXT
from data_access.scope import Scope
from data_access.store import Store
from pages.shell import start
from tests.pages.conftest import for_the_demo
from tests.pages.test_shell import text
from tests.places import OPEN_DATA, needs_open_data

Run = Callable[..., AppTest]
OCTOBER = date(2024, 10, 1)
CHIEF = '[[viewers]]\nid = "chief"\nname = "Chief officer"\nforce = true\npeople = "officer"\n'
CALLS = """incident_id,reported_at,closing_codes,neighbourhood_code,caller_ref
C1,2024-10-02T12:00:00Z,ASBN,N001,K1
C2,2024-10-09T12:00:00Z,ASBP,N001,K1
C3,2024-10-30T12:00:00Z,ASBN,N001,K1
"""


@pytest.fixture
def page(shell: Run) -> Run:
    """Open the page with an address."""

    def run(viewer: str = "chief", **address: str) -> AppTest:
        return shell(viewer, page="asb", **address)

    return run


@pytest.fixture
def desk(page: Run, example_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Open the page on a copy of the store, to judge in, as a chief who may see individuals."""
    shutil.copytree(example_store, tmp_path / "copy")
    (tmp_path / "copy" / "config.toml").write_text(f'[store]\nurl = "sqlite:///npd.sqlite"\n{CHIEF}')
    monkeypatch.setenv("NPD_CONFIG", str(tmp_path / "copy" / "config.toml"))
    return page


@pytest.fixture(scope="module")
def open_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Load the published street files and wards; give the config.toml."""
    folder = tmp_path_factory.mktemp("open")
    (folder / "config.toml").write_text(f'[store]\nurl = "sqlite:///npd.sqlite"\n{CHIEF}')
    store = Store.open(f"sqlite:///{folder}/npd.sqlite")
    assert not load(store, OPEN_DATA, by="tests").error
    for_the_demo(store)
    return folder / "config.toml"


def cards(app: AppTest) -> dict[str, str]:
    """Give the figures on the cards by name."""
    pattern = r'<h3>(.*?)</h3><p class="npd-value">([^<]*)'
    found = [pair for element in app.get("html") for pair in re.findall(pattern, element.proto.body)]
    return {name.lower(): value.strip() for name, value in found}


def tables(app: AppTest) -> dict[str, list[dict]]:
    """Give the rows of each table by the name of its first column."""
    return {element.value.columns[0]: element.value.to_dict("records") for element in app.dataframe}


@pytest.mark.parametrize("lpa", [None, "L1"])
def test_the_figure_on_the_card_is_the_one_in_the_csv(page: Run, lpa: str | None) -> None:
    app = page(**({"lpa": lpa} if lpa else {}))
    assert not app.exception
    rows = csv_bytes(benchmark(Reader.open(start.store(), Scope(viewer="tests", force=True)), OCTOBER))
    told = {
        row["indicator_id"]: float(row["value"])
        for row in csv.DictReader(StringIO(rows.decode(), newline=""))
        if row["area_code"] == (lpa or "E23000014") and row["value"]
    }
    shown = cards(app)
    assert shown["asb incidents"] == f"{told['ASB-01']:.0f}"
    assert shown["asb incidents per 1,000 residents"] == f"{told['ASB-02']:.1f}"  # both are above 1
    assert shown["repeat share"] == f"{told['ASB-04']:.1f} %"
    assert shown["personal asb risk-assessed"] == f"{told['ASB-05']:.1f} %"


def test_the_page_says_that_a_rise_may_be_better_recording_and_what_has_no_place(page: Run) -> None:
    said = text(page())
    assert "A rise may be better recording" in said
    assert "have no place in the force's areas" in said


def test_every_area_down_to_the_neighbourhood_has_its_page(page: Run) -> None:
    for address in ({"lpa": "L1"}, {"sector": "S1"}, {"neighbourhood": "N001"}):
        app = page(**address)
        assert not app.exception
        assert "ASB incidents" in text(app)


def test_a_commander_sees_no_place_and_no_incident_of_another_lpa(page: Run) -> None:
    app = page("commander")
    audit = page("commander", asb_tab="sample")
    assert not app.exception
    assert not audit.exception
    assert "location_ref" not in tables(app)  # addresses are free text, which this viewer may not read
    assert "your rights do not show them" in text(app)
    assert "dip_open" not in [toggle.key for toggle in audit.toggle]
    assert "asb_callers" not in [toggle.key for toggle in app.toggle]
    assert "your scope does not show them" in text(app)


def test_repeat_callers_are_shown_when_asked_for_and_the_view_is_recorded(desk: Run, tmp_path: Path) -> None:
    app = desk()
    assert "caller_ref" not in tables(app)
    (tmp_path / "calls").mkdir()
    (tmp_path / "calls" / "incidents.csv").write_text(CALLS)
    (tmp_path / "calls" / MARKER).write_text(MARKER_TEXT)
    load(start.store(), tmp_path / "calls", by="tests")
    app.toggle(key="asb_callers").set_value(True).run()
    assert not app.exception
    assert [(row["caller_ref"], row["incidents"]) for row in tables(app)["caller_ref"]] == [("K1", 3)]
    viewed = start.store().trail().filter(what="viewed")["whom"]
    assert viewed.to_list().count("repeat ASB callers") == 1


def fill(
    app: AppTest,
    incident: str,
    correct: str | None,
    crime: str | None,
    reason: str,
    press: str = "Record the verdict",
) -> AppTest:
    box = next(box for box in app.selectbox if box.label.startswith("Incident"))
    if box.value != incident:
        box.set_value(incident).run()
    if correct:
        app.radio(key=f"dip_correct_{incident}").set_value(correct)
    if crime:
        app.radio(key=f"dip_crime_{incident}").set_value(crime)
    app.text_input(key=f"dip_reason_{incident}").set_value(reason)
    next(button for button in app.button if button.label == press).click().run()
    assert not app.exception
    return app


def chosen(app: AppTest) -> str:
    return next(box for box in app.selectbox if box.label.startswith("Incident")).value


def test_the_next_incident_comes_by_itself_and_a_verdict_can_be_corrected(desk: Run) -> None:
    app = desk(asb_tab="sample", lpa="L1")
    app.toggle(key="dip_open").set_value(True).run()
    drawn = [row["incident_id"] for row in tables(app)["incident_id"]]
    assert chosen(app) == drawn[0]
    fill(app, drawn[0], "yes", "no", "codes fit the log")
    assert chosen(app) == drawn[1]
    assert f"**1 of {len(drawn)} judged**" in text(app)
    fill(app, drawn[0], "no", "no", "read again")
    assert cards(app)["closed correctly"] == "0.0 %"
    assert f"**1 of {len(drawn)} judged**" in text(app)
    assert start.store().trail().filter(what="judged")["reason"].to_list() == ["read again", "codes fit the log"]


def test_a_verdict_is_withdrawn_and_the_incident_waits_again(desk: Run) -> None:
    app = desk(asb_tab="sample", lpa="L1")
    app.toggle(key="dip_open").set_value(True).run()
    drawn = [row["incident_id"] for row in tables(app)["incident_id"]]
    assert "Withdraw the verdict" not in [button.label for button in app.button]
    fill(app, drawn[0], "yes", "no", "codes fit the log")
    fill(app, drawn[0], None, None, "", press="Withdraw the verdict")
    assert app.error[0].value == "Not withdrawn yet, nothing is lost. Still to answer: Reason"
    fill(app, drawn[0], None, None, "the wrong log", press="Withdraw the verdict")
    assert f"**0 of {len(drawn)} judged**" in text(app)
    assert "was audited" in text(app)
    assert tables(app)["incident_id"][0]["correct"] is None
    assert chosen(app) == drawn[0]
    assert app.text_input(key=f"dip_reason_{drawn[0]}").value == ""
    assert start.store().trail().row(0, named=True)["what"] == "withdrew verdict"
    fill(app, drawn[0], "no", "no", "read again")
    assert cards(app)["closed correctly"] == "0.0 %"


def test_a_verdict_is_recorded_and_counts_at_once(desk: Run) -> None:
    app = desk(asb_tab="sample", lpa="L1")
    assert "was audited" in text(app)
    app.toggle(key="dip_open").set_value(True).run()
    drawn = [row["incident_id"] for row in tables(app)["incident_id"]]
    assert "seed 202410" in text(app)
    fill(app, drawn[0], "yes", "no", "codes fit the log")
    assert cards(app)["closed correctly"] == "100.0 %"
    fill(app, drawn[1], "no", "yes", "a threat: harassment")
    assert cards(app)["closed correctly"] == "50.0 %"
    assert cards(app)["should have been a crime"] == "50.0 %"
    judged = {row["incident_id"]: row["correct"] for row in tables(app)["incident_id"]}
    assert (judged[drawn[0]], judged[drawn[1]]) == (True, False)
    assert "95 % limits (Wilson)" in text(app)
    trail = start.store().trail().filter(what="judged")
    assert dict(zip(trail["whom"], trail["reason"], strict=True)) == {
        drawn[0]: "codes fit the log",
        drawn[1]: "a threat: harassment",
    }
    assert set(trail["viewer"]) == {"chief"}


def test_the_same_seed_draws_the_same_and_another_does_not(desk: Run) -> None:
    app = desk(asb_tab="sample", lpa="L1")
    app.toggle(key="dip_open").set_value(True).run()
    first = tables(app)["incident_id"]
    app.number_input(key="dip_seed_202410").set_value(5).run()
    second = tables(app)["incident_id"]
    app.number_input(key="dip_seed_202410").set_value(202410).run()
    assert tables(app)["incident_id"] == first != second


@pytest.mark.parametrize(
    ("correct", "crime", "reason", "missing"),
    [
        (None, "no", "read", "Closed correctly?"),
        ("yes", None, "read", "Should it have been a crime?"),
        ("yes", "no", " ", "Reason"),
        (None, None, "", "Closed correctly?, Should it have been a crime?, Reason"),
    ],
)
def test_half_a_verdict_is_not_recorded_and_nothing_of_it_is_lost(
    desk: Run, correct: str | None, crime: str | None, reason: str, missing: str
) -> None:
    app = desk(asb_tab="sample", lpa="L1")
    app.toggle(key="dip_open").set_value(True).run()
    incident = chosen(app)
    fill(app, incident, correct, crime, reason)
    assert app.error[0].value == f"Not recorded yet, nothing is lost. Still to answer: {missing}"
    assert app.radio(key=f"dip_correct_{incident}").value == correct
    assert app.radio(key=f"dip_crime_{incident}").value == crime
    assert app.text_input(key=f"dip_reason_{incident}").value == reason
    assert start.store().version().judged_at is None


@needs_open_data
def test_real_street_data_says_what_it_does_not_know(
    page: Run, open_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NPD_CONFIG", str(open_data))
    app = page()
    assert not app.exception
    said = text(app)
    assert "anonymised map point" in said
    assert "not the day or hour" in said
    assert "When: not known" in said
    assert app.selectbox(key="choose_month").value == "2017-06"
    assert "not judged yet: too few months" in said
    places = tables(app)["location_ref"]
    assert places[0]["categories"].endswith("unknown")
    app = page(asb_tab="sample")
    app.toggle(key="dip_open").set_value(True).run()
    assert "nothing to draw" in text(app)

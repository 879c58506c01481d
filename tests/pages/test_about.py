"""The About page: every indicator is defined, every load listed, and the audit trail for those who may read it."""

from collections.abc import Callable

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from data_access.answers.reader import Reader
from data_access.scope import Scope
from metrics import indicators_of
from metrics.parameters import Parameters, worded
from pages.sections import about_loads
from pages.shell import start
from tests.pages.test_shell import text

Run = Callable[..., AppTest]


def section(app: AppTest, name: str) -> AppTest:
    """Open a section of the page."""
    return app.segmented_control(key="about_section").set_value(name).run()


def open_page(shell: Run, viewer: str = "chief", **address: str) -> AppTest:
    app = shell(viewer, page="about", month="2024-10", **address)
    assert not app.exception
    return app


def test_every_indicator_is_there_with_its_definition(shell: Run) -> None:
    app = open_page(shell)
    said = text(app)
    assert len(app.expander) == len(indicators_of())
    for one in indicators_of():
        assert f"({one.id})" in said
        assert worded(one, Parameters()).numerator.words in said
        assert worded(one, Parameters()).caveat in said


def test_subject_and_search_narrow_the_list(shell: Run) -> None:
    app = open_page(shell)
    app.selectbox(key="about_subject").set_value("Crime harm").run()
    assert {one.label[:3] for one in app.expander} == {"HRM"}
    app.text_input(key="about_search").set_value("homicide").run()
    assert 0 < len(app.expander) < sum(one.id.startswith("HRM") for one in indicators_of())
    app.text_input(key="about_search").set_value("no such words").run()
    assert not app.expander
    assert "No indicator has these words" in app.info[0].value


def test_every_file_of_the_load_is_listed_with_its_fingerprint(shell: Run) -> None:
    app = section(open_page(shell), "Loads")
    assert not app.exception
    listed = app.dataframe[0].value
    assert (listed["rows_read"] == listed["rows_loaded"] + listed["rows_set_aside"]).all()
    assert listed["sha256"].str.fullmatch("[0-9a-f]{64}").all()
    assert len(listed) == Reader.open(start.store(), Scope.whole_force("tests")).loads().height


@pytest.mark.parametrize("viewer", ["chief", "commander"])
def test_data_quality_counts_and_shows_no_value_of_anybody(shell: Run, viewer: str) -> None:
    app = section(open_page(shell, viewer), "Data quality")
    assert not app.exception
    tables = [frame.value for frame in app.dataframe]
    dropped = next(table for table in tables if "reason" in table.columns)
    assert set(dropped["reason"]) == {"bad_position", "duplicate", "off_duty", "spike"}
    assert not any({"line", "officer_id", "crime_id", "incident_id"} & set(table.columns) for table in tables)
    located = next(table for table in tables if "percent_unlocated" in table.columns)
    assert list(located["what"]) == ["recorded crimes", "ASB incidents"]


def test_the_example_drops_two_duplicates_or_more_and_has_a_crime_without_a_place(shell: Run) -> None:
    app = section(open_page(shell), "Data quality")
    tables = [frame.value for frame in app.dataframe]
    dropped = next(table for table in tables if "reason" in table.columns).set_index("reason")["dropped"]
    assert dropped["duplicate"] > 0
    assert dropped["spike"] > 0
    located = next(table for table in tables if "percent_unlocated" in table.columns).set_index("what")
    crimes = located.loc["recorded crimes"]
    assert crimes["without_position"] + crimes["outside"] > 0
    share = 100 * (crimes["without_position"] + crimes["outside"]) / crimes["records"]
    assert crimes["percent_unlocated"] == pytest.approx(share)


@pytest.mark.parametrize("viewer", ["chief", "partner"])
def test_it_says_what_is_kept_of_people_and_how_long(shell: Run, viewer: str) -> None:
    app = section(open_page(shell, viewer), "What is kept")
    assert not app.exception
    rows = app.dataframe[0].value
    duties = rows[rows["what"].str.endswith("(duties)")].iloc[0]
    assert duties["how_long"].startswith("36 months, then folded")
    assert "`python -m data_access erase`" in text(app)


@pytest.mark.parametrize("viewer", ["chief", "commander"])
def test_the_audit_trail_is_not_for_everybody(shell: Run, viewer: str) -> None:
    assert "Audit trail" not in open_page(shell, viewer).segmented_control(key="about_section").options


def test_the_audit_trail_as_csv_has_every_entry_and_the_data_version(shell: Run) -> None:
    open_page(shell, "analyst")
    reader = Reader.open(start.store(), Scope(viewer="analyst", force=True, people="officer"))
    reader.record("viewed", "NPT / A", "kit check")
    rows = pl.read_csv(about_loads.trail_csv(reader))
    assert rows.height == reader.store.trail_length()
    assert rows.row(0, named=True)["reason"] == "kit check"
    assert set(rows["data_version"]) == {reader.version.number}

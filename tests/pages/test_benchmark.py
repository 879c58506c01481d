"""The benchmark page without a browser: the table is the CSV, the download is the command's file and is recorded."""

import getpass
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from data_access import export
from data_access.__main__ import main
from data_access.answers.reader import Reader
from data_access.csv_file import csv_bytes
from data_access.scope import Scope
from pages import benchmark
from pages.parts import downloads
from pages.shell import start
from tests.pages.test_shell import text
from tests.places import ROOT

Run = Callable[..., AppTest]
OCTOBER = date(2024, 10, 1)


@pytest.fixture
def page(shell: Run) -> Run:
    """Open the page with an address."""

    def run(viewer: str = "chief", **address: str) -> AppTest:
        return shell(viewer, page="benchmark", **address)

    return run


def table(app: AppTest) -> pl.DataFrame:
    return pl.from_pandas(app.dataframe[0].value)


def as_text(frame: pl.DataFrame) -> list[list[str]]:
    return [[str(value) for value in row] for row in frame.fill_nan(None).rows()]


def test_the_table_is_the_frame_of_the_csv(page: Run) -> None:
    app = page()
    assert not app.exception
    rows = export.benchmark(Reader.open(start.store(), Scope(viewer="tests", force=True, people="team")), OCTOBER)
    assert list(app.dataframe[0].value.columns) == [column.name for column in export.COLUMNS]
    keys = ["indicator_id", "area_level", "area_code", "value"]
    assert as_text(table(app).select(keys)) == as_text(rows.select(keys))


def test_level_indicator_and_area_narrow_the_table(page: Run) -> None:
    app = page(lpa="L1")
    assert set(table(app).filter(pl.col("area_level") == "lpa")["area_code"]) == {"L1"}
    app.selectbox(key="own_level").set_value("sector").run()
    assert set(table(app)["area_level"]) == {"sector"}
    app.multiselect(key="own_indicators").set_value(["ASB-01", "ASB-02"]).run()
    assert set(table(app)["indicator_id"]) == {"ASB-01", "ASB-02"}
    assert set(table(app)["area_code"]) == {"S1", "S2"}
    assert "LPA L1 (LPA), and the areas inside; level sector; indicators ASB-01, ASB-02. 4 of " in text(app)
    assert (app.query_params["level"], app.query_params["indicators"]) == ("sector", "ASB-01,ASB-02")
    app.toggle(key="switch_everywhere").set_value(True).run()
    assert set(table(app)["area_code"]) > {"S1", "S2"}


def test_the_address_keeps_every_choice_and_says_what_is_gone(page: Run) -> None:
    app = page(lpa="L1,L2", level="lpa", indicators="ASB-01,XXX-99", verdict="no real change", public="yes")
    assert not app.exception
    assert "“XXX-99” is no choice here (any more) for “Indicators”" in text(app)
    assert app.multiselect(key="own_indicators").value == ["ASB-01"]
    assert app.selectbox(key="own_verdict").value == "no real change"
    assert app.toggle(key="switch_public").value
    assert "LPA L1 and LPA L2 (LPAs), each by itself, and the areas inside" in text(app)


def test_what_is_shown_is_offered_beside_all_and_only_where_it_is_less(page: Run) -> None:
    def labels(app: AppTest) -> set[str]:
        return {button.proto.label for button in app.get("download_button")}

    assert not [label for label in labels(page()) if "shown" in label]
    app = page(lpa="L1", level="lpa", indicators="ASB-01")
    assert "Download only what is shown (1)" in labels(app)
    assert "Download benchmark-2024-10.csv" in labels(app)


def test_a_commander_is_shown_no_area_of_another_lpa_below_lpa(page: Run) -> None:
    below = table(page("commander")).filter(~pl.col("area_level").is_in(["force", "lpa"]))
    assert set(below.filter(pl.col("area_level") == "sector")["area_code"]) == {"S1", "S2"}
    assert "Only a viewer of the whole force" in text(page("commander"))


def test_the_public_edition_hides_small_counts(page: Run) -> None:
    app = page()
    full = table(app)
    app.toggle(key="switch_public").set_value(True).run()
    assert not app.exception
    assert "public edition" in text(app)
    public = table(app)
    assert public.height == full.height
    assert public.filter(pl.col("note") == "suppressed").height > 0
    small = public.filter(
        pl.col("indicator_id") == "HRM-01",
        ~pl.col("area_level").is_in(["force", "lpa"]),
        pl.col("value").is_between(1, 4),
    )
    assert small.is_empty()


def test_the_columns_are_explained(page: Run) -> None:
    said = text(page())
    assert all(column.description in said for column in export.COLUMNS)


def test_both_downloads_are_offered(page: Run) -> None:
    offered = {button.proto.label for button in page().get("download_button")}
    assert {"Download benchmark-2024-10.csv", "Download its description (CSVW)"} <= offered


def test_the_download_is_the_commands_file_and_is_recorded(page: Run, tmp_path: Path) -> None:
    page()
    store = start.store()
    reader = Reader.open(store, Scope(viewer="chief", force=True, people="team"))
    rows = export.benchmark(reader, OCTOBER)
    name, entry = export.file_name(OCTOBER), "full edition"
    content = downloads.give(reader, lambda: csv_bytes(rows), name=name, entry=entry)
    url = f"sqlite:///{store.engine.url.database}"
    assert main(["export", "--month", "2024-10", "--out", str(tmp_path), "--store", url]) == 0
    assert content == (tmp_path / "benchmark-2024-10.csv").read_bytes()
    described = (tmp_path / "benchmark-2024-10.csv-metadata.json").read_bytes()
    assert described == export.description_bytes("benchmark-2024-10.csv", OCTOBER, public=False)
    command, page_ = store.trail().head(2).rows(named=True)
    assert command["viewer"] == f"command line: {getpass.getuser()}"
    assert (page_["viewer"], page_["what"], page_["whom"]) == ("chief", "exported", "benchmark-2024-10.csv")
    assert (command["what"], command["whom"]) == (page_["what"], page_["whom"])
    assert page_["reason"] == "full edition"
    assert command["reason"] == f"full edition, {rows.height:,} rows"


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        (["concern", "no real change", "change", None], "Benchmark Oct 2024: 2 of 3 LPA figures are new signals"),
        ([None, None], "Benchmark Oct 2024: too few months for a verdict"),
    ],
)
def test_the_title_counts_what_really_changed(verdicts: list[str | None], said: str) -> None:
    signals = [None if one in (None, "no real change") else "spike" for one in verdicts]
    told = pl.DataFrame(
        {
            "area_level": "lpa",
            "area_code": "L1",
            "indicator_id": "ABS-01",
            "verdict": verdicts,
            "signal": signals,
            "since": None,
            "surprise": [0.0 if one is None else 6.0 for one in signals],
        },
        schema_overrides={"verdict": pl.String, "signal": pl.String, "since": pl.Date},
    )
    mix = told.with_columns(indicator_id=pl.lit("ABS-05:football aid"))  # parts of one mix are no news of their own
    told = pl.concat([told, mix])
    nothing = [pl.lit(None).alias(one.name) for one in export.COLUMNS if one.name not in told.columns]
    rows = told.with_columns(nothing).select(one.name for one in export.COLUMNS)  # as the page has them, no more
    assert benchmark.sentence(rows, OCTOBER) == said


def test_no_table_offers_a_download_that_escapes_the_audit_trail() -> None:
    config = (ROOT / ".streamlit" / "config.toml").read_text()
    assert "\ndisableDataExport = true" in config

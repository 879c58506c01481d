"""The benchmark CSV: the worked example through both commands, its form, its description, its refusals."""

import csv
import json
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path

import polars as pl
import pytest

from data_access import export
from data_access.__main__ import main
from data_access.answers.reader import Reader
from data_access.csv_file import csv_bytes
from data_access.scope import Scope
from data_access.store import Store
from metrics import INDICATORS
from metrics.levels import AREA_LEVELS
from metrics.officers import TOO_FEW, made_of_officers_time
from tests.places import EXAMPLE, ROOT

OCTOBER = date(2024, 10, 1)
CHIEF = Scope(viewer="chief", force=True, people="officer")
KEY = ("indicator_id", "area_level", "area_code")
DATATYPES = {
    "gYearMonth": r"\d{4}-(0[1-9]|1[0-2])",
    "string": r"(?s).*",
    "number": r"-?\d+(\.\d+)?([eE][+-]?\d+)?",
    "integer": r"-?\d+",
}


def rows_of(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(file.read_bytes().decode(), newline="")))


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "data_access", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=300
    )


def url(store: Store) -> str:
    return f"sqlite:///{store.engine.url.database}"


@pytest.fixture(scope="module")
def october(example_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The October benchmark as the command writes it."""
    out = tmp_path_factory.mktemp("out")
    arguments = ("--month", "2024-10", "--out", str(out), "--store", url(example_store))
    assert main(["export", *arguments, "--weight-set", "acceptance"]) == 0
    return out / "benchmark-2024-10.csv"


def test_the_worked_example_from_extracts_to_csv(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path}/npd.sqlite"
    loaded = command("load", str(EXAMPLE / "extracts"), "--store", store)
    assert loaded.returncode == 0, loaded.stderr
    written = command("export", "--month", "2024-10", "--out", str(tmp_path), "--store", store,
                      "--weight-set", "acceptance")  # fmt: skip
    assert written.returncode == 0, written.stderr
    found = {tuple(row[name] for name in KEY): row["value"] for row in rows_of(tmp_path / "benchmark-2024-10.csv")}
    expected = rows_of(EXAMPLE / "expected.csv")
    assert len(expected) > 400
    for row in expected:
        key = tuple(row[name] for name in KEY)
        value = float(row["value"]) if row["value"] else None
        told = float(found[key]) if found.get(key) else None
        assert told == (None if value is None else pytest.approx(value, rel=1e-9, abs=1e-9)), key


def test_the_file_is_rfc_4180_sorted_and_without_a_row_twice(october: Path) -> None:
    text = october.read_bytes().decode()
    assert text.count("\r\n") == text.count("\n") == len(rows_of(october)) + 1
    assert text.splitlines()[0] == ",".join(column.name for column in export.COLUMNS)
    keys = [tuple(row[name] for name in KEY) for row in rows_of(october)]
    assert keys == sorted(set(keys))
    assert {row["marking"] for row in rows_of(october)} == {"OFFICIAL"}


def test_an_empty_value_says_why(october: Path) -> None:
    empty = [row for row in rows_of(october) if not row["value"]]
    assert empty
    young = "no data: known N days after the month's end"
    assert {re.sub(r"\d+", "N", row["note"]) for row in empty} <= {"no data", young, "withheld: coverage N %"}


def test_no_change_in_percent_on_small_numbers(october: Path) -> None:
    told = [row for row in rows_of(october) if row["change_percent"]]
    assert told
    assert min(float(row["previous_month"]) for row in told) >= 20


def test_the_description_fits_every_value_of_every_column(october: Path) -> None:
    described = json.loads(october.with_name("benchmark-2024-10.csv-metadata.json").read_text())
    assert described["@context"][0] == "http://www.w3.org/ns/csvw"
    assert described["url"] == october.name
    columns = described["tableSchema"]["columns"]
    rows = rows_of(october)
    assert [column["name"] for column in columns] == list(rows[0])
    assert described["tableSchema"]["primaryKey"] == ["month", *KEY]
    for column in columns:
        values = [row[column["name"]] for row in rows]
        assert column["dc:description"]
        assert all(re.fullmatch(DATATYPES[column["datatype"]], value) for value in values if value), column["name"]
        assert all(values) or not column["required"], column["name"]


def test_the_page_and_the_command_give_the_same_rows(example_store: Store, october: Path) -> None:
    rows = export.benchmark(Reader.open(example_store, CHIEF), OCTOBER, weight_set="acceptance")
    assert csv_bytes(rows) == october.read_bytes()


def test_a_commander_gets_no_area_of_another_lpa_below_lpa(example_store: Store) -> None:
    scope = Scope(viewer="commander", lpas=frozenset({"L1"}), people="officer")
    rows = export.benchmark(Reader.open(example_store, scope), OCTOBER)
    below = rows.filter(~pl.col("area_level").is_in(["force", "lpa"]))
    own = set(Reader.open(example_store, scope).members()["code"])
    assert not below.is_empty()
    assert set(below["area_code"]) <= own
    assert set(rows.filter(pl.col("area_level") == "lpa")["area_code"]) == {"L1", "L2"}


@pytest.fixture
def small_disk() -> Iterator[None]:
    """Let this process write no file longer than 10,000 bytes, as a full disk would."""
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.usefixtures("small_disk")
def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    old = tmp_path / "benchmark-2024-10.csv"
    old.write_text("old")
    rows = pl.DataFrame({"month": ["2024-10"] * 5000})
    with pytest.raises(OSError, match="too large"):
        export.write_benchmark(tmp_path, OCTOBER, rows)
    assert old.read_text() == "old"
    assert {file.name for file in tmp_path.iterdir()} <= {old.name, f"{old.name}-metadata.json"}


def test_since_writes_every_month_up_to_the_one_named(example_store: Store, tmp_path: Path) -> None:
    arguments = ("--since", "2024-08", "--month", "2024-10", "--out", str(tmp_path), "--store", url(example_store))
    assert main(["export", *arguments, "--level", "force"]) == 0
    files = sorted(tmp_path.glob("*.csv"))
    assert [file.name for file in files] == [f"benchmark-2024-{month}.csv" for month in ("08", "09", "10")]
    for file in files:
        assert {row["month"] for row in rows_of(file)} == {file.stem.removeprefix("benchmark-")}
        assert {row["area_level"] for row in rows_of(file)} == {"force"}


def test_the_public_edition_tells_no_small_count_below_lpa(example_store: Store, october: Path, tmp_path: Path) -> None:
    arguments = ("--month", "2024-10", "--out", str(tmp_path), "--store", url(example_store))
    assert main(["export", *arguments, "--weight-set", "acceptance", "--public"]) == 0
    public = {tuple(row[name] for name in KEY): row for row in rows_of(tmp_path / october.name)}
    full = {tuple(row[name] for name in KEY): row for row in rows_of(october)}
    counts = ("ASB-01", "ASB-03", "HRM-01", "HRM-05", "HRM-06")
    small = [
        key
        for key, row in full.items()
        if key[0].split(":")[0] in counts and key[1] not in ("force", "lpa") and 1 <= float(row["numerator"] or 0) <= 4
    ]
    assert small
    assert all(public[key]["value"] == "" and public[key]["note"] == "suppressed" for key in small)
    of_officers = {one.id for one in INDICATORS if made_of_officers_time(one)}
    above = [key for key in full if key[1] in AREA_LEVELS[:2] and key[0].split(":")[0] not in of_officers]
    assert all(public[key]["value"] == full[key]["value"] for key in above)
    assert sum(bool(row["value"]) for row in public.values()) > len(above)


def test_the_public_edition_of_a_level_hides_what_the_whole_one_hides(example_store: Store) -> None:
    whole = export.benchmark(Reader.open(example_store, CHIEF), OCTOBER, weight_set="acceptance", public=True)
    lowest = export.benchmark(
        Reader.open(example_store, CHIEF),
        OCTOBER,
        levels=["neighbourhood"],
        weight_set="acceptance",
        public=True,
    )
    assert lowest.equals(whole.filter(pl.col("area_level") == "neighbourhood"))


def test_a_public_edition_is_remembered_and_says_what_is_emptied(example_store: Store, tmp_path: Path) -> None:
    arguments = ("--month", "2024-10", "--out", str(tmp_path), "--store", url(example_store), "--public")
    before = example_store.newest_edition()
    assert main(["export", *arguments]) == 0
    newest = example_store.newest_edition()
    assert newest in (before, before + 1)  # another test may have published the same
    first = (tmp_path / "benchmark-2024-10.csv").read_bytes()
    assert main(["export", *arguments]) == 0
    assert ((tmp_path / "benchmark-2024-10.csv").read_bytes(), example_store.newest_edition()) == (first, newest)
    told = example_store.told(newest)
    assert told is not None
    hidden = set(told.filter("hidden", quantity="ASB incidents", category="", month=OCTOBER)["area_code"])
    shown = {
        row["area_code"]: row["value"] for row in rows_of(tmp_path / "benchmark-2024-10.csv") if row[KEY[0]] == "ASB-01"
    }
    assert hidden == {code for code, value in shown.items() if not value}
    described = json.loads((tmp_path / "benchmark-2024-10.csv-metadata.json").read_text())
    assert "An emptied count may be 0" in described["dc:description"]


def test_a_month_is_public_when_a_full_month_has_passed() -> None:
    assert export.newest_public_month(date(2025, 3, 15)) == date(2025, 1, 1)
    assert export.newest_public_month(date(2025, 1, 31)) == date(2024, 11, 1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--month", "2019-01"], "no such months"),
        (["--month", "2024-09", "--since", "2024-10"], "no such months"),
        (["--month", "2024-10", "--weight-set", "absent"], "no weight set 'absent'; loaded are"),
    ],
)
def test_what_cannot_be_exported_is_said_and_nothing_is_written(
    example_store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    out = tmp_path / "out"
    assert main(["export", *arguments, "--out", str(out), "--store", url(example_store)]) == 2
    assert said in capsys.readouterr().err
    assert not out.exists()


def test_an_empty_store_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = f"sqlite:///{tmp_path}/npd.sqlite"
    assert main(["export", "--month", "2024-10", "--out", str(tmp_path / "out"), "--store", store]) == 2
    assert "load a folder of extracts first" in capsys.readouterr().err


def test_what_is_no_month_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["export", "--month", "2024-13", "--out", str(tmp_path)])
    assert stopped.value.code == 2
    assert "write it as YYYY-MM" in capsys.readouterr().err


def test_the_public_edition_tells_nothing_of_few_officers_and_the_analysts_tells_all(
    october: Path, example_store: Store, tmp_path: Path
) -> None:
    arguments = ("--month", "2024-10", "--out", str(tmp_path), "--store", url(example_store))
    assert main(["export", *arguments, "--weight-set", "acceptance", "--public"]) == 0
    public = {tuple(row[name] for name in KEY): row for row in rows_of(tmp_path / october.name)}
    withheld = {key for key, row in public.items() if row["note"] == TOO_FEW}
    assert {("ABS-01", "neighbourhood"), ("VIS-02", "sector"), ("ABS-07", "force")} <= {key[:2] for key in withheld}
    assert all(public[key][name] == "" for key in withheld for name in ("value", "numerator", "denominator", "centre"))
    assert TOO_FEW not in {row["note"] for row in rows_of(october)}

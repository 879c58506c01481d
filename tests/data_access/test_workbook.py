"""A workbook holds the rows of the CSV: unrounded, dated, in local time, and nothing in it runs."""

import re
from datetime import UTC, date, datetime
from io import BytesIO
from zipfile import ZipFile

import polars as pl
import pytest

from data_access.csv_file import FORMULA_STARTS
from data_access.workbook import workbook_bytes


def parts(made: bytes) -> dict[str, str]:
    """Return the sheet, its strings and the book as the XML that they are."""
    with ZipFile(BytesIO(made)) as archive:
        names = {"sheet": "xl/worksheets/sheet1.xml", "strings": "xl/sharedStrings.xml", "book": "xl/workbook.xml"}
        return {name: archive.read(path).decode() for name, path in names.items()}


def numbers(made: bytes) -> list[str]:
    return re.findall(r"<c r=\"\w+\"(?: s=\"\d+\")?><v>([^<]*)</v>", parts(made)["sheet"])


def test_numbers_are_unrounded_and_days_are_days() -> None:
    rows = pl.DataFrame({"value": [1 / 3, None], "day": [date(2024, 10, 1), None], "count": [1234567, 0]})
    # Excel counts days from 30 December 1899.
    assert numbers(workbook_bytes(rows, "Rates")) == ["0.3333333333333333", "45566", "1234567", "0"]


def test_instants_are_local() -> None:
    rows = pl.DataFrame({"at": [datetime(2024, 7, 1, 11, 0, tzinfo=UTC)]})
    assert numbers(workbook_bytes(rows, "Times")) == ["45474.5"]  # noon in London


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_no_text_and_no_name_is_a_formula(start: str) -> None:
    made = parts(
        workbook_bytes(pl.DataFrame({f"{start}name": [f"{start}cmd|'/c calc'!A1", "http://x.example"]}), "Names")
    )
    assert "<f>" not in made["sheet"] and "hyperlink" not in made["sheet"]
    texts = [text for text in re.findall(r"<t[^>]*>([^<]*)</t>", made["strings"]) if "http" not in text]
    assert len(texts) == 2 and all(text.startswith("'") for text in texts)


@pytest.mark.parametrize("title", ["Rate: a/b [c]?", "'quoted'", "x" * 60, "::"])
def test_any_title_names_a_sheet(title: str) -> None:
    (name,) = re.findall(r'<sheet name="([^"]+)"', parts(workbook_bytes(pl.DataFrame({"a": [1]}), title))["book"])
    assert 0 < len(name) <= 31
    assert not set(name) & set("[]:*?/\\")

"""Names, messages and addresses that attack: on every page they are plain text, and in no file a formula."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Node

from data_access.csv_file import FORMULA_STARTS, NEUTRALISED, csv_bytes
from data_access.export import description
from data_access.load.ingest import load
from data_access.store import Store
from pages.shell import start
from pages.shell.order import PAGES
from pages.wording import plain
from tests.data_access.hostile_force import ATTACK, HOST, hostile_folder
from tests.pages.conftest import VIEWERS, running

NAMES = [module.__name__.rsplit(".", 1)[-1] for module in PAGES]
# Fields of Streamlit's messages that no browser reads as Markdown: data, keys, plain lists, what a widget holds.
NO_MARKDOWN = {"options", "id", "url", "spec", "json", "tooltip", "element_id", "value", "values", "default", "alt"}
NO_MARKDOWN |= {
    "raw_values",
    "raw_value",
    "placeholder",
    "set_value",
    "query_params",
    "query_string",
    "columns",
    "data",
    "page_script_hash",
}


@pytest.fixture(scope="module")
def hostile_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Load the hostile force once; give the folder with its config.toml."""
    folder = tmp_path_factory.mktemp("hostile")
    weights = '[harm]\nweight_set = "acceptance"\n'
    (folder / "config.toml").write_text(f'[store]\nurl = "sqlite:///npd.sqlite"\n{weights}{VIEWERS}')
    store = Store.open(f"sqlite:///{folder}/npd.sqlite")
    report = load(store, hostile_folder(folder / "in"), by=ATTACK)
    assert (report.error, report.set_aside) == (None, ())
    return folder


@pytest.fixture
def shell(hostile_store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AppTest]]:
    yield from running(hostile_store, monkeypatch)


class Tags(HTMLParser):
    """The tags of an HTML text that the attack brought with it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.last = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember the tag; an address of the attacker's is found at once."""
        self.last = tag
        self.found += [f"{tag} {value}" for _, value in attrs if value and value.startswith(f"//{HOST}")]

    def handle_data(self, data: str) -> None:
        """Find a tag around the attacker's word."""
        if self.last == "b" and data == "evil":
            self.found.append("b")


def live(markdown: str) -> bool:
    """Tell whether a Markdown text holds the attack otherwise than as text."""
    bare = re.sub(r"\\.", "", markdown)
    return any(one in bare for one in ("[Sign in]", "<b>evil", f"www.{HOST}", "`=", "%{x}</"))


def elements(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children.values() if isinstance(node, Block) else ():
        yield from elements(child)


def texts(message: Message) -> Iterator[str]:
    for field, value in message.ListFields():
        if field.name in NO_MARKDOWN:
            continue
        repeated = value if not isinstance(value, str | Message | bytes) and hasattr(value, "__iter__") else [value]
        for one in repeated:
            if isinstance(one, Message):
                yield from texts(one)
            elif isinstance(one, str):
                yield one


def charted(spec: Any) -> Iterator[str]:
    """List every text of a chart or a map that is drawn: all but what a click gives back."""
    if isinstance(spec, dict):
        for name, value in spec.items():
            if name not in ("customdata", "template", "code", "level"):
                yield from charted(value)
    elif isinstance(spec, list):
        for value in spec:
            yield from charted(value)
    elif isinstance(spec, str):
        yield spec


def attacks(app: AppTest) -> list[str]:
    """List what the attack does on a page."""
    found: list[str] = []
    for element in elements(app._tree):
        kind = str(getattr(element, "type", ""))
        proto = getattr(element, "proto", None)
        if kind == "html":
            found += [f"html: {tag}" for tag in Tags(proto.body).found]
        elif kind == "plotly_chart":
            drawn = charted(json.loads(proto.spec))
            found += [f"chart: {text}" for text in drawn if Tags(text).found or "%{x}</" in text]
        elif kind == "deck_gl_json_chart":
            found += [f"map: {text}" for text in charted(json.loads(proto.json)) if Tags(text).found]
        elif isinstance(proto, Message):
            found += [f"{kind}: {text}" for text in texts(proto) if live(text)]
    return found


@pytest.mark.parametrize("page", NAMES)
@pytest.mark.parametrize("place", [{}, {"lpa": f"{ATTACK}L1"}], ids=["force", "lpa"])
def test_a_name_is_plain_text(shell: Callable[..., AppTest], page: str, place: dict[str, str]):
    app = shell("analyst", page, month="2024-10", **place)
    assert not app.exception
    assert attacks(app) == []


def test_the_attack_reached_the_pages(shell: Callable[..., AppTest]):
    app = shell("analyst", "overview", month="2024-10", lpa=f"{ATTACK}L1")
    assert any("Sign in" in text.value for text in app.markdown)


@pytest.mark.parametrize("address", [{"month": ATTACK}, {"lpa": ATTACK}, {"compare": ATTACK}])
def test_an_address_is_plain_text(shell: Callable[..., AppTest], address: dict[str, str]):
    app = shell("chief", "overview", **address)
    assert "Sign in" in app.warning[0].value
    assert attacks(app) == []


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Ward N001", "Ward N001"),
        ("St John's & Bordesley (east)", "St John's & Bordesley (east)"),
        ("# one\n# two", r"\# one \# two"),
        ("- one", r"\- one"),
        ("1. one", r"1\. one"),
        ("a | b", r"a \| b"),
        ("&lt;b&gt;", r"\&lt;b\&gt;"),
        (":red[x]", ":red\\[x\\]"),
        (":smile: lpa:L8", ":\N{WORD JOINER}smile: lpa:L8"),
        ("https://a.b me@a.b", "https:\N{WORD JOINER}//a.b me@\N{WORD JOINER}a.b"),
    ],
)
def test_text_is_written_for_markdown(text: str, written: str):
    assert plain.markdown(text) == written


def test_a_text_cell_never_starts_a_formula():
    texts_ = [f"{start_}cmd|' /C calc'!A0" for start_ in FORMULA_STARTS]
    rows = pl.DataFrame({"name": [*texts_, "a=b", None], "value": [-1.5] * (len(texts_) + 2)})
    written = list(csv.DictReader(io.StringIO(csv_bytes(rows).decode(), newline="")))
    assert [row["name"] for row in written] == [*(f"'{one}" for one in texts_), "a=b", ""]
    assert {row["value"] for row in written} == {"-1.5"}
    names = pl.DataFrame({"=1+1": [1]}).with_columns(kind=pl.lit("-", pl.Enum(["-"])))
    assert csv_bytes(names) == b"'=1+1,kind\r\n1,'-\r\n"


def test_the_benchmark_says_so_and_does_so(hostile_store: Path):
    from data_access.__main__ import main

    url, out = f"sqlite:///{hostile_store}/npd.sqlite", hostile_store / "out"
    assert main(["export", "--month", "2024-10", "--out", str(out), "--store", url, "--public"]) == 0
    rows = list(csv.reader(io.StringIO((out / "benchmark-2024-10.csv").read_bytes().decode(), newline="")))
    cells = [cell for row in rows for cell in row]
    formulas = [cell for cell in cells if cell.startswith(FORMULA_STARTS) and not re.fullmatch(r"-?[\d.eE+-]+", cell)]
    assert formulas == []
    assert any(cell.startswith("'=[Sign in]") for cell in cells)
    assert NEUTRALISED in str(description("b.csv", start.date(2024, 10, 1), public=True)["dc:description"])


def test_no_other_writer_of_tables():
    from tests.places import ROOT

    writers = re.compile(r"write_csv|write_excel|csv\.writer|to_csv|to_excel")
    found = {
        str(path.relative_to(ROOT))
        for folder in ("pages", "data_access")
        for path in (ROOT / folder).rglob("*.py")
        if writers.search(path.read_text())
    }
    inputs = {one for one in found if one.startswith("data_access/sample/")}  # what the suite reads back
    inward = {"data_access/database/connection.py", "data_access/stays/judged_by.py"}  # PostgreSQL's COPY, and a hash
    assert found - inputs == {"data_access/csv_file.py", "data_access/workbook.py", *inward}

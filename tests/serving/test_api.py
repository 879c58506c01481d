"""The HTTP API: the same figures as everywhere, to whoever shows a token, and as far as their viewer may see."""

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pandas as pd
import polars as pl
import pytest
from sqlalchemy import update

from data_access.__main__ import main
from data_access.answers.answer import Question, answer
from data_access.answers.reader import Reader
from data_access.csv_file import csv_bytes
from data_access.database.connection import writing
from data_access.database.tokens import tokens
from data_access.export import month_argument
from data_access.scope import scope_of
from pages.shell import start
from tests.serving.conftest import ask, ask_all, configure, made

MONTH = "2024-10"
ASKED = f"/answer?indicator=ABS-01&level=force&since={MONTH}&until={MONTH}"
FORGED = "npd_000000000000_" + "0" * 64


@pytest.fixture
def get(address: str) -> Callable[..., httpx.Response]:
    """Give what asks the real server."""
    with httpx.Client(base_url=address, timeout=120) as client:

        def asked(path: str, token: str, **headers: str) -> httpx.Response:
            return client.get(f"/api/v1{path}", headers={"authorization": f"Bearer {token}", **headers})

        yield asked


def reader_of(viewer: str) -> Reader:
    listed = {one.id: one for one in start.current().viewers}
    return Reader.open(start.store(), scope_of(listed[viewer]))


def trail() -> pl.DataFrame:
    return start.store().trail(None).sort("number")


def test_pandas_and_polars_read_the_benchmark_as_the_command_writes_it(get, token_of, tmp_path: Path) -> None:
    assert main(["export", "--month", MONTH, "--out", str(tmp_path)]) == 0
    file = tmp_path / f"benchmark-{MONTH}.csv"
    token = token_of("analyst")
    as_csv = get(f"/benchmark?month={MONTH}&format=csv", token)
    assert as_csv.content == file.read_bytes()
    assert as_csv.headers["content-encoding"] == "gzip"
    by_pandas = pd.read_csv(io.StringIO(as_csv.text))
    assert by_pandas.equals(pd.read_csv(file))
    by_json = get(f"/benchmark?month={MONTH}", token).json()
    assert by_json["marking"] == "OFFICIAL"
    assert by_json["data_version"] == reader_of("analyst").version.number
    assert pd.DataFrame(by_json["rows"])["value"].astype(float).equals(by_pandas["value"])
    by_arrow = get(f"/benchmark?month={MONTH}", token, accept="application/vnd.apache.arrow.stream")
    assert csv_bytes(pl.read_ipc_stream(by_arrow.content)) == file.read_bytes()


@pytest.mark.parametrize("viewer", ["chief", "commander", "sergeant"])
def test_an_answer_is_what_the_pages_of_the_viewer_are_told(token_of, viewer: str) -> None:
    months = {"since": month_argument(MONTH), "until": month_argument(MONTH)}
    expected = answer(reader_of(viewer), Question(indicators=("ABS-01", "HRM-01"), level="lpa", **months))
    path = f"/answer?indicator=ABS-01&indicator=HRM-01&level=lpa&since={MONTH}&until={MONTH}&format=arrow"
    found = pl.read_ipc_stream(ask(path, token_of(viewer)).content)
    figures = ["indicator_id", "area_code", "month", "value", "numerator", "denominator", "rank", "verdict", "note"]
    assert found.height > 0
    assert found.select(figures).equals(expected.select(figures))
    assert found.select("data_version", "marking").unique().rows() == [(1, "OFFICIAL")]


def test_what_is_known_already_is_not_sent_again_until_something_changed(get, token_of) -> None:
    token, other = token_of("analyst"), token_of("commander")
    path = f"/answer?indicator=ASB-06&level=lpa&since={MONTH}&until={MONTH}"
    first = get(path, token)
    known = {"if-none-match": first.headers["etag"]}
    again = get(path, token, **known)
    assert (again.status_code, again.content) == (304, b"")
    assert "private" in first.headers["cache-control"]
    assert first.headers["npd-data-version"] == "1"
    assert get(path, other, **known).status_code == 200  # sees less
    assert get(f"{path}&format=csv", token, **known).status_code == 200
    start.store().judge("analyst", "nobody's", correct=True, should_be_crime=False, reason="a verdict changes figures")
    assert get(path, token, **known).status_code == 200


def test_nobody_is_let_in_without_a_token_that_holds(token_of, example_store: Path) -> None:
    token = token_of("chief")
    public = token.split("_")[1]
    shown = [None, "", "x", FORGED, token[:-1], f"{token}0", f"npd_{public}_{'0' * 64}", token.upper()]
    answers = [ask(ASKED, one) for one in shown] + [ask(ASKED, authorization=f"Basic {token}")]
    assert [one.status_code for one in answers] == [401] * 9
    for one in answers:
        assert one.headers["www-authenticate"].startswith("Bearer realm=")
        assert one.headers["content-type"] == "application/problem+json"
        assert one.headers["cache-control"] == "no-store"
        assert token not in one.text
    assert ask(ASKED, token).status_code == 200
    everything = [*map(str, trail().rows()), (example_store / "npd.sqlite.desk").read_bytes().hex()]
    assert not [one for one in everything if token in one or token.split("_")[2].encode().hex() in one]


def test_a_token_ends_when_it_expires_is_revoked_or_its_viewer_goes(token_of, example_store, monkeypatch) -> None:
    expired, revoked, gone = token_of("chief"), token_of("chief"), token_of("sergeant")
    assert [ask(ASKED, one).status_code for one in (expired, revoked, gone)] == [200, 200, 200]
    with writing(start.store().desk) as connection:
        past = datetime.now(UTC) - timedelta(seconds=1)
        connection.execute(update(tokens).where(tokens.c.token_id == expired.split("_")[1]).values(expires_at=past))
    assert main(["token", "revoke", revoked.split("_")[1]]) == 0
    assert main(["token", "revoke", revoked.split("_")[1]]) == 2
    file = example_store / "without_sergeant.toml"
    configure(file, monkeypatch, "\n")
    file.write_text(file.read_text().replace('id = "sergeant"', 'id = "inspector"'))
    answers = [ask(ASKED, one) for one in (expired, revoked, gone)]
    assert [one.status_code for one in answers] == [401, 401, 401]
    assert [one.json()["detail"].split(".")[0] for one in answers] == [
        "This token is expired",
        "This token is revoked",
        "The viewer whose token this is is not listed any more",
    ]
    assert ask(ASKED, expired).status_code == 401
    refused = trail().filter(what="refused")
    assert refused.filter(whom=f"token {expired.split('_')[1]}").height == 1  # once a day


def test_the_command_lists_what_holds_and_makes_none_for_a_stranger(token_of, capsys) -> None:
    token = token_of("analyst")
    assert main(["token", "list"]) == 0
    listed = capsys.readouterr().out
    assert f"{token.split('_')[1]}  analyst  holds  until " in listed
    assert token.split("_")[2] not in listed
    assert main(["token", "make", "--viewer", "stranger", "--purpose", "x"]) == 2
    assert "config.toml has chief, " in capsys.readouterr().err
    entries = trail().filter(pl.col("what") == "made token")
    assert entries["reason"][-1].startswith("for analyst until ")


@pytest.mark.parametrize(
    ("viewer", "path"),
    [
        ("onlooker", ASKED),
        ("onlooker", f"/benchmark?month={MONTH}"),
        ("commander", ASKED.replace("force", "team")),
        ("commander", f"{ASKED.replace('force', 'neighbourhood')}&within=lpa:L2"),
        ("chief", f"{ASKED}&within=lpa:nowhere"),
    ],
)
def test_what_is_not_the_viewers_to_see_is_403_and_entered(
    token_of, example_store, monkeypatch, capsys, viewer: str, path: str
) -> None:
    configure(example_store / "more.toml", monkeypatch, "\n")
    refusal = ask(path, made(viewer, capsys))
    assert refusal.status_code == 403
    assert refusal.json()["title"] == "This is not yours to see"
    assert refusal.json()["do"]
    entry = trail().filter(viewer=viewer, what="asked by token").row(-1, named=True)
    assert entry["reason"].startswith(path.partition("?")[0])


def test_a_long_request_hides_nothing_of_what_it_asks(token_of) -> None:
    token, within = token_of("analyst"), "within=force:E23000014&" * 40
    asked = f"indicator=ASB-01&level=sector&since={MONTH}&until={MONTH}"
    assert ask(f"/answer?{within}{asked}", token).status_code == 200
    entry = trail().filter(viewer="analyst", what="asked by token").row(-1, named=True)
    assert {*asked.split("&")} <= {*entry["reason"].partition("?")[2].split("&")}


@pytest.mark.parametrize("within", ["lpa:L1", "force:E23000014"])
@pytest.mark.parametrize("level", ["force", "lpa"])
def test_what_a_viewer_sees_of_an_area_is_not_told_as_its_figure(token_of, within: str, level: str) -> None:
    columns, keys = ["area_code", "weekday", "value"], ["area_code", "weekday"]
    asked = f"/answer?indicator=ASB-01&level={level}&by=weekday&since={MONTH}&until={MONTH}&format=arrow"
    whole, part = (
        pl.read_ipc_stream(ask(f"{asked}&within={within}", token_of(viewer)).content).select(columns).sort(keys)
        for viewer in ("analyst", "sergeant")
    )
    assert part.equals(whole)


def test_whoever_may_take_nothing_away_may_read_what_there_is(token_of, example_store, monkeypatch, capsys) -> None:
    configure(example_store / "more.toml", monkeypatch, "\n")
    token = made("onlooker", capsys)
    for path in ("/catalogue", "/areas"):
        rows = ask(path, token).json()["rows"]
        assert rows
        assert "value" not in rows[0]


def test_a_viewer_of_one_lpa_is_told_of_no_area_inside_another(token_of) -> None:
    token = token_of("commander")
    codes = {row["area_code"] for row in ask("/areas", token).json()["rows"]}
    whole = {row["area_code"] for row in ask("/areas", token_of("chief")).json()["rows"]}
    rows = ask(ASKED.replace("force", "neighbourhood"), token).json()["rows"]
    assert {row["area_code"] for row in rows} < codes < whole


BAD = {
    "": "indicator is missing",
    "indicator=ABS-99&level=lpa": "no such indicator",
    "indicator=ABS-01&level=officer": "no such level",
    "indicator=ABS-01&level=hotspot": "ABS-01 has no level hotspot",
    "indicator=ABS-01&level=lpa&level=force": "level is given twice",
    "indicator=ABS-01&level=lpa&since=2024-13": "since is no month of this store",
    "indicator=ABS-01&level=lpa&since=1999-01": "since is no month of this store",
    "indicator=ABS-01&level=lpa&since=2024-10-01": "since is no month of this store",
    "indicator=ABS-01&level=lpa&by=officer_id": "ABS-01 is not broken down so at this level, or not for this viewer",
    "indicator=ABS-04&level=team&by=weekday": "ABS-04 is not broken down so at this level, or not for this viewer",
    "indicator=ABS-04&level=lpa&by=weekday&by=hour&by=category": (
        "ABS-04 is not broken down so at this level, or not for this viewer"
    ),
    "indicator=ABS-04&level=lpa&grain=1w&by=weekday": "by and grain are given",
    "indicator=ABS-01&level=lpa&within=E08000026": "within names no area",
    "indicator=ABS-01&level=lpa&grain=1h": "no such grain",
    "indicator=ABS-01&level=lpa&weight_set=theirs": "no such weight_set",
    "indicator=ABS-01&level=lpa&officer=A": "no such parameter",
    "indicator=%00&level=lpa": "no such indicator",
}


@pytest.mark.parametrize("query", BAD)
def test_a_bad_question_is_told_what_is_possible(token_of, query: str) -> None:
    months = "" if not query or "since" in query else f"&since={MONTH}"
    refusal = ask(f"/answer?{query}{months}{query and f'&until={MONTH}'}", token_of("analyst"))
    assert refusal.status_code == 400
    assert refusal.headers["content-type"] == "application/problem+json"
    told = refusal.json()
    assert told["detail"] == BAD[query]
    assert "allowed" in told
    assert told["do"]


def test_an_answer_has_a_most(token_of, example_store, monkeypatch, capsys) -> None:
    configure(example_store / "few_rows.toml", monkeypatch, "[api]\nmost_rows = 3\n")
    token = made("chief", capsys)
    assert ask(ASKED, token).status_code == 200
    too_large = ask(ASKED.replace("level=force", "level=neighbourhood&indicator=ABS-02"), token)
    assert too_large.status_code == 400
    assert too_large.json()["allowed"] == ["3 rows"]


def test_a_token_asks_so_often_in_an_hour_and_another_is_not_held_up(
    token_of, example_store, monkeypatch, capsys
) -> None:
    configure(example_store / "seldom.toml", monkeypatch, "[api]\nrequests_per_hour = 3\n")
    token, other = made("chief", capsys), made("chief", capsys)
    answers = [ask("/catalogue", token) for _ in range(2)] + ask_all(["/catalogue"] * 3, token)
    assert sorted(one.status_code for one in answers) == [200, 200, 200, 429, 429]
    refused = next(one for one in answers if one.status_code == 429)
    assert 3500 < int(refused.headers["retry-after"]) <= 3600
    assert ask("/catalogue", other).status_code == 200
    entered = trail().filter(whom=f"token {token.split('_')[1]}", what="asked by token")
    assert entered["reason"].to_list() == ["/catalogue?"] * 3
    assert start.store().verify_trail()[0] is None


def test_who_comes_when_too_many_wait_is_sent_away(token_of, example_store, monkeypatch, capsys) -> None:
    configure(example_store / "one_thread.toml", monkeypatch, "[api]\nat_once = 1\n")
    answers = ask_all(["/catalogue"] * 30, made("chief", capsys))
    assert {one.status_code for one in answers} == {200, 503}
    assert {one.headers["retry-after"] for one in answers if one.status_code == 503} == {"10"}
    assert ask("/catalogue", made("chief", capsys)).status_code == 200


@pytest.mark.parametrize(
    ("accept", "found"),
    [
        ("*/*", "application/json"),
        ("", "application/json"),
        ("text/html, application/xhtml+xml, */*;q=0.8", "application/json"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("application/json;q=0.5, text/*", "text/csv; charset=utf-8"),
        ("application/vnd.apache.arrow.stream", "application/vnd.apache.arrow.stream"),
        ("image/png", "application/problem+json"),
        ("application/json;q=none", "application/problem+json"),
    ],
)
def test_the_accept_header_chooses_the_format(token_of, accept: str, found: str) -> None:
    told = ask("/catalogue", token_of("chief"), accept=accept)
    assert told.headers["content-type"] == found
    assert (told.status_code == 406) == (found == "application/problem+json")


def test_an_unknown_format_method_or_path_is_told_what_there_is(token_of) -> None:
    token = token_of("chief")
    assert ask("/catalogue?format=xlsx", token).json()["allowed"] == ["json", "csv", "arrow"]
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert ask(ASKED, token, method).status_code == 405
    assert ask("/nothing", token).json()["allowed"][0] == "/api/v1/benchmark"


def test_a_failure_names_nobody(token_of, caplog) -> None:
    """A store whose facts are gone: the answer and the log say where, and not of what or whom."""
    token, store = token_of("chief"), start.store()
    facts = store.facts_dir.rename(store.facts_dir.with_name("moved"))
    try:
        failed = ask(f"/answer?indicator=ASB-01&level=sector&by=hour&since={MONTH}&until={MONTH}", token)
    finally:
        facts.rename(store.facts_dir)
    assert failed.status_code == 500
    reference = failed.json()["do"].rpartition("reference: ")[2][:8]
    said = [record.getMessage() for record in caplog.records if reference in record.getMessage()]
    assert len(said) == 1
    assert str(store.facts_dir) not in said[0] + json.dumps(failed.json())

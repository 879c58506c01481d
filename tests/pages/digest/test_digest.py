"""A digest tells exactly what is newly real, once, in its viewer's own scope."""

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from data_access.answers import subscriptions
from data_access.answers.explanations import explain
from data_access.answers.reader import Reader
from data_access.database import subscriptions as desk
from data_access.database.explanations import Explanation
from data_access.load.ingest import load
from data_access.scope import Scope
from data_access.store import Store
from pages.digest.job import digest
from pages.digest.material import gather
from tests.data_access.small_force import write
from tests.pages.digest.conftest import (
    MAILBOX,
    SUITE,
    Server,
    crimes,
    of,
    subscribed,
)  # fmt: skip

ON_SQLITE = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)  # what is told does not depend on the store
LONG_AGO = date(2022, 5, 1)
NIGHT = datetime(2024, 11, 4, 3, tzinfo=UTC)
NEXT = NIGHT + timedelta(days=1)


def opened(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=policy.default)


def texts(server: Server) -> list[str]:
    plain = (opened(one.content).get_body(("plain",)).get_content() for one in server.taken)
    return [one.replace("\r\n", "\n") for one in plain]


def test_what_is_newly_real_is_told_once(rising: Store, server: tuple[Server, int]) -> None:
    subscribed(rising, "commander", "neighbourhood", "N1", "Crime harm")
    night = digest(rising, NIGHT, None)
    assert (night.queued, dict(night.ended), night.unsure, night.failure) == (1, {"sent": 1}, (), "")
    (envelope,) = server[0].taken
    sent = opened(envelope.content)
    assert (envelope.rcpt_tos, sent["From"], sent["To"]) == ([MAILBOX], "npd@force.example", MAILBOX)
    assert sent["Subject"] == "OFFICIAL: neighbourhood policing, 1 new"
    (text,) = texts(server[0])
    assert text.startswith("OFFICIAL\n\n1 figure really changed, which your digest had not told you yet, of ")
    assert "concern · Ward N1: recorded crime, Oct 2024\nUnusually high: more than chance explains.\n" in text
    assert f"{SUITE}/figure?lpa=L1&sector=S1&neighbourhood=N1&indicator=HRM-01&month=2024-10\n" in text
    assert text.count(f"{SUITE}/figure?") == 1
    page = sent.get_body(("html",)).get_content()
    assert "indicator=HRM-01&amp;month=2024-10" in page and "OFFICIAL" in page
    assert not any(one in page for one in ("<img", "<script", "src=", "url("))
    again = digest(rising, NEXT, None)
    assert (again.queued, again.ended.total()) == (0, 0)
    assert len(server[0].taken) == 1
    entered = rising.trail().filter(what="digest").row(0, named=True)
    assert (entered["viewer"], entered["whom"]) == ("commander", sent["Message-ID"])
    assert entered["reason"] == "1 items by mail, data version 1"
    assert MAILBOX not in str(rising.trail().rows())


@ON_SQLITE
def test_a_later_load_brings_what_became_real_by_it(rising: Store, server: tuple[Server, int], tmp_path: Path) -> None:
    subscribed(rising, "chief", "force", "E23000014", "Crime harm")
    digest(rising, NIGHT, None)
    load(rising, write(tmp_path / "later", {"crimes.csv": crimes(("N1", "N3"))}), "tests")
    digest(rising, NEXT, None)
    first, second = texts(server[0])
    assert ("LPA L1" in first, "LPA L2" in first) == (True, False)
    assert ("LPA L1" in second, "LPA L2" in second) == (False, True)


@ON_SQLITE
def test_a_digest_names_no_area_beyond_its_viewers_own(rising: Store, tmp_path: Path) -> None:
    load(rising, write(tmp_path / "later", {"crimes.csv": crimes(("N1", "N3"))}), "tests")
    areas = {"force": ("E23000014",), "lpa": ("L1", "L2"), "sector": ("S1", "S3"), "neighbourhood": ("N3",)}
    beyond = {
        "commander": ("L2", "S3", "N3", "West Midlands Police"),
        "sergeant": ("L2", "S2", "S3", "N2", "N3", "LPA L1", "West Midlands Police"),
        "other": ("L1", "S1", "S2", "N1", "N2", "West Midlands Police"),
    }
    for viewer, hidden in beyond.items():
        for level, codes in areas.items():  # whatever the page would have refused
            for code in codes:
                desk.subscribe(rising.desk, viewer, level, code, "", "day")
        reader = of(rising, viewer)
        found = gather(reader, desk.of_viewers(rising.desk, viewer), frozenset(), date(2024, 11, 4))
        titles = [one.title.partition(":")[0] for one in found.news]
        assert titles
        assert [title for title in titles for name in hidden if title.endswith(name)] == []
        assert {one.address.partition("neighbourhood=")[2][:2] for one in found.news} - {""} <= {"N1", "N3"} - {*hidden}


@ON_SQLITE
def test_nobody_subscribes_beyond_their_rights(rising: Store) -> None:
    beyond = (("commander", "lpa", "L2"), ("commander", "force", "E23000014"), ("chief", "team", "x"))
    for viewer, level, code in beyond:
        with pytest.raises(PermissionError, match="not wholly yours"):
            subscriptions.subscribe(of(rising, viewer), level, code, "", "day")
    with pytest.raises(PermissionError, match="may_export"):
        subscriptions.subscribe(of(rising, "looker"), "lpa", "L1", "", "day")
    member = Reader.open(rising, Scope(viewer="of a group", force=True))
    with pytest.raises(PermissionError, match="nobody can tell who still belongs"):
        subscriptions.subscribe(member, "lpa", "L1", "", "day")
    with pytest.raises(ValueError, match="the subject is 'Gossip'"):
        subscriptions.subscribe(of(rising, "chief"), "lpa", "L1", "Gossip", "day")
    for mailbox in ("x@evil.example", "x@force.example.evil.example", "a b@force.example", "x@force.example\nBcc: y@z"):
        with pytest.raises(ValueError, match=r"allowed domains: force\.example"):
            subscriptions.set_mailbox(of(rising, "chief"), mailbox)
    assert desk.of_viewers(rising.desk) == []


@ON_SQLITE
def test_figures_are_told_of_lpas_alone_and_of_explanations_due_not_what_people_wrote(
    rising: Store, server: tuple[Server, int]
) -> None:
    scope = Scope(viewer="chief", force=True, rights=frozenset({"explain"}))
    said = {"sentence": "PC Smith was away.", "owner": "Insp Jones", "review_on": date(2024, 11, 5)}
    given = {"indicator_id": "HRM-01", "area_level": "sector", "area_code": "S2", "month": LONG_AGO}
    explain(Reader.open(rising, scope), Explanation(**given, **said, kind="explained"))
    subscribed(rising, "commander", "lpa", "L1", "Crime harm")
    subscribed(rising, "other", "lpa", "L2", "Crime harm")
    for night in (NIGHT, NEXT, NEXT + timedelta(days=1)):
        digest(rising, night, None)
    news, due = texts(server[0])
    assert "concern · LPA L1: recorded crime, Oct 2024\n80 against " in news
    assert "concern · Sector S1: recorded crime, Oct 2024\nUnusually high: more than chance explains." in news
    assert "figures of areas below the LPA" in news and "review" not in news
    assert "Sector S2: recorded crime, May 2022\nExplained; due for review since 5 Nov 2024." in due
    assert not any(one in due for one in ("Smith", "Jones", "away"))


@ON_SQLITE
def test_a_file_is_written_for_those_without_e_mail_too(rising: Store, tmp_path: Path) -> None:
    subscriptions.subscribe(of(rising, "commander"), "neighbourhood", "N1", "Crime harm", "day")
    assert digest(rising, NIGHT, None).queued == 0, "nobody could be told: the news stays new"
    night = digest(rising, NIGHT, tmp_path / "out")
    assert (night.queued, dict(night.ended)) == (1, {"written": 1})
    (file,) = (tmp_path / "out").iterdir()
    assert file.name.startswith("digest-commander-") and file.stat().st_mode & 0o077 == 0
    assert f'href="{SUITE}/figure?lpa=L1&amp;' in file.read_text()
    subscriptions.subscribe(of(rising, "commander"), "neighbourhood", "N2", "", "day")
    subscriptions.subscribe(of(rising, "commander"), "sector", "S1", "Crime harm", "day")
    assert digest(rising, NIGHT, tmp_path / "out").queued == 1, "subscribed later on the same day"
    first, second = sorted((tmp_path / "out").iterdir(), key=lambda one: one != file)
    assert "Ward N1: recorded crime" in first.read_text()
    assert "Sector S1: recorded crime" in second.read_text()
    assert digest(rising, NEXT, tmp_path / "out").queued == 0

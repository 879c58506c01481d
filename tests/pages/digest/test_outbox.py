"""The queue of digests on both stores: nothing is lost, nothing is sent twice, whenever a run is killed."""

import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from data_access.database import outbox
from data_access.database import subscriptions as desk
from data_access.database.outbox import Message
from data_access.erase import forget
from data_access.scope import scope_of
from data_access.settings import Settings
from data_access.store import Store
from pages.digest.job import digest, rights_of
from tests.pages.digest.conftest import MAILBOX, OCTOBER, SUITE, VIEWERS, Server, mail_at, with_settings
from tests.places import ROOT

NIGHT = datetime(2024, 11, 4, 3, tzinfo=UTC)
NEXT = NIGHT + timedelta(days=1)
LETTER = b"Subject: OFFICIAL\r\n\r\nOne is new.\r\n"
Served = tuple[Server, int]


def message(message_id: str = "<1@force.example>") -> Message:
    told = {"message_id": message_id, "viewer": "commander", "rights": rights_of(scope_of(VIEWERS[1]))}
    return Message(**told, way="mail", mailbox=MAILBOX, content=LETTER)


def put(store: Store, *messages: Message) -> Callable[[], bool]:
    """Give what queues messages and moves the marks as they are now."""
    seen = desk.of_viewers(store.desk, "commander")
    told = {"on": NIGHT.date(), "month": OCTOBER, "told": {"item": OCTOBER}, "messages": messages, "entries": []}
    return lambda: outbox.put(store.desk, store.secret, seen, **told)


@pytest.fixture
def subscribed(store: Store, server: Served) -> Store:
    """An empty store of each kind whose viewer has a subscription and a mailbox."""
    desk.subscribe(store.desk, "commander", "lpa", "L1", "", "month")
    desk.set_mailbox(store.desk, "commander", MAILBOX)
    return replace(store, settings=Settings(viewers=VIEWERS, mail=mail_at(server[1])))


@pytest.fixture
def queued(subscribed: Store) -> Store:
    assert put(subscribed, message())()
    return subscribed


def states(store: Store) -> list[str]:
    return [one.state for one in outbox.of_viewer(store.desk, "commander")]


def test_a_message_is_sent_once_and_then_only_that_is_kept(queued: Store, server: Served) -> None:
    for night in (NIGHT, NEXT):
        digest(queued, night, None)
    assert [one.content for one in server[0].taken] == [LETTER]
    (kept,) = outbox.of_viewer(queued.desk, "commander")
    assert (kept.state, kept.content, kept.mailbox) == ("sent", None, "")
    digest(queued, NIGHT + outbox.KEPT + timedelta(hours=1), None)
    assert states(queued) == []


def test_two_runs_at_once_queue_one_message(subscribed: Store) -> None:
    both = [put(subscribed, message(one)) for one in ("<1@x>", "<2@x>")]
    assert [one() for one in both] == [True, False]
    assert [one.message_id for one in outbox.waiting(subscribed.desk, "mail")] == ["<1@x>"]
    assert [outbox.claim(subscribed.desk, message("<1@x>"), NIGHT) for _ in range(2)] == [True, False]


def test_marks_move_with_the_message_or_not_at_all(subscribed: Store) -> None:
    (seen,) = desk.of_viewers(subscribed.desk, "commander")
    with pytest.raises(Exception, match=r"(?i)unique"):
        put(subscribed, message(), message())()
    assert desk.of_viewers(subscribed.desk, "commander") == [seen]
    assert (desk.told(subscribed.desk, "commander"), states(subscribed)) == (frozenset(), [])


OTHERS = {
    "gone": {"viewers": VIEWERS[:1]},
    "may look only": {"viewers": (replace(VIEWERS[1], may_export=False),)},
    "another area": {"viewers": (replace(VIEWERS[1], lpas=("L2",)),)},
    "no domain": {"domains": ()},
}


@pytest.mark.parametrize("changed", OTHERS.values(), ids=OTHERS)
def test_what_is_queued_is_taken_back_where_rights_end_before_it_is_sent(
    queued: Store, server: Served, changed: dict[str, tuple]
) -> None:
    mail = mail_at(server[1], domains=changed.get("domains", ("force.example",)))
    viewers = changed.get("viewers", VIEWERS)
    night = digest(with_settings(queued, viewers=viewers, mail=mail), NIGHT, None)
    assert dict(night.ended) == {"withdrawn": 1}
    (kept,) = outbox.of_viewer(queued.desk, "commander")
    assert (kept.state, kept.content, kept.mailbox, server[0].taken) == ("withdrawn", None, "", [])


def test_what_the_server_says_decides(subscribed: Store, server: Served) -> None:
    server[0].answers += ["451 busy", "550 no such mailbox"]
    put(subscribed, message())()
    digest(subscribed, NIGHT, None)
    assert states(subscribed) == ["queued"]
    digest(subscribed, NEXT, None)
    assert states(subscribed) == ["refused"]
    digest(subscribed, NEXT + timedelta(days=1), None)
    assert server[0].taken == []


def test_a_server_that_is_away_loses_nothing(queued: Store, server: Served) -> None:
    night = digest(with_settings(queued, mail=mail_at(9)), NIGHT, None)
    assert (states(queued), night.failure) == (["queued"], "ConnectionRefusedError: [Errno 111] Connection refused")
    assert digest(queued, NEXT, None).ended["sent"] == 1
    assert len(server[0].taken) == 1


def test_a_viewer_who_leaves_is_written_to_no_more(queued: Store, server: Served) -> None:
    removed = forget(queued, "commander", "tests", "has left")
    assert removed == {"subscriptions": 1, "mailboxes": 1, "told_news": 1, "outbox": 1}
    assert digest(queued, NEXT, None).ended.total() == 0
    assert server[0].taken == []


RUN = """
import sys
from datetime import datetime
from pathlib import Path
from data_access.settings import load_settings
from data_access.store import Store
from data_access.scope import scope_of
from pages.digest.job import digest, rights_of
digest(Store.open(load_settings(Path(sys.argv[1])), Path(sys.argv[2])), datetime.fromisoformat(sys.argv[3]), None)
"""


@pytest.mark.parametrize(
    ("store_url", "accepted"), [("postgres", True), ("sqlite", False)], indirect=["store_url"],
    ids=["as it was accepted", "before it was"],
)  # fmt: skip
def test_a_run_that_is_killed_while_it_sends_sends_nothing_twice(
    queued: Store, server: Served, tmp_path: Path, accepted: bool
) -> None:
    kept, port = server
    kept.go_on.clear()
    kept.answers += [] if accepted else ["451 never mind"]
    url, config = queued.engine.url.render_as_string(hide_password=False), tmp_path / "config.toml"
    config.write_text(
        f'[store]\nurl = "{url}"\n[mail]\nhost = "127.0.0.1"\nport = {port}\ntls = "none"\n'
        f'sender = "npd@force.example"\naddress_of_suite = "{SUITE}"\ndomains = ["force.example"]\n'
        '[[viewers]]\nid = "commander"\nname = "C"\nlpas = ["L1"]\npeople = "officer"\n'
    )
    command = [sys.executable, "-c", RUN, str(config), str(queued.facts_dir), NIGHT.isoformat()]
    run = subprocess.Popen(command, cwd=ROOT)
    assert kept.reached.wait(60)
    run.send_signal(signal.SIGKILL)
    run.wait()
    kept.go_on.set()
    assert states(queued) == ["sending"]
    soon = digest(queued, NIGHT + timedelta(minutes=5), None)
    assert (soon.ended.total(), soon.unsure) == (0, ()), "it may still be at work"
    later = digest(queued, NEXT, None)
    (one,) = outbox.of_viewer(queued.desk, "commander")
    assert (one.state, one.content, later.unsure) == ("unsure", None, (one.message_id,))
    assert digest(queued, NEXT + timedelta(days=1), None).unsure == ()
    assert len(kept.taken) == accepted


def test_a_file_of_a_run_that_was_killed_is_written_by_the_next(tmp_path: Path) -> None:
    store = Store.open(Settings(viewers=VIEWERS), url=f"sqlite:///{tmp_path / 'npd.sqlite'}")
    desk.subscribe(store.desk, "commander", "lpa", "L1", "", "month")
    own = replace(message(), way="file", mailbox="")
    put(store, own)()
    assert outbox.claim(store.desk, own, NIGHT)
    assert digest(store, NIGHT, tmp_path / "out").ended.total() == 0
    assert digest(store, NEXT, tmp_path / "out").ended["written"] == 1
    assert [one.read_bytes() for one in (tmp_path / "out").iterdir()] == [LETTER]
    store.close()


@pytest.mark.parametrize(
    ("every", "nights"),
    [
        ("day", ("2024-11-04", "2024-11-04", "2024-11-05")),
        ("week", ("2024-11-07", "2024-11-10", "2024-11-11")),
        ("month", ("2024-11-07", "2024-11-30", "2024-12-01")),
    ],
)
def test_news_is_looked_for_as_often_as_asked(every: str, nights: tuple[str, ...]) -> None:
    told = {"subscription_id": "s", "viewer": "v", "area_level": "lpa", "area_code": "L1", "subject": ""}
    one, seen = desk.Subscription(**told, every=every, looked_on=None, looked_month=None), []
    for night in map(date.fromisoformat, nights):
        seen.append(one.is_due(night))
        one = replace(one, looked_on=night) if seen[-1] else one
    assert seen == [True, False, True]

"""Stores of both kinds in which one thing has just become real, and a real e-mail server on this machine."""

import asyncio
import calendar
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from data_access.answers import subscriptions
from data_access.answers.reader import Reader
from data_access.mail_settings import MailSettings
from data_access.scope import scope_of
from data_access.settings import Settings, ViewerSettings
from data_access.store import Store
from metrics.levels import add_months, months_between
from tests.browser.conftest import free_port
from tests.data_access.conftest import holding, kept_on_postgres, kind, loaded_once, postgres_template, store, store_url
from tests.data_access.small_force import FORCE

__all__ = ["holding", "kept_on_postgres", "kind", "loaded_once", "postgres_template", "store", "store_url"]

SUITE = "https://npd.force.example"
MAILBOX = "commander@force.example"
OCTOBER = date(2024, 10, 1)
USUAL, MANY = 20, 80  # crimes a month in a neighbourhood
LONGITUDES = {"N1": -1.94, "N3": -1.90}
VIEWERS = (
    ViewerSettings(id="chief", name="Chief officer", force=True, people="team"),
    ViewerSettings(id="commander", name="Commander of L1", lpas=("L1",), people="officer"),
    ViewerSettings(id="sergeant", name="Sergeant of S1", sectors=("S1",), people="officer"),
    ViewerSettings(id="other", name="Commander of L2", lpas=("L2",)),
    ViewerSettings(id="looker", name="Looks only", force=True, may_export=False),
)


def crimes(rising: tuple[str, ...]) -> str:
    """Fourteen months of crimes, as many in each; in the last, four times as many in the neighbourhoods named."""
    lines = ["crime_id,recorded_on,offence_code,lon,lat"]
    for month in months_between(add_months(OCTOBER, -13), OCTOBER):
        last = calendar.monthrange(month.year, month.month)[1]
        for place, lon in LONGITUDES.items():
            count = MANY if month == OCTOBER and place in rising else USUAL
            days = (f"{month:%Y-%m}-{(number % last) + 1:02d}" for number in range(count - 1))
            lines += [
                f"{place}-{month:%y%m}-{number},{day},ZZ9,{lon},52.45"
                for number, day in enumerate([*days, f"{month:%Y-%m}-{last}"])
            ]
    return "\n".join(lines) + "\n"


FILES = {**FORCE, "offences.csv": "offence_code,offence_name,offence_group\nZZ9,Other offence,Other\n"}


class Server:
    """What an e-mail server was sent; `answers` are its next replies to a message, None: accepted."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.answers: list[str | None] = []
        self.reached, self.go_on = threading.Event(), threading.Event()
        self.go_on.set()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take a message, or answer as asked; wait where a test wants to kill who sends it."""
        answer = self.answers.pop(0) if self.answers else None
        if answer is None:
            self.taken.append(envelope)
        self.reached.set()
        while not self.go_on.is_set():
            await asyncio.sleep(0.02)
        return answer or "250 taken"


@pytest.fixture
def server() -> Iterator[tuple[Server, int]]:
    kept, port = Server(), free_port()
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    yield kept, port
    kept.go_on.set()
    controller.stop()


def mail_at(port: int, **more: object) -> MailSettings:
    told = {"host": "127.0.0.1", "port": port, "tls": "none", "sender": "npd@force.example"}
    return MailSettings(**{**told, "address_of_suite": SUITE, "domains": ("force.example",), **more})


@pytest.fixture
def rising(holding: Callable[..., Store], server: tuple[Server, int]) -> Store:
    """A store of each kind in which crime has just risen in N1, and a server to tell it by."""
    settings = Settings(viewers=VIEWERS, mail=mail_at(9))
    return with_settings(holding({**FILES, "crimes.csv": crimes(("N1",))}, settings), mail=mail_at(server[1]))


def with_settings(store: Store, **changed: object) -> Store:
    return replace(store, settings=replace(store.settings, **changed))


def of(store: Store, viewer: str) -> Reader:
    (chosen,) = [one for one in store.settings.viewers if one.id == viewer]
    return Reader.open(store, scope_of(chosen))


def subscribed(store: Store, viewer: str, level: str, code: str, subject: str = "", every: str = "day") -> None:
    reader = of(store, viewer)
    subscriptions.subscribe(reader, level, code, subject, every)
    subscriptions.set_mailbox(reader, MAILBOX)

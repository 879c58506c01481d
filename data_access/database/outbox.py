"""The queue of digests: what is in it survives a crash, and no message is sent twice.

queued     written in the one transaction that moves the viewer's marks: news is either still new, or in the queue
sending    a run has taken it, in a transaction of its own, before it speaks to the server: no other run takes it
sent       the server has accepted it
unsure     the run that took it ended, or lost the server, before an answer: it may have been sent or not, and is not
           sent again; the command and the viewer's page say so
refused    the server said that it never will; withdrawn: its viewer may no longer have it

A file is written under a name of its own, so that writing it again changes nothing: it goes from sending to queued.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, Engine, delete, insert, select, update

from data_access.database.connection import reading, writing
from data_access.database.own_tables import outbox, subscriptions, told_news
from data_access.database.subscriptions import Subscription
from data_access.database.trail import Entry, append_within
from metrics.levels import YEAR, add_months

Way = Literal["mail", "file"]
Ended = Literal["sent", "refused", "unsure", "withdrawn"]
GIVEN_UP_AFTER = timedelta(hours=1)  # far longer than any server is waited for: whoever took it is gone
KEPT = timedelta(days=35)  # what became of a message; its content and mailbox go as soon as that is known


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message: `content` is the e-mail or the HTML file, whole (None: it is no longer kept), made by `rights`."""

    message_id: str
    way: Way
    viewer: str
    mailbox: str
    content: bytes | None
    rights: str
    state: str = "queued"
    queued_at: datetime | None = None
    finished_at: datetime | None = None


class _Overtaken(Exception):
    """Another run has looked for the same news meanwhile."""


def put(
    engine: Engine,
    secret: bytes,
    looked: Sequence[Subscription],
    *,
    on: date,
    month: date,
    told: Mapping[str, date],
    messages: Sequence[Message],
    entries: Sequence[Entry],
) -> bool:
    """Move the marks of one viewer's subscriptions and queue their messages, all or nothing.

    `told` are the items of the messages by their month. False: another run did so first; then nothing changed.
    """
    try:
        with writing(engine) as connection:
            for one in looked:
                own = subscriptions.c
                as_seen = own.looked_on == one.looked_on if one.looked_on else own.looked_on.is_(None)
                mark = update(subscriptions).where(own.subscription_id == one.subscription_id, as_seen)
                if connection.execute(mark.values(looked_on=on, looked_month=month)).rowcount != 1:
                    raise _Overtaken
            viewer = looked[0].viewer
            old = (told_news.c.viewer == viewer) & (told_news.c.month < add_months(month, -YEAR))
            connection.execute(delete(told_news).where(old))
            rows = [{"viewer": viewer, "item": item, "month": of} for item, of in told.items()]
            if rows:
                connection.execute(insert(told_news), rows)
            for message in messages:
                connection.execute(insert(outbox).values(_row(message)))
            append_within(connection, secret, list(entries))
    except _Overtaken:
        return False
    return True


def waiting(engine: Engine, way: Way) -> list[Message]:
    """List the messages that are queued, the oldest first."""
    return _listed(engine, outbox.c.state == "queued", outbox.c.way == way)


def of_viewer(engine: Engine, viewer: str) -> list[Message]:
    """List what became of a viewer's messages, the oldest first."""
    return _listed(engine, outbox.c.viewer == viewer)


def claim(engine: Engine, message: Message, now: datetime) -> bool:
    """Take a queued message to send it; False: it is queued no longer."""
    own = _is(message) & (outbox.c.state == "queued")
    with writing(engine) as connection:
        taken = connection.execute(update(outbox).where(own).values(state="sending", claimed_at=now))
    return taken.rowcount == 1


def give_back(engine: Engine, message: Message) -> None:
    """Queue a message again that was certainly not sent."""
    with writing(engine) as connection:
        own = _is(message) & (outbox.c.state == "sending")
        connection.execute(update(outbox).where(own).values(state="queued"))


def finish(engine: Engine, message: Message, ended: Ended, now: datetime) -> None:
    """Keep what became of a message, and no longer what it said or where it went."""
    with writing(engine) as connection:
        values = {"state": ended, "finished_at": now, "content": None, "mailbox": ""}
        connection.execute(update(outbox).where(_is(message)).values(values))


def settle(engine: Engine, now: datetime) -> list[Message]:
    """End what a run that is gone had taken; return the e-mails that may not have been sent. Forget the oldest."""
    gone = (outbox.c.state == "sending") & (outbox.c.claimed_at < now - GIVEN_UP_AFTER)
    lost = [one for one in _listed(engine, gone) if one.way == "mail"]
    with writing(engine) as connection:
        connection.execute(update(outbox).where(gone, outbox.c.way == "file").values(state="queued"))
        stuck = (outbox.c.state == "queued") & (outbox.c.queued_at < now - KEPT)
        given_up = {"state": "withdrawn", "finished_at": now, "content": None, "mailbox": ""}
        connection.execute(update(outbox).where(stuck).values(given_up))
        connection.execute(delete(outbox).where(outbox.c.finished_at < now - KEPT))
    for one in lost:
        finish(engine, one, "unsure", now)
    return lost


def _listed(engine: Engine, *conditions: ColumnElement[bool]) -> list[Message]:
    query = select(outbox).where(*conditions).order_by(outbox.c.queued_at, outbox.c.message_id, outbox.c.way)
    with reading(engine) as connection:
        return [
            Message(**{name: row[name] for name in Message.__annotations__})
            for row in connection.execute(query).mappings()
        ]


def _row(message: Message) -> dict[str, object]:
    names = ("message_id", "way", "viewer", "mailbox", "content", "rights", "state")
    return {**{name: getattr(message, name) for name in names}, "queued_at": datetime.now(UTC)}


def _is(message: Message) -> ColumnElement[bool]:
    return (outbox.c.message_id == message.message_id) & (outbox.c.way == message.way)

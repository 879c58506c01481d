"""What viewers subscribed to, and where they want to be told."""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal, get_args

from sqlalchemy import Connection, Engine, delete, func, insert, select

from data_access.database.connection import reading, writing
from data_access.database.own_tables import mailboxes, outbox, subscriptions, told_news

Every = Literal["day", "week", "month"]
EVERY: tuple[Every, ...] = get_args(Every)
MOST = 20


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """News of an area and those in it, about a subject ("": everything), at most once `every` day, week or month.

    `looked_on` is the local day on which news was last looked for, `looked_month` the newest month looked at then.
    """

    subscription_id: str
    viewer: str
    area_level: str
    area_code: str
    subject: str
    every: Every
    looked_on: date | None
    looked_month: date | None

    def is_due(self, today: date) -> bool:
        """Tell whether news is to be looked for: on the first run of a day, of a week from Monday, or of a month."""
        if self.looked_on is None:
            return True
        if self.every == "week":
            return today.isocalendar()[:2] > self.looked_on.isocalendar()[:2]
        if self.every == "month":
            return (today.year, today.month) > (self.looked_on.year, self.looked_on.month)
        return today > self.looked_on


def subscribe(engine: Engine, viewer: str, area_level: str, area_code: str, subject: str, every: Every) -> None:
    """Add a subscription. Raises ValueError for one that there is, for too many, and for no time that there is."""
    if every not in EVERY:
        raise ValueError(f"a digest comes every {', '.join(EVERY)}; given: {every!r}")
    told = {"viewer": viewer, "area_level": area_level, "area_code": area_code, "subject": subject}
    with writing(engine) as connection:
        same = (subscriptions.c[name] == value for name, value in told.items())
        if connection.execute(select(subscriptions.c.every).where(*same)).first():
            raise ValueError("you have subscribed to this already: stop that subscription first")
        mine = select(func.count()).where(subscriptions.c.viewer == viewer)
        if connection.execute(mine).scalar_one() >= MOST:
            raise ValueError(f"{MOST} subscriptions are the most that a viewer has: stop one first")
        values = {**told, "every": every, "subscription_id": uuid.uuid4().hex, "made_at": datetime.now(UTC)}
        connection.execute(insert(subscriptions).values(values))


def stop(engine: Engine, viewer: str, subscription_id: str) -> None:
    """Remove a subscription of a viewer; another's stays."""
    mine = (subscriptions.c.viewer == viewer) & (subscriptions.c.subscription_id == subscription_id)
    with writing(engine) as connection:
        connection.execute(delete(subscriptions).where(mine))


def of_viewers(engine: Engine, viewer: str | None = None) -> list[Subscription]:
    """List a viewer's subscriptions (None: everybody's), the oldest first."""
    query = select(subscriptions).order_by(subscriptions.c.made_at, subscriptions.c.subscription_id)
    with reading(engine) as connection:
        rows = connection.execute(query if viewer is None else query.where(subscriptions.c.viewer == viewer)).mappings()
        return [Subscription(**{name: row[name] for name in Subscription.__annotations__}) for row in rows]


def set_mailbox(engine: Engine, viewer: str, mailbox: str | None) -> None:
    """Keep where a viewer's digest goes; None: nowhere by e-mail."""
    with writing(engine) as connection:
        connection.execute(delete(mailboxes).where(mailboxes.c.viewer == viewer))
        if mailbox:
            values = {"viewer": viewer, "mailbox": mailbox, "entered_at": datetime.now(UTC)}
            connection.execute(insert(mailboxes).values(values))


def mailbox_of(engine: Engine, viewer: str) -> str | None:
    """Return where a viewer's digest goes by e-mail."""
    with reading(engine) as connection:
        return connection.execute(select(mailboxes.c.mailbox).where(mailboxes.c.viewer == viewer)).scalar()


def told(engine: Engine, viewer: str) -> frozenset[str]:
    """Return what a viewer was told of."""
    with reading(engine) as connection:
        return frozenset(connection.execute(select(told_news.c.item).where(told_news.c.viewer == viewer)).scalars())


def forget(connection: Connection, viewer: str) -> dict[str, int]:
    """Remove what a viewer subscribed to, was told and is to be sent; return the rows by table."""
    own = (subscriptions, mailboxes, told_news, outbox)
    return {one.name: connection.execute(delete(one).where(one.c.viewer == viewer)).rowcount for one in own}

"""What is a viewer's own: the views they named, and what they are told of. Removed by them, and gone with them."""

from sqlalchemy import Column, ForeignKey, LargeBinary, Table, UniqueConstraint

from data_access.feeds.columns import day, instant, text
from data_access.feeds.tables import metadata

saved_views = Table(
    "saved_views",
    metadata,
    text("view_id", "random identifier", key=True),
    text("owner", "the viewer who named it"),
    text("name", "what its owner calls it"),
    text("address", "a page of the suite and what it shows, as a browser's address has them"),
    instant("changed_at", "when its owner last changed it"),
    UniqueConstraint("owner", "name", name="one_view_of_a_name"),
    comment="views that viewers named: an address each, no figure",
)


def _of_view(comment: str) -> Column[str]:
    return Column("view_id", ForeignKey(saved_views.c.view_id), primary_key=True, comment=comment)


view_shares = Table(
    "view_shares",
    metadata,
    _of_view("the view shared"),
    text("audience", "with whom: everybody, viewer:ID or group:NAME, in small letters", key=True),
    comment="whom views are shared with",
)
hidden_views = Table(
    "hidden_views",
    metadata,
    text("viewer", "who does not want to see it listed", key=True),
    _of_view("the view of somebody else"),
    comment="shared views that a viewer has hidden",
)
start_views = Table(
    "start_views",
    metadata,
    text("viewer", "whose start page it is", key=True),
    Column("view_id", ForeignKey(saved_views.c.view_id), nullable=False, comment="the view that opens first"),
    comment="the view that opens where a viewer opens the suite without an address",
)

subscriptions = Table(
    "subscriptions",
    metadata,
    text("subscription_id", "random identifier", key=True),
    text("viewer", "who is told"),
    text("area_level", "the level of the area"),
    text("area_code", "the area, and those in it"),
    text("subject", "what is told of, as indicators are grouped; empty: of everything"),
    text("every", "how often at most: day, week or month"),
    instant("made_at", "when it was made"),
    day("looked_on", "the local day on which news was last looked for; null: never yet", optional=True),
    day("looked_month", "the newest month looked at then", optional=True),
    UniqueConstraint("viewer", "area_level", "area_code", "subject", name="one_subscription_of_a_kind"),
    comment="what viewers are told of by the digest",
)
mailboxes = Table(
    "mailboxes",
    metadata,
    text("viewer", "whose it is", key=True),
    text("mailbox", "the e-mail address that they typed"),
    instant("entered_at", "when"),
    comment="where the digest goes by e-mail",
)
told_news = Table(
    "told_news",
    metadata,
    text("viewer", "who was told", key=True),
    text("item", "what: indicator, area, month, signal and verdict; or an explanation that was due", key=True),
    day("month", "the month that it is of"),
    comment="what viewers were told of, so that nothing is told twice",
)
outbox = Table(
    "outbox",
    metadata,
    text("message_id", "the message's own identifier, as its header has it", key=True),
    text("way", "mail or file", key=True),
    text("viewer", "whom it is for"),
    text("mailbox", "where it goes by e-mail; empty: nowhere, or no longer kept"),
    Column("content", LargeBinary, comment="the message whole, until it is sent or given up; then null"),
    text("rights", "fingerprint of what its viewer might see when it was made"),
    text("state", "queued, sending, sent, refused, unsure (it may not have been sent) or withdrawn"),
    instant("queued_at", "when it was queued"),
    instant("claimed_at", "when a run last took it to send it", optional=True),
    instant("finished_at", "when it was sent or given up", optional=True),
    comment="the queue of digests, and for some weeks what became of each",
)

# Parents before what refers to them; with each the columns that may change, its owner's never.
CHANGES: dict[Table, tuple[str, ...]] = {
    saved_views: ("name", "changed_at"),
    view_shares: (),
    hidden_views: (),
    start_views: (),
    subscriptions: ("looked_on", "looked_month"),
    mailboxes: (),
    told_news: (),
    outbox: ("mailbox", "content", "state", "claimed_at", "finished_at"),
}
OWN = tuple(CHANGES)

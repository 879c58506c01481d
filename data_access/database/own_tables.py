"""What is a viewer's own: the views they named. Changed and removed by them alone, and gone with them."""

from sqlalchemy import Column, ForeignKey, Table, UniqueConstraint

from data_access.feeds.columns import instant, text
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

# Parents before what refers to them.
OWN = (saved_views, view_shares, hidden_views, start_views)

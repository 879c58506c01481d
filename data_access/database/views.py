"""Views that viewers named: an address each, kept for oneself or shared, and changed by their owner alone."""

import re
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Select,
    Table,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from data_access.database.connection import reading, writing
from data_access.database.own_tables import hidden_views, saved_views, start_views, view_shares

EVERYBODY = "everybody"
LONGEST_NAME, LONGEST_ADDRESS, MOST = 80, 1500, 100
# A page's own name and a query in the signs of an encoded one: no other host, no folder, no markup can be written so.
_ADDRESS = re.compile(r"[a-z][a-z_]*(\?[A-Za-z0-9_.~%+&=-]+)?")


@dataclass(frozen=True, kw_only=True)
class View:
    """A view as one viewer has it: `audiences` are whom it is shared with, told to its owner alone.

    `hidden`: they do not want it listed; `first`: it opens where they open the suite without an address.
    """

    view_id: str
    owner: str
    name: str
    address: str
    audiences: tuple[str, ...] = ()
    hidden: bool = False
    first: bool = False


def checked_name(name: str) -> str:
    """Return a name as it is kept, on one line. Raises ValueError for an empty, long or unprintable one."""
    line = " ".join(name.split())
    if not line or len(line) > LONGEST_NAME or not line.isprintable():
        raise ValueError(f"a view's name is 1 to {LONGEST_NAME} letters on one line; given: {len(line)}")
    return line


def checked_address(address: str) -> str:
    """Return an address of the suite. Raises ValueError for any other, and for a long one."""
    if len(address) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(address):
        raise ValueError(
            f"a view is a page of the suite with its selection, at most {LONGEST_ADDRESS} letters: page?month=2026-09"
        )
    return address


def save(engine: Engine, owner: str, name: str, address: str, audiences: Collection[str]) -> str:
    """Keep a view; return its identifier. Raises ValueError for a name that the owner has already, and for too many."""
    own = {"view_id": uuid.uuid4().hex, "owner": owner, "address": checked_address(address)}
    with writing(engine) as connection:
        line = _free_name(connection, owner, name)
        if connection.execute(select(func.count()).where(saved_views.c.owner == owner)).scalar_one() >= MOST:
            raise ValueError(f"{MOST} views are the most that a viewer keeps: remove one first")
        connection.execute(insert(saved_views).values(**own, name=line, changed_at=datetime.now(UTC)))
        _share(connection, own["view_id"], audiences)
    return own["view_id"]


def change(engine: Engine, owner: str, view_id: str, name: str, audiences: Collection[str]) -> None:
    """Give a view another name and share it with `audiences` alone. Raises ValueError as `save` does.

    Raises PermissionError where the owner has no such view.
    """
    with writing(engine) as connection:
        line = _free_name(connection, owner, name, but=view_id)
        values = {"name": line, "changed_at": datetime.now(UTC)}
        _demand_own(connection.execute(update(saved_views).where(_own(owner, view_id)).values(values)).rowcount)
        connection.execute(delete(view_shares).where(view_shares.c.view_id == view_id))
        _share(connection, view_id, audiences)


def remove(engine: Engine, owner: str, view_id: str) -> None:
    """Remove a view, for whomever it was shared with too. Raises PermissionError where the owner has no such view."""
    with writing(engine) as connection:
        _demand_own(len(connection.execute(select(saved_views.c.view_id).where(_own(owner, view_id))).all()))
        _remove(connection, [view_id])


def seen_by(engine: Engine, viewer: str, audiences: Collection[str]) -> list[View]:
    """List the views of a viewer by name, then those that others share with one of `audiences`."""
    shared = select(view_shares.c.view_id).where(view_shares.c.audience.in_(audiences))
    reached = or_(saved_views.c.owner == viewer, saved_views.c.view_id.in_(shared))
    with reading(engine) as connection:
        rows = connection.execute(select(saved_views).where(reached)).all()
        own = [row.view_id for row in rows if row.owner == viewer]
        of = connection.execute(select(view_shares).where(view_shares.c.view_id.in_(own))).all()
        hidden = set(connection.execute(_ids(hidden_views, viewer)).scalars())
        first = set(connection.execute(_ids(start_views, viewer)).scalars())
    told = [_view(row, of, hidden=row.view_id in hidden, first=row.view_id in first) for row in rows]
    return sorted(told, key=lambda one: (one.owner != viewer, one.name.casefold(), one.view_id))


def hide(engine: Engine, viewer: str, view_id: str, *, hidden: bool) -> None:
    """List a view no longer for a viewer, or again."""
    with writing(engine) as connection:
        mine = (hidden_views.c.viewer == viewer) & (hidden_views.c.view_id == view_id)
        connection.execute(delete(hidden_views).where(mine))
        if hidden:
            connection.execute(insert(hidden_views).values(viewer=viewer, view_id=view_id))


def open_first(engine: Engine, viewer: str, view_id: str | None) -> None:
    """Let a view open first for a viewer; None: none."""
    with writing(engine) as connection:
        connection.execute(delete(start_views).where(start_views.c.viewer == viewer))
        if view_id:
            connection.execute(insert(start_views).values(viewer=viewer, view_id=view_id))


def forget(connection: Connection, viewer: str) -> dict[str, int]:
    """Remove a viewer's views, what they chose of others', and that these were shared with them by their id.

    Returns the rows removed that name the viewer, by table.
    """
    own = connection.execute(select(saved_views.c.view_id).where(saved_views.c.owner == viewer)).scalars().all()
    _remove(connection, own)
    shared = delete(view_shares).where(view_shares.c.audience == audience_of(viewer))
    chosen = [delete(table).where(table.c.viewer == viewer) for table in (hidden_views, start_views)]
    counts = {one.table.name: connection.execute(one).rowcount for one in (shared, *chosen)}
    return {saved_views.name: len(own), **counts}


def audience_of(viewer: str) -> str:
    """Return the audience that is one viewer, whose id is compared without case."""
    return f"viewer:{viewer.casefold()}"


def _own(owner: str, view_id: str) -> ColumnElement[bool]:
    return (saved_views.c.owner == owner) & (saved_views.c.view_id == view_id)


def _demand_own(found: int) -> None:
    if not found:
        raise PermissionError("a view is changed by whoever named it, and this viewer has no such view")


def _free_name(connection: Connection, owner: str, name: str, but: str = "") -> str:
    line = checked_name(name)
    rows = select(saved_views.c.name).where(saved_views.c.owner == owner, saved_views.c.view_id != but)
    if line.casefold() in map(str.casefold, connection.execute(rows).scalars()):
        raise ValueError("you have a view of this name already: choose another name, or remove that view")
    return line


def _share(connection: Connection, view_id: str, audiences: Collection[str]) -> None:
    if audiences:
        rows = [{"view_id": view_id, "audience": one} for one in sorted(set(audiences))]
        connection.execute(insert(view_shares), rows)


def _remove(connection: Connection, ids: Collection[str]) -> None:
    for table in (start_views, hidden_views, view_shares, saved_views):
        connection.execute(delete(table).where(table.c.view_id.in_(ids)))


def _ids(table: Table, viewer: str) -> Select[tuple[str]]:
    return select(table.c.view_id).where(table.c.viewer == viewer)


def _view(row: Row, shares: Collection[Row], *, hidden: bool, first: bool) -> View:
    audiences = tuple(sorted(one.audience for one in shares if one.view_id == row.view_id))
    told = {"view_id": row.view_id, "owner": row.owner, "name": row.name, "address": row.address}
    return View(**told, audiences=audiences, hidden=hidden, first=first)

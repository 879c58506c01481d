"""The views of one viewer: saved, shared and opened by them; who opens one sees it through their own scope."""

from collections.abc import Collection, Mapping

from data_access.answers.reader import Reader
from data_access.database import views
from data_access.database.views import EVERYBODY, View, audience_of


def listed(reader: Reader) -> list[View]:
    """List the viewer's own views by name, then those that others share with them."""
    return views.seen_by(reader.store.desk, reader.scope.viewer, _audiences(reader))


def save(reader: Reader, name: str, address: str, audiences: Collection[str] = ()) -> str:
    """Keep an address under a name, and share it; return its identifier. Raises ValueError where it cannot be kept."""
    _demand_known(reader, audiences)
    view_id = views.save(reader.store.desk, reader.scope.viewer, name, address, audiences)
    reader.record("saved view", view_id, _shared(audiences))
    return view_id


def change(reader: Reader, view_id: str, name: str, audiences: Collection[str]) -> None:
    """Give an own view another name, and share it with `audiences` alone.

    Raises ValueError where it cannot be kept so, PermissionError for another's view.
    """
    _demand_known(reader, audiences, before=_audiences_of(reader, view_id))
    views.change(reader.store.desk, reader.scope.viewer, view_id, name, audiences)
    reader.record("changed view", view_id, _shared(audiences))


def remove(reader: Reader, view_id: str) -> None:
    """Remove an own view, for everybody. Raises PermissionError for another's."""
    views.remove(reader.store.desk, reader.scope.viewer, view_id)
    reader.record("removed view", view_id, "for everybody it was shared with")


def hide(reader: Reader, view_id: str, *, hidden: bool) -> None:
    """List another's view no longer, or again. Raises PermissionError for one that is not shared with the viewer."""
    _demand_listed(reader, view_id)
    views.hide(reader.store.desk, reader.scope.viewer, view_id, hidden=hidden)


def open_first(reader: Reader, view_id: str | None) -> None:
    """Let a view open first (None: none). Raises PermissionError for one that the viewer does not have."""
    if view_id:
        _demand_listed(reader, view_id)
    views.open_first(reader.store.desk, reader.scope.viewer, view_id)


def audiences_offered(reader: Reader) -> dict[str, str]:
    """Name whom the viewer may share with: everybody; where they may see people at all, each group and viewer too."""
    offered = {EVERYBODY: "everybody"}
    if reader.scope.names("department"):
        viewers = reader.settings.viewers
        groups = {group.casefold(): group for one in viewers for group in one.groups}
        offered |= {f"group:{key}": f"group {group}" for key, group in groups.items()}
        own = reader.scope.viewer.casefold()
        offered |= {audience_of(one.id): one.name for one in viewers if one.id.casefold() != own}
    return offered


def owner_name(reader: Reader, view: View) -> str:
    """Name whose view it is, as config.toml names them; who came in by a group goes by their id."""
    names: Mapping[str, str] = {one.id.casefold(): one.name for one in reader.settings.viewers}
    return names.get(view.owner.casefold(), view.owner)


def _audiences(reader: Reader) -> tuple[str, ...]:
    scope = reader.scope
    return (EVERYBODY, audience_of(scope.viewer), *(f"group:{group.casefold()}" for group in sorted(scope.groups)))


def _audiences_of(reader: Reader, view_id: str) -> tuple[str, ...]:
    return next((one.audiences for one in listed(reader) if one.view_id == view_id), ())


def _demand_known(reader: Reader, audiences: Collection[str], before: Collection[str] = ()) -> None:
    """Refuse an audience that is not offered; one that the view has already may stay when config.toml loses it."""
    unknown = set(audiences) - set(audiences_offered(reader)) - set(before)
    if unknown:
        raise ValueError("a view is shared with everybody, or with groups and viewers that config.toml lists")


def _demand_listed(reader: Reader, view_id: str) -> None:
    if view_id not in {one.view_id for one in listed(reader)}:
        raise PermissionError("this view is not shared with this viewer")


def _shared(audiences: Collection[str]) -> str:
    return f"shared with {', '.join(sorted(audiences))}" if audiences else "for oneself"

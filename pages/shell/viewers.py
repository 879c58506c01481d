"""Who is asking: the demo's menu of viewers or the force's own sign-in; whoever is not listed sees nothing."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import streamlit as st
from streamlit.runtime import Runtime
from streamlit.runtime import exists as on_a_server
from streamlit.runtime.scriptrunner import get_script_run_ctx

from data_access.identity import NotLetIn, sign_in_of, viewer_of
from data_access.settings import Settings, ViewerSettings
from data_access.store import DataVersion, Store
from pages.selections import lists
from pages.shell import connection, start
from pages.wording import plain

_CHOSEN = "viewer"
_OWN_DATA = """This store holds a force's own data, and the demo sign-in lets whoever opens the suite look as anybody.
It opens on the sample force only. To set sign-in up: `[sign_in] mode = "oidc"` in config.toml, an `[auth]` section in
.streamlit/secrets.toml (`redirect_uri`, `cookie_secret`, `client_id`, `client_secret`, `server_metadata_url`), and a
`[[viewers]]` table for each person or role."""
_ENDED = {
    "idle": "You were signed out, since nothing was asked for a while. Sign in again to go on.",
    "signed out": "You have signed out. Sign in again to go on.",
}


def sign_in(settings: Settings, store: Store, version: DataVersion) -> ViewerSettings:
    """Return the viewer, or draw why there is none and stop. Nothing of the data is read before this returns."""
    if settings.sign_in.mode == "oidc":
        return _from_identity(settings, store)
    if version.number and not version.sample:
        _refuse(_OWN_DATA)
    if not settings.viewers:
        _refuse("No viewers are configured. Add a `[[viewers]]` table to config.toml.")
    return _chosen(settings, st.session_state.get(_CHOSEN))


def menu(settings: Settings, store: Store, viewer: ViewerSettings) -> None:
    """Draw who is looking: the demo's menu to look as someone else, or the way out."""
    if settings.sign_in.mode == "oidc":
        who = plain.markdown(viewer.name)
        st.button("Sign out", on_click=_sign_out, args=(store, viewer), type="tertiary", help=who)
        return
    names = {each.id: each.name for each in settings.viewers}
    lists.single(
        "Viewing as",
        list(names),
        viewer.id,
        key=_CHOSEN,
        words=names.__getitem__,
        width=270,
        label_visibility="collapsed",
        required=True,
        persist_state="session",
    )


def same_again(store: Store) -> Callable[[], ViewerSettings]:
    """Return a check to make after this run: that the same browser asks, and who it is let in as by then.

    The check raises PermissionError for another browser's request, and where nobody is let in any more.
    """
    session = get_script_run_ctx().session_id
    claims, chosen = st.user.to_dict(), st.session_state.get(_CHOSEN)

    def check() -> ViewerSettings:
        if on_a_server() and not _asks_itself(session):
            raise PermissionError("this was offered to another session")
        settings = start.current()
        if settings.sign_in.mode != "oidc":
            return _chosen(settings, chosen)
        try:
            return _let_in(claims, settings, store)
        except NotLetIn as refusal:
            raise PermissionError(str(refusal)) from refusal

    return check


def _asks_itself(session: str) -> bool:
    """Tell whether the request at hand came by the websocket that a session has now."""
    client = Runtime.instance().get_client(session)
    named = dict(client.client_context.headers).get(connection.HEADER) if client else None
    return named is not None and named == connection.CURRENT.get()


def _chosen(settings: Settings, viewer_id: str | None) -> ViewerSettings:
    return next((viewer for viewer in settings.viewers if viewer.id == viewer_id), settings.viewers[0])


def _from_identity(settings: Settings, store: Store) -> ViewerSettings:
    claims = st.user.to_dict()
    if "is_logged_in" not in claims:
        _refuse("Sign-in is not set up yet: the server needs an `[auth]` section in .streamlit/secrets.toml.")
    if not claims["is_logged_in"]:
        _offer("Sign in with your force account to see the areas that are yours to see.")
    try:
        return _let_in(claims, settings, store)
    except NotLetIn as refusal:
        _offer(str(refusal))


def _let_in(claims: Mapping[str, Any], settings: Settings, store: Store) -> ViewerSettings:
    """Return the viewer of a sign-in that goes on; a refusal is entered in the audit trail, once a day."""
    identity = str(claims.get(settings.sign_in.claim))
    try:
        viewer = viewer_of(claims, settings)
    except NotLetIn as refusal:
        store.record(identity, "refused", "sign-in", str(refusal), daily=True)
        raise
    ended = store.keep_sign_in(sign_in_of(claims), viewer.id, timedelta(minutes=settings.sign_in.idle_minutes))
    if ended:
        raise NotLetIn(_ENDED[ended])
    return viewer


def _sign_out(store: Store, viewer: ViewerSettings) -> None:
    store.end_sign_in(sign_in_of(st.user.to_dict()), viewer.id, "signed out")
    st.logout()


def _offer(reason: str) -> None:
    st.markdown("# Neighbourhood Policing Dashboards")
    st.markdown(reason)
    st.button("Sign in", on_click=st.login, type="primary")
    st.stop()


def _refuse(reason: str) -> None:
    st.markdown("# Nothing to see here yet")
    st.error(reason)
    st.stop()

"""Who is asking: the demo's menu of viewers or the force's own sign-in; whoever is not listed sees nothing."""

import time
from collections.abc import Sequence

import streamlit as st

from data_access.settings import Settings, ViewerSettings
from data_access.store import DataVersion
from pages.wording import plain

_CHOSEN = "viewer"


_OWN_DATA = """This store holds a force's own data, and the demo sign-in lets whoever opens the suite look as anybody.
It opens on the sample force only. To set sign-in up: `[sign_in] mode = "oidc"` in config.toml, an `[auth]` section in
.streamlit/secrets.toml (`redirect_uri`, `cookie_secret`, `client_id`, `client_secret`, `server_metadata_url`), and a
`[[viewers]]` table for each person or role."""


def sign_in(settings: Settings, version: DataVersion) -> ViewerSettings:
    """Give the viewer, or draw why there is none and stop. Nothing of the data is read before this returns."""
    if settings.sign_in.mode == "oidc":
        return _from_identity(settings)
    if version.number and not version.sample:
        _refuse(_OWN_DATA)
    if not settings.viewers:
        _refuse("No viewers are configured. Add a `[[viewers]]` table to config.toml.")
    chosen = st.session_state.get(_CHOSEN, settings.viewers[0].id)
    return next((viewer for viewer in settings.viewers if viewer.id == chosen), settings.viewers[0])


def menu(settings: Settings, viewer: ViewerSettings) -> None:
    """Draw who is looking: the demo's menu to look as someone else, or the way out."""
    if settings.sign_in.mode == "oidc":
        st.button("Sign out", on_click=st.logout, type="tertiary", help=plain.markdown(viewer.name))
        return
    names = {each.id: each.name for each in settings.viewers}
    st.session_state[_CHOSEN] = viewer.id
    st.selectbox(
        "Viewing as",
        list(names),
        key=_CHOSEN,
        format_func=names.__getitem__,
        width=330,
        label_visibility="collapsed",
        required=True,
        persist_state="session",
    )


def _from_identity(settings: Settings) -> ViewerSettings:
    if "is_logged_in" not in st.user.to_dict():
        _refuse("Sign-in is not set up yet: the server needs an `[auth]` section in .streamlit/secrets.toml.")
    if not st.user.is_logged_in:
        st.markdown("# Neighbourhood Policing Dashboards")
        st.markdown("Sign in with your force account to see the areas that are yours to see.")
        st.button("Sign in", on_click=st.login, type="primary")
        st.stop()
    claims = st.user.to_dict()
    # Streamlit's cookie lives 30 days whatever the identity provider said.
    if claims.get("exp", 0) < time.time():
        st.logout()
        st.stop()
    return _listed(claims.get(settings.sign_in.claim), settings.viewers)


def _listed(identity: object, viewers: Sequence[ViewerSettings]) -> ViewerSettings:
    found = next((viewer for viewer in viewers if viewer.id == identity), None)
    if found is None:
        _refuse("Your account is known, but no areas are assigned to it. Ask the performance team to add you.")
    return found


def _refuse(reason: str) -> None:
    st.markdown("# Nothing to see here yet")
    st.error(reason)
    st.stop()

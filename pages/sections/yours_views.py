"""The views that a viewer named and those shared with them: opened, renamed, shared, hidden, and which opens first."""

from collections.abc import Collection, Sequence
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data_access.answers import views
from data_access.database.views import EVERYBODY, LONGEST_NAME, View
from pages.selections import address, links
from pages.selections.context import Context
from pages.wording import plain

_NO_START = ""


def known(context: Context) -> list[View]:
    """List the viewer's own views, then those shared with them of which they may see every area."""
    listed, own = views.listed(context.reader), context.reader.scope.viewer
    return [
        one
        for one in listed
        if one.owner == own or address.is_within(one.address, context.places, context.reader.scope)
    ]


def line(context: Context, view: View) -> str:
    """Write a view as a link, and whose it is or who else has it, as HTML."""
    to = links.link(address.href(view.address), escape(view.name))
    return f"{to} <small>{escape(_told(context, view))}</small>"


def audiences(context: Context, key: str, chosen: Collection[str]) -> list[str]:
    """Ask whom a view is shared with; whoever it is shared with already is offered too."""
    offered = views.audiences_offered(context.reader)
    gone = {one: one.partition(":")[2] for one in chosen if one not in offered}
    return st.multiselect(
        "Share with",
        [*offered, *gone],
        default=list(chosen),
        key=key,
        format_func=lambda one: {**offered, **gone}.get(one, one),
        placeholder="nobody: for yourself",
        filter_mode="contains",
        select_all=False,
    )


def draw(context: Context, listed: Sequence[View]) -> None:
    """Draw the start page's choice, then own views, then those of others."""
    _start(context, [one for one in listed if not one.hidden])
    own = [one for one in listed if one.owner == context.reader.scope.viewer]
    st.markdown("### Named by you", anchors=False)
    if not own:
        st.info("No view yet: choose what you want to see on any page, then **Views** beside the filters.")
    for view in own:
        with _row(context, view, "own"):
            _change(context, view)
    others = [one for one in listed if one.owner != context.reader.scope.viewer]
    if others:
        st.markdown("### Shared with you", anchors=False)
        for view in sorted(others, key=lambda one: one.hidden):
            with _row(context, view, "theirs"):
                _hide(context, view)


def _told(context: Context, view: View) -> str:
    if view.owner != context.reader.scope.viewer:
        return f"shared by {views.owner_name(context.reader, view)}" + (", hidden" if view.hidden else "")
    if not view.audiences:
        return "yours alone"
    if EVERYBODY in view.audiences:
        return "shared with everybody"
    offered = views.audiences_offered(context.reader)
    return "shared with " + ", ".join(offered.get(one, one.partition(":")[2]) for one in view.audiences)


def _row(context: Context, view: View, kind: str) -> DeltaGenerator:
    """Draw a view's line, and return the place for what can be done with it."""
    row = st.container(horizontal=True, vertical_alignment="center", key=f"npd_view_{kind}_{view.view_id}")
    row.html(f'<p class="npd-view">{line(context, view)}</p>', width="content")
    return row


def _start(context: Context, offered: Sequence[View]) -> None:
    names = {_NO_START: "Overview", **{one.view_id: one.name for one in offered}}
    st.session_state["yours_start"] = next((one.view_id for one in offered if one.first), _NO_START)
    st.selectbox(
        "Opens first",
        list(names),
        key="yours_start",
        format_func=lambda one: names.get(one, one),
        on_change=_started,
        args=(context,),
        width=320,
        help="What opens when you open the suite without a link to something else.",
    )


def _started(context: Context) -> None:
    views.open_first(context.reader, st.session_state["yours_start"] or None)


def _change(context: Context, view: View) -> None:
    opened = st.popover("Change", key=f"change_{view.view_id}", type="tertiary", on_change="rerun")
    if not opened.open:
        return
    with opened:
        with st.form(f"form_{view.view_id}", border=False):
            name = st.text_input("Name", view.name, max_chars=LONGEST_NAME)
            shared = audiences(context, f"share_{view.view_id}", view.audiences)
            saved = st.form_submit_button("Save changes")
        removed = st.button("Remove this view", key=f"remove_{view.view_id}", help="For everybody it is shared with.")
        try:
            if saved:
                views.change(context.reader, view.view_id, name, shared)
            if removed:
                views.remove(context.reader, view.view_id)
        except (ValueError, PermissionError) as error:
            st.error(plain.markdown(f"Not changed: {error}."))
            return
    if saved or removed:
        st.rerun()


def _hide(context: Context, view: View) -> None:
    label = "Show again" if view.hidden else "Hide"
    if st.button(label, key=f"hide_{view.view_id}", type="tertiary"):
        views.hide(context.reader, view.view_id, hidden=not view.hidden)
        st.rerun()

"""What a viewer comes back to: the views at hand, a name for what is seen now, and what opens first."""

import streamlit as st

from data_access.answers import views
from data_access.answers.reader import Reader
from data_access.database.views import LONGEST_NAME
from pages.sections import yours_views
from pages.selections import address, links
from pages.selections.context import Context
from pages.selections.places import Places
from pages.wording import plain

YOURS = "yours"
_STARTED, _AT_HAND = "npd_started", 8


def draw(context: Context, page: str) -> None:
    """Offer the views at hand and a name for what is seen now, behind one button; nothing is read before it opens."""
    opened = st.popover("Views", key="npd_views", on_change="rerun")
    if not opened.open:
        return
    with opened:
        at_hand = st.container()
        if page != YOURS:
            _save(context, page)
        with at_hand:
            _listed(context)


def _listed(context: Context) -> None:
    known = [one for one in yours_views.known(context) if not one.hidden]
    lines = "".join(f"<li>{yours_views.line(context, one)}</li>" for one in known[:_AT_HAND])
    all_of_them = links.link(YOURS, "All views, start page, e-mails")
    st.html(f'<ul class="npd-views">{lines}</ul><p class="npd-more">{all_of_them}</p>')


def _save(context: Context, page: str) -> None:
    """Ask for a name, and keep what is seen now under it."""
    with st.form("npd_save_view", clear_on_submit=True, border=False):
        name = st.text_input("Name this view", max_chars=LONGEST_NAME, placeholder="ASB in my sector, 12 months")
        shared = yours_views.audiences(context, "npd_share_view", ())
        st.caption("Without a chosen month it opens on the newest. Others see it through their own rights.")
        if not st.form_submit_button("Save this view"):
            return
    try:
        views.save(context.reader, name, address.written(page, st.query_params.to_dict()), shared)
    except ValueError as error:
        st.error(plain.markdown(f"Not saved: {error}."))
    else:
        st.success("Saved.")


def start(reader: Reader, places: Places, opened_root: bool) -> tuple[str, dict[str, str]] | None:
    """Return the page and choices that a viewer opens first, at the start of a session at the root; None: stay."""
    if _STARTED in st.session_state or not opened_root:
        st.session_state[_STARTED] = True
        return None
    st.session_state[_STARTED] = True
    first = next((one for one in views.listed(reader) if one.first), None)
    if first is None or not address.is_within(first.address, places, reader.scope):
        return None
    page, params = address.parted(first.address)
    return None if (page, params) == (address.FIRST, {}) else (page, params)

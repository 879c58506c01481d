"""What a viewer is told of by the digest: by area and subject, how often, and where it goes."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from data_access.answers import subscriptions
from data_access.answers.explanations import own_areas
from data_access.database.subscriptions import EVERY, Subscription
from metrics.levels import AREA_LEVELS
from pages.parts import headline
from pages.selections.context import Context
from pages.selections.places import Place
from pages.wording import plain, words

_EVERY = {"day": "daily", "week": "weekly", "month": "monthly"}
_ENDED = {
    "queued": "waits to be sent",
    "sending": "is being sent",
    "sent": "was sent",
    "refused": "was refused by the e-mail server",
    "unsure": "may not have been sent, and is not sent again",
    "withdrawn": "was not sent: it may no longer go there",
}
_SHOWN = 5  # of the last digests


def draw(context: Context) -> None:
    """Draw the subscriptions, the form for one more, where they go, and what became of the last digests."""
    st.markdown("### What you are told of", anchors=False)
    headline.caption(
        "After a nightly load, what is newly real in your own areas and explanations due: each once; nothing new, no "
        "message. Figures of areas below the LPA (local policing area) are told in the suite alone."
    )
    listed = subscriptions.listed(context.reader)
    for one in listed:
        _row(context, one)
    if why := subscriptions.refusal(context.reader):
        st.info(plain.markdown(f"You cannot subscribe: {why}."))
        return
    left, right = st.columns(2, gap="medium")
    with left:
        _more(context)
    with right:
        _mailbox(context, listed)
    _ended(context)


def _row(context: Context, one: Subscription) -> None:
    said = f"{context.name(one.area_level, one.area_code)}: {one.subject or 'everything'}, {_EVERY[one.every]}"
    with st.container(horizontal=True, vertical_alignment="center", key=f"npd_told_of_{one.subscription_id}"):
        st.html(f'<p class="npd-view">{escape(said)}</p>', width="content")
        if st.button("Stop", key=f"stop_{one.subscription_id}", type="tertiary"):
            subscriptions.stop(context.reader, one)
            st.rerun()


def _more(context: Context) -> None:
    """Ask for one more subscription; the area that is selected stands first."""
    areas = _areas(context)
    with st.form("npd_subscribe", border=False):
        area = st.selectbox("Area", areas, format_func=lambda one: _named(context, one), key="yours_area")
        subjects = ["", *subscriptions.subjects()]
        about = st.selectbox("About", subjects, format_func=lambda one: one or "Everything", key="yours_about")
        every = st.selectbox("How often", EVERY, format_func=lambda one: _EVERY[one].capitalize(), key="yours_every")
        if not st.form_submit_button("Subscribe"):
            return
    try:
        subscriptions.subscribe(context.reader, *area, about, every)
    except (ValueError, PermissionError) as error:
        st.error(plain.markdown(f"Not subscribed: {error}."))
    else:
        st.rerun()


def _areas(context: Context) -> list[Place]:
    """List the areas that lie wholly in the viewer's scope, larger ones first, but before all the one selected."""
    own = {(level, code) for level, code in own_areas(context.reader).iter_rows() if level in AREA_LEVELS}
    selected = (context.selection.level, context.selection.code)
    order = sorted(own, key=lambda one: (AREA_LEVELS.index(one[0]), context.name(*one)))
    return [*([selected] if selected in own else []), *(one for one in order if one != selected)]


def _named(context: Context, area: Place) -> str:
    return f"{context.name(*area)} · {words.level(area[0])}"


def _mailbox(context: Context, listed: Sequence[Subscription]) -> None:
    mail, held = context.reader.settings.mail, subscriptions.mailbox(context.reader)
    if not (mail.host and mail.domains):
        st.info("E-mail is not set up ([mail] in config.toml): whoever runs the digest can give you files instead.")
        if not held:
            return
    with st.form("npd_mailbox", border=False):
        asked = {"max_chars": 254, "placeholder": "your e-mail address, empty: none", "key": "yours_mailbox"}
        given = st.text_input("Send it to", held or "", **asked)
        st.caption(plain.markdown(f"Allowed: {', '.join(mail.domains)}. Kept for this alone.") if mail.domains else "")
        if not st.form_submit_button("Save address"):
            if listed and not held:
                st.warning("You have subscribed, but no address is saved: nothing is sent to you.")
            return
    try:
        subscriptions.set_mailbox(context.reader, given)
    except (ValueError, PermissionError) as error:
        st.error(plain.markdown(f"Not saved: {error}."))
    else:
        st.rerun()


def _ended(context: Context) -> None:
    """Tell what became of the last digests, the newest first."""
    last = subscriptions.sent(context.reader)[::-1][:_SHOWN]
    if last:
        kinds = {"mail": "E-mail", "file": "File"}
        lines = [f"<li>{kinds[one.way]} of {words.moment(one.queued_at)} {_ENDED[one.state]}.</li>" for one in last]
        st.html(f'<p class="npd-view">Your last digests</p><ul class="npd-views">{"".join(lines)}</ul>')

"""Workforce: posts funded against posts filled, specials' hours, training, and what is left for neighbourhoods."""

import streamlit as st

from data_access.answers.people import Where
from metrics import ids_of
from pages.parts import cards, charts, headline
from pages.sections import workforce_posts, workforce_specials, workforce_what_if
from pages.sections.workforce_posts import PAGE, STRENGTH, place
from pages.selections import choices
from pages.selections.context import Context, headed

TITLE = "Workforce"


def render(context: Context) -> None:
    """Draw the page: the finding, posts and vacancies, capacity after abstraction, specials, training."""
    if context.selection.level not in ("force", "lpa"):
        st.info("Posts are counted by LPA and department: this page shows the LPA above the area selected.")
    level, within = place(context)
    ids = ids_of(page=PAGE, role="card")
    own = context.ask(*ids, level=level, within=within, months=charts.MONTHS)
    headline.title(context, "Strength", headed(own, STRENGTH))
    cards.row(context, own, ids, key="workforce", compared=context.ask_compared(*ids))
    where = Where(month=context.selection.month, level="lpa", within=within)

    def capacity() -> None:
        workforce_posts.capacity(context, where)
        workforce_what_if.draw(context, where)

    choices.tabs(
        "workforce_tab",
        {
            "posts": ("Posts", lambda: workforce_posts.posts_filled(context, own, where)),
            "capacity": ("Left for neighbourhoods", capacity),
            "specials": ("Specials", lambda: workforce_specials.draw(context, own, within)),
        },
    )

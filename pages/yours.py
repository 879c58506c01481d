"""Yours: the views that a viewer named or was shown by others, which opens first, and what they are told of."""

import streamlit as st

from pages.parts import headline
from pages.sections import yours_digest, yours_views
from pages.selections.context import Context

TITLE = "Your views"


def render(context: Context) -> None:
    """Draw the page: how many views there are, each with what can be done with it, and the digest."""
    listed = yours_views.known(context)
    own = sum(one.owner == context.reader.scope.viewer for one in listed)
    st.markdown(f"# {_finding(own, len(listed) - own)}", anchors=False)
    headline.caption("A view is an address with a name. Whoever opens it sees what their own rights allow.")
    yours_views.draw(context, listed)
    yours_digest.draw(context)


def _finding(own: int, shared: int) -> str:
    said = [f"{own} saved {'view' if own == 1 else 'views'}"] if own else []
    return ", ".join([*said, *([f"{shared} shared with you"] if shared else [])]) or "No saved views yet"

"""What is kept about people, why, how long and who sees it: for a data protection officer, and whoever is in it."""

import streamlit as st

from data_access.answers.kept import kept
from pages.parts import headline, tables
from pages.selections.context import Context

_COLUMNS = {
    "what": st.column_config.TextColumn("What is kept", width="medium"),
    "personal": st.column_config.TextColumn("What it tells of a person", width="small"),
    "why": st.column_config.TextColumn("Why", width="medium"),
    "how_long": st.column_config.TextColumn("How long", width="medium"),
    "who_sees": st.column_config.TextColumn("Who sees it", width="medium"),
}


def draw(context: Context) -> None:
    """Draw the section: the table, and what a person can ask for."""
    privacy = context.reader.settings.privacy
    named = "under keyed pseudonyms, names sealed" if privacy.pseudonyms else "under the force's own identifiers"
    tables.rows(context, kept(context.reader.settings), key="about_kept", title="What is kept", columns=_COLUMNS)
    headline.caption(
        f"Officers and callers are kept {named}. A person can be taken out for good: `python -m data_access erase` "
        "removes their rows, every copy, and says which figures change. In a folded month nobody's own hours can be "
        "asked for any more; how many officers a figure rests on still can, so that no figure of fewer than five shows."
    )
    st.markdown(
        "Nothing here is for judging conduct, and no list ranks people. Radio positions are never sent to a browser. "
        "Figures of fewer than five officers are withheld from everyone who may not see their teams."
    )

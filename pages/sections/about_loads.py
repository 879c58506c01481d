"""What every load brought, and who looked at whom, on the About page."""

import streamlit as st

from data_access.answers import quality as answers_quality
from data_access.answers.reader import Reader
from pages.parts import downloads, headline, tables
from pages.parts.columns import moment, whole
from pages.selections.context import Context

_LOADS = {
    "load_id": whole("Version"),
    "rows_read": whole("Rows read"),
    "rows_loaded": whole("Loaded"),
    "rows_set_aside": whole("Set aside"),
    "started_at": moment("Started"),
    "finished_at": moment("Finished"),
    "loaded_by": "By",
    "sha256": st.column_config.TextColumn("SHA-256", width="medium"),
}
_ENTRIES = 200  # of the audit trail on one page
_TRAIL = {
    "number": whole("No."),
    "at": moment("When"),
    "viewer": "Viewer",
    "what": "Did what",
    "whom": "To whom or what",
    "reason": "Reason",
}


def loads(context: Context) -> None:
    """List every file of every load, the newest first, with its rows and its fingerprint."""
    every = answers_quality.loads(context.reader)
    tables.rows(context, every, key="about_loads", title="Every file of every load, the newest first", columns=_LOADS)
    headline.caption("Every row read was either loaded or set aside. SHA-256 is the fingerprint of the file's bytes.")


def trail(context: Context) -> None:
    """Show the audit trail a page at a time, the newest first; the CSV has every entry."""
    entries = context.reader.store.trail_length()
    st.markdown("### Who looked at whom, and why", anchors=False)
    if not entries:
        st.info("Nobody has looked at a person, downloaded or judged anything yet.")
        return
    pages = -(-entries // _ENTRIES)
    page = st.number_input(f"Page (of {pages:,})", 1, pages, 1, key="about_trail_page", width=160) if pages > 1 else 1
    before = entries + 1 - (page - 1) * _ENTRIES
    shown = answers_quality.trail(context.reader, _ENTRIES, before)
    st.dataframe(shown, hide_index=True, column_config=_TRAIL, placeholder="", alt="The audit trail", lazy=False)
    headline.caption(
        f"{entries:,} entries, {shown.height:,} shown. People go under pseudonyms: `python -m data_access trail find` "
        "lists who looked at an officer, `trail verify` proves that no entry was changed or taken out."
    )
    downloads.offer(
        context,
        "CSV",
        lambda: trail_csv(context.reader),
        name=tables.file_name(context, "audit trail"),
        entry="the audit trail",
        right="read_trail",
        mime="text/csv",
        key="csv_about_trail",
        type="tertiary",
        help=f"All {entries:,} entries",
    )


def trail_csv(reader: Reader) -> bytes:
    """Return the whole audit trail as CSV, with the data version it was read at."""
    return tables.csv(answers_quality.trail(reader, None), reader.version.number)

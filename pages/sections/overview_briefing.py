"""The month of the selected area as one page to print and as slides, offered on the Overview."""

from datetime import UTC, datetime

import streamlit as st

from pages import pack
from pages.briefing import Area, file_name, gather, write
from pages.parts import downloads, headline
from pages.selections.context import Context

_SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def offer(context: Context) -> None:
    """Offer the month of the selected area as one page to print and as slides; written only when asked for."""
    selected = context.selection
    if selected.several:
        headline.caption("A briefing to print and slides are of one area: choose one above.")
        return
    headline.of_month(context)
    area = Area(level=selected.level, code=selected.code, name=context.place)
    entry = f"data version {context.reader.version.number}"
    with st.container(horizontal=True, gap="medium", key="overview_take_away"):
        downloads.offer(
            context,
            "Briefing to print",
            lambda: _written(context, area),
            name=file_name(area, selected.month),
            entry=entry,
            mime="text/html",
            key="overview_briefing",
            type="tertiary",
            help="Figures, charts and definitions on a page: works offline, prints to A4. Entered in the audit trail.",
        )
        downloads.offer(
            context,
            "Slides for the meeting",
            lambda: pack.make(context.reader, area, selected.month),
            name=pack.file_name(area, selected.month),
            entry=entry,
            mime=_SLIDES,
            key="overview_pack",
            type="tertiary",
            help="PowerPoint: a slide a finding, with chart, explanation and owner. Entered in the audit trail.",
        )


def _written(context: Context, area: Area) -> bytes:
    material = gather(context.reader, area, context.selection.month)
    return write(material, datetime.now(UTC)).encode()

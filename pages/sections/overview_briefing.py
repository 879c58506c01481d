"""The month of the selected area as one page to print, offered on the Overview."""

from datetime import UTC, datetime

from pages.briefing import Area, file_name, gather, write
from pages.parts import downloads, headline
from pages.selections.context import Context


def offer(context: Context) -> None:
    """Offer the month of the selected area as one page to print; written only when asked for."""
    selected = context.selection
    if selected.several:
        headline.caption("A briefing to print is of one area: choose one above.")
        return
    headline.of_month(context)
    area = Area(level=selected.level, code=selected.code, name=context.place)
    downloads.offer(
        context,
        "Briefing to print",
        lambda: _written(context, area),
        name=file_name(area, selected.month),
        entry=f"data version {context.reader.version.number}",
        mime="text/html",
        key="overview_briefing",
        type="tertiary",
        help="One page with figures, charts and definitions: works offline, prints to A4. Entered in the audit trail.",
    )


def _written(context: Context, area: Area) -> bytes:
    material = gather(context.reader, area, context.selection.month)
    return write(material, datetime.now(UTC)).encode()

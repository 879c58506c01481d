"""How the radio fixes were: the words that stand under every visible figure."""

from data_access.answers.visibility import Where, fixes
from pages.parts import headline
from pages.selections.context import Context
from pages.wording import words


def draw(context: Context) -> None:
    """Say how the fixes were: their interval and what was dropped stand wherever a visible figure stands."""
    headline.of_month(context)
    row = fixes(context.reader, Where(month=context.selection.month, within=context.within)).row(0, named=True)
    if not row["fixes"]:
        headline.caption("No radio fixes are loaded for this month and area.")
        return
    dropped = ", ".join(
        f"{words.number(row[name], 'count')} {said}"
        for name, said in (
            ("bad_position", "without a usable position"),
            ("duplicate", "duplicates"),
            ("off_duty", "off duty"),
            ("spike", "impossible jumps"),
        )
    )
    longest = context.reader.settings.parameters.max_gap / 60
    headline.caption(
        f"Median {words.number(row['median_gap_seconds'], 'count')} seconds between fixes on a typical officer-day. "
        f"{words.number(row['fixes'], 'count')} fixes read; dropped: {dropped}. "
        f"A fix holds for at most {longest:g} minutes; what lies beyond is unknown, and is not counted as invisible."
    )

"""What the Benchmark page shows: the edition and its weights, and the rows to look at."""

from datetime import date

import polars as pl
import streamlit as st

from data_access import export
from pages.parts import headline
from pages.selections import choices
from pages.selections.context import Context
from pages.selections.places import each, line
from pages.wording import words

_VERDICTS = ("improvement", "concern", "change", "no real change")


def edition_words(public: bool) -> str:
    """Return what an edition is called."""
    return "public edition" if public else "full edition"


def edition(context: Context) -> tuple[bool, str | None]:
    """Choose between the full and the public edition, and the crime harm weights where several are loaded."""
    newest = export.newest_public_month(date.today())
    default, loaded = context.reader.settings.harm.weight_set, context.reader.weight_sets()
    closed = not context.reader.scope.force or context.selection.month > newest
    note = "A full month behind, small counts below LPA suppressed"
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom", key="benchmark_edition"):
        public = choices.switch("public", "For publication", note=note, disabled=closed)
        weights = default
        if len(loaded) > 1:
            named = {one: one for one in sorted(loaded, key=lambda one: one != default)}
            weights = choices.choose("weights", "Crime harm weights", named, default=default)
    headline.caption(_rules(context, newest))
    return public, None if weights == default else weights


def _rules(context: Context, newest: date) -> str:
    """Say what the public edition leaves out and when it may be made."""
    said = (
        "For publication: counts of 1 to 4 below LPA are emptied (“suppressed”), with as many more as keep them from "
        "being worked out, now or from an earlier edition. The download is kept as an edition."
    )
    if not context.reader.scope.force:
        return f"{said} Only a viewer of the whole force can make it, since all areas are suppressed together."
    if context.selection.month > newest:
        return f"{said} The newest month that may be published is {words.month(newest)}: a full month must have passed."
    return said


def narrowed(context: Context, rows: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    """Return what the viewer asks to see of the rows, and what that is in words: areas, level, indicators, verdict."""
    names = dict(rows.select("indicator_id", "indicator_name").unique(maintain_order=True).iter_rows())
    levels = {level: words.level(level) for level in export.LEVELS if level in rows["area_level"]}
    narrow, middle, wide, right = st.columns([2, 4, 2, 3], vertical_alignment="bottom")
    with narrow:
        level = choices.choose("level", "Level", levels, nothing="all levels")
    with middle:
        titles = {one: f"{one} {name}" for one, name in names.items()}
        chosen = choices.several("indicators", "Indicators", titles, nothing="all indicators: type to search")
    with wide:
        verdict = choices.choose("verdict", "Verdict", dict(zip(_VERDICTS, _VERDICTS, strict=True)), nothing="all")
    with right:
        here = _is_narrower(context) and not choices.switch("everywhere", "All areas, whatever is selected above")
    asked = {
        _of_area(context): pl.struct("area_level", "area_code").is_in(_inside(context)) if here else None,
        f"level {levels.get(level or '', '')}": pl.col("area_level") == level if level else None,
        f"indicators {', '.join(chosen)}": pl.col("indicator_id").is_in(chosen) if chosen else None,
        f"verdict {verdict}": pl.col("verdict") == verdict if verdict else None,
    }
    wanted = {said: rule for said, rule in asked.items() if rule is not None}
    return rows.filter(pl.lit(True), *wanted.values()), "; ".join(wanted) or "all areas and indicators"


def _is_narrower(context: Context) -> bool:
    """Tell whether less is selected than the viewer may see."""
    return (context.selection.level, context.selection.code) != context.places.top


def _of_area(context: Context) -> str:
    level = words.level(context.selection.level, many=context.selection.several)
    apart = "each by itself, " if context.selection.several else ""
    return f"{context.place} ({level}), {apart}and the areas inside"


def _inside(context: Context) -> pl.Series:
    """List the selected areas and all areas in them."""
    selected = set(each((context.selection.level, context.selection.code)))
    places = [place for place in context.places.names if selected.intersection(line(context.places, place))]
    return pl.DataFrame(places, {"area_level": pl.String, "area_code": pl.String}, orient="row").to_struct()

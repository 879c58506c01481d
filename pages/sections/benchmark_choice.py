"""What the Benchmark page shows: the edition and its weights, and the rows to look at."""

from datetime import date

import polars as pl
import streamlit as st

from data_access import export
from pages.parts import headline
from pages.selections.context import Context
from pages.selections.places import line
from pages.wording import plain, words

_ALL, _ALL_VERDICTS = "all levels", "all verdicts"
_REAL = ("improvement", "concern", "change")


def edition_words(public: bool) -> str:
    """Return what an edition is called."""
    return "public edition" if public else "full edition"


def edition(context: Context) -> tuple[bool, str | None]:
    """Choose between the full and the public edition, and the crime harm weights where several are loaded."""
    newest = export.newest_public_month(date.today())
    default, loaded = context.reader.settings.harm.weight_set, context.reader.weight_sets()
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom", key="benchmark_edition"):
        public = st.toggle(
            "For publication",
            key="benchmark_public",
            disabled=not context.reader.scope.force or context.selection.month > newest,
            help="A full month behind, small counts below LPA suppressed",
        )
        weights = default
        if len(loaded) > 1:
            start = loaded.index(default) if default in loaded else 0
            weights = st.selectbox("Crime harm weights", loaded, index=start, key="benchmark_weights", width=240)
    headline.caption(_rules(context, newest))
    allowed = context.reader.scope.force and context.selection.month <= newest
    return public and allowed, None if weights == default else weights


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


def narrowed(context: Context, rows: pl.DataFrame) -> pl.DataFrame:
    """Keep what the viewer asks to see: a level, some indicators, the selected area."""
    names = dict(rows.select("indicator_id", "indicator_name").unique(maintain_order=True).iter_rows())
    present = [level for level in export.LEVELS if level in rows["area_level"]]
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom", key="benchmark_filters"):
        level = st.selectbox("Level", [_ALL, *present], format_func=words.level, key="benchmark_level", width=200)
        chosen = st.multiselect(
            "Indicators",
            list(names),
            format_func=lambda one: f"{one} {names[one]}",
            placeholder="all indicators: type to search",
            key="benchmark_indicators",
            width=460,
        )
        verdict = st.selectbox("Verdict", [_ALL_VERDICTS, *_REAL, "no real change"], key="benchmark_verdict", width=200)
        narrow = context.selection.level != "force" and st.toggle(
            f"Only {plain.markdown(context.place)} and what is in it", key="benchmark_here"
        )
    kept = rows if level == _ALL else rows.filter(pl.col("area_level") == level)
    kept = kept.filter(pl.col("indicator_id").is_in(chosen)) if chosen else kept
    kept = kept if verdict == _ALL_VERDICTS else kept.filter(pl.col("verdict") == verdict)
    return kept.filter(pl.struct("area_level", "area_code").is_in(_inside(context))) if narrow else kept


def _inside(context: Context) -> pl.Series:
    """List the selected area and all areas in it."""
    selected = (context.selection.level, context.selection.code)
    places = [place for place in context.places.names if selected in line(context.places, place)]
    return pl.DataFrame(places, {"area_level": pl.String, "area_code": pl.String}, orient="row").to_struct()

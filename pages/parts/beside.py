"""The selected area beside the one that it is compared with: each figure, the difference, its interval."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from metrics.difference import differences, shares_beside, values_beside
from metrics.period import in_period
from pages.parts import headline, plots, tables
from pages.selections.context import Context, headed
from pages.wording import differences as wording
from pages.wording import figures, plain, sentences, words

_HOW = (
    "Shares: Newcombe's interval of a difference; rates: the log-normal interval of the ratio, from 5 events a side; "
    "both widened by how much the areas' own months vary. Of so many figures a few pass by chance."
)


def rows(context: Context, own: pl.DataFrame, compared: pl.DataFrame, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return what metrics.difference tells of each figure in the selected month, by its id."""
    asked = [context.indicator(one) for one in ids]
    found: dict[str, dict[str, Any]] = {}
    for one, indicator in zip(ids, asked, strict=True):
        mine, theirs = (_of_month(context, frame, one) for frame in (own, compared))
        told = differences(mine, theirs, [indicator]).to_dicts()
        if told:
            found[one] = told[0]
    return found


def _of_month(context: Context, frame: pl.DataFrame, one: str) -> pl.DataFrame:
    return in_period(headed(frame, one).filter(pl.col("month") == context.selection.month).head(1))


def table(
    context: Context,
    own: pl.DataFrame,
    compared: pl.DataFrame,
    ids: Sequence[str],
    *,
    key: str,
    names: Mapping[str, str] | None = None,
) -> None:
    """Draw the table, closed: a figure a row, of both areas, how far apart, and whether that is real.

    Closed, it says how many differ: the cards already have the other area's figures.
    """
    told = rows(context, own, compared, ids)
    lines = [_line(context, one, told[one], own, compared, names or {}) for one in ids if one in told]
    if not lines:
        return
    place = own["area_name"].first() or context.place
    title = context.titled(f"{place} beside {context.compared_name}, {context.when()}")
    level, _ = context.compared or ("", "")
    held = level == "force" and context.selection.level != "force"
    nested = f" {context.compared_name} holds {context.place}: the true interval is narrower." * held
    differ = wording.how_many_differ([row["result"] for row in told.values()])
    with st.expander(plain.markdown(f"Beside {context.compared_name}: {differ}"), key=f"besides_{key}"):
        tables.rows(context, pl.DataFrame(lines), key=f"beside_{key}", title=title)
        headline.caption(plain.markdown(_HOW + nested))


def _line(
    context: Context,
    one: str,
    row: Mapping[str, Any],
    own: pl.DataFrame,
    compared: pl.DataFrame,
    names: Mapping[str, str],
) -> dict[str, str]:
    indicator = context.indicator(one)
    mine, theirs = (_of_month(context, frame, one).to_dicts() for frame in (own, compared))
    return {
        "Figure": words.capital(names.get(one) or sentences.name(indicator, row["category"])),
        context.place: figures.whole(indicator, mine[0]),
        f"{context.compared_name} ": figures.whole(indicator, theirs[0]) if theirs else words.NOTHING,
        "Difference (95 % interval)": wording.difference(indicator, row),
        "Is it real?": wording.is_real(row),
    }


def shares(
    context: Context,
    own: pl.DataFrame,
    compared: pl.DataFrame,
    *,
    key: str,
    title: str,
    label: str,
    value: str,
    axis: str,
) -> None:
    """Draw the mix of two areas as bars side by side, each part as its share of its own area's: sizes do not matter."""
    both = shares_beside(own, compared, label, value)
    plots.paired(context, both, key=key, title=title, label=label, values=_names(context), unit="%", axis=axis)


def hours(
    context: Context,
    own: pl.DataFrame,
    compared: pl.DataFrame,
    *,
    key: str,
    title: str,
    axis: str,
    value: str = "value",
) -> None:
    """Draw what two areas have at each local hour, each as its share of its own area's whole day."""
    both = shares_beside(own, compared, "hour", value).sort("hour")
    plots.by_hour(context, both, key=key, title=title, values=_names(context), unit="%", axis=axis)


def by_hour(
    context: Context, own: pl.DataFrame, compared: pl.DataFrame, *, key: str, title: str, axis: str, unit: str
) -> None:
    """Draw a figure that does not follow an area's size at each local hour of two areas, as it is."""
    both = values_beside(own, compared, "hour")
    plots.by_hour(context, both, key=key, title=title, values=_names(context), unit=unit, axis=axis)


def _names(context: Context) -> dict[str, str]:
    return {"own": context.place, "beside": context.compared_name}

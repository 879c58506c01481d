"""The selections bar: chosen once, kept on every page, each choice removable; the address carries it all.

Streamlit's own binding of widgets to the address writes labels instead of codes, drops unknown values silently and
breaks Back; so the address is the only memory here, and the widgets are set from it on every run.
"""

from collections.abc import Callable, Sequence
from datetime import date

import streamlit as st

from metrics.levels import add_months
from pages.selections import breadcrumb, lists, period
from pages.selections.places import AREAS, SPOTS, Place, Places, at_level, below, in_lpas, joined, name_of
from pages.selections.selection import FORCE, LAST_MONTH, LAST_YEAR, Selection, listed, write, write_place
from pages.wording import plain, words

_ALL = {"lpa": "all LPAs", "sector": "all sectors", "neighbourhood": "all neighbourhoods"}
_FILTER_WIDTH = 164
_CHOSEN = ("month", "period", *AREAS[1:], *SPOTS, "compare")  # what has a chip
_PERIODS: dict[period.Kind, str] = {
    "month": "one month",
    "ytd": "year to date",
    "rolling12": "rolling 12 months",
    "range": "from … to",
    "months": "several months",
}
_PAST = ("last month", "same month last year")
_QUARTER = 3  # months, of a range that begins to be chosen
_NARROWED = {"hotspot": "on Patrols", "impact_area": "on Impact areas"}


def bar(
    selection: Selection,
    places: Places,
    months: Sequence[date],
    force_name: str,
    more: Callable[[], None],
    narrowed: Sequence[tuple[str, str]] = (),
) -> None:
    """Draw the filters, `more` beside them, and below them what is selected and narrowed (dimension, words)."""
    compared = comparisons(places, selection, force_name)
    with st.container(horizontal=True, gap="small", key="npd_bar", vertical_alignment="center"):
        with st.container(
            horizontal=True, gap="xsmall", key="npd_filters", vertical_alignment="center", width="content"
        ):
            _choices(selection, places, months, compared)
            more()
        _chips(selection, places, compared, narrowed)
    if selection.several:
        st.caption(plain.markdown(_together(selection, places)))


def _counted(selection: Selection) -> str:
    """Say how several months are counted, and what is not judged of them."""
    return (
        f"{words.capital(words.span(selection.months))}, counted as one: totals are sums, rates are sums divided once; "
        f"none where a month is withheld or unknown. Verdicts are of {words.month(selection.month)}, among its months."
    )


def _together(selection: Selection, places: Places) -> str:
    """Say how several areas are counted, and what is not judged of them."""
    names = name_of(places, (selection.level, selection.code))
    return (
        f"{names}, counted together: rates are sums divided once. Judged by their own months together; not ranked, "
        "no target; withheld where one of them is."
    )


def _choices(selection: Selection, places: Places, months: Sequence[date], compared: dict[str, str]) -> None:
    _months(selection, months)
    for level in AREAS[1:]:
        _areas(selection, places, level)
    against = {value: f"against {said}" for value, said in compared.items()}
    _choice("compare", "Compare with", list(compared), against, selection.compare, required=True)


def _months(selection: Selection, months: Sequence[date]) -> None:
    """Draw the choice of a period, and of its months."""
    named = {f"{month:%Y-%m}": words.month(month) for month in reversed(months)}
    _choice("period", "Period", list(_PERIODS), _PERIODS, selection.period, required=True, then=_period_chosen(months))
    if selection.period == period.RANGE:
        first = f"{selection.months[0]:%Y-%m}"
        upto = [month for month in named if month <= f"{selection.month:%Y-%m}"]
        _choice("from", "From", upto, {month: f"from {said}" for month, said in named.items()}, first, required=True)
    if selection.period == period.MONTHS:
        _several_months(selection, named)
        return
    to = "" if selection.period == period.ONE_MONTH else "to "
    chosen = f"{selection.month:%Y-%m}"
    _choice("month", "Month", list(named), {one: to + said for one, said in named.items()}, chosen, required=True)


def _several_months(selection: Selection, named: dict[str, str]) -> None:
    lists.multiple(
        "Months",
        list(named),
        [f"{month:%Y-%m}" for month in selection.months],
        key="choose_month",
        words=named.__getitem__,
        placeholder="newest month",
        on_change=_several_months_chosen,
        width=_FILTER_WIDTH,
        label_visibility="collapsed",
        wrap=False,
    )


def _several_months_chosen() -> None:
    go_to(write(st.query_params.to_dict(), "month", *st.session_state["choose_month"]))


def _period_chosen(months: Sequence[date]) -> Callable[[], None]:
    """Return what a choice of another period does: it keeps the last month, and a range begins as a quarter."""

    def chosen() -> None:
        given, kind = st.query_params.to_dict(), st.session_state["choose_period"]
        last = max((one for one in listed(given.get("month", ""), ()) if one), default="")
        address = write(given, "period", None if kind == period.ONE_MONTH else kind)
        if kind != period.MONTHS and last:
            address |= {"month": last}
        if kind == period.RANGE:
            newest = next((month for month in months if f"{month:%Y-%m}" == last), months[-1])
            address |= {"from": f"{max(add_months(newest, 1 - _QUARTER), months[0]):%Y-%m}"}
        go_to(address)

    return chosen


def offered_at(places: Places, selection: Selection, level: str) -> tuple[Place, ...]:
    """List the areas of a level that are possible with what is selected above them."""
    above = [(name, getattr(selection, name)) for name in AREAS[1 : AREAS.index(level)]]
    chosen = [place for place in above if place[1]]
    return below(places, chosen[-1], level) if chosen else at_level(places, level)


def _areas(selection: Selection, places: Places, level: str) -> None:
    """Draw the choice of areas of a level: of one, or of several that are then counted together."""
    offered = [code for _, code in offered_at(places, selection, level)]
    lists.multiple(
        words.capital(words.level(level)),
        offered,
        [code for code in selection.codes(level) if code in offered],
        key=f"choose_{level}",
        words=lambda code: places.names.get((level, code), code),
        placeholder=_ALL[level],
        on_change=_areas_chosen,
        args=(level, places),
        width=_FILTER_WIDTH,
        label_visibility="collapsed",
        wrap=False,
    )


def _areas_chosen(level: str, places: Places) -> None:
    codes = st.session_state[f"choose_{level}"]
    chosen = write(st.query_params.to_dict(), level, *codes)
    above = write_place({}, places, joined([(level, code) for code in codes])) if codes else {}
    go_to({**chosen, **above})


def comparisons(places: Places, selection: Selection, force_name: str) -> dict[str, str]:
    """Return what the selection may be compared with: a month, the force, another LPA, a sector of the same LPA."""
    # A period is compared with the same months a year before; the other choice draws them in the trends too.
    month, year = ("last year", "last year, by month") if selection.spans else _PAST
    offered = {LAST_MONTH: month, LAST_YEAR: year, FORCE: force_name}
    for place in at_level(places, "lpa"):
        if place[1] not in selection.codes("lpa"):
            offered[f"lpa:{place[1]}"] = places.names[place]
    for place in below(places, ("lpa", selection.lpa or ""), "sector"):
        if place[1] not in selection.codes("sector"):
            offered[f"sector:{place[1]}"] = places.names[place]
    if selection.compare not in offered:
        offered[selection.compare] = places.names.get(tuple(selection.compare.split(":", 1)), selection.compare)
    return offered


def go_to(address: dict[str, str]) -> None:
    """Put an address in the browser: one step of its history, so that Back undoes one choice."""
    st.query_params.from_dict(address)


def drill(places: Places, place: Place) -> None:
    """Select an area with everything above it; use it as a callback."""
    if place in places.names:
        go_to(write_place(st.query_params.to_dict(), places, place))


def drill_from_chart(places: Places, key: str) -> None:
    """Select the area of the point that was clicked in the chart `key`."""
    points = st.session_state[key]["selection"]["points"]
    if points and points[0].get("customdata"):
        level, code = points[0]["customdata"][:2]
        drill(places, (level, code))


def _choice(
    dimension: str,
    label: str,
    offered: Sequence[str],
    names: dict[str, str],
    chosen: str | None,
    nothing: str | None = None,
    required: bool = False,
    then: Callable[[], None] | None = None,
) -> None:
    lists.single(
        label,
        offered,
        chosen,
        index=0 if required else None,  # without a default the choice can be cleared
        key=f"choose_{dimension}",
        words=lambda code: names.get(code, code),
        placeholder=nothing or label,
        on_change=then or _chosen,
        args=() if then else (dimension,),
        filter_mode="contains",
        width=_FILTER_WIDTH,
        label_visibility="collapsed",
    )


def _chosen(dimension: str) -> None:
    go_to(write(st.query_params.to_dict(), dimension, st.session_state[f"choose_{dimension}"]))


def remove(dimension: str, code: str | None = None) -> None:
    """Take a choice away (of several, the one of `code`), with what hangs on it; use it as a callback."""
    given = st.query_params.to_dict()
    kept = [one for one in listed(given.get(dimension, ""), {code}) if code and one != code]
    go_to(write(given, dimension, *kept))


def add(places: Places, place: Place, selection: Selection) -> None:
    """Select an area beside those of its level that are selected, counted together; use it as a callback."""
    chosen = [(place[0], code) for code in selection.codes(place[0])]
    go_to(write_place(st.query_params.to_dict(), places, joined([*chosen, place])))


def _chips(selection: Selection, places: Places, compared: dict[str, str], narrowed: Sequence[tuple[str, str]]) -> None:
    """Say what is selected, highest first: each a button that removes it and what hangs on it."""
    given = st.query_params
    with st.container(horizontal=True, gap="xsmall", key="npd_chips", vertical_alignment="center", width="content"):
        breadcrumb.draw(selection, places)
        for dimension in _CHOSEN:
            for code, said in _said(dimension, selection, places, compared) if dimension in given else ():
                _chip(dimension, code, said, _removes(dimension, selection))
        for dimension, said in narrowed:
            _chip(dimension, None, said)
        if narrowed or any(dimension in given for dimension in _CHOSEN):
            st.button("Clear all", key="chip_all", type="tertiary", on_click=go_to, args=({},))


def _chip(dimension: str, code: str | None, said: str, told: str = "Remove") -> None:
    key = f"chip_{dimension}_{code}" if code else f"chip_{dimension}"
    st.button(f"{plain.markdown(said)} ✕", key=key, on_click=remove, args=(dimension, code), help=told)


def _removes(dimension: str, selection: Selection) -> str:
    """Say what a chip does, and of a period how its months are counted."""
    told = dimension in ("month", "period") and selection.spans
    return f"Remove. {plain.markdown(_counted(selection))}" if told else "Remove"


def _said(
    dimension: str, selection: Selection, places: Places, compared: dict[str, str]
) -> list[tuple[str | None, str]]:
    """Return what chips say of a choice, each of several with its own code."""
    if dimension == "month" and selection.period == period.MONTHS:
        return [(f"{month:%Y-%m}", f"Month: {words.month(month)}") for month in selection.months]
    if dimension == "month":
        return [(None, f"{'Month' if selection.period == period.ONE_MONTH else 'To'}: {words.month(selection.month)}")]
    if dimension == "period":
        counted = words.span(selection.months) if selection.period == period.RANGE else _PERIODS[selection.period]
        return [(None, f"Period: {counted}")]
    if dimension == "compare":
        return [(None, f"Compared with: {compared[selection.compare]}")]
    if dimension in SPOTS:
        return [(None, said) for said in [_spot_said(dimension, selection, places)] if said]
    codes = selection.codes(dimension)
    said = [(code, f"{words.level(dimension)}: {places.names[dimension, code]}") for code in codes]
    return said if len(codes) > 1 else [(None, one) for _, one in said]


def _spot_said(level: str, selection: Selection, places: Places) -> str:
    """Name the hotspot or Impact Area chosen, and the page that it narrows; nothing where it is in another LPA."""
    spot = (level, st.query_params[level])
    if spot not in places.names or not in_lpas(places, spot, selection.codes("lpa")):
        return ""
    return f"{words.capital(words.level(level))} ({_NARROWED[level]}): {places.names[spot]}"

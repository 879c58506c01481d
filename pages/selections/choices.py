"""A page's own choices: kept in the address like the filters, so that a link restores them and Back undoes them."""

from collections.abc import Callable, Mapping

import streamlit as st

from pages.selections import filters, lists
from pages.selections.selection import SEPARATOR
from pages.wording import plain


def choose(
    name: str,
    label: str,
    offered: Mapping[str, str],
    *,
    default: str | None = None,
    nothing: str = "",
    note: str = "",
    left_out: str = "",
) -> str | None:
    """Draw a list to choose from, and give what is chosen: a key of `offered`, whose values are the words shown.

    `name` is the key in the address; without `default` nothing may be chosen, and `nothing` says what that means.
    A value in the address that is not offered (any more) is said and left out, in the words `left_out` where they are
    given. `note` explains the choice.
    """
    given = st.query_params.get(name)
    chosen = given if given in offered else default
    if given is not None and given not in offered:
        gone = f"“{given[:20]}” is no choice here (any more) for “{label}”."
        st.warning(plain.markdown(left_out or gone))
    lists.single(
        label,
        list(offered),
        chosen,
        index=None if default is None else 0,
        key=f"own_{name}",
        words=lambda code: offered.get(code, code),
        placeholder=nothing,
        on_change=_chosen,
        args=(name, default),
        help=note or None,
    )
    return chosen


def several(name: str, label: str, offered: Mapping[str, str], *, nothing: str, left_out: str = "") -> tuple[str, ...]:
    """Draw a list to choose any number from, and return the keys of `offered` that are chosen; see `choose`."""
    given = st.query_params.get(name, "")
    # A key may have a comma in it, as a category may.
    chosen = [one for one in offered if f"{SEPARATOR}{one}{SEPARATOR}" in f"{SEPARATOR}{given}{SEPARATOR}"]
    known = {part for one in chosen for part in one.split(SEPARATOR)}
    for gone in filter(None, set(given.split(SEPARATOR)) - known):
        said = f"“{gone[:20]}” is no choice here (any more) for “{label}”. {left_out}"
        st.warning(plain.markdown(said))
    lists.multiple(
        label,
        list(offered),
        chosen,
        key=f"own_{name}",
        words=lambda code: offered.get(code, code),
        placeholder=nothing,
        on_change=_several_chosen,
        args=(name,),
    )
    return tuple(chosen)


def switch(name: str, label: str, *, note: str = "", disabled: bool = False) -> bool:
    """Draw a switch that is off unless the address has it on, and always off where it is disabled."""
    key = f"switch_{name}"
    lists.put(key, not disabled and st.query_params.get(name) == "yes")
    return st.toggle(label, key=key, help=note or None, disabled=disabled, **lists.heard(key, _switched, (name,)))


def amount(name: str, label: str, *, most: int, step: int, default: int) -> int:
    """Draw a slider from 0 to `most`, and return where it stands; see `choose`."""
    given = st.query_params.get(name)
    chosen = default if given is None else next((one for one in range(0, most + 1, step) if f"{one}" == given), None)
    if chosen is None:
        said = f"“{given[:20]}” is no choice here for “{label}”: it is 0 to {most}, in steps of {step}."
        st.warning(plain.markdown(said))
    key = f"own_{name}"
    lists.put(key, default if chosen is None else chosen)
    return st.slider(label, 0, most, step=step, key=key, **lists.heard(key, _amount_chosen, (name, default)))


def _amount_chosen(name: str, default: int) -> None:
    value = st.session_state[f"own_{name}"]
    _put(name, None if value == default else f"{value}")


def _chosen(name: str, default: str | None) -> None:
    value = st.session_state[f"own_{name}"]
    _put(name, None if value == default else value)


def _several_chosen(name: str) -> None:
    _put(name, SEPARATOR.join(st.session_state[f"own_{name}"]) or None)


def _switched(name: str) -> None:
    _put(name, "yes" if st.session_state[f"switch_{name}"] else None)


def _put(name: str, value: str | None) -> None:
    kept = {key: given for key, given in st.query_params.to_dict().items() if key != name}
    filters.go_to(kept if value is None else {**kept, name: value})


def tabs(name: str, sections: Mapping[str, tuple[str, Callable[[], None]]]) -> None:
    """Draw sections as tabs, of which only the open one is worked out: a key of `sections`, its words, how it is drawn.

    `name` is the key in the address, which holds the open tab; the first is open where it holds none.
    """
    first, labels = next(iter(sections)), {key: said for key, (said, _) in sections.items()}
    given = st.query_params.get(name, first)
    if given not in sections:
        st.warning(f"“{plain.markdown(given[:20])}” is no part of this page (any more).")
    widget = f"tabs_{name}"
    lists.put(widget, labels.get(given, labels[first]))
    drawn = st.tabs(list(labels.values()), key=widget, **lists.heard(widget, _opened, (name, labels)))
    for tab, (_, draw) in zip(drawn, sections.values(), strict=True):
        if tab.open:
            with tab:
                draw()


def _opened(name: str, labels: Mapping[str, str]) -> None:
    said = st.session_state[f"tabs_{name}"]
    chosen = next(key for key, label in labels.items() if label == said)
    _put(name, None if chosen == next(iter(labels)) else chosen)

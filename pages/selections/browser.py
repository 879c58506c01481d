"""The areas as lists side by side, each value selected, possible or excluded, as in the tool this suite replaces."""

from functools import lru_cache
from typing import Any

import streamlit as st

from pages.selections import filters
from pages.selections.places import AREAS, Place, Places, at_level, each, line
from pages.selections.selection import Selection
from pages.wording import words

_CSS = """
.lists { display: grid; grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); gap: 0.75rem; }
.list { color: var(--st-text-color); }
.list h4 { margin: 0 0 0.25rem; font: 600 0.9rem var(--st-font); }
.list input { width: 100%; box-sizing: border-box; font: 0.85rem var(--st-font); padding: 0.25rem;
  color: inherit; background: var(--st-background-color); border: 1px solid var(--st-border-color); }
.values { height: 300px; overflow-y: auto; border: 1px solid var(--st-border-color); margin-top: 0.25rem; }
button { display: block; width: 100%; text-align: left; border: 0; border-bottom: 1px solid var(--st-border-color);
  padding: 0.3rem 0.5rem; font: 0.85rem var(--st-font); color: inherit;
  background: var(--st-background-color); cursor: pointer; }
button.selected { background: var(--st-green-background-color); font-weight: 700; }
button.excluded { background: var(--st-secondary-background-color); text-decoration: line-through; }
button:focus-visible { outline: 3px solid; outline-offset: -3px; }
"""
_JS = """
export default function ({ data, parentElement, setTriggerValue }) {
  const made = (tag, properties) => Object.assign(document.createElement(tag), properties);
  let lists = parentElement.querySelector('.lists');
  if (!lists) parentElement.appendChild(lists = made('div', { className: 'lists' }));
  const typed = Object.fromEntries([...lists.querySelectorAll('input')].map(box => [box.name, box.value]));
  lists.replaceChildren(...data.map(list => {
    const box = made('input', { type: 'search', name: list.level, placeholder: 'Find' });
    box.value = typed[list.level] || '';
    box.setAttribute('aria-label', 'Find in ' + list.title);
    const values = made('div', { className: 'values' });
    values.append(...list.values.map(([code, name, state]) => {
      const tick = state === 'selected' ? '\u2713 ' : '';
      const value = made('button', { type: 'button', className: state, title: state, textContent: tick + name });
      value.setAttribute('aria-pressed', String(state === 'selected'));
      if (state === 'excluded') value.setAttribute('aria-label', name + ', excluded by the selection');
      value.onclick = () => setTriggerValue('picked', list.level + ':' + code);
      return value;
    }));
    box.oninput = () => {
      const sought = box.value.toLowerCase();
      for (const value of values.children) value.hidden = !value.textContent.toLowerCase().includes(sought);
    };
    box.oninput();
    const part = made('div', { className: 'list' });
    part.append(made('h4', { textContent: list.title }), box, values);
    return part;
  }));
}
"""
_ORDER = ("selected", "possible", "excluded")


def draw(selection: Selection, places: Places) -> None:
    """Draw the lists behind one button; a click on a value selects it, on a selected one takes it away."""
    opened = st.popover("Browse areas", key="npd_browse", on_change="rerun")
    if not opened.open:
        return
    with opened:
        st.markdown(
            "**✓ selected** · possible (a click adds one of the same level) · ~~excluded~~ (a click switches to it)"
        )
        _lists()(data=_values(selection, places), key="npd_lists", on_picked_change=lambda: _picked(selection, places))


@lru_cache(maxsize=1)
def _lists() -> Any:
    return st.components.v2.component("npd_lists", css=_CSS, js=_JS)


def _values(selection: Selection, places: Places) -> list[dict[str, Any]]:
    lists = []
    for level in AREAS[1:]:
        named = words.level(level, many=True)
        values = [
            (code, places.names[level, code], _state((level, code), selection, places))
            for _, code in at_level(places, level)
        ]
        values.sort(key=lambda value: _ORDER.index(value[2]))
        lists.append({"level": level, "title": named[0].upper() + named[1:], "values": values})
    return lists


def _state(place: Place, selection: Selection, places: Places) -> str:
    level, code = place
    if code in selection.codes(level):
        return "selected"
    if level == selection.level:
        return "possible"
    chosen = each((selection.level, selection.code))
    return "possible" if set(chosen).intersection(line(places, place)) else "excluded"


def _picked(selection: Selection, places: Places) -> None:
    level, _, code = (st.session_state["npd_lists"].get("picked") or "").partition(":")
    if (level, code) not in places.names:
        return
    if code in selection.codes(level):
        filters.remove(level, code)
    elif level == selection.level:
        filters.add(places, (level, code), selection)
    else:
        filters.drill(places, (level, code))

"""The main script: who is asking, what is there, what is selected; then the one page that was opened."""

from collections.abc import Callable
from contextlib import ExitStack
from types import ModuleType

import streamlit as st

from data_access.answers.reader import Reader
from data_access.scope import scope_of
from pages.parts import sheet, strip
from pages.selections import browser, filters, narrowing, selection
from pages.selections.context import Context, Narrowed, compared_place
from pages.shell import first_run, navigation, search, start, viewers, views
from pages.shell.order import PAGES
from pages.wording import plain


def main() -> None:
    """Run once per click."""
    settings = start.current()
    store = start.store()
    version = start.shown()
    viewer = viewers.sign_in(settings, store, version)
    reader = Reader(store=store, version=version, scope=scope_of(viewer))
    if not version.months:
        first_run.build(settings, store)
    if first_run.is_unfinished(version):
        first_run.go_on(store)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="npd_top"):
        strip.draw(reader)
        sought = st.container(width=280, key="npd_sought")
        viewers.menu(settings, store, viewer)
    try:
        frame = start.frame(reader)
    except PermissionError as error:
        st.error(plain.markdown(f"Nothing can be shown: {error}."))
        return
    with sought:
        found = search.box(frame.places)
    if found:
        search.go(*found)
        return
    draw_page(reader, frame)


def draw_page(reader: Reader, frame: start.Frame) -> None:
    """Draw navigation, selections bar and the page that was opened."""
    force = reader.settings.force
    same = viewers.same_again(reader.store)
    chosen, problems = selection.read(st.query_params.to_dict(), frame.places, frame.months, frame.newest)
    compared, compared_name = compared_place(chosen, frame.places, (force.code, force.name))
    context = Context(
        reader=reader,
        places=frame.places,
        months=frame.months,
        provisional=frame.provisional,
        selection=chosen,
        compared=compared,
        compared_name=compared_name,
        scope_now=lambda: scope_of(same()),
    )
    narrowed, left_out = narrowing.read(context, st.query_params.to_dict())
    opened, page = _navigation(context, narrowed)
    first = views.start(reader, frame.places, page == search.name_of(PAGES[0]) and not st.query_params.to_dict())
    if first:
        search.go(*first, instead=True)
        return
    sheet.draw(context)

    def more() -> None:
        browser.draw(chosen, frame.places)
        narrowing.picker(context, page)
        views.draw(context, page)

    chips = narrowing.chips(narrowed, page)
    filters.bar(chosen, frame.places, frame.months, force.name, more, chips)
    narrowing.say(narrowing.on_page(context, page, narrowed), page, narrowed)
    for problem in (*problems, *left_out):
        st.warning(plain.markdown(problem))
    try:
        with ExitStack() as working:
            with st.container(key="npd_working"):
                working.enter_context(st.spinner("Working it out"))
            opened.run()
    except PermissionError as error:
        reader.record("refused", opened.title, str(error), daily=True)
        st.error(plain.markdown(f"This is not yours to see: {error}. Choose another page, or another area above."))


def _navigation(context: Context, narrowed: tuple[Narrowed, ...]) -> tuple[st.Page, str]:
    """Draw the navigation; give the page that is open, and its name in an address."""
    contexts = {module: narrowing.on_page(context, search.name_of(module), narrowed) for module in PAGES}
    listed = [
        st.Page(_bound(module, contexts[module]), title=module.TITLE, url_path=search.name_of(module), default=not step)
        for step, module in enumerate(PAGES)
    ]
    opened = st.navigation(listed, position="hidden")
    st.set_page_config(page_title=f"{opened.title} · Neighbourhood Policing", page_icon=start.ICON, layout="wide")
    # Streamlit's own menu drops the address's selection on a page change; the links below carry it.
    # What opens pages and filters on a telephone, by the style sheet alone: no run, and the page stays as it is.
    with st.container(key="npd_openers"):
        st.html(
            f'<div class="npd-openers"><details class="npd-open-pages"><summary>{opened.title}</summary></details>'
            '<details class="npd-open-filters"><summary>Filters</summary></details></div>'
        )
    page = next(search.name_of(module) for module in PAGES if opened.title == module.TITLE)
    with st.container(key="npd_nav"):
        navigation.draw(page)
    return opened, page


def _bound(module: ModuleType, context: Context) -> Callable[[], None]:
    def page() -> None:
        module.render(context)

    return page


main()

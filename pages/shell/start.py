"""What the server opens once and every viewer shares: settings, store, and what a scope can choose from."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from data_access.answers.answer import Question, answer
from data_access.answers.changeover import Changeover
from data_access.answers.freshness import newest_month, provisional_month
from data_access.answers.harm import HarmQuestion, side_by_side
from data_access.answers.reader import Reader
from data_access.scope import scope_of
from data_access.settings import Settings, load_settings, settings_file
from data_access.store import DataVersion, Store
from metrics import indicators_of
from metrics.levels import AREA_LEVELS, PLACE_LEVELS, months_between
from pages.selections.places import Places, places_of
from pages.shell.first_run import is_unfinished

PAGES = Path(__file__).resolve().parent.parent
STYLE = PAGES / "style.css"
ICON = str(PAGES / "static" / "icon.png")


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What a scope can choose from in one data version.

    `provisional` months may still change; `newest` is the last one that will not.
    """

    places: Places
    months: tuple[date, ...]
    provisional: frozenset[date]
    newest: date


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Read config.toml once."""
    return load_settings()


def current() -> Settings:
    """Return config.toml: who signs in and who sees what as the file says now, all else as it said at the start.

    Raises SettingsError where the file cannot be read any more: nobody is let in by what no longer stands there.
    """
    file = settings_file()
    found = file.stat() if file.exists() else None
    now = _read(file, found and (found.st_ino, found.st_mtime_ns, found.st_size))
    return replace(settings(), sign_in=now.sign_in, viewers=now.viewers)


@lru_cache(maxsize=2)
def _read(file: Path, _state: tuple[int, int, int] | None) -> Settings:
    return load_settings(file)


@lru_cache(maxsize=1)
def store() -> Store:
    """Open the store once; every viewer shares its connections."""
    return Store.open(settings())


def shown() -> DataVersion:
    """Return the data version that this server answers from; see data_access/answers/changeover.py."""
    return _changeover(store()).shown()


@lru_cache(maxsize=1)
def _changeover(opened: Store) -> Changeover:
    return Changeover(opened)


def health() -> tuple[int | None, int]:
    """Return the data version and the HTTP status that says whether the store answers."""
    try:
        return store().version().number, 200
    except Exception:
        return None, 503


def warm_up() -> None:
    """Import what every page needs and read each viewer's frame, before the first of them arrives."""
    from pages import abstractions  # noqa: F401 - plotly and polars are the slow part of the first second

    opened = store()
    for viewer in settings().viewers:
        reader = Reader.open(opened, scope_of(viewer))
        with suppress(PermissionError):  # the shell says so to the one viewer whose areas are not in the data
            if reader.version.months:
                frame(reader)


def warm_answers() -> None:
    """Work out every viewer's series in the newest data version, so that a click finds them ready; then show it."""
    opened = store()
    version = opened.version()
    if not version.months:
        return
    for viewer in settings().viewers:
        reader = Reader(store=opened, version=version, scope=scope_of(viewer))
        month = version.months[1]
        for level in (*AREA_LEVELS, *PLACE_LEVELS):
            ids = tuple(one.id for one in indicators_of() if level in one.levels)
            answer(reader, Question(indicators=ids, level=level, since=month, until=month))
        side_by_side(reader, HarmQuestion(month=month))  # inside Impact Areas and outside, series of their own
    if not is_unfinished(version):  # what follows that appears as soon as it is there
        _changeover(opened).worked_out(version)


@lru_cache(maxsize=256)
def frame(reader: Reader) -> Frame:
    """Return what a reader's viewer can choose from in a data version that has months; kept until the next load."""
    first, last = reader.version.months or (date.min, date.min)
    months = tuple(months_between(first, last))
    open_month = provisional_month(reader)
    provisional = frozenset(month for month in months if open_month and month >= open_month)
    return Frame(
        places=places_of(reader.members().to_dicts(), reader.scope),
        months=months,
        provisional=provisional,
        newest=newest_month(reader) or last,
    )

"""The files of a folder: which feed each belongs to, and which were loaded before."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Row, func, select

from data_access.database.schema import metadata
from data_access.feeds import probe
from data_access.feeds.contract import FEEDS, FIXES, columns_of
from data_access.feeds.open_data import DEFAULT_OUTCOMES, DEFAULT_WEIGHTS, Kind, open_kind
from data_access.feeds.reading import SUFFIXES, UnreadableFile, fingerprint
from data_access.load.judged import StaysFolder, sha256_of
from data_access.stays.manifest import SourceFile

# What radio fixes are judged by as they come: after one of these the same fixes may tell otherwise.
JUDGED_BY = ("duties", "activity_codes", "neighbourhoods", "premises", "hotspots", "officers")
load_files = metadata.tables["load_files"]
# What open data is called in the ledger; ward files and neighbourhoods replace each other's rows.
OPEN_FEEDS: dict[Kind, str] = {
    "wards": "neighbourhoods",
    "street": "street",
    "stop-and-search": "stop-and-search",
    "ethnicity": "population",
}
SHIPPED = {"weights": DEFAULT_WEIGHTS, "outcome_codes": DEFAULT_OUTCOMES}
SHIPPED_MARK = " (ships with the suite)"  # ends the name of such a file in the ledger
ORDER = [*FEEDS, "street", "stop-and-search", FIXES]


class NothingToLoad(Exception):
    """Nothing in the folder could be loaded; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """A file of the folder: its name within it, the feed it belongs to (None: not ours), its kind of open data.

    `stays`: the folder of a stays job by way of which a file of fixes comes, and what that says of the file.
    """

    path: Path
    name: str
    feed: str | None
    open_data: Kind | None = None
    sha256: str = ""
    stays: tuple[StaysFolder, SourceFile] | None = None


def find_files(folder: Path) -> tuple[list[Found], list[Found]]:
    """List the files of a folder and its sub-folders that are ours, and the others."""
    if not folder.is_dir():
        raise NothingToLoad(f"{folder} is not a folder; give the folder that holds the extracts")
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not _hidden(path, folder))
    _refuse_what_lies_elsewhere(folder, paths)
    found = [_found(path, path.relative_to(folder).as_posix()) for path in paths]
    ours = [one for one in found if one.feed]
    if not ours:
        names = ", ".join(f"{name}.csv" for name in ("officers", "duties", "incidents"))
        raise NothingToLoad(f"{folder} holds no file of a feed: {names} and so on, as the input contract names them")
    broken = probe.unreadable([one.path for one in ours if one.path.suffix == ".parquet"])
    if broken:
        raise UnreadableFile(f"{broken[0].name} cannot be read: {broken[1]}")
    return ours, [one for one in found if not one.feed]


def in_order(files: Iterable[Found]) -> list[Found]:
    """Put files of feeds in the order in which they load: a feed after those that it refers to, its files by name."""
    return sorted(files, key=lambda one: (ORDER.index(one.feed or ""), one.name))


def files_of_stays(folders: Iterable[StaysFolder]) -> list[Found]:
    """List the files of fixes that come by way of folders of stays."""
    return [
        Found(path=folder.path, name=one.name, feed=FIXES, sha256=sha256_of(folder, one), stays=(folder, one))
        for folder in folders
        for one in folder.manifest.files
    ]


def _refuse_what_lies_elsewhere(folder: Path, paths: list[Path]) -> None:
    """Refuse a link that leads out of the folder: whoever wrote it chose what this account may read."""
    inside = folder.resolve()
    for path in paths:
        if not path.resolve().is_relative_to(inside):
            name = path.relative_to(folder).as_posix()
            raise NothingToLoad(f"{name} is a link to a file outside the folder: put the file itself there")


def shipped() -> list[Found]:
    """Return the default weight set and the outcome names: every store loads them once, and each new edition again."""
    return [
        Found(path=path, name=f"{path.name}{SHIPPED_MARK}", feed=feed, sha256=fingerprint(path))
        for feed, path in SHIPPED.items()
    ]


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _found(path: Path, name: str) -> Found:
    feed, kind = feed_of(path), None
    try:
        kind = open_kind(path)
    except UnreadableFile:
        if feed:
            raise
    feed = OPEN_FEEDS[kind] if kind else feed
    return Found(path=path, name=name, feed=feed, open_data=kind, sha256=fingerprint(path) if feed else "")


def feed_of(path: Path) -> str | None:
    """Name the feed of a file: `<feed>.csv`, `<feed>-anything.csv`, or the same as Parquet or GeoJSON."""
    feed = path.stem if path.stem in FEEDS else path.stem.split("-")[0]
    if feed == FIXES or path.stem == FIXES:
        return FIXES if path.suffix in (".csv", ".parquet") else None
    if feed not in FEEDS or path.suffix not in SUFFIXES:
        return None
    has_geometry = any(column.name == "geometry" for column in columns_of(FEEDS[feed]))
    return feed if has_geometry == (path.suffix == ".geojson") else None


def loaded_before(connection: Connection, files: Iterable[Found]) -> dict[str, Row]:
    """Find the files whose loading again would change nothing: their names, each with its row of the ledger.

    These are the files that were, in order, the last loaded of their feed (of their force and month, for open data).
    Where rows were set aside for want of a code, a feed that came since might know it: then they are read again. So are
    fixes after any file that they are judged by.
    """
    newest = connection.execute(select(func.max(load_files.c.load_id))).scalar()
    if newest is None:
        return {}
    groups: dict[tuple[str, str], list[Found]] = {}
    for one in files:
        own = one.path.name if one.open_data in ("street", "stop-and-search") else ""
        groups.setdefault((one.feed or "", own), []).append(one)
    before: dict[str, Row] = {}
    for (feed, own), group in groups.items():
        last = _last(connection, feed, own, len(group))
        same = [one.sha256 for one in group] == [row.sha256 for row in last]
        if same and (_judged(connection, last) if feed == FIXES else _settled(feed, last, newest)):
            before |= {one.name: row for one, row in zip(group, last, strict=True)}
    fresh = {one.feed for group in groups.values() for one in group if one.name not in before}
    return {name: row for name, row in before.items() if not _touched(row, fresh)}


def _touched(file: Row, fresh: set[str | None]) -> bool:
    """Tell whether fresh files of other feeds may change what a file of before gives."""
    if file.feed == FIXES:
        return not fresh.isdisjoint(JUDGED_BY)
    return file.rows_set_aside > 0 and not fresh.isdisjoint(_refers_to(file.feed))


def _judged(connection: Connection, fixes: list[Row]) -> bool:
    """Tell whether fixes came after all that they are judged by."""
    query = select(func.max(load_files.c.file_id)).where(load_files.c.feed.in_(JUDGED_BY))
    return (connection.execute(query).scalar() or 0) < fixes[0].file_id


def _refers_to(feed: str) -> set[str]:
    return {reference.feed for reference in FEEDS[feed].references} if feed in FEEDS else set()


def _last(connection: Connection, feed: str, own: str, count: int) -> list[Row]:
    """Read the newest `count` files of a feed in the ledger, oldest first."""
    of_feed = load_files.c.feed == feed
    named = (load_files.c.file_name == own) | load_files.c.file_name.endswith(f"/{own}", autoescape=True)
    query = select(load_files).where(of_feed & named if own else of_feed)
    return list(reversed(connection.execute(query.order_by(load_files.c.file_id.desc()).limit(count)).all()))


def _settled(feed: str, files: list[Row], newest_load: int) -> bool:
    complete = all(row.rows_set_aside == 0 for row in files)
    return complete or not _refers_to(feed) or files[-1].load_id == newest_load

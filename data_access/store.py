"""The store: its database, the folder of its published facts, its data version, and what viewers write into it.

What is read of it is read through a `Reader` (data_access/answers/reader.py), which no scope can be left out of.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import polars as pl
from sqlalchemy import Engine, func, select
from sqlalchemy.engine import make_url

from data_access.database import desk, editions, explanations, migrate, sign_ins, tokens, trail
from data_access.database.connection import lock_loads, open_engine, reading, writing
from data_access.database.ledger import is_unfinished, names_of
from data_access.database.schema import metadata
from data_access.database.secret import pseudonym, secret_of
from data_access.facts import publish, references
from data_access.feeds.pseudonyms import naming_of, pseudonym_of
from data_access.private import own_file, own_folder
from data_access.settings import ROOT, Settings

loads = metadata.tables["loads"]
CACHED_LOADS = 256


@dataclass(frozen=True, kw_only=True)
class DataVersion:
    """The load that the store's contents come from; number 0 and no time: nothing was loaded yet.

    `months` are the first and last month of any published fact; `judged_at` is when the newest dip-sample verdict was
    recorded or withdrawn, since verdicts come between loads, `explained_at` the newest explanation and `explained` how
    many explanations and decisions there are (versions that differ in these alone are equal). `decided_at` is when the
    newest recording change was approved or withdrawn, which may change any verdict. `sample` tells that every load was
    of a sample force.
    """

    number: int
    loaded_at: datetime | None
    loaded_by: str = ""
    folder: str = ""
    months: tuple[date, date] | None = None
    judged_at: datetime | None = field(default=None, compare=False)
    explained_at: datetime | None = field(default=None, compare=False)
    explained: int = field(default=0, compare=False)
    decided_at: datetime | None = None
    sample: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Store:
    """An open store. `facts_dir` holds the published read copies; `settings` are those it was opened with."""

    engine: Engine
    desk: Engine
    facts_dir: Path
    settings: Settings

    @staticmethod
    def open(settings: Settings | str, facts_dir: Path | None = None, *, url: str | None = None) -> "Store":
        """Open the store of `settings` (or a URL alone, with default settings), made and migrated where needed.

        `url` and `facts_dir` come before what the settings say.
        """
        known = Settings() if isinstance(settings, str) else settings
        chosen = url or (settings if isinstance(settings, str) else settings.store_url)
        folder = facts_dir or (known.facts_dir if chosen == known.store_url else None) or _beside(chosen)
        engine = open_engine(chosen)
        if make_url(chosen).drivername == "sqlite":
            _keep_from_others(Path(make_url(chosen).database or ""))
        written = desk.desk_url(chosen)
        desk_engine = engine if written == chosen else open_engine(written)
        own_folder(folder)
        store = Store(engine=engine, desk=desk_engine, facts_dir=folder.resolve(), settings=known)
        try:
            for one in {id(engine): engine, id(desk_engine): desk_engine}.values():
                migrate.to_newest(one, store.secret)
            store._complete()
        except ValueError:
            store.close()
            raise
        return store

    def _complete(self) -> None:
        """Publish what the version of the suite that made this store did not."""
        with reading(self.engine) as connection:
            if references.is_complete(connection):
                return
        with writing(self.engine) as connection:
            lock_loads(connection)
            newest = connection.execute(select(func.max(loads.c.load_id))).scalar_one()
            references.complete(connection, self.facts_dir, load_id=newest, now=datetime.now(UTC))

    @property
    def secret(self) -> bytes:
        """The deployment's secret: what pseudonyms and the trail's seals are made with."""
        return secret_of(self.facts_dir)

    def naming(self) -> bytes | None:
        """Return the key that officers and callers are named with; None: by the force's own identifiers."""
        with reading(self.engine) as connection:
            return naming_of(self.secret) if names_of(connection) else None

    def close(self) -> None:
        """Close every connection; the store opens new ones if it is used again."""
        self.engine.dispose()
        self.desk.dispose()

    def version(self, number: int | None = None) -> DataVersion:
        """Return a data version (None: the newest), with what viewers had recorded by now."""
        asked = select(loads) if number is None else select(loads).where(loads.c.load_id == number)
        with reading(self.engine) as connection:
            row = connection.execute(asked.order_by(loads.c.load_id.desc()).limit(1)).first()
            if row is None or is_unfinished(row.report):
                return DataVersion(number=0, loaded_at=None)
        months, sample = _of_load(self, row.load_id)
        explained_at, decided_at, explained = explanations.newest(self.desk)
        return DataVersion(
            number=row.load_id,
            loaded_at=row.finished_at,
            loaded_by=row.loaded_by,
            folder=row.folder,
            months=months,
            judged_at=desk.newest_verdict(self.desk),
            explained_at=explained_at,
            explained=explained,
            decided_at=decided_at,
            sample=sample,
        )

    def record(
        self,
        viewer: str,
        what: str,
        whom: str | None = None,
        reason: str | None = None,
        *,
        people: Sequence[str] = (),
        daily: bool = False,
    ) -> None:
        """Enter in the audit trail that `viewer` did `what` (viewed, exported, refused ...) to `whom`.

        `people` are ids: an entry each, under pseudonyms, in an order that tells nothing. `daily`: the same is entered
        once a day, whoever of the servers is asked.
        """
        named = sorted(pseudonym(self.secret, one) for one in people) if people else [whom]
        entries = [trail.Entry(viewer=viewer, what=what, whom=one, reason=reason) for one in named]
        trail.append(self.desk, self.secret, [trail.once_a_day(one) for one in entries] if daily else entries)

    def trail(self, limit: int | None = 1000, before: int | None = None) -> pl.DataFrame:
        """Return the newest entries of the audit trail: number, at, viewer, what, whom, reason; None: all.

        `before` leaves out the entries from that number on.
        """
        return trail.read(self.desk, limit=limit, before=before)

    def trail_length(self) -> int:
        """Count the entries of the audit trail."""
        return trail.count(self.desk)

    def trail_of(self, officer_id: str) -> pl.DataFrame:
        """Return every entry of the audit trail about an officer, the newest first."""
        stored = pseudonym_of(officer_id, "officer", naming_of(self.secret))
        names = [pseudonym(self.secret, one) for one in (officer_id, stored)]
        return self.trail(None).filter(pl.col("whom").is_in(names))

    def verify_trail(self, known: tuple[int, str] | None = None) -> tuple[str | None, tuple[int, str]]:
        """Return what is wrong with the audit trail (None: nothing) and its last right entry, as trail.verify does."""
        return trail.verify(self.desk, self.secret, known)

    def done_since(self, viewer: str, what: str, moment: datetime) -> int:
        """Count how often a viewer did `what` since a moment."""
        return trail.since(self.desk, viewer, what, moment)

    def newest_edition(self) -> int:
        """Return the number of the newest public edition; 0: nothing was published yet."""
        return editions.newest(self.desk)

    def told(self, until: int) -> pl.DataFrame | None:
        """Return what the public editions up to number `until` told, as metrics.suppression takes it."""
        return editions.read(self.desk, until)

    def release(self, cells: pl.DataFrame, months: Sequence[date], *, after: int, by: str, data_version: int) -> int:
        """Keep what a public edition tells, as editions.release does; return its number."""
        return editions.release(self.desk, cells, months, after=after, by=by, data_version=data_version)

    def keep_sign_in(self, sign_in: str, viewer: str, idle: timedelta) -> str | None:
        """Note that a sign-in is used; give what ended it (signed out, idle), None: it goes on."""
        return sign_ins.keep(self.desk, self.secret, sign_in, viewer, idle)

    def end_sign_in(self, sign_in: str, viewer: str, why: str) -> None:
        """End a sign-in in every tab, and for every copy of its cookie."""
        sign_ins.end(self.desk, self.secret, sign_in, viewer, why)

    def token(self, given: str) -> tokens.Token | None:
        """Return the token that was shown, ended or not; None: it is none of ours."""
        return tokens.proven(self.desk, given)

    def asked_by_token(self, token: tokens.Token, request: str, most: int) -> timedelta | None:
        """Enter in the audit trail what a token asks; after `most` in an hour not, but return how long to wait."""
        now, hour = datetime.now(UTC), timedelta(hours=1)
        entry = trail.Entry(viewer=token.viewer, what="asked by token", whom=token.name, reason=request)
        oldest = trail.append_within_limit(self.desk, self.secret, entry, now - hour, most)
        return None if oldest is None else oldest + hour - datetime.now(UTC)

    def judge(self, viewer: str, incident_id: str, *, correct: bool, should_be_crime: bool, reason: str) -> None:
        """Record a dip-sample verdict; it counts in `audits` from the next read on."""
        values = {"correct": correct, "should_be_crime": should_be_crime, "reason": reason}
        desk.judge(self.desk, self.secret, viewer, incident_id, **values)

    def withdraw(self, viewer: str, incident_id: str, reason: str) -> None:
        """Record that the verdict on an incident no longer counts, from the next read on."""
        desk.withdraw(self.desk, self.secret, viewer, incident_id, reason)


@lru_cache(maxsize=CACHED_LOADS)
def _of_load(store: Store, load_id: int) -> tuple[tuple[date, date] | None, bool]:
    """Return the months of a load's data version, and whether it and all before it were of a sample force."""
    real = select(loads.c.load_id).where(loads.c.sample.is_(False), loads.c.load_id <= load_id).limit(1)
    with reading(store.engine) as connection:
        return publish.span(connection, load_id), connection.execute(real).first() is None


def _keep_from_others(database: Path) -> None:
    """Let nobody but the owner read an embedded store, what viewers write, and what is beside both while they work."""
    database.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for one in (database, database.with_name(f"{database.name}.desk")):
        own_file(one)
        for beside in (one.with_name(f"{one.name}{end}") for end in ("-wal", "-shm")):
            if beside.exists():
                own_file(beside)


def _beside(url: str) -> Path:
    """Return the folder of a store's facts, its own: what no manifest names there is swept away."""
    parsed = make_url(url)
    if parsed.drivername == "sqlite":
        return Path(f"{parsed.database}.facts")
    return ROOT / "var" / f"{parsed.host}-{parsed.port or 5432}-{parsed.database}.facts"

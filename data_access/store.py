"""The store: the only reader and writer of SQL, behind one read of facts that no scope can be left out of."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import polars as pl
from sqlalchemy import Engine, func, select
from sqlalchemy.engine import make_url

from data_access import migrate, publishing
from data_access.areas import feed_rows, neighbourhoods
from data_access.areas import hotspots as read_hotspots
from data_access.areas import premises as read_premises
from data_access.database import open_engine, read_frame, reading
from data_access.members import members
from data_access.schema import metadata
from data_access.scope import Scope
from data_access.settings import ROOT, Settings
from metrics.harm import by_committed_day, with_weights
from metrics.levels import AREA_COLUMNS, add_months, in_force, month_of, months_between
from metrics.sources import SOURCES

loads, load_files, rejected = (metadata.tables[name] for name in ("loads", "load_files", "rejected"))
SAMPLE_MARK = "sample"


@dataclass(frozen=True, kw_only=True)
class DataVersion:
    """The load that the store's contents come from; number 0 and no time: nothing was loaded yet.

    `months` are the first and last month of any published fact; `sample`: the folder loaded was a sample force's.
    """

    number: int
    loaded_at: datetime | None
    loaded_by: str = ""
    folder: str = ""
    months: tuple[date, date] | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Store:
    """An open store. `facts_dir` holds the published read copies; `settings` are those it was opened with."""

    engine: Engine
    facts_dir: Path
    settings: Settings

    @staticmethod
    def open(settings: Settings | str, facts_dir: Path | None = None, *, url: str | None = None) -> "Store":
        """Open the store of `settings` (or a URL alone, with default settings), made and migrated where needed.

        `url` and `facts_dir` come before what the settings say.
        """
        known = Settings() if isinstance(settings, str) else settings
        chosen = url or (settings if isinstance(settings, str) else settings.store_url)
        folder = facts_dir or (known.facts_dir if url is None else None) or _beside(chosen)
        if make_url(chosen).drivername == "sqlite":
            Path(make_url(chosen).database or "").parent.mkdir(parents=True, exist_ok=True)
        engine = open_engine(chosen)
        migrate.to_newest(engine)
        folder.mkdir(parents=True, exist_ok=True)
        return Store(engine=engine, facts_dir=folder.resolve(), settings=known)

    def version(self) -> DataVersion:
        """Give the newest data version."""
        with reading(self.engine) as connection:
            row = connection.execute(select(loads).order_by(loads.c.load_id.desc()).limit(1)).first()
            own = publishing.published.c
            span = select(func.min(own.month), func.max(own.month)).where(own.retired_by.is_(None))
            first, last = connection.execute(span).one()
        if row is None:
            return DataVersion(number=0, loaded_at=None)
        return DataVersion(
            number=row.load_id,
            loaded_at=row.finished_at,
            loaded_by=row.loaded_by,
            folder=row.folder,
            months=(first, last) if first else None,
        )

    def facts(
        self, source: str, scope: Scope, since: date, until: date, *, weight_set: str | None = None
    ) -> pl.LazyFrame:
        """Give the rows of `source` with `day` in [since, until) that `scope` may see, as SOURCES has its columns.

        `crimes` carry the `weight` of `weight_set` (null: the set has none for the code) and are dated as
        `[harm] dated_by` says. Raises KeyError for an unknown source.
        """
        rows = self._rows(source, since, until, weight_set)
        dated = rows.filter(pl.col("day").is_between(since, until, closed="left"))
        return scope.restrict(dated.select(list(SOURCES[source])))

    def _rows(self, source: str, since: date, until: date, weight_set: str | None) -> pl.LazyFrame:
        if source not in SOURCES:
            raise KeyError(f"unknown source {source!r}; allowed: {', '.join(SOURCES)}")
        if source == "residents":
            return self._residents(since, until)
        committed = source == "crimes" and self.settings.harm.dated_by == "committed_on"
        with reading(self.engine) as connection:
            files = publishing.current(connection, source)
            weights = feed_rows(connection, "weights") if source == "crimes" else None
        last = date.max if committed else until
        paths = [
            self.facts_dir / path for month, path, _ in files if month < last and add_months(month, 1) > since
        ]
        rows = pl.scan_parquet(paths) if paths else pl.LazyFrame(schema=SOURCES[source])
        if weights is None:
            return rows
        chosen = weight_set or self.settings.harm.weight_set
        weighed = with_weights(rows.drop("weight", strict=False), weights.lazy(), chosen)
        return by_committed_day(weighed) if committed else weighed

    def _residents(self, since: date, until: date) -> pl.LazyFrame:
        """People by neighbourhood and month: the number that holds on the month's last day."""
        with reading(self.engine) as connection:
            areas = neighbourhoods(connection).drop("geometry").lazy()
            first, last = self._months(connection)
        months = [month for month in months_between(max(first, since), min(last, until))] if first else []
        ends = pl.LazyFrame({"day": months}, schema={"day": pl.Date}).with_columns(
            _last=pl.col("day").dt.month_end()
        )
        valid = ends.join(areas, how="cross").filter(in_force("_last", "valid_from", "valid_to"))
        return valid.select("day", *AREA_COLUMNS, "residents")

    @staticmethod
    def _months(connection: object) -> tuple[date | None, date | None]:
        own = publishing.published.c
        return connection.execute(
            select(func.min(own.month), func.max(own.month)).where(own.retired_by.is_(None))
        ).one()

    def members(self, scope: Scope) -> pl.DataFrame:
        """List the areas in `scope`: level, code, name, parent_level, parent_code."""
        with reading(self.engine) as connection:
            return members(connection, scope, self.settings.force)

    def weight_sets(self) -> tuple[str, ...]:
        """Name the sets of crime harm weights that are loaded."""
        with reading(self.engine) as connection:
            return tuple(feed_rows(connection, "weights")["weight_set"].unique().sort())

    def loads(self) -> pl.DataFrame:
        """List the files of every load, the newest first."""
        query = (
            select(*loads.c, *(one for one in load_files.c if one.name != "load_id"))
            .join_from(loads, load_files)
            .order_by(loads.c.load_id.desc(), load_files.c.file_id)
        )
        with reading(self.engine) as connection:
            return read_frame(connection, query)

    def rejected(self, limit: int = 1000) -> pl.DataFrame:
        """List rows set aside: load_id, feed, file_name, line, rule, column_name, value; the newest load first."""
        query = (
            select(load_files.c.load_id, load_files.c.feed, load_files.c.file_name, *rejected.c)
            .join_from(load_files, rejected)
            .order_by(load_files.c.load_id.desc(), rejected.c.file_id, rejected.c.line)
            .limit(limit)
        )
        with reading(self.engine) as connection:
            return read_frame(connection, query).drop("file_id")


def _beside(url: str) -> Path:
    parsed = make_url(url)
    if parsed.drivername == "sqlite":
        return Path(f"{parsed.database}.facts")
    return ROOT / "var" / "facts"


__all__ = ["month_of", "read_hotspots", "read_premises"]

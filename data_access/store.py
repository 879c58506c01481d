"""The store: the only reader and writer of SQL, behind one read of facts that no scope can be left out of."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import polars as pl
from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.engine import make_url

from data_access.database import areas, desk, migrate
from data_access.database.connection import open_engine, read_frame, reading
from data_access.database.members import lineage, members
from data_access.database.schema import metadata
from data_access.facts import on_read
from data_access.facts import publish as publishing
from data_access.facts.datasets import VISIBILITY_MONTHS, came, scan
from data_access.scope import Scope
from data_access.settings import ROOT, Settings
from metrics.harm import by_committed_day, with_sides, with_weights
from metrics.levels import AREA_COLUMNS, in_force, month_of
from metrics.sources import SOURCES

loads, load_files, rejected = (metadata.tables[name] for name in ("loads", "load_files", "rejected"))
# How a source is published, where it is not under its own name.
DATASET_OF = {"visibility_home": "visibility", "visibility_place": "visibility"}
ON_READ_SOURCES = ("residents", "problems", "measures", "audits")


@dataclass(frozen=True, kw_only=True)
class DataVersion:
    """The load that the store's contents come from; number 0 and no time: nothing was loaded yet.

    `months` are the first and last month of any published fact; `verdicts` grows with each one recorded since;
    `sample` tells that every load was of a sample force.
    """

    number: int
    loaded_at: datetime | None
    loaded_by: str = ""
    folder: str = ""
    months: tuple[date, date] | None = None
    verdicts: int = 0
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
        if make_url(chosen).drivername == "sqlite":
            Path(make_url(chosen).database or "").parent.mkdir(parents=True, exist_ok=True)
        engine = open_engine(chosen)
        written = desk.desk_url(chosen)
        desk_engine = engine if written == chosen else open_engine(written)
        folder.mkdir(parents=True, exist_ok=True)
        store = Store(engine=engine, desk=desk_engine, facts_dir=folder.resolve(), settings=known)
        try:
            for one in {id(engine): engine, id(desk_engine): desk_engine}.values():
                migrate.to_newest(one)
        except ValueError:
            store.close()
            raise
        return store

    def close(self) -> None:
        """Close every connection; the store opens new ones if it is used again."""
        self.engine.dispose()
        self.desk.dispose()

    def version(self) -> DataVersion:
        """Give the newest data version."""
        with reading(self.engine) as connection:
            row = connection.execute(select(loads).order_by(loads.c.load_id.desc()).limit(1)).first()
            months = _months(connection)
            real = select(loads.c.load_id).where(loads.c.sample.is_(False)).limit(1)
            sample = connection.execute(real).first() is None
        if row is None:
            return DataVersion(number=0, loaded_at=None)
        return DataVersion(
            number=row.load_id,
            loaded_at=row.finished_at,
            loaded_by=row.loaded_by,
            folder=row.folder,
            months=months,
            verdicts=desk.count_verdicts(self.desk),
            sample=sample,
        )

    def facts(
        self,
        source: str,
        scope: Scope,
        since: date,
        until: date,
        *,
        weight_set: str | None = None,
        monthly: bool = False,
    ) -> pl.LazyFrame:
        """Give the rows of `source` with `day` in [since, until) that `scope` may see, as SOURCES has its columns.

        `crimes` carry the `weight` of `weight_set` (null: the set has none for the code) and are dated as
        `[harm] dated_by` says. `monthly`: for whole months, visibility may come already summed over days, hours and
        officers (see metrics.visibility.by_month). Raises KeyError for an unknown source.
        """
        return scope.restrict(self._rows(source, since, until, weight_set, monthly))

    def _rows(
        self, source: str, since: date, until: date, weight_set: str | None, monthly: bool = False
    ) -> pl.LazyFrame:
        if source not in SOURCES:
            raise KeyError(f"unknown source {source!r}; allowed: {', '.join(SOURCES)}")
        if source == "crimes":
            rows = self._crimes(since, until, weight_set)
        elif source in ON_READ_SOURCES:
            rows = self._on_read(source)
        else:
            rows = _as_source(self._published(source, since, until, monthly), source)
        dated = rows.filter(pl.col("day").is_between(since, until, closed="left"))
        return dated.select(list(SOURCES[source]))

    def _published(self, source: str, since: date, until: date, monthly: bool = False) -> pl.LazyFrame:
        dataset = DATASET_OF.get(source, source)
        if monthly and dataset == "visibility":
            dataset = VISIBILITY_MONTHS
        with reading(self.engine) as connection:
            files = publishing.current(connection, dataset)
        first = month_of(since)
        paths = [self.facts_dir / path for month, path, rows in files if rows and first <= month < until]
        return scan(paths, dataset)

    def months_of(self, source: str) -> list[date]:
        """Name the months for which the force has rows of `source`, or rows that might have been some but were not.

        In these months nothing happened where no row says so, which is 0; of other months nothing is known.
        """
        if source in ON_READ_SOURCES or (source == "crimes" and self._dated_by_commission()):
            days = self._rows(source, date.min, date.max, None).select(pl.col("day").dt.month_start())
            return days.unique().sort("day").collect()["day"].to_list()
        dataset = DATASET_OF.get(source, source)
        with reading(self.engine) as connection:
            files = publishing.current(connection, dataset)
            return [month for month, _, rows in files if rows or came(connection, dataset, month)]

    def _dated_by_commission(self) -> bool:
        return self.settings.harm.dated_by == "committed_on"

    def _crimes(self, since: date, until: date, weight_set: str | None) -> pl.LazyFrame:
        """Crimes with their weight; dated by commission, a crime may lie in the file of any later month."""
        committed = self._dated_by_commission()
        rows = self._published("crimes", since, date.max if committed else until)
        with reading(self.engine) as connection:
            weights = areas.feed_rows(connection, "weights").lazy()
        chosen = weight_set or self.settings.harm.weight_set
        weighed = with_sides(with_weights(rows.drop("weight", strict=False), weights, chosen))
        return by_committed_day(weighed) if committed else weighed

    def _on_read(self, source: str) -> pl.LazyFrame:
        asb = self._published("asb", date.min, date.max)
        with reading(self.engine) as connection:
            months = _months(connection)
            if source == "residents":
                return on_read.residents(connection, months)
            if source == "problems":
                return on_read.problems(connection, months)
            if source == "measures":
                return on_read.measures(connection, self.settings.force)
            return on_read.audits(connection, desk.read_verdicts(self.desk), asb)

    def members(self, scope: Scope) -> pl.DataFrame:
        """List level, code, name, parent_level, parent_code of what `scope` may name."""
        force = self.settings.force
        with reading(self.engine) as connection:
            return members(connection, scope, force.code, force.name)

    def lineage(self, scope: Scope) -> pl.DataFrame:
        """List what `members` does, once for each version of an area, with its [valid_from, valid_to)."""
        force = self.settings.force
        with reading(self.engine) as connection:
            return lineage(connection, scope, force.code, force.name)

    def boundaries(self, scope: Scope, day: date | None = None) -> pl.DataFrame:
        """Give the neighbourhoods of `scope` valid on `day` (default: today) with their geometry as GeoJSON text."""
        return self._shapes(areas.neighbourhoods, scope, day)

    def hotspots(self, scope: Scope, day: date | None = None) -> pl.DataFrame:
        """Give the hotspots and Impact Areas of `scope` valid on `day` (default: today), with their geometry."""
        return self._shapes(areas.hotspots, scope, day)

    def premises(self, day: date | None = None) -> pl.DataFrame:
        """Give the premises valid on `day` (default: today), with their geometry; they belong to no area."""
        with reading(self.engine) as connection:
            return _valid(areas.premises(connection).lazy(), day).collect()

    def display_name(self, scope: Scope, officer_id: str) -> str:
        """Name an officer: the display name where the extract gives one, else the id. For scopes that name officers."""
        scope.require("officer")
        with reading(self.engine) as connection:
            people = areas.feed_rows(connection, "officers").filter(pl.col("officer_id") == officer_id)
        return people["display_name"].drop_nulls().first() or officer_id

    def _shapes(self, read: object, scope: Scope, day: date | None) -> pl.DataFrame:
        with reading(self.engine) as connection:
            return scope.restrict(_valid(read(connection).lazy(), day)).collect()

    def weight_sets(self) -> list[str]:
        """Name the weight sets loaded."""
        weights = metadata.tables["weights"].c.weight_set
        with reading(self.engine) as connection:
            return list(connection.execute(select(weights).distinct().order_by(weights)).scalars())

    def targets(self) -> pl.DataFrame:
        """Give the targets that somebody owns: indicator_id, area_code, value, owner, start_date, end_date."""
        with reading(self.engine) as connection:
            return areas.feed_rows(connection, "targets")

    def closure_codes(self) -> pl.DataFrame:
        """List closure_code, closure_name, asb_category (null: not ASB)."""
        with reading(self.engine) as connection:
            return areas.feed_rows(connection, "closure_codes")

    def weight_sources(self) -> pl.DataFrame:
        """Describe the weight sets loaded: weight_set, source (that of most of its codes) and codes weighed."""
        with reading(self.engine) as connection:
            weights = areas.feed_rows(connection, "weights").lazy()
        source = pl.col("source").mode().sort().first()
        described = weights.group_by("weight_set").agg(source, codes=pl.len().cast(pl.Int64))
        return described.sort("weight_set").collect()

    def step_changes(self) -> pl.DataFrame:
        """Give the recorded step changes: indicator_id, area_level, area_code, month."""
        everyone = self.members(Scope(viewer="step changes", force=True))
        given = [(one.indicator, one.area, one.month) for one in self.settings.step_changes]
        schema = {"indicator_id": pl.String, "area_code": pl.String, "month": pl.Date}
        known = everyone.select(area_level="level", area_code="code")
        steps = pl.DataFrame(given, schema=schema, orient="row").join(known, on="area_code")
        return steps.select("indicator_id", "area_level", "area_code", "month")

    def freshness(self) -> pl.DataFrame:
        """Give, for each feed loaded: feed, newest_event (null: it has none), loaded_at, files, rows_set_aside."""
        own = load_files.c
        query = (
            select(
                own.feed,
                func.max(own.newest_event).label("newest_event"),
                func.max(loads.c.finished_at).label("loaded_at"),
                func.count().label("files"),
                func.sum(own.rows_set_aside).label("rows_set_aside"),
            )
            .join_from(load_files, loads)
            .group_by(own.feed)
            .order_by(own.feed)
        )
        with reading(self.engine) as connection:
            rows = [tuple(row) for row in connection.execute(query)]
        instant = pl.Datetime("us", "UTC")
        schema = {"feed": pl.String, "newest_event": instant, "loaded_at": instant, "files": pl.Int64}
        return pl.DataFrame(
            [(*row[:4], int(row[4])) for row in rows],
            schema={**schema, "rows_set_aside": pl.Int64},
            orient="row",
        )

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

    def rejected_by_rule(self) -> pl.DataFrame:
        """Count the rows set aside in all loads: feed, rule, column_name, rows, files; no value of any of them."""
        own, files = rejected.c, load_files.c
        group = (files.feed, own.rule, own.column_name)
        count = func.count().label("rows"), func.count(own.file_id.distinct()).label("files")
        query = select(*group, *count).join_from(load_files, rejected).group_by(*group).order_by(*group)
        with reading(self.engine) as connection:
            counted = [tuple(row) for row in connection.execute(query)]
        names = dict.fromkeys(("feed", "rule", "column_name"), pl.String)
        return pl.DataFrame(counted, schema={**names, "rows": pl.Int64, "files": pl.Int64}, orient="row")

    def record(self, viewer: str, what: str, whom: str | None = None, reason: str | None = None) -> None:
        """Enter in the audit trail that `viewer` did `what` (viewed, revealed, exported, judged) to `whom`."""
        desk.record(self.desk, viewer, what, whom, reason)

    def trail(self, limit: int = 1000) -> pl.DataFrame:
        """Give the newest entries of the audit trail: at, viewer, what, whom, reason."""
        return desk.read_trail(self.desk, limit)

    def judge(self, viewer: str, incident_id: str, *, correct: bool, should_be_crime: bool, reason: str) -> None:
        """Record a dip-sample verdict; it counts in `audits` from the next read on."""
        desk.judge(self.desk, viewer, incident_id, correct=correct, should_be_crime=should_be_crime, reason=reason)


def _months(connection: Connection) -> tuple[date, date] | None:
    own = publishing.published.c
    span = select(func.min(own.month), func.max(own.month)).where(own.retired_by.is_(None), own.rows > 0)
    first, last = connection.execute(span).one()
    return (first, last) if first else None


def _valid(rows: pl.LazyFrame, day: date | None) -> pl.LazyFrame:
    on = pl.lit(day or datetime.now().astimezone().date())
    return rows.with_columns(_on=on).filter(in_force("_on", "valid_from", "valid_to")).drop("_on")


def _as_source(rows: pl.LazyFrame, source: str) -> pl.LazyFrame:
    """Give the canonical area columns of a source that is published with two sets of them."""
    for name, prefix in (("visibility_home", "home"), ("visibility_place", "place")):
        columns = rows.collect_schema().names()
        if source == name and f"{prefix}_lpa_code" in columns:
            rows = rows.rename({f"{prefix}_{area}": area for area in AREA_COLUMNS})
    return rows


def _beside(url: str) -> Path:
    """Give each store a folder of its own: what no manifest names is swept away."""
    parsed = make_url(url)
    if parsed.drivername == "sqlite":
        return Path(f"{parsed.database}.facts")
    return ROOT / "var" / f"{parsed.host}-{parsed.port or 5432}-{parsed.database}.facts"

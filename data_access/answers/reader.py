"""One viewer's eyes on one data version: the only way to facts, areas, names, weights and recorded verdicts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache, partial
from pathlib import Path

import polars as pl

from data_access.answers.once import worked_out_once
from data_access.database import areas, desk, explanations, ledger, marks, members
from data_access.database.connection import reading
from data_access.database.explanations import RECORDING_CHANGE
from data_access.database.sealed_names import with_names
from data_access.facts import on_read, publish, references
from data_access.facts.inputs import VISIBILITY_MONTHS, published_schema, scan
from data_access.feeds.columns import EPOCH
from data_access.feeds.pseudonyms import naming_of
from data_access.scope import FREE_TEXT, PERSONAL, Scope
from data_access.settings import Settings
from data_access.store import DataVersion, Store
from metrics.by_month import by_month
from metrics.harm import by_committed_day, with_sides, with_weights
from metrics.harm_flags import settled_flags
from metrics.levels import AREA_COLUMNS, in_force, month_of
from metrics.outcomes import positive_outcomes, recorded_crimes, settled_crimes
from metrics.sources import SOURCES

# How a source is published, where it is not under its own name.
DATASET_OF = {"visibility_home": "visibility", "visibility_place": "visibility"}
# Crimes as their outcomes count them: read whole, since what is known of a month depends on the newest day of all.
OUTCOME_SOURCES = {
    "recorded_crimes": recorded_crimes,
    "settled_crimes": settled_crimes,
    "outcomes": positive_outcomes,
    "settled_flags": settled_flags,
}
OF_FEEDS = ("residents", "problems", "measures", "surveys", "population")
ON_READ_SOURCES = (*OF_FEEDS, "audits", *OUTCOME_SOURCES, *on_read.OF_THE_YEAR)
CACHED_MEMBERS = 256
CACHED_LISTS = 4096  # lists of files or months: some 50 datasets a version
SUMMED = ("duty", "presence")  # datasets of hours that are summed by month when they are first asked for
CACHED_MONTHS = 256  # files of SUMMED: five years of both, a megabyte each for a whole force
FEW_ROWS = 2_000  # of a source: to open its files takes longer than to read them, for each level and viewer anew
CACHED_FEW = 256  # sources of FEW_ROWS: some hundred kilobytes each
NAMING = frozenset({*PERSONAL, *FREE_TEXT})  # columns that tell of people: of sources with one nothing is kept
CACHED_SOURCES = 32  # those of OF_FEEDS: a few megabytes each


@dataclass(frozen=True, kw_only=True)
class Reader:
    """A store as one viewer saw it when a page, an export or a briefing began.

    Everything read through it is of `version`, also while later loads are published: what they replace is kept for
    `facts.publish.GRACE`. With a question it is the whole key of a cached answer.
    """

    store: Store
    version: DataVersion
    scope: Scope

    @staticmethod
    def open(store: Store, scope: Scope) -> "Reader":
        """Return a reader of the newest data version."""
        return Reader(store=store, version=store.version(), scope=scope)

    def through(self, scope: Scope) -> "Reader":
        """Return a reader of the same data version with other eyes."""
        return replace(self, scope=scope)

    def record(
        self, what: str, whom: str | None, reason: str, *, people: Sequence[str] = (), daily: bool = False
    ) -> None:
        """Enter in the audit trail that the viewer did `what` (viewed, exported ...) to `whom`; see Store.record."""
        self.store.record(self.scope.viewer, what, whom, reason, people=people, daily=daily)

    @property
    def settings(self) -> Settings:
        """What the deployment chose."""
        return self.store.settings

    def facts(
        self, source: str, since: date, until: date, *, weight_set: str | None = None, monthly: bool = False
    ) -> pl.LazyFrame:
        """Return the rows of `source` with `day` in [since, until) that the scope may see, as SOURCES has its columns.

        `crimes` carry the `weight` of `weight_set` (null: the set has none for the code) and are dated as
        `[harm] dated_by` says. `monthly`: for whole months, officers' time may come already summed over days, hours
        and officers (see metrics.by_month). Raises KeyError for an unknown source.
        """
        return self.scope.restrict(self._rows(source, since, until, weight_set, monthly))

    def months_of(self, source: str) -> list[date]:
        """List the months for which the force has rows of `source`, or rows that might have been some but were not.

        In these months nothing happened where no row says so, which is 0; of other months nothing is known.
        """
        if source == "outcomes":  # in a month without any there were 0 of them, where crimes and outcomes are known
            source = "recorded_crimes"
        if source in ON_READ_SOURCES or (source == "crimes" and self._dated_by_commission):
            return list(_months_of(self, self.version.judged_at, source))
        return [one.month for one in self._files(DATASET_OF.get(source, source)) if one.rows or one.came]

    def files_of(self, source: str, month: date) -> tuple[str, ...] | None:
        """Name the files that a month of `source` is read from: where they are the same, its rows are, in any version.

        None: of sources that are made when they are read nothing is known.
        """
        if source in ON_READ_SOURCES or source == "crimes":
            return None
        return tuple(one.path for one in self._files(DATASET_OF.get(source, source)) if one.month == month)

    def members(self) -> pl.DataFrame:
        """List level, code, name, parent_level, parent_code of what the scope may name, each by its newest version."""
        return _members(self)

    def lineage(self) -> pl.DataFrame:
        """List what `members` does, once for each version of an area, with its [valid_from, valid_to)."""
        force = self.settings.force
        return members.lineage(self.feed, self.scope, force.code, force.name)

    def boundaries(self, day: date | None = None) -> pl.DataFrame:
        """Return the neighbourhoods in scope valid on `day` (default: today) with their geometry as GeoJSON text."""
        return self.scope.restrict(_valid(areas.neighbourhoods(self.feed), day).lazy()).collect()

    def hotspots(self, day: date | None = None) -> pl.DataFrame:
        """Return the hotspots and Impact Areas in scope valid on `day` (default: today), with their geometry."""
        return self.scope.restrict(_valid(areas.hotspots(self.feed), day).lazy()).collect()

    def premises(self, day: date | None = None) -> pl.DataFrame:
        """Return the premises valid on `day` (default: today), with their geometry; they belong to no area."""
        return _valid(areas.premises(self.feed), day)

    def display_name(self, officer_id: str) -> str:
        """Name an officer: the display name where the extract gives one, else the id. For scopes that name officers."""
        self.scope.require("officer")
        people = self.feed("officers").filter(pl.col("officer_id") == officer_id)
        return people["display_name"].drop_nulls().first() or officer_id

    def judged_earlier(self) -> pl.DataFrame:
        """List the days whose radio facts follow what has been corrected since: day, feed, known_before."""
        with reading(self.store.engine) as connection:
            return marks.judged_earlier_days(connection, self.version.number)

    def weight_sets(self) -> list[str]:
        """Name the weight sets loaded."""
        return self.feed("weights")["weight_set"].unique().sort().to_list()

    def weight_sources(self) -> pl.DataFrame:
        """Describe the weight sets loaded: weight_set, source (that of most of its codes) and codes weighed."""
        source = pl.col("source").mode().sort().first()
        described = self.feed("weights").lazy().group_by("weight_set").agg(source, codes=pl.len().cast(pl.Int64))
        return described.sort("weight_set").collect()

    def targets(self) -> pl.DataFrame:
        """Return the targets that somebody owns: indicator_id, area_code, value, owner, start_date, end_date."""
        return self.feed("targets")

    def closure_codes(self) -> pl.DataFrame:
        """List closure_code, closure_name, asb_category (null: not ASB)."""
        return self.feed("closure_codes")

    def step_changes(self) -> pl.DataFrame:
        """Return the step changes of config.toml and of approved recording changes: their indicator, area and month."""
        columns = ("indicator_id", "area_level", "area_code", "month")
        everyone = self.through(Scope.whole_force("step changes")).members()
        given = [(one.indicator, one.area, one.month) for one in self.settings.step_changes]
        schema = {"indicator_id": pl.String, "area_code": pl.String, "month": pl.Date}
        known = everyone.select(area_level="level", area_code="code")
        steps = pl.DataFrame(given, schema=schema, orient="row").join(known, on="area_code")
        approved = self.explanations().filter(kind=RECORDING_CHANGE, decision="approved")
        return pl.concat([steps.select(columns), approved.select(columns)]).unique(maintain_order=True)

    def explanations(self) -> pl.DataFrame:
        """Return the explanations that stand, whatever the scope: for answers.explanations, which narrows them."""
        return _explanations(self.store, self.version.explained_at or EPOCH, self.version.explained)

    def freshness(self) -> pl.DataFrame:
        """Return, for each feed loaded: feed, newest_event (null: it has none), loaded_at, files, rows_set_aside."""
        return _freshness(self.store, self.version.number)

    def loads(self) -> pl.DataFrame:
        """List the files of every load, the newest first."""
        with reading(self.store.engine) as connection:
            return ledger.files_of_loads(connection, self.version.number)

    def rejected_by_rule(self) -> pl.DataFrame:
        """Count the rows set aside in all loads: feed, rule, column_name, rows, files; no value of any of them."""
        with reading(self.store.engine) as connection:
            return ledger.rejected_by_rule(connection, self.version.number)

    def feed(self, name: str) -> pl.DataFrame:
        """Return a small feed whole, as this version has it, whatever the scope: for this class and what it calls."""
        rows = _feed(self.store, self.version.number, name)
        named = name == "officers" and self.scope.names("officer")
        return with_names(rows, naming_of(self.store.secret)) if named else rows

    @property
    def _dated_by_commission(self) -> bool:
        return self.settings.harm.dated_by == "committed_on"

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
        first = month_of(since)
        held = [one for one in self._files(dataset) if one.rows and first <= one.month < until]
        paths = [self.store.facts_dir / one.path for one in held]
        if monthly and dataset in SUMMED and paths:
            return pl.concat([_month(path, dataset) for path in paths]).lazy()
        if paths and sum(one.rows for one in held) <= FEW_ROWS and NAMING.isdisjoint(published_schema(dataset)):
            return _few(self.store, tuple(paths), dataset).lazy()
        return scan(paths, dataset)

    def _files(self, dataset: str) -> list[publish.Published]:
        return _files(self.store, self.version.number, dataset)

    def _crimes(self, since: date, until: date, weight_set: str | None) -> pl.LazyFrame:
        """Return crimes with their weight; dated by commission, a crime may lie in the file of any later month."""
        rows = self._published("crimes", since, date.max if self._dated_by_commission else until)
        chosen = weight_set or self.settings.harm.weight_set
        weighed = with_sides(with_weights(rows.drop("weight", strict=False), self.feed("weights").lazy(), chosen))
        return by_committed_day(weighed) if self._dated_by_commission else weighed

    def _on_read(self, source: str) -> pl.LazyFrame:
        if source in OF_FEEDS:
            return _of_feeds(self.store, self.version, source).lazy()
        if source in OUTCOME_SOURCES:
            return OUTCOME_SOURCES[source](self._published("crimes", date.min, date.max))
        if counted := on_read.OF_THE_YEAR.get(source):
            return on_read.of_the_year(source, self._published(counted, date.min, date.max), self.version.months)
        judged = desk.read_verdicts(self.store.desk, self.version.judged_at or EPOCH)
        return on_read.audits(self.feed, judged, self._published("asb", date.min, date.max))


@worked_out_once(CACHED_MONTHS)
def _month(path: Path, dataset: str) -> pl.DataFrame:
    """Return a month's file summed by month, which names nobody: every question and viewer shares it.

    A file never changes, so that a load that publishes one month leaves the others as they are.
    """
    return by_month(scan([path], dataset)).collect()


@worked_out_once(CACHED_FEW)
def _few(_store: Store, paths: tuple[Path, ...], dataset: str) -> pl.DataFrame:
    """Return files of few rows, which tell of no person: whoever asks is shown of them what their scope may see.

    A file never changes.
    """
    return scan(paths, dataset).collect()


@lru_cache(maxsize=CACHED_MEMBERS)
def _members(reader: Reader) -> pl.DataFrame:
    force = reader.settings.force
    return members.members(reader.feed, reader.scope, force.code, force.name)


@lru_cache(maxsize=CACHED_LISTS)
def _files(store: Store, version: int, dataset: str) -> list[publish.Published]:
    """Return what the manifest lists of a dataset; of a version it never changes, so that it is asked once."""
    with reading(store.engine) as connection:
        return publish.files(connection, dataset, version)


@lru_cache(maxsize=CACHED_LISTS)
def _freshness(store: Store, version: int) -> pl.DataFrame:
    with reading(store.engine) as connection:
        return ledger.freshness(connection, version)


@lru_cache(maxsize=CACHED_SOURCES)
def _explanations(store: Store, until: datetime, _written: int) -> pl.DataFrame:
    """Return the explanations as of a moment; how many there are tells of one that was older when it was added."""
    return explanations.read(store.desk, until)


@lru_cache(maxsize=CACHED_LISTS)
def _months_of(reader: Reader, _judged_at: datetime | None, source: str) -> tuple[date, ...]:
    """Return the months of a source that is made when it is read; verdicts, which come between loads, give audits."""
    days = reader._rows(source, date.min, date.max, None).select(pl.col("day").dt.month_start())
    return tuple(days.unique().sort("day").collect()["day"])


def _feed(store: Store, version: int, name: str) -> pl.DataFrame:
    found = _files(store, version, references.dataset_of(name))
    return references.read(name, store.facts_dir / found[0].path if found else None)


@lru_cache(maxsize=CACHED_SOURCES)
def _of_feeds(store: Store, version: DataVersion, source: str) -> pl.DataFrame:
    """Return a source that small feeds alone make, for all of the force: an export reads it some twenty times."""
    feed, force = partial(_feed, store, version.number), store.settings.force
    made = {
        "residents": lambda: on_read.residents(feed, version.months),
        "problems": lambda: on_read.problems(feed, version.months),
        "measures": lambda: on_read.measures(feed, force),
        "surveys": lambda: on_read.surveys(feed, force),
        "population": lambda: on_read.population(feed, version.months, force),
    }
    return made[source]().collect()


def _valid(rows: pl.DataFrame, day: date | None) -> pl.DataFrame:
    on = pl.lit(day or datetime.now().astimezone().date())
    return rows.with_columns(_on=on).filter(in_force("_on", "valid_from", "valid_to")).drop("_on")


def _as_source(rows: pl.LazyFrame, source: str) -> pl.LazyFrame:
    """Return the canonical area columns of a source that is published with two sets of them."""
    for name, prefix in (("visibility_home", "home"), ("visibility_place", "place")):
        columns = rows.collect_schema().names()
        if source == name and f"{prefix}_lpa_code" in columns:
            rows = rows.rename({f"{prefix}_{area}": area for area in AREA_COLUMNS})
    return rows

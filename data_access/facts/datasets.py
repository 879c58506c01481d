"""How each published dataset is made: typed rows from the store through the pure functions of `metrics`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
from sqlalchemy import ColumnElement, Connection, Table, or_, select

from data_access.database.areas import (
    PROVENANCE,
    Feeds,
    feeds_of,
    hotspots,
    neighbourhoods,
    of_neighbourhood,
    stamp_areas,
    until_the_next,
)
from data_access.database.connection import read_frame
from data_access.database.schema import metadata
from data_access.facts import publish as publishing
from metrics.abstraction import duty_facts
from metrics.actions import action_facts
from metrics.asb import asb_facts
from metrics.asb_powers import power_facts, review_facts
from metrics.extent import extent_facts
from metrics.feeds import (
    establishment_facts,
    meeting_facts,
    profile_facts,
    query_facts,
    special_facts,
)
from metrics.harm import crime_facts
from metrics.harm_flags import flag_facts
from metrics.levels import AREA_COLUMNS, LONDON, add_months, local_day, months_between, stamp_home
from metrics.location import AreaIndex, place_all
from metrics.mental_health import handover_facts
from metrics.parameters import Parameters
from metrics.patrol import IMPACT_AREA, SYV_ROBBERY, hotspot_months, patrol_facts, tasking_facts
from metrics.patrol_time import hotspot_time
from metrics.response import incident_facts
from metrics.sources import ON_READ, SOURCES
from metrics.stop_search import stop_search_facts
from metrics.visibility import by_month

# A shift or an episode that started before the month is told from one that starts in it by the days before.
DUTY_MARGIN = timedelta(days=7)
STAY_MARGIN = timedelta(days=2)  # a window that starts in a month ends at most this much later
HELD_OVER = pl.col("hour") == 0  # time that a fix before midnight may hold
VISIBILITY_MONTHS = "visibility_months"  # the same seconds, a row a month: what a figure of a month is read from
PLACES = ("neighbourhoods", "sectors")
HOME = ("officers", "postings", *PLACES)


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """What builders read from: the load's connection, the facts folder and the force's parameters.

    Areas and their indexes are made once: every row of the feeds is in the store before the first builder runs.
    """

    connection: Connection
    folder: Path
    parameters: Parameters

    @cached_property
    def feed(self) -> Feeds:
        """The small feeds, as this load has left them."""
        return feeds_of(self.connection)

    @cached_property
    def neighbourhoods(self) -> pl.DataFrame:
        """All versions of all neighbourhoods, as `areas.neighbourhoods` gives them."""
        return neighbourhoods(self.feed)

    @cached_property
    def neighbourhood_index(self) -> AreaIndex:
        """Where the neighbourhoods are."""
        return AreaIndex.from_features(self.neighbourhoods)

    @cached_property
    def hotspots(self) -> pl.DataFrame:
        """All versions of all hotspots and Impact Areas, as `areas.hotspots` gives them."""
        return hotspots(self.feed)

    @cached_property
    def hotspot_indexes(self) -> dict[str, AreaIndex]:
        """Where the Impact Areas and the hotspots are, by the column of a crime that lists them."""
        impact = pl.col("kind") == IMPACT_AREA
        kinds = {
            "impact_areas": impact,
            "hotspots": ~impact,
            "syv_robbery_hotspots": pl.col("kind") == SYV_ROBBERY,
        }
        return {
            into: AreaIndex.from_features(self.hotspots.filter(kind), code="hotspot_id") for into, kind in kinds.items()
        }


Build = Callable[[Inputs, date, date], pl.LazyFrame]


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """Facts published by month, and the feeds they are made from.

    A row of a `dated` feed bears on its own days and on `reach` days after; `references` change the meaning of rows
    that are there. `build` gives at least the rows of the days [since, until), which are whole months.
    """

    name: str
    dated: tuple[str, ...]
    references: tuple[str, ...]
    build: Build = field(compare=False)
    reach: Callable[[Parameters], int] = field(compare=False, default=lambda _: 0)


def local_start(day: date) -> datetime:
    """Give the instant at which a local day starts."""
    return datetime.combine(day, time(), ZoneInfo(LONDON)).astimezone(UTC)


def _table(name: str) -> Table:
    return metadata.tables[name]


def _rows(inputs: Inputs, table: str, *where: ColumnElement[bool]) -> pl.LazyFrame:
    columns = (one for one in _table(table).columns if one.name not in PROVENANCE)
    return read_frame(inputs.connection, select(*columns).where(*where)).lazy()


def _on_days(inputs: Inputs, table: str, since: date, until: date) -> pl.LazyFrame:
    day = _table(table).c.day
    return _rows(inputs, table, day >= since, day < until)


def _at_home(inputs: Inputs, rows: pl.LazyFrame) -> pl.LazyFrame:
    """Add role, team and home areas of the day."""
    postings, officers = (inputs.feed(feed).lazy() for feed in ("postings", "officers"))
    return stamp_home(rows, postings, inputs.neighbourhoods.lazy(), officers)


def _duty(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    own = _table("duties").c
    touching = (
        own.starts_at < local_start(until + DUTY_MARGIN),
        own.ends_at > local_start(since - DUTY_MARGIN),
    )
    feeds = (inputs.feed(feed) for feed in ("activity_codes", "postings", "officers"))
    references = [one.lazy() for one in (*feeds, inputs.neighbourhoods)]
    return duty_facts(_rows(inputs, "duties", *touching), *references)


def _asb(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    own, parameters = _table("incidents").c, inputs.parameters
    codes = inputs.feed("closure_codes")
    asb_codes = codes.filter(pl.col("asb_category").is_not_null())["closure_code"].to_list()
    # Of forty incidents one is ASB: most are left where they are. Which they are exactly, asb_facts decides.
    perhaps_asb = (own.closing_codes.contains(code, autoescape=True) for code in asb_codes)
    back = since - timedelta(days=parameters.repeat_days)
    rows = _rows(
        inputs,
        "incidents",
        own.reported_at >= local_start(back),
        own.reported_at < local_start(until),
        or_(own.provenance != "force", *perhaps_asb),
    )
    dated = rows.with_columns(day=local_day(pl.col("reported_at")))
    return asb_facts(
        stamp_areas(dated, inputs.neighbourhoods, inputs.neighbourhood_index),
        codes.lazy(),
        repeat_n=parameters.repeat_n,
        repeat_days=parameters.repeat_days,
    )


def _crimes(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    own = _table("crimes").c
    rows = _rows(inputs, "crimes", own.recorded_on >= since, own.recorded_on < until)
    dated = stamp_areas(rows.with_columns(day="recorded_on"), inputs.neighbourhoods, inputs.neighbourhood_index)
    for into, index in inputs.hotspot_indexes.items():
        dated = place_all(dated, index, into=into)
    meanings = (inputs.feed(feed).lazy() for feed in ("offences", "outcome_codes"))
    return crime_facts(dated, *meanings)


def _visibility(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    places = {name: f"place_{name}" for name in AREA_COLUMNS}
    homes = {name: f"home_{name}" for name in AREA_COLUMNS}
    rows = _on_days(inputs, "visibility", since, until)
    placed = of_neighbourhood(rows, inputs.neighbourhoods, held_over=HELD_OVER).rename(places)
    return _at_home(inputs, placed).rename(homes)


def _presence(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    rows = _on_days(inputs, "presence", since, until)
    return of_neighbourhood(rows, inputs.neighbourhoods, held_over=HELD_OVER)


def _fix_quality(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    """Put known time and duty time beside the fixes; a day on duty without any fix has its row too."""
    days = ["officer_id", "day"]
    counts = _on_days(inputs, "fix_quality", since, until)
    known = _on_days(inputs, "visibility", since, until).group_by(days).agg(known_seconds=pl.col("seconds").sum())
    on_duty = _published(inputs, "duty", since, until).filter(pl.col("family") != "absence")
    duty = on_duty.group_by(days).agg(duty_seconds=pl.col("seconds").sum())
    rows = counts.join(known, on=days, how="full", coalesce=True).join(duty, on=days, how="full", coalesce=True)
    numbers = pl.col("fixes", "bad_position", "duplicate", "off_duty", "spike", "known_seconds", "duty_seconds")
    return _at_home(inputs, rows.with_columns(numbers.fill_null(0)))


def _visibility_months(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    return by_month(_published(inputs, "visibility", since, until))


def _published(inputs: Inputs, dataset: str, since: date, until: date) -> pl.LazyFrame:
    files = publishing.files(inputs.connection, dataset)
    paths = [inputs.folder / one.path for one in files if since <= one.month < until]
    return scan(paths, dataset)


def scan(paths: Sequence[Path], dataset: str) -> pl.LazyFrame:
    """Read files of a dataset; a column that is younger than its file is null: nothing of it was known."""
    schema = dict(SCHEMAS[dataset])
    if not paths:
        return pl.LazyFrame(schema=schema)
    return pl.scan_parquet(paths, schema=schema, missing_columns="insert", extra_columns="ignore")


def _stays(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    own = _table("hotspot_stays").c
    first, last = local_start(since - STAY_MARGIN), local_start(until + STAY_MARGIN)
    return _rows(inputs, "hotspot_stays", own.starts_at >= first, own.starts_at < last).rename(
        {"starts_at": "start", "ends_at": "end"}
    )


def _taskings(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    own = _table("taskings").c
    started = own.window_start >= local_start(since), own.window_start < local_start(until)
    rows = _rows(inputs, "taskings", *started).with_columns(pl.col("officer_id").replace("", None))
    return tasking_facts(rows, _stays(inputs, since, until), inputs.hotspots.lazy())


def _hotspot_months(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    return hotspot_months(_taskings(inputs, since, until), inputs.hotspots.lazy())


def _hotspot_time(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    officers = inputs.feed("officers").lazy()
    return hotspot_time(_stays(inputs, since, until), officers, inputs.hotspots.lazy())


def _patrols(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    own = _table("patrols").c
    rows = _rows(inputs, "patrols", own.checked_in_at >= local_start(since), own.checked_in_at < local_start(until))
    return patrol_facts(rows, _stays(inputs, since, until), inputs.hotspots.lazy())


def _extents(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    return extent_facts(inputs.neighbourhoods, inputs.hotspots, months_between(since, add_months(until, -1)))


def _placed(feed: str, facts: Callable[..., pl.LazyFrame]) -> Build:
    """Build a small feed whole from the neighbourhoods of its days; the months wanted are kept afterwards."""

    def build(inputs: Inputs, _since: date, _until: date) -> pl.LazyFrame:
        return facts(inputs.feed(feed).lazy(), inputs.neighbourhoods.lazy())

    return build


def _establishment(inputs: Inputs, _since: date, _until: date) -> pl.LazyFrame:
    return establishment_facts(inputs.feed("establishment").lazy())


def _special_hours(inputs: Inputs, _since: date, _until: date) -> pl.LazyFrame:
    hours, postings, officers = (
        inputs.feed(feed).lazy() for feed in ("special_hours", "postings", "officers")
    )
    return special_facts(hours, postings, inputs.neighbourhoods.lazy(), officers)


def _stop_searches(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    at = _table("stop_searches").c.searched_at
    rows = _rows(inputs, "stop_searches", at >= local_start(since), at < local_start(until))
    nowhere = pl.lit(None, pl.String)
    dated = rows.with_columns(day=local_day(pl.col("searched_at")), neighbourhood_code=nowhere)
    return stop_search_facts(stamp_areas(dated, inputs.neighbourhoods, inputs.neighbourhood_index))


def _incidents(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    """Build all incidents of the force's own extracts: published ASB alone is no list of incidents."""
    own = _table("incidents").c
    rows = _rows(
        inputs,
        "incidents",
        own.provenance == "force",
        own.reported_at >= local_start(since),
        own.reported_at < local_start(until),
    )
    dated = rows.with_columns(day=local_day(pl.col("reported_at")))
    standards = until_the_next(inputs.feed("response_standards"), "grade")
    stamped = stamp_areas(dated, inputs.neighbourhoods, inputs.neighbourhood_index)
    return incident_facts(stamped, standards.lazy())


def _flagged(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    return flag_facts(_published(inputs, "crimes", since, until))


def _handovers(inputs: Inputs, since: date, until: date) -> pl.LazyFrame:
    at = _table("handovers").c.detained_at
    rows = _rows(inputs, "handovers", at >= local_start(since), at < local_start(until))
    dated = rows.with_columns(day=local_day(pl.col("detained_at")))
    return handover_facts(stamp_areas(dated, inputs.neighbourhoods, inputs.neighbourhood_index))


def _asb_powers(inputs: Inputs, _since: date, _until: date) -> pl.LazyFrame:
    dated = inputs.feed("asb_powers").lazy().with_columns(day="issued_on")
    return power_facts(stamp_areas(dated, inputs.neighbourhoods, inputs.neighbourhood_index))


def _case_reviews(inputs: Inputs, _since: date, _until: date) -> pl.LazyFrame:
    return review_facts(inputs.feed("case_reviews").lazy())


def _plan_actions(inputs: Inputs, _since: date, _until: date) -> pl.LazyFrame:
    actions, problems = (inputs.feed(feed).lazy() for feed in ("plan_actions", "problems"))
    return action_facts(actions, problems, inputs.neighbourhoods.lazy())


# In the order in which they are made: `fix_quality` reads `duty`, months of visibility read its days.
DATASETS: tuple[Dataset, ...] = (
    Dataset(
        name="duty",
        dated=("duties",),
        references=("activity_codes", *HOME),
        build=_duty,
        reach=lambda _: DUTY_MARGIN.days,
    ),
    Dataset(
        name="asb",
        dated=("incidents",),
        references=("closure_codes", *PLACES),
        build=_asb,
        reach=lambda parameters: parameters.repeat_days,
    ),
    Dataset(
        name="crimes",
        dated=("crimes",),
        references=("offences", "outcome_codes", "hotspots", *PLACES),
        build=_crimes,
    ),
    Dataset(name="flagged", dated=("crimes",), references=("offences", "outcome_codes", *PLACES), build=_flagged),
    Dataset(name="incidents", dated=("incidents",), references=("response_standards", *PLACES), build=_incidents),
    Dataset(name="handovers", dated=("handovers",), references=PLACES, build=_handovers),
    Dataset(name="visibility", dated=("fixes",), references=HOME, build=_visibility),
    Dataset(name=VISIBILITY_MONTHS, dated=("fixes",), references=HOME, build=_visibility_months),
    Dataset(name="presence", dated=("fixes",), references=PLACES, build=_presence),
    Dataset(
        name="fix_quality",
        dated=("fixes",),
        references=("duties", "activity_codes", *HOME),
        build=_fix_quality,
    ),
    Dataset(name="taskings", dated=("taskings",), references=("fixes", "hotspots"), build=_taskings),
    Dataset(name="hotspot_months", dated=("taskings",), references=("fixes", "hotspots"), build=_hotspot_months),
    Dataset(name="patrols", dated=("patrols",), references=("fixes", "hotspots"), build=_patrols),
    Dataset(name="hotspot_time", dated=("fixes",), references=("hotspots", "officers"), build=_hotspot_time),
    Dataset(name="extents", dated=("crimes", "taskings"), references=("hotspots", *PLACES), build=_extents),
    Dataset(name="establishment", dated=("establishment",), references=(), build=_establishment),
    Dataset(name="special_hours", dated=("special_hours",), references=HOME, build=_special_hours),
    Dataset(name="profiles", dated=("profiles",), references=PLACES, build=_placed("profiles", profile_facts)),
    Dataset(name="meetings", dated=("meetings",), references=PLACES, build=_placed("meetings", meeting_facts)),
    Dataset(name="queries", dated=("queries",), references=PLACES, build=_placed("queries", query_facts)),
    Dataset(name="asb_powers", dated=("asb_powers",), references=PLACES, build=_asb_powers),
    Dataset(name="case_reviews", dated=("case_reviews",), references=(), build=_case_reviews),
    Dataset(name="plan_actions", dated=("plan_actions",), references=("problems", *PLACES), build=_plan_actions),
    Dataset(name="stop_searches", dated=("stop_searches",), references=PLACES, build=_stop_searches),
)


def _schema(dataset: str) -> dict[str, pl.DataType]:
    """Give the columns of a dataset as published; the weight of a crime is a reader's choice."""
    if dataset not in ("visibility", VISIBILITY_MONTHS):
        return {name: dtype for name, dtype in SOURCES[dataset].items() if name not in ON_READ}
    source = SOURCES["visibility_home"]
    return {f"home_{name}" if name in AREA_COLUMNS else name: dtype for name, dtype in source.items()}


SCHEMAS: Mapping[str, Mapping[str, pl.DataType]] = {one.name: _schema(one.name) for one in DATASETS}


def came(connection: Connection, dataset: str, month: date) -> bool:
    """Tell whether anything came from which `dataset` might have had rows in `month`: incidents, fixes."""
    until = add_months(month, 1)
    looked_at = {
        "asb": (_table("incidents").c.reported_at, local_start(month), local_start(until)),
        "visibility": (_table("fix_quality").c.day, month, until),
        "presence": (_table("fix_quality").c.day, month, until),
    }
    if dataset not in looked_at:
        return False
    column, first, end = looked_at[dataset]
    return connection.execute(select(column).where(column >= first, column < end).limit(1)).first() is not None

"""The published facts as a data product: what a row of each dataset is, its key, and every column with its unit."""

from collections.abc import Mapping

from data_access.facts.datasets import DATASETS
from data_access.facts.inputs import published_schema
from data_access.facts.references import REFERENCES, dataset_of
from data_access.feeds.tables import FEED_TABLES

# By dataset: what a row is, and the columns that tell it from every other row of a version (none: rows may be alike).
ROWS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "duty": (
        "time of an officer on duty, after overlaps, by hour and activity",
        ("day", "hour", "officer_id", "activity_code", "worked_area"),
    ),
    "visibility": (
        "time of an officer held by radio fixes, by hour and place",
        ("day", "hour", "officer_id", "place_kind", "place_neighbourhood_code"),
    ),
    "visibility_months": ("the same seconds added up by month, home, place and role, with nobody named", ()),
    "presence": (
        "time in which a neighbourhood had at least one visible uniformed officer, by hour",
        ("day", "hour", "neighbourhood_code"),
    ),
    "fix_quality": ("radio fixes of an officer's day: read, dropped and why", ("day", "officer_id")),
    "special_hours": ("a special's return for a month", ("day", "officer_id")),
    "asb": ("an ASB incident", ("incident_id",)),
    "crimes": ("a recorded crime", ("crime_id",)),
    "flagged": ("a flag of a recorded crime", ("crime_id", "flag")),
    "incidents": ("an incident, of any kind", ()),
    "handovers": ("a detention under section 136", ("handover_id",)),
    "asb_powers": ("an ASB notice or order", ("power_id",)),
    "stop_searches": ("a stop and search", ("search_id",)),
    "taskings": ("a window in which a hotspot was to be patrolled", ("tasking_id",)),
    "hotspot_months": ("a hotspot's month of days patrolled as tasked", ("day", "hotspot_id")),
    "patrols": ("a patrol that checked in", ("patrol_id",)),
    "hotspot_time": ("officers' time inside a hotspot in a day, tasked or not, by role", ("day", "hotspot_id", "role")),
    "extents": ("how much of an LPA is hotspots, in a month", ("day", "lpa_code")),
    "establishment": ("posts of a role in a department, in a month", ("day", "lpa_code", "department", "role")),
    "profiles": ("a neighbourhood's public profile, in a month", ("day", "neighbourhood_code")),
    "meetings": ("a public meeting held", ("meeting_id",)),
    "queries": ("a query from the public", ("query_id",)),
    "case_reviews": ("a request for an ASB case review", ("review_id",)),
    "plan_actions": ("an action of a plan or a tasking meeting", ("action_id",)),
}
WORDS: Mapping[str, str] = {
    "day": "local day (Europe/London); of what is of a month, and in folded months, the first of the month",
    "hour": "local hour, 0 to 23; null: not known, or of a whole month",
    "officer_id": "the officer, as extracts name them or under a pseudonym; null in folded months",
    "role": "officer, pcso or special, on the day",
    "uniformed": "wears a uniform",
    "department": "home department on the day",
    "team": "home team on the day",
    "lpa_code": "LPA on the day: of officers' time the home, else where it happened; null: unplaced",
    "sector_code": "sector, likewise",
    "neighbourhood_code": "neighbourhood, likewise",
    **{f"home_{name}_code": f"{words} of the home on the day" for name, words in
       (("lpa", "LPA"), ("sector", "sector"), ("neighbourhood", "neighbourhood"))},
    **{f"place_{name}_code": f"{words} in which the time was held; null: none" for name, words in
       (("lpa", "LPA"), ("sector", "sector"), ("neighbourhood", "neighbourhood"))},
    "activity_code": "what was done, as the force codes it",
    "category": "category of the activity, or of the ASB incident: nuisance, personal, environmental, unknown",
    "family": "core, demand, aid, mandatory or absence",
    "worked_area": "LPA or sector that received the hours; null: not recorded",
    "seconds": "time, in seconds",
    "shifts": "1 on the one row in which a shift starts",
    "episodes": "1 on the one row in which an episode of demand or aid starts",
    "heads": "in folded months, who is behind the row, under numbers of that month alone; else null",
    "officer_ids": "whose time it is; in folded months null",
    "place_kind": "police_building, other_premises, visible or out_of_force",
    "fixes": "fixes read",
    "bad_position": "fixes dropped: no position, or far outside the country",
    "duplicate": "fixes dropped: same officer and instant",
    "off_duty": "fixes dropped: outside duty time",
    "spike": "fixes dropped: faster than 180 km/h both ways",
    "known_seconds": "time whose place is known, in seconds",
    "duty_seconds": "duty time, in seconds",
    "median_gap_seconds": "median seconds between kept fixes; null: fewer than two",
    "duties": "duties done",
    "hours": "hours given, or from detention to handover",
    "repeat": "its location had as many in the days up to it as config.toml says of a repeat",
    "offence_name": "name of the offence",
    "offence_group": "group of the offence",
    "neighbourhood_crime": "kind of neighbourhood crime; null: none",
    "violence_with_injury": "violence with injury",
    "homicide": "homicide",
    "town_centre": "retail or street crime",
    "positive_outcome": "the outcome is a positive one",
    "impact_areas": "Impact Areas that it lies in",
    "hotspots": "hotspots that it lies in",
    "syv_robbery_hotspots": "of these, hotspots tasked for serious youth violence and robbery",
    "flag": "hate, domestic, vawg, knife or youth",
    "minutes": "minutes from report to arrival; null: not attended, or not known",
    "standard_minutes": "the standard of its grade on that date, in minutes; null: it has none",
    "grades_known": "grades were handed over for its month",
    "arrivals_known": "arrivals were handed over for its month",
    "mental_health_known": "mental health was handed over for its month",
    "breached": "it was breached",
    "ethnic_group": "self-defined ethnic group",
    "kind": "what the hotspot is for: asb or syv_robbery",
    "hotspot_id": "the hotspot",
    "visit_s": "time with at least one officer on site in the window, in seconds",
    "officer_s": "time on site of all officers together, in seconds",
    "tasked_s": "time tasked, in seconds: the window's length for each officer named",
    "officers": "officers named; 0: anybody",
    "result": "compliant, short, outside_window or missed",
    "required": "days on which it was to be patrolled: a third of the month's, rounded up",
    "achieved": "days with a compliant patrol, at most those required",
    "longest_gap_days": "longest run of days without a compliant patrol",
    "claimed_s": "check-in to check-out, in seconds; null: no check-out",
    "agrees": "check-in and radio differ by at most ten minutes",
    "hotspot_km2": "km² covered by hotspots",
    "area_km2": "km² covered by neighbourhoods",
    "reply_hours": "hours to the reply; null: none yet",
    "told": "whoever asked was told what came of it",
    "on_time": "it was done by the day it was due",
}  # fmt: skip
FEED_OF = {"asb": "incidents", "flagged": "crimes"}  # the feed whose words its other columns have, where not its own


def described(dataset: str) -> dict[str, str]:
    """Return the columns of a dataset with what they hold. Raises KeyError for one that nobody described."""
    feed = FEED_TABLES.get(FEED_OF.get(dataset, dataset))
    of_feed = {} if feed is None else {column.name: str(column.comment) for column in feed.columns}
    own = {"lpa_code", "sector_code", "neighbourhood_code", "role", "department"}
    return {
        name: WORDS[name] if name in own or name not in of_feed else of_feed[name] for name in published_schema(dataset)
    }


def page() -> str:
    """Return the part of README.md that follows from the code: every dataset, its key and its columns."""
    facts = [_section(one.name, *ROWS[one.name]) for one in DATASETS]
    feeds = ["### Small feeds, whole", "", "As extracts have them, a file for each load that changed them.", ""]
    names = [f"`{dataset_of(feed)}`: {', '.join(_feed_columns(feed))}" for feed in REFERENCES]
    return "\n".join([*facts, *feeds, *(f"- {name}" for name in names)])


def _section(dataset: str, row: str, key: tuple[str, ...]) -> str:
    schema, words = published_schema(dataset), described(dataset)
    keyed = f"Key: {', '.join(f'`{name}`' for name in key)}." if key else "No key: rows may be alike."
    lines = [f"| `{name}` | {dtype} | {words[name].replace('|', '/')} |" for name, dtype in schema.items()]
    head = (f"### `{dataset}`", "", f"A row: {row}. {keyed}", "", "| column | type | meaning |", "|---|---|---|")
    return "\n".join([*head, *lines, ""])


def _feed_columns(feed: str) -> list[str]:
    hidden = ("file_id", "line", "provenance")
    return [f"`{column.name}`" for column in FEED_TABLES[feed].columns if column.name not in hidden]

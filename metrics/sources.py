"""The facts that indicators and pages read: each source's columns and types, named once."""

from collections.abc import Mapping

import polars as pl

_AREAS = {"lpa_code": pl.String, "sector_code": pl.String, "neighbourhood_code": pl.String}
_PEOPLE = {
    "officer_id": pl.String,
    "role": pl.String,
    "uniformed": pl.Boolean,
    "department": pl.String,
    "team": pl.String,
}
_INSTANT = pl.Datetime("us", "UTC")
_VISIBILITY = {
    "day": pl.Date,
    "hour": pl.Int8,
    **_PEOPLE,
    **_AREAS,
    "place_kind": pl.String,
    "seconds": pl.Int64,
}
_POSITION = {"lon": pl.Float64, "lat": pl.Float64}


def _prefixed(prefix: str) -> dict[str, pl.DataType]:
    return {f"{prefix}_{name}": dtype for name, dtype in _AREAS.items()}


SOURCES: Mapping[str, Mapping[str, pl.DataType]] = {
    "duty": {
        "day": pl.Date,
        "hour": pl.Int8,
        **_PEOPLE,
        **_AREAS,
        "activity_code": pl.String,
        "category": pl.String,
        "family": pl.String,
        "worked_area": pl.String,
        "seconds": pl.Int64,
        "shifts": pl.Int64,
        "episodes": pl.Int64,
    },
    "visibility_home": {**_VISIBILITY, **_prefixed("place")},
    "visibility_place": {**_VISIBILITY, **_prefixed("home")},
    "presence": {"day": pl.Date, "hour": pl.Int8, **_AREAS, "seconds": pl.Int64},
    "fix_quality": {
        "day": pl.Date,
        **_PEOPLE,
        **_AREAS,
        "fixes": pl.Int64,
        "bad_position": pl.Int64,
        "duplicate": pl.Int64,
        "off_duty": pl.Int64,
        "spike": pl.Int64,
        "known_seconds": pl.Int64,
        "duty_seconds": pl.Int64,
        "median_gap_seconds": pl.Float64,
    },
    "asb": {
        "day": pl.Date,
        **_AREAS,
        "incident_id": pl.String,
        "reported_at": _INSTANT,
        "hour": pl.Int8,
        "day_known": pl.Boolean,
        **_POSITION,
        "category": pl.String,
        "location_ref": pl.String,
        "caller_ref": pl.String,
        "repeat": pl.Boolean,
        "risk_assessed": pl.Boolean,
        "mental_health": pl.Boolean,
        "closing_codes": pl.String,
        "closed_at": _INSTANT,
        "provenance": pl.String,
    },
    "audits": {
        "day": pl.Date,
        **_AREAS,
        "incident_id": pl.String,
        "category": pl.String,
        "audited_on": pl.Date,
        "correct": pl.Boolean,
        "should_be_crime": pl.Boolean,
    },
    "crimes": {
        "day": pl.Date,
        **_AREAS,
        "crime_id": pl.String,
        "committed_on": pl.Date,
        "day_known": pl.Boolean,
        **_POSITION,
        "offence_code": pl.String,
        "offence_name": pl.String,
        "offence_group": pl.String,
        "neighbourhood_crime": pl.String,
        "violence_with_injury": pl.Boolean,
        "homicide": pl.Boolean,
        "town_centre": pl.Boolean,
        "victim_age": pl.Int64,
        "outcome_code": pl.String,
        "outcome_on": pl.Date,
        "positive_outcome": pl.Boolean,
        "impact_areas": pl.List(pl.String),
        "hotspots": pl.List(pl.String),
        "provenance": pl.String,
        "weight": pl.Float64,
        "in_impact_areas": pl.Boolean,
        "in_hotspots": pl.Boolean,
    },
    "residents": {"day": pl.Date, **_AREAS, "residents": pl.Int64},
    "taskings": {
        "day": pl.Date,
        "lpa_code": pl.String,
        "tasking_id": pl.String,
        "hotspot_id": pl.String,
        "kind": pl.String,
        "window_start": _INSTANT,
        "window_end": _INSTANT,
        "visit_s": pl.Int64,
        "officer_s": pl.Int64,
        "tasked_s": pl.Int64,
        "officers": pl.Int64,
        "result": pl.String,
    },
    "hotspot_months": {
        "day": pl.Date,
        "lpa_code": pl.String,
        "hotspot_id": pl.String,
        "kind": pl.String,
        "required": pl.Int64,
        "achieved": pl.Int64,
        "longest_gap_days": pl.Int64,
    },
    "hotspot_time": {
        "day": pl.Date,
        "lpa_code": pl.String,
        "hotspot_id": pl.String,
        "kind": pl.String,
        "role": pl.String,
        "seconds": pl.Int64,
    },
    "patrols": {
        "day": pl.Date,
        "lpa_code": pl.String,
        "patrol_id": pl.String,
        "hotspot_id": pl.String,
        "kind": pl.String,
        "claimed_s": pl.Int64,
        "visit_s": pl.Int64,
        "agrees": pl.Boolean,
        "arrests": pl.Int64,
        "stop_searches": pl.Int64,
        "intelligence": pl.Int64,
        "referrals": pl.Int64,
    },
    "establishment": {
        "day": pl.Date,
        "lpa_code": pl.String,
        "department": pl.String,
        "role": pl.String,
        "establishment_fte": pl.Float64,
        "strength_fte": pl.Float64,
        "as_at": pl.Date,
    },
    "special_hours": {"day": pl.Date, **_PEOPLE, **_AREAS, "duties": pl.Int64, "hours": pl.Float64},
    "problems": {
        "day": pl.Date,
        **_AREAS,
        "problem_id": pl.String,
        "title": pl.String,
        "stage": pl.String,
        "live": pl.Boolean,
        "closed": pl.Boolean,
        "age_days": pl.Int64,
        "assessed": pl.Boolean,
        "effective": pl.Boolean,
    },
    "profiles": {"day": pl.Date, **_AREAS, "named_officer": pl.Boolean, "priorities_reviewed_on": pl.Date},
    "meetings": {"day": pl.Date, **_AREAS, "meeting_id": pl.String, "attendees": pl.Int64},
    "queries": {"day": pl.Date, **_AREAS, "query_id": pl.String, "reply_hours": pl.Float64},
    "measures": {
        "day": pl.Date,
        **_AREAS,
        "indicator_id": pl.String,
        "numerator": pl.Float64,
        "denominator": pl.Float64,
    },
    "stop_searches": {
        "day": pl.Date,
        **_AREAS,
        "search_id": pl.String,
        "searched_at": _INSTANT,
        **_POSITION,
        "legislation": pl.String,
        "object": pl.String,
        "outcome": pl.String,
    },
}

# Columns that depend on a reader's choice or follow from others: added on read, not published.
ON_READ = frozenset({"weight", "in_impact_areas", "in_hotspots"})


def empty_source(source: str) -> pl.LazyFrame:
    """Give a source with its columns and no rows."""
    return pl.LazyFrame(schema=dict(SOURCES[source]))

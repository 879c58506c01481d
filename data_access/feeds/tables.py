"""The feeds of the input contract as tables: typed rows, the system of record."""

from sqlalchemy import Table

import data_access.feeds.optional_tables  # noqa: F401 - its tables stand in the same metadata
from data_access.feeds.columns import (
    day,
    flag,
    geometry,
    instant,
    month,
    number,
    position,
    provenance,
    text,
    valid_from,
    valid_to,
    whole,
)
from data_access.feeds.table import feed_table, metadata
from metrics.levels import LEVELS

ROLES = ("officer", "pcso", "special", "staff")
FAMILIES = ("core", "demand", "aid", "mandatory", "absence")
ASB_CATEGORIES = ("personal", "nuisance", "environmental")
NEIGHBOURHOOD_CRIMES = ("residential_burglary", "robbery", "vehicle", "theft_person")
STAGES = ("scanning", "analysis", "response", "assessment")
PREMISES = ("police_building", "hospital", "court", "council")
HOTSPOTS = ("impact_area", "syv_robbery", "asb")
RESOURCES = ("response", "npt", "telephone", "online", "other")
FLAGS = ("hate", "domestic", "vawg", "knife", "youth")
TARGET_KINDS = ("standard", "plan", "aim")

neighbourhoods = feed_table(
    "neighbourhoods",
    "the smallest areas, each in a sector and an LPA, by the time they are valid",
    text("neighbourhood_code", "code of the neighbourhood", key=True),
    text("neighbourhood_name", "name of the neighbourhood"),
    text(
        "sector_code", "code of its sector; null: the sector is set by `sectors`, else its own", optional=True
    ),
    text("sector_name", "name of its sector", optional=True),
    text("lpa_code", "code of its local policing area"),
    text("lpa_name", "name of its local policing area"),
    whole("residents", "people who live there", optional=True, least=0),
    valid_from("boundary"),
    valid_to("boundary"),
    geometry(),
)
sectors = feed_table(
    "sectors",
    "which sector a ward of an ONS file belongs to",
    text("neighbourhood_code", "code of the ward", key=True),
    text("sector_code", "code of its sector"),
    text("sector_name", "name of its sector"),
)
premises = feed_table(
    "premises",
    "footprints of buildings where time is not visible",
    text("premises_id", "identifier of the building", key=True),
    text("name", "its name"),
    text("kind", "what it is", allowed=PREMISES),
    valid_from("footprint"),
    valid_to("footprint"),
    geometry(),
)
hotspots = feed_table(
    "hotspots",
    "Impact Areas and patrol hotspots, by the time they are valid",
    text("hotspot_id", "identifier of the polygon", key=True),
    text("name", "its name"),
    text(
        "kind",
        "impact_area, or a patrol hotspot: serious youth violence and robbery, or ASB",
        allowed=HOTSPOTS,
    ),
    text("lpa_code", "the local policing area that answers for it"),
    valid_from("polygon"),
    valid_to("polygon"),
    geometry(),
)
officers = feed_table(
    "officers",
    "who serves, and as what",
    text("officer_id", "the force's own identifier, or a pseudonym made of it", key=True, personal="officer"),
    text(
        "display_name",
        "name to show where a viewer may see it; sealed where the id is a pseudonym",
        optional=True,
        personal="name",
    ),
    text("role", "officer, PCSO, special or staff", allowed=ROLES),
    text("rank", "rank, in the force's own words", optional=True),
    flag("uniformed", "works in uniform; empty counts as true", optional=True, default=True),
)
postings = feed_table(
    "postings",
    "which team and area an officer belongs to, [start_date, end_date)",
    text("officer_id", "the officer", key=True, personal="officer"),
    text("department", "department: NPT, Response, PCT and others in the force's own words"),
    text("team", "team within the department"),
    text("lpa_code", "home local policing area"),
    text("sector_code", "home sector; null: posted to the whole LPA", optional=True),
    text("neighbourhood_code", "home neighbourhood; null: posted to the sector or LPA", optional=True),
    day("start_date", "first day of the posting", key=True),
    day("end_date", "first day after the posting; null: open", optional=True),
)
activity_codes = feed_table(
    "activity_codes",
    "what a duty code means, and its family, by the time it is valid",
    text("activity_code", "the code", key=True),
    text("activity_name", "its name"),
    text("category", "what kind of work, in the force's own words"),
    text("family", "core, demand, aid, mandatory or absence", allowed=FAMILIES),
    day("valid_from", "first day on which it holds", key=True),
    valid_to("meaning"),
)
duties = feed_table(
    "duties",
    "duty segments [starts_at, ends_at) of an officer, each with an activity code; they may overlap",
    text("officer_id", "the officer", key=True, personal="officer"),
    text("shift_id", "the shift it belongs to"),
    instant("starts_at", "first instant", key=True),
    instant("ends_at", "first instant after it"),
    text("activity_code", "what was done"),
    text("worked_area", "LPA or sector that received the hours", optional=True),
    indexed=(("starts_at", "ends_at"),),
)
taskings = feed_table(
    "taskings",
    "hotspot patrols asked for: a window in a hotspot, one row per officer named",
    text("tasking_id", "identifier of the tasking", key=True),
    text("hotspot_id", "where"),
    instant("window_start", "first instant of the window"),
    instant("window_end", "first instant after the window"),
    text("officer_id", "officer tasked; empty: any", key=True, optional=True, empty="", personal="officer"),
)
patrols = feed_table(
    "patrols",
    "patrols as the officers checked in and out of them",
    text("patrol_id", "identifier of the patrol", key=True),
    text("tasking_id", "the tasking it answers", optional=True),
    text("hotspot_id", "where"),
    text("officer_id", "who checked in", personal="officer"),
    instant("checked_in_at", "check-in"),
    instant("checked_out_at", "check-out", optional=True),
    whole("arrests", "arrests made", optional=True, least=0),
    whole("stop_searches", "stop and searches made", optional=True, least=0),
    whole("intelligence", "intelligence reports made", optional=True, least=0),
    whole("referrals", "referrals made", optional=True, least=0),
)
closure_codes = feed_table(
    "closure_codes",
    "what a closing code of an incident means",
    text("closure_code", "the code", key=True),
    text("closure_name", "its name"),
    text(
        "asb_category",
        "personal, nuisance or environmental; null: not ASB",
        optional=True,
        allowed=ASB_CATEGORIES,
    ),
)
incidents = feed_table(
    "incidents",
    "incidents, of which those with an ASB closing code count as ASB",
    text("incident_id", "identifier of the incident", key=True),
    instant("reported_at", "when it was reported"),
    text("grade", "response grade", optional=True),
    text(
        "closing_codes",
        "closing codes in order, separated by semicolons; null: none",
        optional=True,
        header=True,
    ),
    instant("closed_at", "when it was closed", optional=True),
    *position(),
    text("neighbourhood_code", "where, if it has no position", optional=True),
    text("location_ref", "the same for the same place", optional=True, personal="place"),
    text("caller_ref", "the same for the same caller, or a pseudonym of it", optional=True, personal="caller"),
    flag("risk_assessed", "a risk assessment was completed", optional=True),
    flag("mental_health", "mental health was a factor", optional=True),
    instant("arrived_at", "when the first officer arrived", optional=True),
    flag("attended", "an officer attended; null: not known", optional=True),
    text("resource", "what dealt with it", optional=True, allowed=RESOURCES),
    number("officer_minutes", "minutes of all officers on it together", optional=True, least=0),
    *provenance(),
    indexed=("reported_at", "street_file"),
)
asb_audits = feed_table(
    "asb_audits",
    "dip-sample verdicts on ASB incidents that came as an extract",
    text("incident_id", "the incident audited", key=True),
    day("audited_on", "when"),
    flag("correct", "it was closed correctly"),
    flag("should_be_crime", "it should have been recorded as a crime"),
    text("reason", "why", optional=True, personal="text"),
    text("auditor", "who judged", optional=True, personal="text"),
)
crimes = feed_table(
    "crimes",
    "recorded crimes",
    text("crime_id", "identifier of the crime", key=True),
    day("recorded_on", "when it was recorded"),
    day("committed_on", "when it was committed", optional=True),
    text("offence_code", "what it was"),
    *position(),
    text("neighbourhood_code", "where, if it has no position", optional=True),
    whole("victim_age", "age of the victim in years", optional=True, least=0, most=130, personal="trait"),
    text("outcome_code", "outcome", optional=True),
    day("outcome_on", "when the outcome was recorded", optional=True),
    text("flags", "any of FLAGS, separated by semicolons; null: none, or not known", optional=True),
    *provenance(),
    indexed=("recorded_on", "committed_on", "street_file"),
)
offences = feed_table(
    "offences",
    "what an offence code means",
    text("offence_code", "the code", key=True),
    text("offence_name", "its name"),
    text("offence_group", "its group"),
    text(
        "neighbourhood_crime", "which neighbourhood crime it is", optional=True, allowed=NEIGHBOURHOOD_CRIMES
    ),
    flag("violence_with_injury", "it is violence with injury", optional=True),
    flag("homicide", "it is a homicide", optional=True),
    flag("town_centre", "it counts as retail and street crime", optional=True),
)
weights = feed_table(
    "weights",
    "harm of one crime of an offence, by named set",
    text("weight_set", "name and edition of the set", key=True),
    text("offence_code", "the offence", key=True),
    number("weight", "harm of one crime", least=0),
    text("source", "where the figure comes from"),
)
stop_searches = feed_table(
    "stop_searches",
    "stop and searches",
    text("search_id", "identifier of the search", key=True),
    instant("searched_at", "when"),
    *position(),
    text("legislation", "the power used", optional=True),
    text("object", "what was looked for", optional=True),
    text("outcome", "what came of it", optional=True),
    text("self_defined_ethnicity", "as the person described it", optional=True, personal="trait"),
    text("officer_defined_ethnicity", "as the officer saw it", optional=True, personal="trait"),
    text("age_range", "age of the person, as published", optional=True, personal="trait"),
    flag("linked_outcome", "the outcome is linked to what was looked for; null: not known", optional=True),
    *provenance(),
    indexed=("searched_at", "street_file"),
)
establishment = feed_table(
    "establishment",
    "posts funded and filled, full-time equivalents",
    month("month", "the month", key=True),
    text("lpa_code", "local policing area", key=True),
    text("department", "department", key=True),
    text("role", "role", key=True, allowed=ROLES),
    number("establishment_fte", "posts funded", least=0),
    number("strength_fte", "posts filled", least=0),
    day("as_at", "the day the count was taken"),
)
special_hours = feed_table(
    "special_hours",
    "duties and hours that a special gave in a month",
    month("month", "the month", key=True),
    text("officer_id", "the special", key=True, personal="officer"),
    whole("duties", "duties done", least=0),
    number("hours", "hours given", least=0),
)
problems = feed_table(
    "problems",
    "problem-solving plans (PMP) and the SARA stage they are in",
    text("problem_id", "identifier of the plan", key=True),
    text("neighbourhood_code", "where"),
    text("title", "what about", personal="text"),
    day("opened_on", "when it was opened"),
    text("stage", "SARA stage", allowed=STAGES),
    day("stage_on", "when it reached that stage"),
    day("closed_on", "when it was closed; null: live", optional=True),
    flag("assessed", "it was closed with an assessment", optional=True),
    flag("effective", "the assessment found it effective", optional=True),
)
profiles = feed_table(
    "profiles",
    "what a neighbourhood's public profile says in a month",
    text("neighbourhood_code", "the neighbourhood", key=True),
    month("month", "the month", key=True),
    flag("named_officer", "it names a contactable officer"),
    day("priorities_reviewed_on", "when its priorities were last reviewed", optional=True),
)
meetings = feed_table(
    "meetings",
    "public meetings held",
    text("meeting_id", "identifier of the meeting", key=True),
    text("neighbourhood_code", "where"),
    day("held_on", "when"),
    whole("attendees", "people who came", optional=True, least=0),
)
queries = feed_table(
    "queries",
    "questions from the public",
    text("query_id", "identifier of the query", key=True),
    text("neighbourhood_code", "where from"),
    instant("received_at", "when it came"),
    instant("answered_at", "when it was answered; null: not yet", optional=True),
)
measures = feed_table(
    "measures",
    "figures that arrive already added up",
    text("indicator_id", "the indicator", key=True),
    text("area_code", "the area, or the force", key=True),
    month("month", "the month", key=True),
    number("numerator", "the count or total"),
    number("denominator", "what it is out of; null: a plain count", optional=True),
    text("note", "a caveat to show", optional=True, personal="text"),
)
targets = feed_table(
    "targets",
    "targets that somebody owns",
    text("indicator_id", "the indicator", key=True),
    text("area_code", "the area", key=True),
    number("value", "the target"),
    text("owner", "who set it", personal="text"),
    day("start_date", "first day it holds", key=True),
    day("end_date", "first day it no longer holds; null: open", optional=True),
    text("area_level", "the level of the area, where a code is of several", optional=True, allowed=LEVELS),
    text("kind", "a standard, a plan or an aim", optional=True, allowed=TARGET_KINDS),
    text("source", "where it is written", optional=True),
)

FEED_TABLES: dict[str, Table] = dict(metadata.tables)

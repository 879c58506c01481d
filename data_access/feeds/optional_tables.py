"""The feeds that many forces keep in systems of their own, and may hand over later or never."""

from data_access.feeds.columns import day, flag, instant, number, position, text, valid_to, whole
from data_access.feeds.table import feed_table

POWERS = ("cpw", "cpn", "closure", "dispersal", "cbo", "injunction", "pspo_fpn")
ACTION_SOURCES = ("pmp", "tasking")

outcome_codes = feed_table(
    "outcome_codes",
    "what an outcome of a crime means; those that are published ship with the suite",
    text("outcome_code", "the code, or the published name where that is all there is", key=True),
    text("outcome_name", "its name"),
    flag("positive", "the offender was dealt with: charge, caution, penalty notice, community resolution"),
)
response_standards = feed_table(
    "response_standards",
    "how soon the force says it will arrive, by grade and the days on which that held",
    text("grade", "the response grade", key=True),
    number("minutes", "minutes from report to arrival, at most", least=0),
    day("valid_from", "first day on which it holds", key=True),
    valid_to("standard"),
    text("source", "who set it, and where it is written"),
)
handovers = feed_table(
    "handovers",
    "people detained under section 136 of the Mental Health Act 1983, until health staff took over",
    text("handover_id", "identifier of the handover", key=True),
    instant("detained_at", "when the person was detained"),
    instant("handed_over_at", "when health staff took over; null: not yet, or not recorded", optional=True),
    *position(),
    text("neighbourhood_code", "where, if it has no position", optional=True),
    indexed=("detained_at",),
)
population = feed_table(
    "population",
    "residents by ethnic group, as a census counted them",
    text("area_code", "the area", key=True),
    text("ethnic_group", "one of the five groups of the census", key=True),
    whole("residents", "people who live there", least=0),
    day("valid_from", "first day on which the count holds", key=True),
)
asb_powers = feed_table(
    "asb_powers",
    "powers of the 2014 Act used against anti-social behaviour",
    text("power_id", "identifier of the notice or order", key=True),
    text(
        "power",
        "community protection warning or notice, closure, dispersal, criminal behaviour order, injunction, or a fixed "
        "penalty for breaching a public spaces protection order",
        allowed=POWERS,
    ),
    day("issued_on", "when it was issued"),
    *position(),
    text("neighbourhood_code", "where, if it has no position", optional=True),
    day("breached_on", "when it was first breached; null: never", optional=True),
    indexed=("issued_on",),
)
case_reviews = feed_table(
    "case_reviews",
    "anti-social behaviour case reviews that victims asked for",
    text("review_id", "identifier of the request", key=True),
    text("lpa_code", "the local policing area"),
    day("requested_on", "when it was asked for"),
    flag("threshold_met", "the request met the threshold; null: not decided", optional=True),
    day("held_on", "when the review was held; null: not held", optional=True),
    whole("recommendations", "recommendations made", optional=True, least=0),
    whole("accepted", "recommendations accepted", optional=True, least=0),
)
surveys = feed_table(
    "surveys",
    "answers to a question of a survey, counted by area and period",
    text("survey", "name of the survey", key=True),
    text("question", "the indicator that the question answers: CON-01, ...", key=True),
    text("area_code", "the area, or the force", key=True),
    day("period_start", "first day of the interviews", key=True),
    day("period_end", "last day of the interviews"),
    whole("asked", "people who answered", least=0),
    whole("yes", "of whom said yes", least=0),
    number("design_effect", "how much wider the interval is than that of a simple random sample", optional=True),
)
plan_actions = feed_table(
    "plan_actions",
    "actions agreed: of problem-solving plans, and of tasking meetings",
    text("action_id", "identifier of the action", key=True),
    text("problem_id", "the plan (PMP) it belongs to", optional=True),
    text("source", "a problem-solving plan, or a tasking meeting", allowed=ACTION_SOURCES),
    text("neighbourhood_code", "where; null: that of its plan, or nowhere in particular", optional=True),
    text("action", "what is to be done", personal="text"),
    text("owner_role", "the role that is to do it; never a name", personal="text"),
    day("due_on", "by when"),
    day("done_on", "when it was done; null: not yet", optional=True),
    flag("told_public", "the neighbourhood was told", optional=True),
    indexed=("due_on",),
)

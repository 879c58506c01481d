"""Engagement and problem solving: who is named, asked and answered, and whether plans (PMP) solve problems (SARA)."""

from data_access.answers.people import Where
from metrics import indicators_of
from pages.parts import cards, charts, headline
from pages.sections import engagement_problems, engagement_replies, voices
from pages.sections.engagement_replies import ANSWERED, PAGE
from pages.selections import choices
from pages.selections.context import Context, headed

TITLE = "Engagement"
_TERMS = """PMP: the force's papers write Pro-active Management Plan, and Problem Management Profile. SARA: scanning,
analysis, response, assessment. WMNow: the force's community messaging. CSEW: Crime Survey for England and Wales."""


def render(context: Context) -> None:
    """Draw the page: the finding, engagement, reply times, plans and their age, what people say."""
    every = indicators_of(page=PAGE, role="card")
    ids = [one.id for one in every if one.subject == "Engagement"]
    plans_of = [one.id for one in every if one.subject == "Problem solving"]
    others = [one.id for one in every if one.subject not in ("Engagement", "Problem solving")]
    own = context.ask(*ids, *plans_of, *others, months=charts.MONTHS)
    below = context.selection.below or context.selection.level
    parts = context.ask(ANSWERED, level=below)
    headline.title(context, "Timely replies", headed(own, ANSWERED), headed(parts, ANSWERED))
    headline.caption(_TERMS)
    where = Where(month=context.selection.month, level=below, within=context.within)

    def asked() -> None:
        cards.row(context, own, ids, key="engagement", compared=context.ask_compared(*ids))
        engagement_replies.replies(context, where, own, parts)
        engagement_replies.meetings_held(context)

    def solving() -> None:
        cards.row(context, own, plans_of, key="plans", compared=context.ask_compared(*plans_of))
        engagement_problems.draw(context, where)

    def said() -> None:
        cards.row(context, own, others, key="surveys", compared=context.ask_compared(*others))
        voices.confidence(context)

    choices.tabs(
        "engagement_tab",
        {
            "asked": ("Named, asked and answered", asked),
            "plans": ("Problem solving", solving),
            "said": ("What people say", said),
            "searched": ("Stop and search", lambda: voices.stop_and_search(context)),
            "done": ("Actions", lambda: voices.actions(context)),
        },
    )

"""What the suite keeps about people: each kind of data, why, how long and who sees it, from contract and settings."""

from collections.abc import Mapping

import polars as pl

from data_access.feeds.columns import Personal
from data_access.feeds.contract import FEEDS, FIXES
from data_access.feeds.personal import personal_columns
from data_access.scope import Scope, scope_of
from data_access.settings import PrivacySettings, Settings

COLUMNS = ("what", "personal", "why", "how_long", "who_sees")
_FOLDED_FEEDS = ("duties", "taskings", "patrols", "special_hours")
_TELLS: Mapping[Personal, str] = {
    "officer": "the officer",
    "caller": "the caller",
    "name": "a name",
    "text": "free text",
    "place": "a place",
    "trait": "age or ethnicity",
}
# Why each feed that tells of people is needed: what could not be answered without it.
WHY: Mapping[str, str] = {
    "officers": "Role and uniform decide whose time counts; the name is for a supervisor's own people.",
    "postings": "Whose time belongs to which team and area on a day.",
    "duties": "Abstraction: how much time neighbourhoods lose, and to what.",
    FIXES: "Visibility: where officers' time is spent. Positions become hours by area, and are let go.",
    "taskings": "Whether patrols that were asked for took place.",
    "patrols": "What officers entered about a patrol, beside what radios say.",
    "special_hours": "What volunteers add.",
    "incidents": "Anti-social behaviour and response: how much, where, when, how soon, and where again.",
    "handovers": "How long officers wait with people in mental health crisis.",
    "asb_audits": "Whether incidents are closed as they should be.",
    "crimes": "Crime and its harm, by area; the age serves one figure, victims under 25.",
    "stop_searches": "Whether searches are fair, by group, and lead to something.",
    "asb_powers": "Which powers are used, where.",
    "problems": "Whether problem-solving plans are live and solve problems.",
    "plan_actions": "What was agreed and done.",
    "measures": "Figures that arrive added up; a note may stand beside one.",
    "targets": "Who set a target.",
}


def kept(settings: Settings) -> pl.DataFrame:
    """List COLUMNS: a row for each feed that tells of people, then one for each thing that the suite itself writes."""
    told = {name: personal_columns(name) for name in (*FEEDS, FIXES)}
    rows = [_of_feed(name, set(columns.values()), settings) for name, columns in told.items() if columns]
    nobody = ", ".join(name.replace("_", " ") for name, columns in told.items() if not columns)
    rows += _written(settings)
    rows.append((f"Lists and totals ({nobody})", "nobody", "What figures are counted by.", "for good", "all viewers"))
    return pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")


def _of_feed(name: str, kinds: set[Personal], settings: Settings) -> tuple[str, ...]:
    what = "radio fixes of officers" if name == FIXES else FEEDS[name].table.comment or name
    personal = ", ".join(words for kind, words in _TELLS.items() if kind in kinds)
    return f"{what} ({name})", personal, WHY[name], _how_long(name, kinds, settings.privacy), _who_sees(kinds, settings)


def _how_long(name: str, kinds: set[Personal], privacy: PrivacySettings) -> str:
    months = f"{privacy.keep_people_months} months" if privacy.keep_people_months else "for good"
    then = ", then folded into figures of areas and teams" if privacy.keep_people_months else ""
    if name == FIXES:
        whole = f"all of them {privacy.keep_fixes_days} days; " if privacy.keep_fixes_days else ""
        return f"{whole}those about midnight {privacy.keep_edge_days} days; hours made of them {months}{then}"
    if name in _FOLDED_FEEDS:
        return f"{months}{then}"
    if "caller" in kinds:
        return f"the caller {months}, the incident for good"
    if name in ("officers", "postings"):
        return "until the person is erased"
    return "for good, or until corrected by the force"


def _who_sees(kinds: set[Personal], settings: Settings) -> str:
    scopes = [scope_of(viewer) for viewer in settings.viewers]
    people = sum(one.names("officer") and one.may("open_individuals") for one in scopes)
    texts = sum(one.may("read_text") for one in scopes)
    said = []
    if kinds & {"officer", "caller", "name"}:
        said.append(f"single people: {_of_viewers(people, scopes)}, of their areas, every look recorded")
    if kinds & {"text", "place"}:
        said.append(f"free text and addresses: {_of_viewers(texts, scopes)}")
    return "; ".join([*said, "everybody else: figures of areas"])


def _of_viewers(count: int, all_of_them: list[Scope]) -> str:
    return f"{count} of {len(all_of_them)} kinds of viewer" if count else "nobody"


def _written(settings: Settings) -> list[tuple[str, ...]]:
    scopes = [scope_of(viewer) for viewer in settings.viewers]
    readers = sum(one.force and one.people == "officer" and one.may("read_trail") for one in scopes)
    days = settings.privacy.keep_rejected_days
    return [
        (
            "Rows set aside (rejected)",
            "the length of a value alone, where it tells of a person",
            "What is wrong with an extract, for whoever mends it.",
            f"values {days} days; which rule was broken, for good",
            "who runs loads; on pages the counts",
        ),
        (
            "Audit trail (trail)",
            "viewers; people looked at, under a pseudonym",
            "Who looked at, took away or was refused what.",
            "for good: it is never changed",
            f"{_of_viewers(readers, scopes)}",
        ),
        ("Sign-ins (sign_ins)", "viewers", "That a session ends when it should.", "for good", "nobody"),
        (
            "Verdicts and explanations (verdicts, explanations, decisions)",
            "their authors; free text",
            "What was judged and explained, and by whom.",
            "for good: a later one counts, an earlier one stays",
            "all viewers of the area",
        ),
        (
            "Saved views (saved_views, view_shares, hidden_views, start_views)",
            "viewers; what they call a view",
            "To come back to what was seen, and to show it to others.",
            "until removed, by their owner or with the viewer (erase --viewer)",
            "their owner, and whom they are shared with",
        ),
        (
            "Digests (subscriptions, mailboxes, told_news, outbox)",
            "viewers; the mailbox that they typed",
            "To tell those who asked what is new, once.",
            "until stopped, or with the viewer; a message until it is sent, what became of it 35 days",
            "the viewer",
        ),
    ]

"""A night's digests: composed for each viewer in their own scope, queued with the marks that they move, and sent."""

import hashlib
import json
import re
import smtplib
import uuid
from collections import Counter
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path

from data_access import mail
from data_access.answers import subscriptions as answers
from data_access.answers.reader import Reader
from data_access.database import outbox, subscriptions
from data_access.database.outbox import Message
from data_access.database.secret import pseudonym
from data_access.database.subscriptions import Subscription
from data_access.database.trail import Entry
from data_access.private import own_folder, write_file
from data_access.scope import Scope, scope_of
from data_access.settings import ViewerSettings
from data_access.store import Store
from metrics.levels import local_date
from pages.digest import message
from pages.digest.material import Material, gather


@dataclass(frozen=True, kw_only=True)
class Night:
    """What a run did: how many digests were queued, and what became of those that were waiting, by state.

    `unsure` are the identifiers of e-mails that may not have been sent; `failure` is why the server could not be used.
    """

    queued: int
    ended: Counter[str]
    unsure: tuple[str, ...]
    failure: str = ""


def digest(store: Store, now: datetime, folder: Path | None) -> Night:
    """Queue what is new for every viewer who is due, then send all that waits; files go to `folder` (None: none)."""
    lost = outbox.settle(store.desk, now)
    queued = sum(compose(store, viewer, now, folder is not None) for viewer in store.settings.viewers)
    ended: Counter[str] = Counter()
    if folder is not None:
        own_folder(folder)
        for one in outbox.waiting(store.desk, "file"):
            ended[_write(store, one, folder, now)] += 1
    mailed, failure = _send_all(store, now)
    unsure = [one.message_id for one in lost] + [one for one, state in mailed.items() if state == "unsure"]
    return Night(queued=queued, ended=ended + Counter(mailed.values()), unsure=tuple(unsure), failure=failure)


def compose(store: Store, viewer: ViewerSettings, now: datetime, to_file: bool) -> bool:
    """Queue what is new for a viewer and move their marks, in one transaction; False: nothing was queued."""
    today = local_date(now)
    due = [one for one in subscriptions.of_viewers(store.desk, viewer.id) if one.is_due(today)]
    reader = _reader(store, viewer) if due else None
    if reader is None:
        return False
    mailbox = _mailbox(reader)
    if not mailbox and not to_file:
        return False
    told = subscriptions.told(store.desk, viewer.id)
    material = gather(reader, due, told, today)
    if material is None:
        return False
    messages = _messages(reader, material, mailbox, to_file, now) if material.told else []
    return _put(reader, due, material, messages, now) and bool(messages)


def _reader(store: Store, viewer: ViewerSettings) -> Reader | None:
    """Return the viewer's own eyes; None where they may not be told of anything."""
    try:
        reader = Reader.open(store, scope_of(viewer))
    except ValueError:  # no area is theirs
        return None
    return None if answers.refusal(reader) else reader


def _mailbox(reader: Reader) -> str:
    """Return where the viewer's e-mail goes; empty: they gave no mailbox, or none that is (still) allowed."""
    given = answers.mailbox(reader)
    return given if given and reader.settings.mail.may_reach(given) else ""


def _messages(reader: Reader, material: Material, mailbox: str, to_file: bool, now: datetime) -> list[Message]:
    chosen = reader.settings.mail
    own = f"<{uuid.uuid4().hex}@{chosen.sender.partition('@')[2] or 'npd.invalid'}>"
    told = {"message_id": own, "viewer": reader.scope.viewer, "rights": rights_of(reader.scope)}
    made = []
    if mailbox:
        given = {"message_id": own, "mailbox": mailbox, "now": now}
        content = message.e_mail(material, reader.version, chosen, **given)
        made.append(Message(**told, way="mail", mailbox=mailbox, content=content))
    if to_file:
        page = message.html(material, reader.version, chosen.address_of_suite)
        made.append(Message(**told, way="file", mailbox="", content=page.encode()))
    return made


def _put(
    reader: Reader, due: list[Subscription], material: Material, messages: list[Message], now: datetime
) -> bool:
    ways = " and ".join(one.way for one in messages)
    reason = f"{len(material.told)} items by {ways}, data version {reader.version.number}"
    entries = [Entry(viewer=one.viewer, what="digest", whom=one.message_id, reason=reason) for one in messages[:1]]
    return outbox.put(
        reader.store.desk,
        reader.store.secret,
        due,
        on=local_date(now),
        month=material.month,
        told=material.told,
        messages=messages,
        entries=entries,
    )


def _may_still_have(store: Store, one: Message) -> bool:
    """Tell whether a queued message may still go where it was to go: rights and mailboxes change."""
    viewer = next((viewer for viewer in store.settings.viewers if viewer.id == one.viewer), None)
    reader = _reader(store, viewer) if viewer else None
    if reader is None or rights_of(reader.scope) != one.rights:
        return False
    return one.way == "file" or _mailbox(reader) == one.mailbox


def rights_of(scope: Scope) -> str:
    """Return a fingerprint of what a scope lets its viewer see and do."""
    told = {one.name: getattr(scope, one.name) for one in fields(scope)}
    plain = {name: sorted(value) if isinstance(value, frozenset) else value for name, value in told.items()}
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def _write(store: Store, one: Message, folder: Path, now: datetime) -> str:
    """Write a file; written again after a crash it is the same one."""
    if not _may_still_have(store, one):
        outbox.finish(store.desk, one, "withdrawn", now)
        return "withdrawn"
    if outbox.claim(store.desk, one, now):
        write_file(folder / file_name(store, one), one.content or b"")
        outbox.finish(store.desk, one, "sent", now)
    return "written"


def file_name(store: Store, one: Message) -> str:
    """Name the file of a digest by viewer, day and message: the second of a day takes no other's place.

    An id that is no plain word goes under its pseudonym.
    """
    who = one.viewer if re.fullmatch(r"[A-Za-z0-9_-]{1,40}", one.viewer) else pseudonym(store.secret, one.viewer)
    day = local_date(one.queued_at or datetime.now().astimezone())
    return f"digest-{who.replace(' ', '-')}-{day}-{one.message_id.lstrip('<')[:8]}.html"


def _send_all(store: Store, now: datetime) -> tuple[dict[str, str], str]:
    """Send the e-mails that wait; return the state of each, and why the server could not be used (empty: it could)."""
    states: dict[str, str] = {}
    if not store.settings.mail.host:
        return states, ""
    for one in outbox.waiting(store.desk, "mail"):
        if not _may_still_have(store, one):
            outbox.finish(store.desk, one, "withdrawn", now)
            states[one.message_id] = "withdrawn"
        elif outbox.claim(store.desk, one, now):
            try:
                answer = mail.send(store.settings.mail, one.mailbox, one.content or b"")
            except (OSError, smtplib.SMTPException, ValueError) as error:
                outbox.give_back(store.desk, one)
                return states, f"{type(error).__name__}: {_words(error)}"
            if answer == "later":
                outbox.give_back(store.desk, one)
            else:
                outbox.finish(store.desk, one, answer, now)
            states[one.message_id] = answer
    return states, ""


def _words(error: Exception) -> str:
    """Say what went wrong on one line; a server's own words may name a mailbox, and are left out."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the server answered {error.smtp_code}"
    return "no secure connection could be made" if isinstance(error, smtplib.SMTPException) else str(error)

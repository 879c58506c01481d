"""What a viewer wants to be told of, and where: within their own areas, with the right to take figures away."""

from data_access.answers.explanations import own_areas
from data_access.answers.reader import Reader
from data_access.database import outbox, subscriptions
from data_access.database.outbox import Message
from data_access.database.subscriptions import Every, Subscription
from metrics import indicators_of
from metrics.levels import AREA_LEVELS


def refusal(reader: Reader) -> str | None:
    """Say why a viewer cannot be told of anything; None: they can."""
    scope = reader.scope
    if not scope.may("export"):
        return "a digest leaves the suite, and this viewer may not download (may_export of config.toml)"
    if scope.viewer not in {one.id for one in reader.settings.viewers}:
        return (
            "at night nobody can tell who still belongs to a group, so that a digest is for viewers whom config.toml "
            "lists themselves"
        )
    return None


def subjects() -> tuple[str, ...]:
    """List the subjects that one can be told of."""
    return tuple(sorted({one.subject for one in indicators_of()}))


def listed(reader: Reader) -> list[Subscription]:
    """List the viewer's subscriptions, the oldest first."""
    return subscriptions.of_viewers(reader.store.desk, reader.scope.viewer)


def subscribe(reader: Reader, level: str, code: str, subject: str, every: Every) -> None:
    """Subscribe to the news of an area about a subject ("": everything).

    Raises PermissionError for an area beyond the viewer's own and where `refusal` says why; ValueError for no subject.
    """
    if why := refusal(reader):
        raise PermissionError(why)
    if not is_own(reader, level, code):
        raise PermissionError("this area is not wholly yours: a digest is of areas that are")
    if subject and subject not in subjects():
        raise ValueError(f"the subject is {subject!r}; allowed: {', '.join(subjects())}")
    subscriptions.subscribe(reader.store.desk, reader.scope.viewer, level, code, subject, every)
    reader.record("subscribed", f"{level} {code}", f"{subject or 'everything'}, every {every}")


def is_own(reader: Reader, level: str, code: str) -> bool:
    """Tell whether an area lies wholly in the viewer's scope."""
    return level in AREA_LEVELS and (level, code) in set(own_areas(reader).iter_rows())


def stop(reader: Reader, one: Subscription) -> None:
    """Stop a subscription of the viewer's own."""
    subscriptions.stop(reader.store.desk, reader.scope.viewer, one.subscription_id)
    reader.record("unsubscribed", f"{one.area_level} {one.area_code}", one.subject or "everything")


def mailbox(reader: Reader) -> str | None:
    """Return where the viewer's digest goes by e-mail."""
    return subscriptions.mailbox_of(reader.store.desk, reader.scope.viewer)


def set_mailbox(reader: Reader, given: str) -> None:
    """Keep where the viewer's digest goes by e-mail; nothing given: nowhere.

    Raises PermissionError where `refusal` says why, ValueError for a mailbox of no domain that config.toml allows.
    """
    wanted = given.strip()
    if wanted and (why := refusal(reader)):
        raise PermissionError(why)
    mail = reader.settings.mail
    if wanted and not mail.may_reach(wanted):
        allowed = ", ".join(mail.domains) or "none: [mail] of config.toml allows no domain"
        raise ValueError(f"this is no mailbox that a digest may go to; allowed domains: {allowed}")
    subscriptions.set_mailbox(reader.store.desk, reader.scope.viewer, wanted or None)
    reader.record("entered mailbox" if wanted else "removed mailbox", None, "for the digest")


def sent(reader: Reader) -> list[Message]:
    """List what became of the viewer's digests, the oldest first."""
    return outbox.of_viewer(reader.store.desk, reader.scope.viewer)

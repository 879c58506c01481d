"""The pure core: what is counted, and how. Polars in, Polars out; no SQL, no screen, no viewer, no file.

INDICATORS is the registry. Everything that shows indicators asks it here, at the moment it shows them, so that a new
indicator stands on its page, in the CSV, the catalogue and the About page without another line.
"""

from metrics import (
    abstraction,
    actions,
    asb,
    asb_powers,
    engagement,
    harm,
    harm_flags,
    hotspots,
    mental_health,
    outcomes,
    patrol,
    problem_solving,
    response,
    stop_search,
    surveys,
    visibility,
    workforce,
)
from metrics.indicator import Indicator, Page, Role, Subject

DEFINITION_VERSION = "2026-11"  # the edition of the definitions that every figure follows

# Explicit, so that a lost subject is a visible change and not a missed discovery.
INDICATORS: tuple[Indicator, ...] = (
    *abstraction.INDICATORS,
    *asb.INDICATORS,
    *harm.INDICATORS,
    *outcomes.INDICATORS,
    *patrol.INDICATORS,
    *hotspots.INDICATORS,
    *visibility.INDICATORS,
    *workforce.INDICATORS,
    *engagement.INDICATORS,
    *problem_solving.INDICATORS,
    *response.INDICATORS,
    *mental_health.INDICATORS,
    *harm_flags.INDICATORS,
    *stop_search.INDICATORS,
    *asb_powers.INDICATORS,
    *surveys.INDICATORS,
    *actions.INDICATORS,
)


def indicators_of(
    *, page: Page | None = None, subject: Subject | None = None, role: Role | None = None
) -> tuple[Indicator, ...]:
    """Return the indicators of a page, a subject and a role (each None: any), a page's lead first."""
    found = [
        one
        for one in INDICATORS
        if page in (None, one.page) and subject in (None, one.subject) and (role is None or role in one.roles)
    ]
    return tuple(found if page is None else sorted(found, key=lambda one: "lead" not in one.roles))


def ids_of(*, page: Page | None = None, subject: Subject | None = None, role: Role | None = None) -> tuple[str, ...]:
    """Return the ids of `indicators_of`, as a question names them."""
    return tuple(one.id for one in indicators_of(page=page, subject=subject, role=role))


def id_of(page: Page, role: Role) -> str:
    """Return the id of the one indicator that has `role` on `page`; ValueError where there is none, or more."""
    found = ids_of(page=page, role=role)
    if len(found) != 1:
        raise ValueError(f"{len(found)} indicators have the role {role!r} on the page {page!r}: one must have it")
    return found[0]


def news_ids() -> tuple[str, ...]:
    """Return the ids of the indicators whose changes are news: the parts of a mix move together, and are not."""
    return tuple(one.id for one in INDICATORS if one.news)


def headlines() -> tuple[Indicator, ...]:
    """Return the indicators that an area is judged by first, in their order."""
    chosen = [one for one in INDICATORS if one.headline is not None]
    return tuple(sorted(chosen, key=lambda one: one.headline or 0))


def named(text: str) -> tuple[str, str | None]:
    """Return id and category of an indicator as it is named from outside: 'ABS-05', or 'ABS-05:football aid'."""
    indicator_id, _, category = text.partition(":")
    return indicator_id, category or None


def indicator(indicator_id: str) -> Indicator:
    """Return the indicator of an id; a mix may be named with its category ('ABS-05:football aid')."""
    base, _ = named(indicator_id)
    for found in INDICATORS:
        if found.id == base:
            return found
    known = ", ".join(one.id for one in INDICATORS)
    raise ValueError(f"no indicator {indicator_id!r}: choose one of {known}")

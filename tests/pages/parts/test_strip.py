"""Which feeds count as late, and up to when the data reach."""

from datetime import UTC, datetime

from pages.parts.strip import data_to, late


def at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def test_a_nightly_feed_is_late_after_three_days() -> None:
    newest = {"duties": at("2024-10-31T12:00"), "crimes": at("2024-10-28T12:00"), "fixes": at("2024-10-28T11:59")}
    assert late(newest) == {"fixes"}


def test_a_monthly_feed_is_late_a_month_after_the_month_it_lacks_has_ended() -> None:
    of_september = {"establishment": at("2024-09-01")}
    assert late({**of_september, "duties": at("2024-11-30T23:00")}) == frozenset()
    assert late({**of_september, "duties": at("2024-12-02T00:00")}) == {"establishment"}


def test_an_audit_after_the_last_duty_does_not_make_the_duties_late() -> None:
    newest = {"duties": at("2024-10-31T23:00"), "asb_audits": at("2024-11-12")}
    assert data_to(newest) == at("2024-10-31T23:00")
    assert late(newest) == frozenset()


def test_a_store_without_nightly_feeds_reaches_to_its_newest_event() -> None:
    assert data_to({"profiles": at("2024-10-01"), "measures": at("2024-09-01")}) == at("2024-10-01")
    assert data_to({}) is None
    assert late({}) == frozenset()

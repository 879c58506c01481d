"""The page of what is kept is made from contract and settings, and misses nothing that tells of a person."""

from dataclasses import replace

from data_access.answers.kept import COLUMNS, WHY, kept
from data_access.feeds.contract import FEEDS, FIXES
from data_access.feeds.personal import personal_columns
from data_access.settings import PrivacySettings, Settings, load_settings
from metrics.folding import FOLDED


def row(settings: Settings, name: str) -> dict[str, str]:
    (found,) = [one for one in kept(settings).iter_rows(named=True) if one["what"].endswith(f"({name})")]
    return found


def test_every_feed_that_tells_of_people_says_why():
    told = {name for name in (*FEEDS, FIXES) if personal_columns(name)}
    assert set(WHY) == told
    rows = kept(Settings())
    assert rows.columns == list(COLUMNS)
    assert rows.null_count().sum_horizontal().item() == 0
    for name in told:
        row(Settings(), name)


def test_how_long_follows_the_settings():
    privacy = PrivacySettings(keep_people_months=7, keep_rejected_days=11, keep_fixes_days=3, keep_edge_days=5)
    chosen = replace(Settings(), privacy=privacy)
    assert row(chosen, "duties")["how_long"] == "7 months, then folded into figures of areas and teams"
    assert row(chosen, "incidents")["how_long"] == "the caller 7 months, the incident for good"
    assert row(chosen, FIXES)["how_long"].startswith("all of them 3 days; those about midnight 5 days; ")
    assert row(chosen, "rejected")["how_long"].startswith("values 11 days")
    for_good = replace(Settings(), privacy=PrivacySettings(keep_people_months=0))
    assert row(for_good, "duties")["how_long"] == "for good"


def test_who_sees_follows_the_viewers_of_config():
    own = load_settings()
    seen = row(own, "problems")["who_sees"]
    assert seen == f"free text and addresses: 3 of {len(own.viewers)} kinds of viewer; everybody else: figures of areas"
    assert row(own, "duties")["who_sees"].startswith("single people: 2 of 4 kinds of viewer, of their areas")
    assert row(Settings(), "duties")["who_sees"].startswith("single people: nobody")


def test_the_feeds_said_to_be_folded_are():
    from data_access.load.retention import PEOPLE_FEEDS

    for name in PEOPLE_FEEDS:
        assert "folded" in row(Settings(), name)["how_long"]
    assert {"taskings", "patrols", "special_hours", "duty"} <= set(FOLDED)

"""Whose viewer a signed-in person is: verified, listed, without case, and only while the sign-in lasts."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from data_access.database.connection import writing
from data_access.database.sign_ins import sign_ins
from data_access.identity import NotLetIn, sign_in_of, viewer_of
from data_access.settings import Settings, SettingsError, SignInSettings, ViewerSettings, load_settings

CHIEF = ViewerSettings(id="Chief@Force.example", name="Chief", force=True)
SERGEANTS = ViewerSettings(id="sergeants", name="Sergeants of L1", lpas=("L1",), groups=("NPD-L1",))
ALL = ViewerSettings(id="everyone", name="Everyone", lpas=("L2",), groups=("staff",))
BY_EMAIL = Settings(sign_in=SignInSettings(mode="oidc", claim="email"), viewers=(CHIEF,))
BY_GROUP = Settings(
    sign_in=SignInSettings(mode="oidc", claim="sub", groups_claim="groups"), viewers=(SERGEANTS, ALL)
)


def said(**claims):
    return {"exp": time.time() + 600, "sub": "s-1", **claims}


def test_ids_are_compared_without_case():
    assert viewer_of(said(email="chief@force.EXAMPLE", email_verified=True), BY_EMAIL) == CHIEF


@pytest.mark.parametrize(
    "verified", [{}, {"email_verified": False}, {"email_verified": "false"}, {"email_verified": 1}]
)
def test_an_e_mail_that_is_not_verified_says_nothing(verified):
    with pytest.raises(NotLetIn, match="not verified"):
        viewer_of(said(email=CHIEF.id, **verified), BY_EMAIL)


@pytest.mark.parametrize("claim", ["Email", "upn", "preferred_username"])
def test_an_e_mail_by_another_name_is_one(claim):
    settings = replace(BY_EMAIL, sign_in=SignInSettings(mode="oidc", claim=claim))
    with pytest.raises(NotLetIn, match="not verified"):
        viewer_of(said(**{claim: CHIEF.id}), settings)
    assert viewer_of(said(**{claim: CHIEF.id}, email_verified=True), settings) == CHIEF


def test_the_subject_needs_no_verified_e_mail():
    settings = replace(BY_EMAIL, sign_in=SignInSettings(mode="oidc"), viewers=(replace(CHIEF, id="s-1"),))
    assert viewer_of(said(), settings).id == "s-1"


@pytest.mark.parametrize("identity", [None, "", "  ", 5, ["Chief@Force.example"]])
def test_what_is_no_name_names_nobody(identity):
    with pytest.raises(NotLetIn, match="has no 'email'"):
        viewer_of(said(email=identity, email_verified=True), BY_EMAIL)


@pytest.mark.parametrize(
    ("groups", "lpas"),
    [(["npd-l1"], ("L1",)), ("NPD-L1", ("L1",)), (["staff", "npd-l1"], ("L1",)), (["other", "STAFF"], ("L2",))],
)
def test_a_group_lets_its_people_in_each_under_their_own_id(groups, lpas):
    found = viewer_of(said(groups=groups), BY_GROUP)
    assert (found.id, found.lpas) == ("s-1", lpas)


@pytest.mark.parametrize("groups", [None, [], ["npd"], "", {"npd-l1": True}, [["npd-l1"]]])
def test_other_groups_let_nobody_in(groups):
    with pytest.raises(NotLetIn, match="no areas are assigned"):
        viewer_of(said(groups=groups), BY_GROUP)


@pytest.mark.parametrize("ends", [{"exp": 1}, {"exp": None}, {"exp": "9999999999"}])
def test_the_providers_time_ends_it(ends):
    with pytest.raises(NotLetIn, match="has ended"):
        viewer_of({**said(email=CHIEF.id, email_verified=True), **ends}, BY_EMAIL)


@pytest.mark.parametrize(
    "viewers",
    [
        '[[viewers]]\nid = "a"\nname = "A"\n[[viewers]]\nid = "A"\nname = "B"\n',
        '[[viewers]]\nid = "a"\nname = "A"\ngroups = ["g"]\n[[viewers]]\nid = "b"\nname = "B"\ngroups = ["G"]\n',
    ],
)
def test_two_viewers_with_one_name_are_refused(tmp_path, viewers):
    (tmp_path / "config.toml").write_text(viewers)
    with pytest.raises(SettingsError, match="stands twice"):
        load_settings(tmp_path / "config.toml")


HOUR = timedelta(hours=1)


def test_a_sign_in_ends_for_every_copy_of_its_cookie(store):
    claims = said(nonce="n1")
    key = sign_in_of(claims)
    assert store.keep_sign_in(key, "chief", HOUR) is None
    assert store.keep_sign_in(sign_in_of(dict(reversed(claims.items()))), "chief", HOUR) is None
    store.end_sign_in(key, "chief", "signed out")
    store.end_sign_in(key, "chief", "signed out")
    assert store.keep_sign_in(key, "chief", HOUR) == "signed out"
    assert store.keep_sign_in(sign_in_of(said(nonce="n2")), "chief", HOUR) is None
    assert store.trail(None).sort("number")["what"].to_list() == ["signed in", "signed out", "signed in"]


def test_an_idle_sign_in_ends_and_a_used_one_does_not(store):
    used, left = sign_in_of(said(nonce="used")), sign_in_of(said(nonce="left"))
    for key in (used, left):
        store.keep_sign_in(key, "chief", HOUR)
    with writing(store.desk) as connection:
        past = sign_ins.c.seen_at
        for row in connection.execute(sign_ins.select()).all():
            ago = timedelta(minutes=50) if row.sign_in == used else timedelta(minutes=70)
            connection.execute(
                update(sign_ins).where(sign_ins.c.sign_in == row.sign_in).values({past: row.seen_at - ago})
            )
    assert store.keep_sign_in(used, "chief", HOUR) is None
    assert store.keep_sign_in(left, "chief", HOUR) == "idle"
    assert store.keep_sign_in(left, "chief", timedelta(days=9)) == "idle"
    assert store.trail(1)["reason"].to_list() == ["idle"]

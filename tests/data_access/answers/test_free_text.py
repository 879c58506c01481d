"""Titles of plans, actions and repeat locations: read by right, blank or refused without it."""

from datetime import date

import pytest

from data_access.answers import asb, people, service
from data_access.answers.reader import Reader
from data_access.load.ingest import load
from data_access.scope import FREE_TEXT, scope_of
from data_access.settings import SettingsError, ViewerSettings, load_settings
from tests.data_access.small_force import FORCE, facts, write

OCTOBER = date(2024, 10, 1)
TITLE, ACTION, ADDRESS = "Noise at 7 Example Road", "Speak to the Example family", "7 Example Road"
ROWS = "".join(f"R{day},2024-10-{day:02}T10:00:00Z,ASBP,-1.94,52.45,{ADDRESS}\n" for day in range(1, 5))
TOLD = {
    **FORCE,
    "incidents.csv": FORCE["incidents.csv"] + ROWS,
    "problems.csv": "problem_id,neighbourhood_code,title,opened_on,stage,stage_on\n"
    f"P,N1,{TITLE},2024-10-01,scanning,2024-10-01\n",
    "plan_actions.csv": "action_id,problem_id,source,action,owner_role,due_on\n"
    f"A,P,pmp,{ACTION},sergeant,2024-10-09\n",
}
PARTNER = ViewerSettings(id="partner", name="Partner", force=True)
POLICE = ViewerSettings(id="police", name="Police", force=True, people="team")


@pytest.fixture
def told(store, tmp_path):
    assert load(store, write(tmp_path / "in", TOLD), "somebody").exit_code == 0
    return store


def texts(store, viewer):
    reader = Reader.open(store, scope_of(viewer))
    where = people.Where(month=OCTOBER, level="force")
    plans, done = people.plans(reader, where), service.said_and_done(reader, where)
    return plans["title"].to_list(), done["action"].to_list()


def test_who_sees_nobody_reads_no_free_text(told):
    assert texts(told, PARTNER) == ([None], [None])
    assert texts(told, POLICE) == ([TITLE], [ACTION])


def test_the_right_is_given_and_taken_by_a_line_of_config(told):
    given = ViewerSettings(id="b", name="B", force=True, may_read_text=True)
    taken = ViewerSettings(id="c", name="C", force=True, people="officer", may_read_text=False)
    assert texts(told, given) == ([TITLE], [ACTION])
    assert texts(told, taken) == ([None], [None])


def test_repeat_locations_are_refused_on_the_server(told):
    where = asb.Where(month=OCTOBER)
    found = asb.repeat_locations(Reader.open(told, scope_of(POLICE)), where)
    assert found["location_ref"].to_list() == [ADDRESS]
    with pytest.raises(PermissionError, match=r"may not read free text; .* may_read_text"):
        asb.repeat_locations(Reader.open(told, scope_of(PARTNER)), where)


def test_no_fact_of_any_source_gives_free_text_away(told):
    for source, column in (("problems", "title"), ("plan_actions", "action"), ("asb", "location_ref")):
        assert column in FREE_TEXT
        assert facts(told, source, scope_of(POLICE))[column].count() > 0
        assert facts(told, source, scope_of(PARTNER))[column].count() == 0


def test_a_word_is_no_right(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text('[[viewers]]\nid = "a"\nname = "A"\nforce = true\nmay_read_text = "false"')
    with pytest.raises(SettingsError, match="may_read_text is 'false'; it must be of type bool"):
        load_settings(path)

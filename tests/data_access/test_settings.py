"""config.toml: every key known, every value of its kind, and errors that say what to do."""

from datetime import date

import pytest

from data_access.credentials import credential
from data_access.settings import ROOT, Settings, SettingsError, load_settings


def written(tmp_path, text):
    path = tmp_path / "config.toml"
    path.write_text(text)
    return path


def test_the_projects_own_file_is_read_and_says_the_defaults(monkeypatch):
    monkeypatch.delenv("NPD_CONFIG", raising=False)
    monkeypatch.delenv("NPD_STORE_URL", raising=False)
    read = load_settings()
    assert read.parameters == Settings().parameters
    assert read.privacy == Settings().privacy
    assert read.store_url == f"sqlite:///{ROOT / 'var' / 'npd.sqlite'}"
    assert len({viewer.id for viewer in read.viewers}) == len(read.viewers) > 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[store]\nurll = ''", r"config.toml: store: unknown key 'urll'; allowed here: facts_dir, url"),
        ("[shop]\nurl = ''", r"unknown key 'shop'"),
        ("folder = 'x'", r"unknown key 'folder'"),
        ("[sign_in]\nmode = 'open'", r"sign_in: mode is 'open'; allowed: 'demo', 'oidc'"),
        ("[parameters]\nrepeat_n = '3'", r"parameters: repeat_n is '3'; it must be of type int"),
        ("[parameters]\nrepeat_n = true", r"it must be of type int"),
        ("[[viewers]]\nid = 'a'\nname = 'A'\nlpas = 'L1'", r"viewers\[0\]: lpas is 'L1'; it must be a list"),
        ("[[viewers]]\nname = 'A'", r"viewers\[0\]: a key is missing"),
        ("[[step_changes]]\nindicator='A'\narea='L'\nmonth='spring'\nreason='r'", r'written "YYYY-MM"'),
        ("[store", r"is not TOML"),
    ],
)
def test_a_slip_is_named(tmp_path, text, words):
    with pytest.raises(SettingsError, match=words):
        load_settings(written(tmp_path, text))


def test_values_of_every_kind_are_read(tmp_path):
    text = """
        [store]
        url = "sqlite:///data/npd.sqlite"
        facts_dir = "facts"
        [cost]
        hour = { officer = 40.5 }
        [[viewers]]
        id = "a"
        name = "A"
        lpas = ["L1", "L2"]
        people = "team"
        [[step_changes]]
        indicator = "ASB-01"
        area = "L1"
        month = "2025-04"
        reason = "new system"
    """
    read = load_settings(written(tmp_path, text))
    assert read.store_url == f"sqlite:///{tmp_path / 'data' / 'npd.sqlite'}"
    assert read.facts_dir == tmp_path / "facts"
    assert read.cost.hour == {"officer": 40.5}
    assert read.viewers[0].lpas == ("L1", "L2")
    assert read.step_changes[0].month == date(2025, 4, 1)


def test_a_credential_is_a_file_where_no_variable_says_otherwise(tmp_path, monkeypatch):
    """As systemd and containers hand secrets over: nobody reads them in a list of processes or in their environment."""
    for name in ("NPD_STORE_URL", "NPD_MAIL_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    settings = load_settings(written(tmp_path, "[store]\nurl = 'sqlite:///own.sqlite'"))
    assert settings.store_url == f"sqlite:///{tmp_path / 'own.sqlite'}"
    assert credential("NPD_MAIL_PASSWORD") is None
    (tmp_path / "NPD_STORE_URL").write_text("postgresql+psycopg://u@h/file\n")
    (tmp_path / "NPD_MAIL_PASSWORD").write_text("\n")
    assert settings.store_url == "postgresql+psycopg://u@h/file"
    assert credential("NPD_MAIL_PASSWORD") is None
    monkeypatch.setenv("NPD_STORE_URL", "postgresql+psycopg://u@h/variable")
    assert settings.store_url == "postgresql+psycopg://u@h/variable"


def test_the_environment_comes_first(tmp_path, monkeypatch):
    monkeypatch.setenv("NPD_CONFIG", str(written(tmp_path, "[force]\ncode = 'F'")))
    monkeypatch.setenv("NPD_STORE_URL", "postgresql+psycopg://u@h/d")
    assert load_settings().force.code == "F"
    assert load_settings().store_url == "postgresql+psycopg://u@h/d"
    monkeypatch.setenv("NPD_CONFIG", str(tmp_path / "absent.toml"))
    with pytest.raises(SettingsError, match="no such configuration file"):
        load_settings()

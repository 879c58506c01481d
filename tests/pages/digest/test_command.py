"""The command says what it did in counts, and why it did nothing."""

from pathlib import Path

import pytest

from data_access.__main__ import main
from pages.digest.command import as_text
from pages.digest.job import Counter, Night

SUITE = 'address_of_suite = "https://npd.force.example"\n'
AWAY = f'{SUITE}host = "127.0.0.1"\nport = 9\ntls = "none"\nsender = "npd@force.example"\n'


@pytest.mark.parametrize(
    ("mail", "more", "code", "said"),
    [
        ("", ["--html", "out"], 2, "says no address_of_suite"),
        (SUITE, [], 2, "names no host: give --html DIR"),
        (SUITE, ["--html", "out"], 0, "Digests: 0 queued; none waited."),
        (AWAY, [], 0, "Digests: 0 queued; none waited."),
    ],
)
def test_it_says_what_it_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys, mail: str, more: list[str], code: int, said: str
) -> None:
    (tmp_path / "config.toml").write_text(f'[store]\nurl = "sqlite:///npd.sqlite"\n[mail]\n{mail}')
    monkeypatch.setenv("NPD_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.delenv("NPD_STORE_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    assert main(["digest", *more]) == code
    printed = capsys.readouterr()
    assert said in printed.out + printed.err


def test_it_names_messages_and_nobody() -> None:
    night = Night(queued=2, ended=Counter({"sent": 1, "unsure": 1}), unsure=("<1@force.example>",))
    assert as_text(night).splitlines() == [
        "Digests: 2 queued; 1 sent, 1 unsure.",
        "May not have been sent, and is not sent again: <1@force.example>",
    ]

"""`python -m data_access load` and `rejected`, as a script would call them."""

import json

import pytest

from data_access.__main__ import COMMANDS, main, parser
from data_access.store import Store
from tests.data_access.small_force import FORCE, write


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'npd.sqlite'}"


def test_load_says_what_it_did_and_writes_the_report(tmp_path, url, capsys):
    folder = write(tmp_path / "in", {**FORCE, "notes.txt": "hello"})
    report = tmp_path / "report.json"
    assert main(["load", str(folder), "--store", url, "--report", str(report), "--by", "somebody"]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("Data version 1, ")
    assert "notes.txt: left alone; not a feed" in printed.out
    assert printed.err == ""
    written = json.loads(report.read_text())
    assert (written["exit_code"], written["data_version"]) == (0, 1)
    assert main(["load", str(folder), "--store", url]) == 0
    assert capsys.readouterr().out.startswith("Nothing changed: every file was loaded before.")


def test_rows_set_aside_make_it_3_and_are_shown(tmp_path, url, capsys):
    broken = FORCE["crimes.csv"] + "C9,2024-13-01,45,,\n"
    folder = write(tmp_path / "in", {**FORCE, "crimes.csv": broken})
    assert main(["load", str(folder), "--store", url]) == 3
    assert "crimes.csv: 3 rows read, 2 loaded, 1 set aside" in capsys.readouterr().out
    assert main(["rejected", "--store", url]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "load_id,feed,file_name,line,rule,column_name,value",
        "1,crimes,crimes.csv,4,date,recorded_on,2024-13-01",
    ]
    entry = Store.open(url).trail(1).row(0, named=True)
    assert (entry["what"], entry["whom"], entry["reason"]) == ("exported", "rows set aside", "1 rows")
    assert main(["load", str(folder), "--store", url]) == 3


@pytest.mark.parametrize("files", [{}, {"crimes.csv": "a,b\n1,2\n"}])
def test_nothing_loaded_makes_it_2(tmp_path, url, capsys, files):
    folder = write(tmp_path / "in", files)
    report = tmp_path / "report.json"
    assert main(["load", str(folder), "--store", url, "--report", str(report)]) == 2
    assert capsys.readouterr().err.startswith("Nothing was loaded and nothing changed: ")
    assert json.loads(report.read_text())["data_version"] is None


def test_a_folder_that_is_not_there_makes_it_2(tmp_path, url, capsys):
    assert main(["load", str(tmp_path / "absent"), "--store", url]) == 2
    assert "is not a folder" in capsys.readouterr().err


def test_a_store_that_cannot_be_opened_makes_it_2(tmp_path, capsys):
    folder = write(tmp_path / "in", FORCE)
    assert main(["load", str(folder), "--store", "duckdb:///x"]) == 2
    assert "allowed: sqlite:///FILE" in capsys.readouterr().err


def test_a_report_that_cannot_be_written_is_told_and_the_load_stands(tmp_path, url, capsys):
    folder = write(tmp_path / "in", FORCE)
    assert main(["load", str(folder), "--store", url, "--report", str(tmp_path / "absent" / "r.json")]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("Data version 1, ")
    assert printed.err.endswith("r.json: No such file or directory. The load stands.\n")


@pytest.mark.parametrize("command", [("rejected",), ("rebuild",), ("export", "--month", "2024-10", "--out", "x")])
def test_a_store_out_of_reach_is_one_line_for_every_command(tmp_path, capsys, command):
    (tmp_path / "file").write_text("")
    assert main([*command, "--store", f"sqlite:///{tmp_path}/file/npd.sqlite"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_every_command_has_its_help(capsys):
    parser()
    for command in COMMANDS:
        with pytest.raises(SystemExit) as ended:
            main([command.name, "--help"])
        assert ended.value.code == 0
        assert command.summary in " ".join(capsys.readouterr().out.split())

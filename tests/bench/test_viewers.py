"""The crowd of `tests.bench.viewers` speaks Streamlit's protocol, and hears what goes wrong."""

import asyncio
import os

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.bench.clicks import serving
from tests.bench.viewers import Step, crowd, errors, report, texts, used_by


def test_two_viewers_take_their_steps_on_a_server(capsys: pytest.CaptureFixture[str]):
    with serving("tests/bench/bare.py", dict(os.environ)) as address:
        steps = asyncio.run(crowd(address, viewers=2, steps=3, pages=("",), rest=0.0))
        processor, memory = used_by(address.rpartition(":")[2])
    assert [one.first for one in steps] == [True, False, False] * 2
    assert all(one.size > 500 and one.errors == () and one.seconds > 0 for one in steps)
    assert processor > 0
    assert memory > 10
    report("bare", steps, processor, memory)
    assert "6 steps" in capsys.readouterr().out


def test_an_exception_and_an_error_are_heard():
    failed = ForwardMsg()
    failed.delta.new_element.exception.type = "KeyError"
    said = ForwardMsg()
    said.delta.new_element.alert.body, said.delta.new_element.alert.format = "Nothing can be shown", 1
    ended = ForwardMsg(script_finished=ForwardMsg.FINISHED_WITH_COMPILE_ERROR)
    assert [errors(one) for one in (failed, said, ended)] == [
        ["KeyError"],
        ["Nothing can be shown"],
        ["FINISHED_WITH_COMPILE_ERROR"],
    ]
    assert errors(ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY)) == []
    assert texts(said) == [""]


def test_a_step_that_saw_two_versions_is_counted(capsys: pytest.CaptureFixture[str]):
    told = {"page": "", "seconds": 0.1, "size": 1000, "errors": ()}
    steps = [
        Step(first=True, versions=frozenset({"1"}), **told),
        Step(first=False, versions=frozenset({"1", "2"}), **told),
    ]
    report("suite", steps, 1.0, 100.0)
    assert "500 ms of processor a step, 100 MB, 0 errors, 1 steps of mixed versions" in capsys.readouterr().out

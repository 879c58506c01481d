"""A missing answer is worked out once, whoever asks meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from data_access.answers.once import worked_out_once


def test_of_many_who_ask_at_the_same_time_one_works_it_out():
    asked, all_there, others_wait = [], Barrier(4), Event()

    @worked_out_once(8)
    def answer(key: str) -> str:
        asked.append(key)
        others_wait.wait(0.05)
        return key * 2

    def ask(key: str) -> str:
        all_there.wait()
        return answer(key)

    with ThreadPoolExecutor(4) as viewers:
        assert list(viewers.map(ask, ["a", "a", "b", "a"])) == ["aa", "aa", "bb", "aa"]
    assert sorted(asked) == ["a", "b"]
    answer.cache_clear()
    assert answer("a") == "aa"
    assert asked[-1] == "a"


def test_what_fails_is_tried_again():
    tried = []

    @worked_out_once(8)
    def answer() -> int:
        tried.append(1)
        return 1 // (len(tried) - 1)

    with pytest.raises(ZeroDivisionError):
        answer()
    assert answer() == 1

"""A server that is away costs whoever finds it so, and nobody after them, until it has answered."""

import os
import threading
import time

from accounts import absence
from accounts.absence import Absence, absence_of


def test_it_begins_once_and_lasts_until_there_is_an_answer(monkeypatch) -> None:
    monkeypatch.setattr(absence, "ASK_EVERY_SECONDS", 0.01)
    asked, answers = [], threading.Event()

    def is_back() -> bool:
        asked.append(threading.current_thread())
        return answers.is_set()

    away = Absence()
    assert not away.lasts
    assert [away.begin(is_back) for _ in range(3)] == [True, False, False]
    time.sleep(0.1)
    assert away.lasts
    # One thread asks, and it is none of those that found it away.
    assert len(asked) > 1
    assert set(asked) == {asked[0]}
    assert asked[0] is not threading.current_thread()
    answers.set()
    asked[0].join(5)
    assert not away.lasts


def test_a_question_that_fails_ends_it_too() -> None:
    away = Absence()
    ended = threading.Event()
    hook, threading.excepthook = threading.excepthook, lambda _: ended.set()
    try:
        away.begin(lambda: 1 // 0 > 0)
        assert ended.wait(5)
    finally:
        threading.excepthook = hook
    assert not away.lasts


def test_a_child_finds_out_for_itself() -> None:
    """It has no thread that would tell it that the server is back."""
    name = "redis://test-of-children"
    over = threading.Event()
    absence_of(name).begin(over.is_set)
    assert absence_of(name).lasts
    child = os.fork()
    if child == 0:
        os._exit(int(absence_of(name).lasts))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    over.set()

"""The runner's lines: with a name for people, objects for programs."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pytest

from community.runner import console
from community.runner.services import Service, start


@pytest.fixture
def for_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROCKPOOL_LOG_FORMAT", "json")


def test_people_see_who_says_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ROCKPOOL_LOG_FORMAT", raising=False)
    console.say("high tide", who="beat")
    console.say('{"at": "now"}', who="web")
    console.say_open("http://localhost:8000/", tmp_path, 7)
    console.say_trouble("It leaks.")
    said = capsys.readouterr()
    assert said.out.startswith('beat    | high tide\n{"at": "now"}\n\n')
    assert "is open:  http://localhost:8000/" in said.out
    assert said.err == "\nIt leaks.\n\n"


def test_each_line_is_an_object_for_programs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], for_programs: None
) -> None:
    (tmp_path / console.DEMO_LOGINS).write_text("alice a-password\n")
    console.say("stopped; 潮 is kept")
    console.say("Traceback of alice@example.org", who="web")
    console.say('{"at": "now", "message": "as it was"}', who="worker")
    console.say_open("http://0.0.0.0:8000/", tmp_path, 7)
    console.say_trouble("It leaks.\nMend it.")
    said = capsys.readouterr()
    lines = [json.loads(line) for line in said.out.splitlines() + said.err.splitlines()]
    assert [line["message"] for line in lines] == [
        "stopped; 潮 is kept", "Traceback of [mail]", "as it was",
        "Rockpool is open: http://0.0.0.0:8000/", "It leaks.\nMend it.",
    ]  # fmt: skip
    assert [line.get("logger") for line in lines] == [
        "rockpool.pool", "rockpool.web", None, "rockpool.pool", "rockpool.trouble",
    ]  # fmt: skip
    assert lines[-1]["level"] == "ERROR"
    assert "a-password" not in said.out


def test_what_a_process_prints_is_wrapped(
    capsys: pytest.CaptureFixture[str], for_programs: None
) -> None:
    farewell = "print('\\nworker: Warm shutdown (MainProcess)\\n\\n')"
    running = start(Service("worker", [sys.executable, "-c", farewell], 1), {})
    assert running.wait(30)
    said, give_up = "", time.monotonic() + 30
    while not said and time.monotonic() < give_up:
        time.sleep(0.01)
        said = capsys.readouterr().out
    assert json.loads(said)["message"] == "worker: Warm shutdown (MainProcess)"

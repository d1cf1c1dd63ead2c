"""What the environment may say; whatever else it says is refused with the variable's name."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

from community.environment import Environment
from community.runner import opening

env = Environment()
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("read", "said", "found"),
    [
        (lambda: env.bool("TIDE", default=True), None, True),
        (lambda: env.bool("TIDE", default=True), "off", False),
        (lambda: env.bool("TIDE", default=False), " Yes ", True),
        (lambda: env.int("TIDE", default=3), "", 3),
        (lambda: env.int("TIDE", default=3), "12", 12),
        (lambda: env.float("TIDE", default=1.0), "0.5", 0.5),
        (lambda: env.one_of("TIDE", ("ebb", "flood"), default="ebb"), None, "ebb"),
        (lambda: env.one_of("TIDE", ("ebb", "flood"), default="ebb"), "flood", "flood"),
        (lambda: env.time_zone("TIDE", default="UTC"), "Asia/Shanghai", "Asia/Shanghai"),
        (lambda: env.rate("TIDE", default="3/1h"), "5/10m", "5/10m"),
        (lambda: env.rates_by_age("TIDE", default="3/1h"), "1d:5/24h 9/1h", "1d:5/24h 9/1h"),
        (lambda: env.sign_up_rate("TIDE", default="5/30m/ip"), None, "5/30m/ip"),
        (lambda: env.sign_up_rate("TIDE", default="5/30m/ip"), "9/m/ip,2/h/key", "9/m/ip,2/h/key"),
        (lambda: env.networks("TIDE"), None, []),
        (lambda: env.networks("TIDE"), "10.0.0.0/8, ::1", ["10.0.0.0/8", "::1"]),
    ],
)
def test_what_is_read(read, said, found, monkeypatch):
    monkeypatch.delenv("TIDE", raising=False)
    if said is not None:
        monkeypatch.setenv("TIDE", said)
    assert read() == found


@pytest.mark.parametrize(
    ("read", "said"),
    [
        (lambda: env.bool("TIDE", default=True), "ture"),
        (lambda: env.int("TIDE", default=3), "three"),
        (lambda: env.int("TIDE", default=3), "1.5"),
        (lambda: env.int("TIDE", default=3), "-1"),
        (lambda: env.int("TIDE", default=3, least=1), "0"),
        (lambda: env.int("TIDE", default=3), "9" * 30),
        (lambda: env.float("TIDE", default=1.0), "nan"),
        (lambda: env.float("TIDE", default=1.0), "inf"),
        (lambda: env.one_of("TIDE", ("ebb", "flood"), default="ebb"), "Ebb"),
        (lambda: env.time_zone("TIDE", default="UTC"), "Mars/Base"),
        (lambda: env.time_zone("TIDE", default="UTC"), "../../etc/passwd"),
        (lambda: env.rate("TIDE", default="3/1h"), "often"),
        (lambda: env.rates_by_age("TIDE", default="3/1h"), "1d:5/24h"),
        (lambda: env.rates_by_age("TIDE", default="3/1h"), "1d:often 9/1h"),
        (lambda: env.rates_by_age("TIDE", default="3/1h"), "1d:5/24h 7d:often 9/1h"),
        (lambda: env.rates_by_age("TIDE", default="3/1h"), "young:5/24h 9/1h"),
        (lambda: env.sign_up_rate("TIDE", default="5/30m/ip"), "often"),
        (lambda: env.networks("TIDE"), "10.0.0.0/8,home"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(read, said, monkeypatch):
    monkeypatch.setenv("TIDE", said)
    with pytest.raises(ImproperlyConfigured, match=r"^TIDE"):
        read()


@pytest.mark.parametrize(
    "wrong",
    ["ROCKPOOL_ENV=Production", "ROCKPOOL_EMAIL_URL=junk", "ROCKPOOL_DATA=/proc/no/such",
     "ROCKPOOL_API_RATE=junk"],
)  # fmt: skip
def test_the_command_line_says_it_in_a_sentence(wrong, tmp_path):
    name, _, said = wrong.partition("=")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ROCKPOOL_")}
    environment |= {"ROCKPOOL_DATA": str(tmp_path), name: said}
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == os.EX_CONFIG
    assert done.stderr.startswith("A setting is missing or wrong.")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("command", "variable"),
    [
        (["community.runner.one", "web"], "ROCKPOOL_WEB_PROCESSES"),
        (["community.runner.opening"], "ROCKPOOL_TIME_ZONE"),
    ],
)
def test_the_processes_say_it_in_a_sentence(command, variable, tmp_path):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ROCKPOOL_")}
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT, env=environment | {variable: "junk", "ROCKPOOL_DATA": str(tmp_path)},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode
    assert variable in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_server_that_comes_up_later_is_waited_for(monkeypatch, capsys):
    tries = iter(["refused", "refused", "starting up", ""])

    def connect():
        if why := next(tries):
            raise OperationalError(f"{why}\nIs the server running?")

    slept = []
    monkeypatch.setattr(opening.connection, "vendor", "postgresql")
    monkeypatch.setattr(opening.connection, "ensure_connection", connect)
    monkeypatch.setattr(opening.time, "sleep", slept.append)
    opening.wait_for_database(300)
    said = "".join(capsys.readouterr())
    assert (said.count("refused"), said.count("starting up"), len(slept)) == (1, 1, 3)


def test_nobody_waits_without_having_been_asked_to(monkeypatch):
    def connect():
        raise OperationalError("refused")

    monkeypatch.setattr(opening.connection, "vendor", "postgresql")
    monkeypatch.setattr(opening.connection, "ensure_connection", connect)
    with pytest.raises(OperationalError):
        opening.wait_for_database(0)

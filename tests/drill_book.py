"""The drill book: what must hold when things go wrong, by letter, and what was seen last.

A test says which drill it is part of, and may say a figure:

    @pytest.mark.letter("A1")
    def test_a_storm_of_likes_is_counted_exactly(people, note, at_once, figure):
        ...
        figure("360 acts of 60 people on 12 threads: drift 0, errors 0")

`make drills` prints a line for each letter; `make drills WRITE=1` puts them into docs/drills.md.
Each is seen on a set-up: E, SQLite alone; P, PostgreSQL and Redis; R, PostgreSQL and RabbitMQ. A
test that chooses its servers itself says so by the property `set-up` (tests/scaled_drills).
"""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from tests.drill_letters import ELSEWHERE, LETTERS

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "drills.md"
BEGIN, END = "<!-- drills: begin -->", "<!-- drills: end -->"
ROW = re.compile(r"\| \*\*([A-Z]\d+)\*\* \| ([EPR]) \|.*\| ([^|]*) \|$")
EMBEDDED, ON_POSTGRESQL = "E", "P"

# A letter, and the set-up it was seen on.
Drill = tuple[str, str]


@dataclass
class Seen:
    """What a run saw of one drill."""

    passed: int = 0
    failed: int = 0
    seconds: float = 0.0
    figures: list[str] = field(default_factory=list)

    @property
    def line(self) -> str:
        tests = f"{self.passed} test{'' if self.passed == 1 else 's'}"
        if self.failed:
            tests = f"{self.failed} FAILED, {tests} passed"
        return f"{'; '.join(self.figures) or tests} ({self.seconds:.1f} s)"


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Say what was measured: it stands in the line of this test's drill."""

    def say(text: str) -> None:
        request.node.user_properties.append(("figure", text))

    return say


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-drills", action="store_true", help="put lines into docs/drills.md")
    parser.addoption("--only-drills", default="", help="letters of drills, between blanks")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if wanted := set(config.getoption("--only-drills").split()):
        for item in items[:]:
            if not wanted & {arg for mark in item.iter_markers("letter") for arg in mark.args}:
                items.remove(item)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """The letters travel with the report, also from the processes of pytest-xdist."""
    for mark in item.iter_markers("letter"):
        for letter in mark.args:
            if letter not in LETTERS:
                raise pytest.UsageError(f"{item.nodeid}: the drill book has no {letter}")
            item.user_properties.append(("letter", letter))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    config = terminalreporter.config
    if "letter" not in config.option.markexpr:
        return
    seen, places = _collect(terminalreporter)
    terminalreporter.section("drills")
    for drill in sorted(seen, key=_in_order):
        letter, set_up = drill
        sign = "✗" if seen[drill].failed else "✓"
        terminalreporter.write_line(
            f"{sign} {letter:<3} {set_up} {LETTERS[letter]}: {seen[drill].line}"
        )
    if config.getoption("--write-drills"):
        write(seen, places)


def _collect(
    terminalreporter: pytest.TerminalReporter,
) -> tuple[dict[Drill, Seen], dict[str, set[str]]]:
    """What was seen of each drill, and where the tests of each letter stand."""
    usual = ON_POSTGRESQL if os.environ.get("ROCKPOOL_TEST_TEMPLATE") else EMBEDDED
    seen: dict[Drill, Seen] = {}
    places: dict[str, set[str]] = {}
    for outcome in ("passed", "failed", "error"):
        for report in terminalreporter.getreports(outcome):
            said = list(dict.fromkeys(map(tuple, report.user_properties)))
            set_up = dict(said).get("set-up", usual)
            for letter in (value for name, value in said if name == "letter"):
                one = seen.setdefault((letter, set_up), Seen())
                one.seconds += report.duration
                one.passed += outcome == "passed" and report.when == "call"
                one.failed += outcome != "passed"
                one.figures += [text for name, text in said if name == "figure"]
                places.setdefault(letter, set()).add(report.nodeid.partition("::")[0])
    return seen, places


def _in_order(drill: Drill) -> tuple[str, int, str]:
    letter, set_up = drill
    return letter[0], int(letter[1:]), set_up


# ---------------------------------------------------------------- docs/drills.md
def write(seen: dict[Drill, Seen], places: dict[str, set[str]], path: Path = DOCUMENT) -> None:
    """Renew the rows of what ran; the others stay as they were seen last."""
    text = path.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    old, _, after = rest.partition(END)
    found = (ROW.match(line) for line in old.splitlines())
    rows = {(match[1], match[2]): match[0] for match in found if match}
    for drill, one in seen.items():
        where = " ".join(f"`{place.removeprefix('tests/')}`" for place in sorted(places[drill[0]]))
        rows[drill] = _row(drill, where, f"{date.today():%F}: {one.line}")
    for letter, why in ELSEWHERE.items():
        rows.setdefault((letter, EMBEDDED), _row((letter, EMBEDDED), why, ""))
    table = "\n".join(rows[drill] for drill in sorted(rows, key=_in_order))
    head = "| | on | what holds | where, in `tests/` | last seen |\n|---|---|---|---|---|"
    foot = (
        f"{platform.machine()}, Python {platform.python_version()};"
        " `make drills WRITE=1`, `make drills-scaled WRITE=1`."
    )
    path.write_text(f"{before}{BEGIN}\n{head}\n{table}\n\n{foot}\n{END}{after}", encoding="utf-8")


def _row(drill: Drill, where: str, seen: str) -> str:
    letter, set_up = drill
    return f"| **{letter}** | {set_up} | {LETTERS[letter]} | {where} | {seen} |"

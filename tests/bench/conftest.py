from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.checkins import main as write_import_file

from .figures import Figures
from .house import ROOT, House, tools_missing
from .setups import SMALL, SetUp, Sizes, chosen

SHARED = ROOT.parent / "shared" / "data"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write", action="store_true", help="put the figures into docs/performance.md"
    )
    parser.addoption("--bench-data", help="folder of an imported community, kept between runs")
    parser.addoption(
        "--small", action="store_true", help="small and short: whether it works, never with --write"
    )


# A community that was worked on has new notes, which wait for places on pages: pages are measured
# before any of that, and what readers report at last.
FIRST, LAST = "test_held_pages", "test_held_intake"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: (item.path.stem == LAST) - (item.path.stem == FIRST))


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """What is measured runs in processes of its own: nothing to forget here."""


@pytest.fixture(scope="session")
def set_up() -> SetUp:
    return chosen()


@pytest.fixture(scope="session")
def sizes(request: pytest.FixtureRequest) -> Sizes:
    return SMALL if request.config.getoption("--small") else Sizes()


@pytest.fixture(scope="session")
def figures(request: pytest.FixtureRequest, set_up: SetUp) -> Iterator[Figures]:
    collected = Figures(set_up.marks, set_up.versions())
    yield collected
    print(f"\n\n{collected.markdown()}\n")
    if request.config.getoption("--write") and not request.config.getoption("--small"):
        collected.write(ROOT / "docs" / "performance.md")


@pytest.fixture(scope="session")
def tools() -> None:
    if missing := tools_missing():
        pytest.skip(f"needs {', '.join(missing)} (apt-get install wrk util-linux)")


@pytest.fixture
def empty_house(set_up: SetUp, tmp_path: Path) -> House:
    """A migrated community that nobody lives in."""
    return set_up.house(tmp_path / "community")


@pytest.fixture(scope="session")
def house(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    tools: None,
    set_up: SetUp,
    sizes: Sizes,
) -> House:
    """A community that people live in, everything that follows from their acts done: the imported
    one beside the project, and on servers, or where there is none, a seeded one of its size."""
    kept = request.config.getoption("--bench-data")
    is_seeded = set_up.on_servers or request.config.getoption("--small")
    if is_seeded or not (kept or (SHARED / "checkins").is_dir()):
        house = set_up.house(tmp_path_factory.mktemp("seeded"))
        house.manage("seed", "--people", str(sizes.people), "--notes", str(sizes.notes))
        return house
    house = House(Path(kept).resolve() if kept else tmp_path_factory.mktemp("community"))
    if not (house.data / "bench-ready").exists():
        house.data.mkdir(parents=True, exist_ok=True)
        _import(house, request.getfixturevalue("figures"))
        (house.data / "bench-ready").touch()
    return house


@pytest.fixture(scope="session")
def imported(house: House) -> House:
    """`house`, for figures that a seeded community says nothing about."""
    if not (house.data / "bench-ready").exists():
        pytest.skip(f"needs the check-ins to import, in {SHARED}")
    return house


def _import(house: House, figures: Figures) -> None:
    path = house.data / "checkins.jsonl"
    write_import_file([str(SHARED), str(path)])
    house.manage("migrate", "--verbosity", "0")
    house.manage("createcachetable", "--database", "cache")
    lines = path.read_bytes().splitlines(keepends=True)
    acts = [line for line in lines if b'"type":"interaction"' in line]
    rest = [line for line in lines if b'"type":"interaction"' not in line]
    (house.data / "rest.jsonl").write_bytes(b"".join(rest))
    (house.data / "acts.jsonl").write_bytes(b"".join(acts))
    house.manage("import_community", str(house.data / "rest.jsonl"), "--source", "bench")
    started, before = time.perf_counter(), os.times()
    said = house.manage("import_community", str(house.data / "acts.jsonl"), "--source", "bench")
    seconds, after = time.perf_counter() - started, os.times()
    taken = int(re.search(r"interaction\s+([\d,]+)", said)[1].replace(",", ""))  # type: ignore[index]
    cpu = (
        after.children_user + after.children_system - before.children_user - before.children_system
    )
    figures.note(
        "import of interactions",
        must="≥ 5,000/s",
        measured=f"{taken / seconds:,.0f}/s ({taken:,} in {seconds:.0f} s, {cpu:.0f} s of CPU)",
        holds=taken / seconds >= 5_000,
    )
    print(f"  settled: {house.probe('settle')}", flush=True)

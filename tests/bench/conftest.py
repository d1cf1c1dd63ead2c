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

SHARED = ROOT.parent / "shared" / "data"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write", action="store_true", help="put the figures into docs/performance.md"
    )
    parser.addoption("--bench-data", help="folder of an imported community, kept between runs")


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """What is measured runs in processes of its own: nothing to forget here."""


@pytest.fixture(scope="session")
def figures(request: pytest.FixtureRequest) -> Iterator[Figures]:
    collected = Figures()
    yield collected
    print(f"\n\n{collected.markdown()}\n")
    if request.config.getoption("--write"):
        collected.write(ROOT / "docs" / "performance.md")


@pytest.fixture(scope="session")
def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, figures: Figures
) -> House:
    """The imported community, everything that follows from the import done."""
    if missing := tools_missing():
        pytest.skip(f"needs {', '.join(missing)} (apt-get install wrk util-linux)")
    kept = request.config.getoption("--bench-data")
    house = House(Path(kept).resolve() if kept else tmp_path_factory.mktemp("community"))
    if (house.data / "bench-ready").exists():
        return house
    if not (SHARED / "checkins").is_dir():
        pytest.skip(f"the check-ins to import are not in {SHARED}")
    house.data.mkdir(parents=True, exist_ok=True)
    _import(house, figures)
    (house.data / "bench-ready").touch()
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

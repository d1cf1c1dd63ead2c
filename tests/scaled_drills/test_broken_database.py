"""PostgreSQL is restarted, killed and frozen under people who read and write."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.scaled.migrated import kept_dump, restore
from tests.scaled.server import Server
from tests.scaled.servers import postgresql_server
from tests.scaled_drills.house import STATEMENT_SECONDS, ScaledCommunity
from tests.scaled_drills.traffic import WELL, Traffic, scene, seconds_until_done

pytestmark = [pytest.mark.long, pytest.mark.drill, pytest.mark.timeout(900)]

GONE_SECONDS, HUNG_SECONDS = 10, 30
GOOD_WITHIN_SECONDS = 5.0
CALM_SECONDS = 14
# What is asked sooner than this before the next break may be hit by that.
BEFORE_THE_NEXT_SECONDS = 5
# Every place waits for an answer, and for a connection; whoever queued behind waits once more.
LONGEST_SECONDS = 25.0
# What a worker held when the database went is retaken when its lease has ended.
DONE_WITHIN_SECONDS = 120.0


@pytest.fixture
def server() -> Iterator[Server]:
    """A PostgreSQL of this drill alone, migrated, that keeps what it has acknowledged."""
    with postgresql_server(careful=True) as server:
        assert restore(kept_dump(), server.address)
        yield server


@pytest.fixture
def community(tmp_path, server, broker) -> Iterator[ScaledCommunity]:
    community = ScaledCommunity(
        tmp_path / "data", server.address,
        ROCKPOOL_DATABASE_STATEMENT_TIMEOUT=str(STATEMENT_SECONDS), **broker.told,
    )  # fmt: skip
    yield community
    community.end()


def restart(server: Server) -> None:
    server.stop()
    server.start()


def lose(server: Server) -> None:
    server.kill()
    time.sleep(GONE_SECONDS)
    server.start()


def freeze(server: Server) -> None:
    server.freeze()
    time.sleep(HUNG_SECONDS)
    server.thaw()


@pytest.mark.letter("F3")
@pytest.mark.parametrize("broker", ["P"], indirect=True, ids=["redis"])
def test_nothing_is_lost_and_whoever_is_refused_knows_it(community, server, figure) -> None:
    people = scene(community)
    community.start(ROCKPOOL_WEB_PROCESSES="2")
    times: dict[str, tuple[float, float]] = {}
    with Traffic(community, people) as traffic:
        time.sleep(5)
        for way in (restart, lose, freeze):
            began = time.monotonic()
            way(server)
            times[way.__name__] = (began, time.monotonic())
            time.sleep(CALM_SECONDS)
    said = []
    for name, (began, mended) in times.items():
        meanwhile = traffic.within(began, mended)
        statuses = Counter(answer.status for answer in meanwhile if answer.status not in WELL)
        slowest = max((answer.seconds for answer in meanwhile), default=0.0)
        after = traffic.within(mended, mended + CALM_SECONDS - BEFORE_THE_NEXT_SECONDS)
        bad = [a.asked + a.seconds - mended for a in after if a.status not in WELL]
        said.append(
            f"{name} {mended - began:.0f} s: {statuses[503]} × 503, slowest {slowest:.1f} s,"
            f" good after {max(bad, default=0.0):.1f} s"
        )
        assert set(statuses) <= {503}, (name, statuses)
        assert slowest < LONGEST_SECONDS, said
        assert max(bad, default=0.0) < GOOD_WITHIN_SECONDS, said
        assert statuses[503] or name == "restart", f"{name}: nobody noticed, this showed nothing"
    seconds_until_done(community, DONE_WITHIN_SECONDS)
    traffic.assert_kept_once()
    community.audit()
    writes = len(traffic.comments) + len(traffic.published)
    figure(f"{'; '.join(said)}; of {writes} accepted writes 0 lost, 0 doubled")

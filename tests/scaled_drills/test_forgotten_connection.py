"""PostgreSQL behind a network that swallowed what was said and has forgotten who was connected."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from community.databases import ANSWERED_TO_WORKERS_SECONDS
from tests.scaled.fault_proxy import proxied
from tests.scaled_drills.house import STATEMENT_SECONDS, ScaledCommunity
from tests.scaled_drills.traffic import scene, seconds_until_done

pytestmark = [pytest.mark.long, pytest.mark.drill, pytest.mark.timeout(400)]

SWALLOWED_SECONDS = 3
# After the last of them has given up: a look of the relay, a tick of beat, and a lease that ends.
BACK_SECONDS = 25
BEATS = "SELECT min(beaten_at) FROM outbox_heartbeat WHERE name IN ('worker', 'beat')"


@pytest.mark.letter("F3")
@pytest.mark.parametrize("broker", ["P"], indirect=True, ids=["redis"])
def test_workers_and_beat_leave_a_connection_that_answers_nothing(
    tmp_path, database, broker, figure
) -> None:
    with proxied(database) as (proxy, address):
        community = ScaledCommunity(
            tmp_path / "data", database,
            ROCKPOOL_DATABASE_STATEMENT_TIMEOUT=str(STATEMENT_SECONDS), **broker.told,
        )  # fmt: skip
        scene(community)
        try:
            community.settings["ROCKPOOL_DATABASE_URL"] = address
            community.start(ROCKPOOL_WEB_PROCESSES="1")
            proxy.hang()
            time.sleep(SWALLOWED_SECONDS)
            mended, moment = time.monotonic(), datetime.now(UTC)
            proxy.mend()
            most = STATEMENT_SECONDS + ANSWERED_TO_WORKERS_SECONDS + BACK_SECONDS
            while community.rows(BEATS)[0][0] <= moment:
                assert time.monotonic() - mended < most, "".join(community.running.said[-30:])
                time.sleep(0.5)
            back = time.monotonic() - mended
            seconds_until_done(community, 90)
            community.audit()
        finally:
            community.end()
    figure(f"connections forgotten: workers and beat at work again after {back:.0f} s")

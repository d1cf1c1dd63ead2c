"""Workers killed in a fan-out, with Redis and with RabbitMQ as their broker."""

from __future__ import annotations

import pytest

from tests.drills.test_killed_worker import kill_workers

pytestmark = [pytest.mark.long, pytest.mark.drill, pytest.mark.timeout(900)]

KILLS = 4


@pytest.mark.letter("B1")
def test_each_feed_has_each_note_exactly_once(community, broker, figure) -> None:
    figure(f"{broker.name}: {kill_workers(community, KILLS)}")

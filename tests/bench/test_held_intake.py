"""What readers' pages report, taken in by one worker; row 13 of what we hold ourselves to."""

from __future__ import annotations

import http.client
import json
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from urllib.parse import urlsplit

import pytest

from .house import CLIENT_CORE, CSRF, cpu_seconds

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]

EVENTS = "/api/v1/events/"
# Browsers that report at once.
AT_ONCE = 4
MUST, BETTER = 10_000, 30_000


def test_what_was_seen_is_taken_in(house, figures, sizes):
    with house.web() as (address, server):
        rates = []
        # The first round composes the queries and is not counted.
        for turn in range(sizes.rounds + 1):
            found = house.probe("batches_to_send", sizes.batches, turn)
            before = cpu_seconds(server)
            seen = send(address, found["batches"])
            assert seen == found["sights"] * len(found["batches"])
            if turn:
                rates.append(seen / (cpu_seconds(server) - before))
    itself = [house.probe("intake_itself", sizes.batches) for _ in range(sizes.rounds)]
    alone = median(found["sights"] / found["cpu"] for found in itself)
    figures.note(
        "13. impressions reported in batches of 20, signed, each counted once, for a second of one"
        " worker's processor",
        must=f"≥ {MUST:,}, better {BETTER:,}",
        measured=f"{median(rates):,.0f} by the API ({20_000 / median(rates):.1f} ms a batch);"
        f" {alone:,.0f} without the request",
        holds=median(rates) >= MUST,
    )


def send(address: str, batches: list[dict[str, str]]) -> int:
    """Report all of them, some at once; how many sights were counted."""
    anywhere = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {CLIENT_CORE})
    try:
        with ThreadPoolExecutor(AT_ONCE) as browsers:
            parts = [batches[at::AT_ONCE] for at in range(AT_ONCE)]
            return sum(browsers.map(lambda part: _report(address, part), parts))
    finally:
        os.sched_setaffinity(0, anywhere)


def _report(address: str, batches: Iterable[dict[str, str]]) -> int:
    seen, line = 0, http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    for batch in batches:
        headers = {
            "Cookie": f"sessionid={batch['cookie']}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
            "Content-Type": "application/json",
        }
        line.request("POST", EVENTS, batch["body"], headers)
        answer = line.getresponse()
        said = answer.read()
        assert answer.status == 200, said[:500]
        seen += json.loads(said)["seen"]
    line.close()
    return seen

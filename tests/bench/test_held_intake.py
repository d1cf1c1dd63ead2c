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

# Where our own pages report, and where programs do.
PAGES, PROGRAMS = "/events/", "/api/v1/events/"
# Browsers that report at once.
AT_ONCE = 4
MUST, BETTER = 10_000, 30_000


def test_what_was_seen_is_taken_in(house, figures, sizes):
    rates = {PAGES: [], PROGRAMS: []}
    with house.web() as (address, server):
        # The first round composes the queries and is not counted.
        for turn in range(sizes.rounds + 1):
            for path, counted in rates.items():
                found = house.probe("batches_to_send", sizes.batches, f"{turn}{path}")
                # Who reports has opened a page before: their session is known to be in use.
                send(address, path, [batch | {"body": "{}"} for batch in found["batches"]])
                before = cpu_seconds(server)
                seen = send(address, path, found["batches"])
                assert seen == found["sights"] * len(found["batches"])
                if turn:
                    counted.append(seen / (cpu_seconds(server) - before))
    itself = [house.probe("intake_itself", sizes.batches) for _ in range(sizes.rounds)]
    alone = median(found["sights"] / found["cpu"] for found in itself)
    pages, programs = (median(counted) for counted in rates.values())
    figures.note(
        "13. impressions reported in batches of 20, signed, each counted once, for a second of one"
        " worker's processor",
        must=f"≥ {MUST:,}, better {BETTER:,}",
        measured=f"{pages:,.0f} by our pages ({20_000 / pages:.1f} ms a batch),"
        f" {programs:,.0f} by the API ({20_000 / programs:.1f} ms); {alone:,.0f} without a request",
        holds=pages >= MUST,
    )


def send(address: str, path: str, batches: list[dict[str, str]]) -> int:
    """Report all of them, some at once; how many sights were counted."""
    anywhere = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {CLIENT_CORE})
    try:
        with ThreadPoolExecutor(AT_ONCE) as browsers:
            parts = [batches[at::AT_ONCE] for at in range(AT_ONCE)]
            return sum(browsers.map(lambda part: _report(address, path, part), parts))
    finally:
        os.sched_setaffinity(0, anywhere)


def _report(address: str, path: str, batches: Iterable[dict[str, str]]) -> int:
    seen, line = 0, http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    for batch in batches:
        headers = {
            "Cookie": f"sessionid={batch['cookie']}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
            "Sec-Fetch-Site": "same-origin",
            "Content-Type": "application/json",
        }
        line.request("POST", path, batch["body"], headers)
        answer = line.getresponse()
        said = answer.read()
        assert answer.status == 200, said[:500]
        seen += json.loads(said)["seen"]
    line.close()
    return seen

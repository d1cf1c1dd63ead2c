"""What pages hold against the ceiling of Django and against what is written by hand; rows 1 to 5
and 12 of what we hold ourselves to."""

from __future__ import annotations

import logging
import time
from statistics import median

import httpx
import pytest

from .house import House, cpu_seconds, memory_mb
from .rounds import Address, in_turns

pytestmark = [
    pytest.mark.bench,
    pytest.mark.timeout(1_800),
    pytest.mark.usefixtures("tools"),
]

BARE = "tests.bench.bare:application"
FEED = "/api/v1/feeds/discover/"
# A line for every answer would bury the figures.
logging.getLogger("httpx").setLevel(logging.WARNING)
# What a worker has answered before its memory is looked at.
WARM_REQUESTS = 200


@pytest.fixture(scope="module")
def reader(house):
    """The session of somebody who follows 20 people."""
    return house.probe("cookie", 20)["cookie"]


def ask(address, path, cookie):
    answer = httpx.get(address + path, cookies={"sessionid": cookie}, timeout=30)
    assert answer.status_code == 200, answer.text[:500]
    return answer


def cards_of(address, cookie):
    """The ids of the notes of this reader's page of discover, as an address takes them."""
    cards = ask(address, FEED, cookie).json()["results"]
    assert len(cards) == 20
    return ",".join(str(card["note"]["id"]) for card in cards)


def test_the_page_against_its_ceilings(house, reader, figures, set_up, sizes):
    with house.web() as (address, server), house.web(BARE) as (bare_address, bare_server):
        by_hand = f"/bench/hand-written/?notes={cards_of(address, reader)}"
        page, written = (ask(address, path, reader) for path in ("/", by_hand))
        assert page.text.count("<article") == written.text.count("<article") == 20
        found = in_turns(
            {
                "page": Address(f"{address}/", server, reader),
                "bare": Address(f"{bare_address}/", bare_server),
                "hand": Address(address + by_hand, server, reader),
                "empty": Address(f"{address}/bench/empty/", server, reader),
            },
            rounds=sizes.rounds,
            seconds=sizes.seconds,
        )
    size, other = (len(answer.content) / 1000 for answer in (page, written))
    assert other >= 25
    must, stretch = (0.06, 0.10) if set_up.on_servers else (0.08, 0.15)
    share = found["page"].against(found["bare"])
    figures.note(
        f"{2 if set_up.on_servers else 1}. discover, logged in, 20 cards, against a bare view of"
        " 30 kB without middleware",
        must=f"≥ {must:.0%} of its requests/s, better {stretch:.0%}",
        measured=f"{share:.1%} ({found['page'].beside(found['bare'])}; {size:.0f} kB)",
        holds=share >= must and size >= 25,
    )
    times = found["page"].against(found["hand"])
    figures.note(
        "3. the same against a page of these notes written by hand (select_related, Django's"
        " templates)",
        must="≥ 3 times its requests/s, better 6",
        measured=f"{times:.1f} times ({found['page'].beside(found['hand'])}; {other:.0f} kB)",
        holds=times >= 3,
    )
    share = found["page"].against(found["empty"])
    figures.note(
        "the same against an empty view behind the same middleware",
        must="≥ 40% of its requests/s",
        measured=f"{share:.0%} ({found['page'].beside(found['empty'])})",
        holds=share >= 0.4,
    )


def test_the_feed_as_json_against_a_model_serializer(house, reader, figures, sizes):
    with house.web() as (address, server):
        serialized = f"/bench/serializer/?notes={cards_of(address, reader)}"
        ours, its = (ask(address, path, reader) for path in (FEED, serialized))
        known = {card["note"]["id"] for card in ours.json()["results"]}
        assert known == {note["id"] for note in its.json()["results"]}
        found = in_turns(
            {
                "ours": Address(address + FEED, server, reader),
                "its": Address(address + serialized, server, reader),
            },
            rounds=sizes.rounds,
            seconds=sizes.seconds,
        )
    times = found["ours"].against(found["its"])
    kilobytes = " and ".join(f"{len(answer.content) / 1000:.0f}" for answer in (ours, its))
    figures.note(
        "4. discover as JSON against a ModelSerializer over the same 20 notes",
        must="≥ 2 times its requests/s, better 4",
        measured=f"{times:.1f} times ({found['ours'].beside(found['its'])}; {kilobytes} kB)",
        holds=times >= 2,
    )


def test_queries_of_discover_do_not_grow_with_followees(house, figures):
    few, many = (house.probe("queries", followees) for followees in (20, 200))
    holds = few["count"] == many["count"] <= 4
    figures.note(
        "5. statements of a warm discover page, 20 and 200 followees",
        must="≤ 4, the same, better 2",
        measured=f"{few['count']} and {many['count']} ({few['bytes'] / 1000:.0f} kB)",
        holds=holds,
    )
    assert few["status"] == many["status"] == 200
    if not holds:
        print("\n".join(f"    {statement[:120]}" for statement in many["sql"]))


# ---------------------------------------------------------------- a worker itself
def test_a_worker_against_a_bare_one(house: House, reader, figures, sizes):
    """Memory after some pages, and from the command to the first answer; in turns."""
    rounds = [
        (starting(house, "community.wsgi:application", reader), starting(house, BARE, ""))
        for _ in range(sizes.rounds)
    ]
    times = median(ours["memory"] / its["memory"] for ours, its in rounds)
    memory, bare = (median(pair[side]["memory"] for pair in rounds) for side in (0, 1))
    figures.note(
        "12. memory of a web worker against one of a new Django project",
        must="≤ 1.6 times, better 1.3",
        measured=f"{times:.1f} times ({memory:.0f} against {bare:.0f} MB)",
        holds=times <= 1.6,
    )
    cold, spent = (median(pair[0][name] for pair in rounds) for name in ("seconds", "cpu"))
    figures.note(
        "12. from its start to the first page answered",
        must="≤ 1.5 s, better 0.8",
        measured=f"{cold:.2f} s, {spent:.2f} of CPU (the new project:"
        f" {median(pair[1]['seconds'] for pair in rounds):.2f} s)",
        holds=cold <= 1.5,
    )


def starting(house: House, application: str, cookie: str) -> dict[str, float]:
    """Seconds until a worker answers and of processor until then; its megabytes after some."""
    begun = time.perf_counter()
    with house.web(application) as (address, process):
        ask(address, "/", cookie)
        seconds, cpu = time.perf_counter() - begun, cpu_seconds(process)
        for _ in range(WARM_REQUESTS):
            ask(address, "/", cookie)
        return {"seconds": seconds, "cpu": cpu, "memory": memory_mb(process)}

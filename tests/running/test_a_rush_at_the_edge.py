"""Two hundred clients over HTTP at the edge of one promise and one paid order, with web processes
killed under them: what is counted is exact, and nothing is charged twice."""

from __future__ import annotations

import json
import random
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.running.edge_community import LEFT, ORDERED, RUSH
from tests.running.web_processes import PATIENCE, House, open_house

pytestmark = [pytest.mark.drill, pytest.mark.letter("C1"), pytest.mark.timeout(240)]
KILLS = 6


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path / "data") as house:
        yield house


def post(port: int, reader: dict[str, str], notes: list[int], key: str) -> dict[str, int] | None:
    """The answer; None where the process died under the request. Refusals and faults are raised."""
    body = {"token": reader["page"], "seen": [{"note": note} for note in notes]}
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/events/",
        data=json.dumps(body).encode(),
        headers={
            "Authorization": f"Token {reader['token']}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 (our own server)
            return dict(json.load(answer))
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{error.code}: {error.read()[:300]!r}") from None
    except OSError:
        return None


def test_what_a_rush_delivers_is_counted_and_charged_exactly(house: House) -> None:
    told = json.loads(house.ask_python("-m", "tests.running.edge_community", "fill"))
    notes = [told["pooled"], told["boosted"]]
    house.start_all()
    died: list[int] = []

    def murder() -> None:
        chance = random.Random(5)
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.3, 1.2))
            port = chance.choice(house.ports)
            house.kill(port)
            house.start(port)

    def client(number: int) -> list[dict[str, int]]:
        """Sends its report until it is answered; again with the same key; again with another."""
        chance, reader = random.Random(number), told["readers"][number]
        time.sleep(chance.uniform(0, 4))
        answers = []
        for key in (f"first-{number}", f"first-{number}", f"second-{number}"):
            give_up = time.monotonic() + PATIENCE
            while (answer := post(chance.choice(house.ports), reader, notes, key)) is None:
                died.append(number)
                assert time.monotonic() < give_up
                time.sleep(0.05)
            answers.append(answer)
        return answers

    murderer = threading.Thread(target=murder)
    murderer.start()
    with ThreadPoolExecutor(RUSH) as crowd:
        answers = list(crowd.map(client, range(RUSH)))
    murderer.join()

    assert died, "nobody noticed the kills: this drill showed nothing"
    # The same key has the same answer, and what is known is counted for nobody again.
    assert all(first == again and later["seen"] == 0 for first, again, later in answers)
    assert sum(first["seen"] for first, _again, _later in answers) == 2 * RUSH
    most = int(told["promised"] * 1.05)
    assert sum(first["delivered"] for first, _a, _l in answers) == most - told["promised"] + LEFT

    found = json.loads(house.ask_python("-m", "tests.running.edge_community", "settle"))
    early = {str(told["pooled"]): told["promised"] - LEFT, str(told["boosted"]): ORDERED - LEFT}
    assert found["sights"] == {note: RUSH + before for note, before in early.items()}
    assert found["reached"] == most
    assert found["paid"] == {
        "delivered": ORDERED, "counted": ORDERED, "state": "finished", "refunded": 0,
        "charged": found["paid"]["price"], "price": found["paid"]["price"],
    }  # fmt: skip
    audit = json.loads(house.ask_python("manage.py", "audit_invariants", "--json"))
    assert audit["ok"], audit

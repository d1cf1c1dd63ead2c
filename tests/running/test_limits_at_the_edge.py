"""Limits over HTTP and three web processes: nobody gets more by asking another process, by names of
headers, by other spellings or by all at once; and a flood of log-ins is refused before it costs."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from statistics import median

import httpx
import pytest

from tests.running.web_processes import House, open_house

pytestmark = [pytest.mark.drill, pytest.mark.timeout(240)]
# What people send to be taken for somebody else. No proxy of ours wrote any of it.
DODGES = (
    "X-Forwarded-For", "X-Real-IP", "X-Client-IP", "Client-IP", "True-Client-IP", "Forwarded",
    "CF-Connecting-IP", "X-Originating-IP", "X-Cluster-Client-IP", "X-Remote-Addr",
)  # fmt: skip
LOGINS, SIGN_UPS, ASKED = 10, 5, 300
# The drill book lets a limit be passed by a fifth.
SLACK = 1.2
TOLD_TO_WAIT = "Too many failed login attempts"
PASSWORD = "a-long-enough-password"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One for all: each limit counts by itself."""
    with open_house(tmp_path_factory.mktemp("house") / "data") as house:
        house.start_all()
        yield house


def dodging(number: int) -> dict[str, str]:
    return {DODGES[number % len(DODGES)]: f"203.0.113.{number % 250}"}


def press(house: House, number: int, path: str, fields: dict[str, str]) -> httpx.Response:
    """A form as a browser sends it, each time from another session, process and pretended place."""
    port = house.ports[number % len(house.ports)]
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=dodging(number)) as browser:
        browser.get(path, timeout=60)
        token = {"csrfmiddlewaretoken": browser.cookies["csrftoken"]}
        return browser.post(path, data=fields | token, timeout=60)


def crowd(
    house: House, times: int, path: str, fields: Callable[[int], dict[str, str]]
) -> Counter[int]:
    with ThreadPoolExecutor(8) as people:
        answers = people.map(lambda n: press(house, n, path, fields(n)), range(times))
        return Counter(answer.status_code for answer in answers)


@pytest.mark.letter("E7")
@pytest.mark.letter("E8")
def test_passwords_are_tried_ten_times_and_a_flood_costs_less(house: House, figure) -> None:
    """What a refusal costs beside a try is said, not asserted: a password is hashed slowly."""
    spellings = ("ines", "Ines", "ines@example.org", "INES@example.org")
    times: dict[bool, list[float]] = {False: [], True: []}

    def guess(number: int) -> None:
        login = {"login": spellings[number % len(spellings)], "password": f"guess {number}"}
        began = time.perf_counter()
        answer = press(house, number, "/account/login/", login)
        times[TOLD_TO_WAIT in answer.text].append((time.perf_counter() - began) * 1000)

    with ThreadPoolExecutor(8) as people:
        list(people.map(guess, range(3 * LOGINS)))
    tried, refused = times[False], times[True]
    assert LOGINS <= len(tried) <= LOGINS * SLACK
    figure(
        f"{len(tried)} of {3 * LOGINS} tried; with its page a try took {median(tried):.0f} ms, "
        f"a refusal {median(refused):.0f} ms"
    )


@pytest.mark.letter("E7")
def test_accounts_are_made_five_times_whoever_one_pretends_to_be(house: House) -> None:
    told = crowd(
        house, 3 * SIGN_UPS, "/account/signup/",
        lambda n: {
            "username": f"newcomer{n}", "email": f"newcomer{n}@example.org",
            "password1": PASSWORD, "password2": PASSWORD,
        },
    )  # fmt: skip
    made = int(
        house.ask_python(
            "manage.py", "shell", "-v0", "-c",
            "from accounts.models import User; print(User.objects.count())",
        )
    )  # fmt: skip
    assert SIGN_UPS <= made <= SIGN_UPS * SLACK, told
    assert told[429] == 3 * SIGN_UPS - made, told


@pytest.mark.letter("E7")
def test_programs_ask_three_hundred_times_in_five_minutes(house: House) -> None:
    secret = house.ask_python(
        "manage.py", "shell", "-v0", "-c",
        "from accounts.models import User; from knox.models import AuthToken\n"
        "print(AuthToken.objects.create(user=User.objects.create_user('robot'))[1])",
    ).strip()  # fmt: skip

    def ask(number: int) -> int:
        port = house.ports[number % len(house.ports)]
        headers = {"Authorization": f"Token {secret}"} | dodging(number)
        address = f"http://127.0.0.1:{port}/api/v1/channels/"
        return httpx.get(address, headers=headers, timeout=60).status_code

    with ThreadPoolExecutor(8) as programs:
        told = Counter(programs.map(ask, range(int(ASKED * SLACK) + 40)))
    assert ASKED <= told[200] <= ASKED * SLACK, told
    assert told.keys() == {200, 429}, told

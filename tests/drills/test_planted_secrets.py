"""Secrets with names that are met nowhere else, and a look at everything that others read."""

from __future__ import annotations

import urllib.parse

import pytest

from tests.drills.house import Community, call

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]

PLANTED = {
    "ROCKPOOL_SECRET_KEY": "quokkakeyquokkakeyquokkakeyquokkakeyquokkakeyquokkakey0",
    "ROCKPOOL_EMAIL_URL": "smtp://mailer:numbatmailnumbat@127.0.0.1:9",
    "ROCKPOOL_METRICS_TOKEN": "wombatmetricswombat",
    "ROCKPOOL_PAYMENT_SECRET": "bilbypaymentbilby",
}
PASSWORD, TOKEN, COOKIE = "potoroopassword7", "echidnatokenechidna", "dunnartcookie"
WORDS = [
    "quokkakey", "numbatmail", "wombatmetrics", "bilbypayment", "potoroo", "echidna", "dunnart",
]  # fmt: skip


def form(fields: dict[str, str]) -> dict[str, object]:
    return {
        "body": urllib.parse.urlencode(fields).encode(),
        "kind": "application/x-www-form-urlencoded",
    }


@pytest.mark.letter("F11")
@pytest.mark.parametrize("format_", ["line", "json"])
def test_secrets_are_in_no_log_no_answer_and_no_queue(
    community: Community, figure, format_: str
) -> None:
    planted = PLANTED | {"ROCKPOOL_LOG_FORMAT": format_, "ROCKPOOL_LOG_LEVEL": "INFO"}
    community.start(**planted, ROCKPOOL_SLOW_QUERY_SECONDS="0.000001")
    port, answers = community.port, []
    login = form({"login": "alice", "password": PASSWORD})
    for path, asked in (
        ("/account/login/", login),  # without its form token: 403
        ("/api/v1/me/", {"token": TOKEN}),
        ("/api/v1/notes/", {"token": TOKEN, "body": {"title": PASSWORD}}),
        ("/api/v1/notes/", {"body": b"{" + PASSWORD.encode(), "token": TOKEN}),
        (f"/search/?q={PASSWORD}", {}),
        (f"/account/password/reset/key/1-{TOKEN}/", {}),
        (f"/no/such/page/?token={TOKEN}", {}),
        ("/metrics", {"token": TOKEN}),
    ):
        status, said = call(port, path, **asked)
        assert status
        answers.append((path, said.decode(errors="replace")))
    community.running.process.terminate()
    community.running.process.wait(60)
    community.running.listener.join()
    logged = "".join(community.running.said)
    assert "quokka" not in logged
    assert len(logged) > 1_000, "nothing was logged: this drill showed nothing"
    queued = str(community.rows("SELECT * FROM outbox_job"))
    files = "".join(
        path.read_text(errors="replace")
        for path in (community.data / "broker").rglob("*")
        if path.is_file()
    )
    found = {
        (place, word)
        for place, text in {"log": logged, "tasks": queued, "broker": files}.items()
        for word in WORDS
        if word in text
    }
    # What one typed may come back to oneself on the page; the community's secrets never.
    found |= {(path, word) for path, said in answers for word in WORDS[:4] if word in said}
    figure(f"{format_}: {len(WORDS)} planted, {len(logged) // 1000} kB of log, {len(found)} found")
    assert found == set()

"""A program is let in by a person, keeps to what was allowed, and is put out again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken, Grant, RefreshToken

from accounts.models import User
from accounts.programs.reading import allowed_by
from accounts.programs.services import end_program, register_program, remove_program
from accounts.safety.services import end_tokens
from community.tasks import forget_programs_tokens

from .conftest import BACK, VERIFIER, Walk, answered, challenge_of


# ---------------------------------------------------------------- the good way
def test_a_program_is_asked_for_let_in_and_acts(walk, bob):
    page = walk.ask()
    html = page.content.decode()
    assert "Let “Tide Clock” act for you?" in html
    assert "publish, change and delete notes" in html
    assert "client.example" in html
    assert "This program is by @alice" in html
    assert "private messages" not in html
    assert page.headers["X-Frame-Options"] == "DENY"
    assert "no-store" in page.headers["Cache-Control"]
    assert "form-action 'self' https://client.example" in page.headers["Content-Security-Policy"]
    answer = walk.decide()
    assert answer.headers["Location"].startswith(f"{BACK}?")
    told = answered(answer)
    assert told["state"] == "xyz"
    assert told["iss"] == "http://testserver"
    tokens = walk.exchange(told["code"])
    assert tokens.headers["Cache-Control"] == "no-store"
    tokens = tokens.json()
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 3600)
    assert walk.api(tokens["access_token"]).json()["username"] == "bob"


def test_nothing_that_opens_anything_is_kept(walk):
    tokens = walk.tokens()
    [access], [refresh] = AccessToken.objects.values(), RefreshToken.objects.values()
    kept = f"{access}{refresh}"
    assert tokens["access_token"] not in kept
    assert tokens["refresh_token"] not in kept


def test_a_program_with_a_secret_has_to_show_it(alice, bob):
    made = register_program(
        owner=alice, name="Server", addresses=BACK, keeps_secret=True, now=timezone.now()
    )
    assert made.secret not in str(made.program.__dict__)
    walk = Walk(made.program, bob, made.secret)
    assert walk.exchange(walk.code(), client_secret="guess").status_code == 401
    assert walk.exchange(walk.code()).status_code == 200


def test_who_says_no_gives_nothing(walk):
    answer = walk.decide(allow=False)
    assert answered(answer) == {
        "error": "access_denied", "state": "xyz", "iss": "http://testserver"
    }  # fmt: skip
    assert not Grant.objects.exists()


def test_a_visitor_logs_in_first_and_comes_back(program, bob):
    answer = Walk(program, None).ask()
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/account/login/?next=/oauth/authorize/")


# ---------------------------------------------------------------- redirect tricks
@pytest.mark.parametrize("address", [
    "https://evil.example/done", "https://client.example/done/", "https://client.example/done?a=1",
    "https://client.example/Done", "https://client.example/done#x", "https://client.example:444/done",
    "https://client.example@evil.example/done", "https://client.example.evil.example/done",
    "http://client.example/done", "https://client.example/done/../evil",
    "https:/client.example/done",
    "https://client.example\\@evil.example/done", "//client.example/done", "/settings/",
    "javascript:alert(1)", "https://client.example/done%00", "https://CLIENT.example/done",
    "https://client.example/done ", "data:text/html,x", "x" * 600, "https://client.example/done\n",
])  # fmt: skip
def test_nobody_is_sent_where_the_program_did_not_say(walk, address):
    answer = walk.ask(redirect_uri=address)
    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert b"you were sent nowhere" in answer.content
    sent = walk.browser.post("/oauth/authorize/", walk.question(redirect_uri=address, allow="true"))
    assert sent.status_code == 400
    assert not Grant.objects.exists()


def test_a_program_on_ones_own_machine_returns_at_any_port(alice, bob):
    addresses = "http://127.0.0.1/done org.example.app:/done"
    program = register_program(
        owner=alice, name="Desk", addresses=addresses, keeps_secret=False, now=timezone.now()
    ).program
    walk = Walk(program, bob)
    for back in ("http://127.0.0.1:43117/done", "org.example.app:/done"):
        answer = walk.decide(redirect_uri=back)
        assert answer.headers["Location"].startswith(f"{back}?code=")
        assert walk.exchange(answered(answer)["code"], redirect_uri=back).status_code == 200
    policy = walk.ask(redirect_uri="org.example.app:/done").headers["Content-Security-Policy"]
    assert "form-action 'self' org.example.app:" in policy
    for back in ("http://127.0.0.2:1/done", "http://localhost/done", "http://127.0.0.1:1/other"):
        assert walk.ask(redirect_uri=back).status_code == 400


# ---------------------------------------------------------------- codes
def test_a_code_is_good_once(walk):
    code = walk.code()
    assert walk.exchange(code).status_code == 200
    again = walk.exchange(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize("changed", [
    {"code_verifier": "w" * 43}, {"code_verifier": None}, {"code_verifier": ""},
    {"code_verifier": challenge_of(VERIFIER)}, {"redirect_uri": "https://evil.example/done"},
    {"client_id": "someone-else"}, {"code": "guess"}, {"code": "x" * 600},
    {"grant_type": "password"}, {"grant_type": "client_credentials"}, {"grant_type": None},
    {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": "x"},
    {"code": "\x00"}, {"client_id": "\ud800".encode("utf-8", "surrogatepass")},
])  # fmt: skip
def test_a_code_opens_nothing_when_anything_differs(walk, changed):
    answer = walk.exchange(**{"code": walk.code()} | changed)
    assert answer.status_code in (400, 401)
    assert answer.json()["error"]
    assert not AccessToken.objects.exists()


def test_a_code_lives_a_minute_and_only_for_its_program(walk, alice, bob):
    code = walk.code()
    other = register_program(
        owner=alice, name="Other", addresses=BACK, keeps_secret=False, now=timezone.now()
    ).program
    assert Walk(other, bob).exchange(code).status_code == 400
    Grant.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert walk.exchange(code).status_code == 400
    assert Grant.objects.get().expires - Grant.objects.get().created <= timedelta(seconds=61)


@pytest.mark.parametrize("changed", [
    {"code_challenge": None}, {"code_challenge_method": None}, {"code_challenge_method": "plain"},
    {"code_challenge": "short"}, {"code_challenge": "x" * 200}, {"client_id": "nobody"},
    {"client_id": None}, {"client_id": "\x00"}, {"state": "s" * 3_000},
    {"redirect_uri": [BACK, "https://evil.example/"]},
])  # fmt: skip
def test_a_question_that_is_not_safe_is_not_put(walk, changed):
    answer = walk.ask(**changed)
    assert answer.status_code == 400
    assert "Location" not in answer.headers


@pytest.mark.parametrize("changed", [
    {"response_type": "token"}, {"response_type": "code token"}, {"response_type": "id_token"},
    {"scope": "read everything"}, {"scope": "admin"},
])  # fmt: skip
def test_what_is_not_offered_goes_back_as_an_error(walk, changed):
    answer = walk.ask(**changed)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"{BACK}?error=")
    assert not Grant.objects.exists()


@pytest.mark.parametrize(
    "query", ["%zz", "client_id=%", "state=%ff%fe", "scope=%00", "&&&=", "a" * 3_000]
)
def test_noise_is_refused(walk, query):
    assert walk.browser.get(f"/oauth/authorize/?{query}").status_code == 400
    full = "&".join(f"{name}={value}" for name, value in walk.question(redirect_uri="").items())
    assert walk.browser.get(f"/oauth/authorize/?{full}&x={query}").status_code in (200, 302, 400)
    for kind in ("application/json", "text/plain", "multipart/form-data; boundary=x"):
        sent = walk.machine.post("/oauth/token/", query.encode(), content_type=kind)
        assert sent.status_code in (400, 401)
        assert walk.machine.post(
            "/oauth/revoke/", query.encode(), content_type=kind
        ).status_code in (400, 401)


def test_the_decision_needs_the_page_that_was_shown(walk, bob):
    """Another site cannot press the button."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(bob, backend="accounts.backends.PersonBackend")
    answer = browser.post("/oauth/authorize/", walk.question(allow="true"))
    assert answer.status_code == 403
    assert not Grant.objects.exists()


def test_a_person_is_asked_each_time(walk):
    walk.tokens()
    for wish in ({"approval_prompt": "auto"}, {"prompt": "none"}):
        page = walk.ask(**wish)
        assert page.status_code == 200
        assert b"Do not allow" in page.content


# ---------------------------------------------------------------- scopes
def test_a_program_does_no_more_than_was_allowed(walk):
    secret = walk.tokens(scope="read")["access_token"]
    assert walk.api(secret).status_code == 200
    refused = walk.api(secret, method="patch", data="{not json", content_type="application/json")
    assert refused.status_code == 403
    assert refused.json()["code"] == "scope_missing"


def test_scopes_do_not_grow_by_renewing_or_by_asking_for_the_token(walk):
    tokens = walk.exchange(walk.code(scope="read"), scope="read write messages").json()
    assert tokens["scope"] == "read"
    grown = walk.refresh(tokens["refresh_token"], scope="read write")
    assert (grown.status_code, grown.json()["error"]) == (400, "invalid_scope")
    assert walk.refresh(tokens["refresh_token"]).json()["scope"] == "read"


def test_without_naming_any_a_program_may_read(walk):
    assert walk.tokens(scope=None)["scope"] == "read"


# ---------------------------------------------------------------- renewing and ending
def test_a_refresh_token_is_good_once_and_a_second_use_ends_the_line(walk):
    first = walk.tokens()
    second = walk.refresh(first["refresh_token"]).json()
    assert walk.api(first["access_token"]).status_code == 401
    assert walk.api(second["access_token"]).status_code == 200
    assert walk.refresh(first["refresh_token"]).json()["error"] == "invalid_grant"
    assert walk.api(second["access_token"]).status_code == 401
    assert walk.refresh(second["refresh_token"]).status_code == 400


def test_an_access_token_expires(walk):
    secret = walk.tokens()["access_token"]
    AccessToken.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert walk.api(secret).status_code == 401


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_a_program_gives_a_token_back(walk, which):
    tokens = walk.tokens()
    body = {"token": tokens[which], "client_id": walk.program.client_id}
    assert walk.machine.post("/oauth/revoke/", body).status_code == 200
    assert walk.api(tokens["access_token"]).status_code == 401


def test_another_program_cannot_take_a_token_back(walk, alice, bob):
    tokens = walk.tokens()
    other = register_program(
        owner=alice, name="Other", addresses=BACK, keeps_secret=False, now=timezone.now()
    ).program
    walk.machine.post(
        "/oauth/revoke/", {"token": tokens["access_token"], "client_id": other.client_id}
    )
    assert walk.api(tokens["access_token"]).status_code == 200
    assert Walk(other, bob).refresh(tokens["refresh_token"]).status_code == 400


@pytest.mark.parametrize("who", ["bob", "alice"])
def test_with_a_suspended_person_or_maker_everything_stops(walk, who):
    tokens, code = walk.tokens(), walk.code()
    User.objects.filter(username=who).update(is_active=False)
    assert walk.api(tokens["access_token"]).status_code == 401
    assert walk.refresh(tokens["refresh_token"]).status_code == 400
    assert walk.exchange(code).status_code == 400
    assert walk.ask().status_code in (302, 400)


def test_a_person_ends_a_program(walk, bob):
    tokens, code = walk.tokens(), walk.code()
    now = timezone.now()
    [allowed] = allowed_by(bob, now=now)
    assert [scope.value for scope in allowed.scopes] == ["read", "write"]
    end_program(person=bob, program_id=walk.program.pk)
    assert walk.api(tokens["access_token"]).status_code == 401
    assert walk.refresh(tokens["refresh_token"]).status_code == 400
    assert walk.exchange(code).status_code == 400
    assert allowed_by(bob, now=now) == []


def test_a_program_that_is_taken_away_takes_everything_with_it(walk, alice):
    tokens = walk.tokens()
    remove_program(owner=alice, program_id=walk.program.pk)
    assert walk.api(tokens["access_token"]).status_code == 401
    assert walk.ask().status_code == 400


def test_when_an_account_was_taken_over_every_program_ends(walk, bob):
    tokens = walk.tokens()
    waiting = walk.code()
    assert end_tokens(person=bob) == 1
    assert walk.api(tokens["access_token"]).status_code == 401
    assert walk.refresh(tokens["refresh_token"]).status_code == 400
    assert walk.exchange(waiting).status_code == 400
    assert end_tokens(person=bob) == 0


def test_what_ended_is_forgotten_and_what_can_be_renewed_is_not(walk):
    tokens = walk.tokens()
    walk.code()
    Grant.objects.update(expires=timezone.now() - timedelta(hours=1))
    AccessToken.objects.update(expires=timezone.now() - timedelta(days=1))
    for _ in range(2):
        forget_programs_tokens()
    assert not Grant.objects.exists()
    renewed = walk.refresh(tokens["refresh_token"]).json()
    assert renewed["scope"] == "read write"


# ---------------------------------------------------------------- what is said of itself
def test_the_metadata_names_only_what_is_open(client, db):
    told = client.get("/.well-known/oauth-authorization-server").json()
    assert told["issuer"] == "http://testserver"
    assert told["authorization_endpoint"] == "http://testserver/oauth/authorize/"
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["grant_types_supported"] == ["authorization_code", "refresh_token"]
    assert told["response_types_supported"] == ["code"]
    assert set(told["scopes_supported"]) == {"read", "write", "events", "messages", "moderation"}
    assert "introspection_endpoint" not in told
    for closed in ("/oauth/introspect/", "/oauth/device/", "/oauth/register/", "/oauth/userinfo/"):
        assert client.post(closed).status_code == 404


@pytest.mark.parametrize("secret", ["", "x", "x" * 10_000, "a b", "%00", "Bearer"])
def test_a_made_up_token_opens_nothing(walk, secret):
    assert walk.api(secret).status_code == 401


def test_a_token_in_the_address_is_not_taken(walk):
    secret = walk.tokens()["access_token"]
    assert walk.machine.get(f"/api/v1/me/?access_token={secret}").status_code in (400, 401)


def test_the_door_is_not_knocked_at_too_often(walk, settings):
    settings.API_RATE = "3/5m"
    answers = [walk.exchange("guess").status_code for _ in range(5)]
    assert answers == [400, 400, 400, 429, 429]

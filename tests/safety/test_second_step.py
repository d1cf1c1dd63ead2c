"""A second step at log-in: by the app's code, by a recovery code, at no door without."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client

from accounts.safety.sealing import seal, unseal
from community.notifications.models import Notification
from tests.safety.conftest import PASSWORD


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.fixture
def guarded(alice):
    """Alice with an app and recovery codes; the app's secret."""
    secret = generate_totp_secret()
    TOTP.activate(alice, secret)
    RecoveryCodes.activate(alice)
    return secret


def test_a_secret_lies_sealed_in_the_database(alice, guarded):
    stored = Authenticator.objects.get(user=alice, type="totp").data["secret"]
    assert guarded not in stored
    assert unseal(stored) == guarded


def test_a_former_key_still_opens_and_a_lost_one_gives_a_secret_nobody_has(settings):
    sealed = seal("open")
    former = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 10, [former]
    assert unseal(sealed) == "open"
    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(sealed) != unseal(sealed)


def test_the_app_is_set_up_after_the_password_was_typed_again_and_gives_codes(alice, log_in):
    client = log_in(alice)
    assert "reauthenticate" in client.get("/account/2fa/totp/activate/").headers["Location"]
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    secret = client.get("/account/2fa/totp/activate/").context["form"].secret
    answer = client.post("/account/2fa/totp/activate/", {"code": code_of(secret)})
    assert answer.headers["Location"] == "/account/2fa/recovery-codes/"
    assert len(client.get("/account/2fa/recovery-codes/").context["unused_codes"]) == 10


def test_the_password_alone_opens_nothing(alice, guarded, log_in):
    client = log_in(alice)
    assert client.get("/settings/").status_code == 302
    assert client.get("/account/2fa/authenticate/").status_code == 200


def test_the_apps_code_opens_and_opens_only_once(alice, guarded, log_in):
    client, code = log_in(alice), code_of(guarded)
    client.post("/account/2fa/authenticate/", {"code": code})
    assert client.get("/settings/").status_code == 200
    other = log_in(alice)
    other.post("/account/2fa/authenticate/", {"code": code})
    assert other.get("/settings/").status_code == 302


def test_a_recovery_code_opens_once(alice, guarded, log_in):
    code = Authenticator.objects.get(user=alice, type="recovery_codes").wrap().get_unused_codes()[0]
    for status in (200, 302):
        client = log_in(alice)
        client.post("/account/2fa/authenticate/", {"code": code})
        assert client.get("/settings/").status_code == status


def test_codes_are_not_guessed_at_leisure(alice, guarded, log_in):
    client = log_in(alice)
    for number in range(12):
        client.post("/account/2fa/authenticate/", {"code": f"{number:06}"})
    client.post("/account/2fa/authenticate/", {"code": code_of(guarded)})
    assert client.get("/settings/").status_code == 302


@pytest.mark.parametrize("code", ["", "0" * 5_000, "\x00", "１２３４５６", "nope"])
def test_odd_codes_are_refused_in_words(alice, guarded, log_in, code):
    answer = log_in(alice).post("/account/2fa/authenticate/", {"code": code})
    assert answer.status_code == 200
    assert "Log in" in answer.content.decode()


@pytest.mark.parametrize(
    "credential", ["", "{}", "[]", "null", "7", '{"id": 1}', '"x"', "[[[[", '{"rawId": "\\u0000"}']
)
@pytest.mark.parametrize("path", ["/account/2fa/webauthn/login/", "/account/2fa/webauthn/add/"])
def test_odd_passkeys_are_refused_without_an_error(alice, log_in, path, credential):
    client = log_in(alice) if "add" in path else Client()
    client.get(path, headers={"accept": "application/json"})
    answer = client.post(path, {"credential": credential, "name": "x"})
    assert answer.status_code in (200, 302, 400)
    assert not Authenticator.objects.exists()


def test_a_program_needs_the_second_step_too(alice, guarded, client):
    body = {"login": "alice", "password": PASSWORD}
    asked = client.post("/api/v1/tokens/", body, content_type="application/json")
    assert (asked.status_code, asked.json()["code"]) == (401, "second_step_needed")
    wrong = client.post("/api/v1/tokens/", body | {"code": "1"}, content_type="application/json")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "wrong_login")
    cache.clear()
    right = body | {"code": code_of(guarded)}
    made = client.post("/api/v1/tokens/", right, content_type="application/json")
    assert made.status_code == 201


def test_a_recovery_code_makes_one_token_only(alice, guarded, client):
    code = Authenticator.objects.get(user=alice, type="recovery_codes").wrap().get_unused_codes()[0]
    body = {"login": "alice", "password": PASSWORD, "code": code}
    tries = [client.post("/api/v1/tokens/", body, content_type="application/json") for _ in "ab"]
    assert [answer.status_code for answer in tries] == [201, 401]


def test_taking_the_app_away_is_told(alice, guarded, log_in, work_off):
    client = log_in(alice)
    client.post("/account/2fa/authenticate/", {"code": code_of(guarded)})
    client.post("/account/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(user=alice, type="totp").exists()  # asked for the password
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    client.post("/account/2fa/totp/deactivate/")
    work_off()
    assert not Authenticator.objects.filter(user=alice, type="totp").exists()
    told = Notification.objects.filter(person=alice, kind="safety").values_list("words", flat=True)
    assert any("taken away" in words for words in told)


def test_staff_see_no_secret_and_only_superusers_take_a_step_away(alice, guarded, make_person):
    keeper = make_person("keeper")
    type(keeper).objects.filter(pk=keeper.pk).update(is_staff=True, is_superuser=True)
    row = Authenticator.objects.get(user=alice, type="totp")
    client = Client()
    client.force_login(type(keeper).objects.get(pk=keeper.pk), "accounts.backends.PersonBackend")
    page = client.get(f"/admin/mfa/authenticator/{row.pk}/change/")
    assert page.status_code == 200
    assert row.data["secret"] not in page.content.decode()
    assert client.get(f"/admin/mfa/authenticator/{row.pk}/delete/").status_code == 200
    type(keeper).objects.filter(pk=keeper.pk).update(is_superuser=False)
    assert client.get(f"/admin/mfa/authenticator/{row.pk}/delete/").status_code == 403

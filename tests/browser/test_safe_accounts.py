"""Passkeys from the browser's virtual authenticator, recovery codes, a session ended elsewhere."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, Page, expect

from tests.browser.open_community import OpenCommunity
from tests.browser.visitor import PASSWORD, PHONE, Visitor

pytestmark = pytest.mark.browser


@pytest.fixture
def at_localhost(browser: Browser, community: OpenCommunity) -> Any:
    """Browsers give passkeys to names only: the same community, called by its name."""
    here: list[Visitor] = []

    def come() -> Visitor:
        address = f"http://localhost:{community.port}"
        here.append(Visitor(browser, address, screen=PHONE))
        return here[-1]

    yield come
    for visitor in here:
        visitor.leave()
    assert [trouble for visitor in here for trouble in visitor.troubles] == []


def with_authenticator(visitor: Visitor) -> Any:
    """A device that holds keys and says yes to everything."""
    devtools = visitor.context.new_cdp_session(visitor.page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools


def confirm_address(visitor: Visitor, community: OpenCommunity) -> None:
    """Follow the link in the mail that came at sign-up."""
    for file in (community.data / "mail").iterdir():
        mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        if mail["To"] != f"{visitor.name}@example.org":
            continue
        body = mail.get_body(("plain",)).get_content()
        if link := re.search(r"/account/confirm-email/\S+", body):
            visitor.page.goto(link[0])
            visitor.page.click("main form .button--act")
            return
    raise AssertionError("no link came")


def say_who_you_are(page: Page) -> None:
    page.fill("input[name=password]", PASSWORD)
    page.click("main form .button--act")


def test_a_passkey_is_made_and_logs_in_without_a_password(
    at_localhost: Callable[[], Visitor], community: OpenCommunity
) -> None:
    visitor = at_localhost()
    page = visitor.page
    with_authenticator(visitor)
    visitor.sign_up("key.keeper", "nature", "craft", "pets")
    confirm_address(visitor, community)
    page.goto("/settings/safety/")
    page.locator(".doors__row", has_text="Passkeys").get_by_role("link").click()
    page.click("text=Add a passkey")
    say_who_you_are(page)
    page.fill("input[name=name]", "My phone")
    page.click("form[data-passkey] .button--act")
    page.wait_for_url("**/account/2fa/recovery-codes/")
    assert page.locator(".codes li").count() == 10
    page.goto("/account/2fa/")
    expect(page.locator(".doors__row", has_text="My phone")).to_contain_text("logs you in alone")
    page.goto("/account/logout/")
    page.click("main form .button--act")
    page.goto("/account/login/")
    page.click("form[data-passkey=login] button")
    page.wait_for_url(f"{visitor.address}/")
    page.goto("/settings/safety/")
    expect(page.locator(".doors__on").first).to_contain_text("1 passkey")


def test_a_passkey_is_the_second_step_after_the_password(
    at_localhost: Callable[[], Visitor], community: OpenCommunity
) -> None:
    visitor = at_localhost()
    page = visitor.page
    with_authenticator(visitor)
    visitor.sign_up("two.steps", "nature", "craft", "pets")
    confirm_address(visitor, community)
    page.goto("/account/2fa/webauthn/add/")
    say_who_you_are(page)
    page.uncheck("input[name=passwordless]")
    page.click("form[data-passkey] .button--act")
    page.wait_for_url("**/account/2fa/recovery-codes/")
    page.goto("/account/logout/")
    page.click("main form .button--act")
    page.goto("/account/login/")
    page.fill("input[name=login]", "two.steps")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button >> nth=0")
    page.wait_for_url("**/account/2fa/authenticate/")
    page.click("form[data-passkey=get] button")
    page.wait_for_url(f"{visitor.address}/")


def test_an_app_is_set_up_and_a_recovery_code_opens_when_it_is_lost(
    arrive: Callable[..., Visitor], community: OpenCommunity
) -> None:
    visitor = arrive()
    page = visitor.page
    visitor.sign_up("six.digits", "nature", "craft", "pets")
    confirm_address(visitor, community)
    page.goto("/account/2fa/totp/activate/")
    say_who_you_are(page)
    secret = page.input_value("#totp-secret")
    counter = page.evaluate("Math.floor(Date.now() / 30000)")
    page.fill("input[name=code]", format_hotp_value(hotp_value(secret, counter)))
    page.click("text=Switch it on")
    page.wait_for_url("**/account/2fa/recovery-codes/")
    code = page.locator(".codes li").first.inner_text()
    page.goto("/account/logout/")
    page.click("main form .button--act")
    page.goto("/account/login/")
    page.fill("input[name=login]", "six.digits")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button >> nth=0")
    page.fill("input[name=code]", code)
    page.click("main form .button--act")
    page.wait_for_url(f"{visitor.address}/")
    page.goto("/account/2fa/")
    expect(page.locator("main")).to_contain_text("9 codes are unused")


def test_a_session_is_ended_from_another_browser(arrive: Callable[..., Visitor]) -> None:
    phone, desk = arrive(), arrive()
    phone.sign_up("two.places", "nature", "craft", "pets")
    desk.log_in("two.places")
    desk.page.goto("/settings/safety/")
    desk.page.click("text=Sign out everywhere else")
    expect(desk.page.locator(".messages")).to_contain_text("Signed out at 1 other place.")
    phone.page.goto("/settings/")
    phone.page.wait_for_url(re.compile(r"/account/login/"))

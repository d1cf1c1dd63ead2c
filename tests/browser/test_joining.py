"""Joining where it is asked for more: a proof of work, with and without scripts; an invitation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import STAFF, STAFF_PASSWORD
from tests.browser.letters import link_in_mail
from tests.browser.open_community import OpenCommunity
from tests.browser.test_every_page import CALM, faults, sticks_out
from tests.browser.visitor import DESKTOP, PASSWORD, Visitor

pytestmark = pytest.mark.browser
RULES = "/admin/entry/entryrules/"


@pytest.fixture
def staff(arrive: Callable[..., Visitor]) -> Visitor:
    visitor = arrive(screen=DESKTOP, **CALM)
    visitor.log_in(STAFF, STAFF_PASSWORD)
    return visitor


@pytest.fixture
def set_rules(staff: Visitor) -> Iterator[Callable[..., None]]:
    """The doors, at the desk; open again for the other journeys."""

    def choose(*, mode: str = "open", challenged: bool = False) -> None:
        page = staff.page
        page.goto(RULES)
        known = page.locator("#result_list tbody th a")
        if known.count():
            known.first.click()
        else:
            page.goto(f"{RULES}add/")
        page.select_option("select[name=mode]", mode)
        page.set_checked("input[name=challenged]", challenged)
        page.click("input[name=_save]")
        page.wait_for_url(f"**{RULES}")

    yield choose
    choose()


def fill_in(page: Page, name: str, **more: str) -> None:
    fields = {"username": name, "email": f"{name}@example.org", "password1": PASSWORD} | more
    for field, value in fields.items():
        page.fill(f"input[name={field}]", value)


# ---------------------------------------------------------------- a proof of work
def test_a_browser_works_for_it_and_its_person_is_in(
    arrive: Callable[..., Visitor], set_rules: Callable[..., None]
) -> None:
    set_rules(challenged=True)
    visitor = arrive(**CALM)
    page = visitor.page
    page.goto("/account/signup/")
    expect(page.locator("[data-proof-says]")).to_have_text(
        "Your browser showed that it is no robot."
    )
    assert page.input_value("input[name=answer]").isdecimal()
    assert sticks_out(page, 390) == 0
    assert faults(page) == []
    fill_in(page, "proven.pat")
    page.click("main form button")
    page.wait_for_url("**/welcome/")
    page.goto("/settings/")
    expect(page.locator("h1")).to_have_text("Settings")


def test_who_presses_before_it_is_done_goes_on_by_themselves(
    arrive: Callable[..., Visitor], set_rules: Callable[..., None]
) -> None:
    set_rules(challenged=True)
    page = arrive(**CALM).page
    # The answer is held back until the form was pressed.
    page.add_init_script("""
        const later = window.setTimeout;
        window.goOn = [];
        window.setTimeout = (work, ms, ...more) =>
            window.goOn ? (window.goOn.push(work), 0) : later(work, ms, ...more);
    """)
    page.goto("/account/signup/")
    said = page.locator("[data-proof-says]")
    if said.inner_text().startswith("Your browser shows"):
        fill_in(page, "quick.quinn")
        page.click("main form button")
        expect(page.locator("main form button")).to_be_disabled()
        page.evaluate("const held = goOn; goOn = null; held.forEach((work) => work())")
    else:  # so soon found that there was nothing to wait for
        fill_in(page, "quick.quinn")
        page.click("main form button")
    page.wait_for_url("**/welcome/")


def test_without_scripts_the_form_says_what_is_needed_and_the_mail_opens_the_account(
    arrive: Callable[..., Visitor], set_rules: Callable[..., None], community: OpenCommunity
) -> None:
    set_rules(challenged=True)
    visitor = arrive(scripts=False)
    page = visitor.page
    page.goto("/account/signup/")
    expect(page.locator("main form .notice")).to_have_text(
        "Without JavaScript you confirm your email address before you can log in."
    )
    fill_in(page, "plain.petra")
    page.click("main form button")
    expect(page.locator("h1")).to_have_text("Look into your mail")
    page.goto("/account/login/")
    page.fill("input[name=login]", "plain.petra")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button >> nth=0")
    expect(page.locator("h1")).to_have_text("Look into your mail")
    page.goto(link_in_mail(community, "plain.petra@example.org", r"/account/confirm-email/\S+"))
    page.click("main form .button--act")
    visitor.log_in("plain.petra")
    page.goto("/settings/")
    expect(page.locator("h1")).to_have_text("Settings")


# ---------------------------------------------------------------- an invitation
def test_a_newcomer_comes_with_an_invitation_and_is_welcomed(
    arrive: Callable[..., Visitor], staff: Visitor, set_rules: Callable[..., None]
) -> None:
    member = arrive(**CALM)
    member.sign_up("host.hanna", "nature", "craft", "pets")
    set_rules(mode="invitation")
    member.page.goto("/settings/invitations/")
    expect(member.page.locator("main")).to_contain_text("when your account is a week old")

    host = staff.page
    host.goto("/settings/invitations/")
    host.click("text=Make an invitation")
    link = host.locator(".doors__row a").first.get_attribute("href") or ""
    assert sticks_out(host, 390) == 0
    assert faults(host) == []

    guest = arrive(**CALM)
    page = guest.page
    page.goto(re.sub(r"^https?://[^/]+", "", link))
    code = page.input_value("input[name=invitation]")
    assert len(code) == 10
    fill_in(page, "guest.greta")
    page.click("main form button")
    page.wait_for_url("**/welcome/")
    expect(page.locator("h1")).to_be_visible()
    for slug in ("nature", "craft", "pets"):
        page.click(f"label:has(> input[value={slug}])")
    page.click(".welcome__acts button")
    page.wait_for_url("**/welcome/people/")
    host.reload()
    expect(host.locator(".doors__row").first).to_contain_text("Somebody came with it.")

    refused_with(arrive, code, "it was used")


def test_without_a_good_invitation_the_form_says_why(
    arrive: Callable[..., Visitor], staff: Visitor, set_rules: Callable[..., None]
) -> None:
    set_rules(mode="invitation")
    refused_with(arrive, "QQQQQQQQQQ", "look at each letter once more")
    host = staff.page
    host.goto("/settings/invitations/")
    host.click("text=Make an invitation")
    row = host.locator(".doors__row").first
    code = row.locator("b").inner_text()
    row.get_by_role("button", name="Take it back").click()
    expect(host.locator(".doors__row").first).to_contain_text("It is over.")
    refused_with(arrive, code, "its time is over")


def refused_with(arrive: Callable[..., Visitor], code: str, words: str) -> None:
    page = arrive(**CALM).page
    page.goto("/account/signup/")
    fill_in(page, "late.lars", invitation=code.lower())
    page.click("main form button")
    expect(page.locator(".field--bad .field__error")).to_contain_text(words)
    assert page.input_value("input[name=username]") == "late.lars"
    assert faults(page) == []

"""Likes of several people are one sentence; ways are chosen; a digest ends by its link."""

from __future__ import annotations

import email
import json
import re
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.open_community import OpenCommunity
from tests.browser.photos import plain_photo
from tests.browser.visitor import DESKTOP, Visitor
from tests.browser.writing import Draft, publish_by_form

pytestmark = pytest.mark.browser
NOTE = Draft(
    title="The lamp in the tide house",
    body="It burns whale oil no longer, and a keeper cleans the glass on Sundays. #lamp",
    tags="beach, finds",
    channel="nature",
    place="Tide House",
    city="Hangzhou",
    latitude="30.27",
    longitude="120.16",
    photos=[plain_photo()],
)
# The worker's part without the clock: her address is confirmed, and it is her morning.
MORNING = """
from django.utils import timezone
from allauth.account.models import EmailAddress
from accounts.models import User
from community.notifications import digests
from community.notifications.models import DigestMail
her = User.objects.get(username="mara.lamps")
EmailAddress.objects.filter(user=her).update(verified=True, primary=True)
now = timezone.now()
DigestMail.objects.get_or_create(person=her, slot=now.date(), defaults={"due_at": now})
digests.send_due(now=now)
"""


def test_many_likes_are_one_notice_and_a_digest_ends_by_its_link(
    arrive: Callable[..., Visitor], community: OpenCommunity
) -> None:
    writer = arrive(scripts=False)
    writer.sign_up("mara.lamps", "nature", "craft", "pets")
    note = publish_by_form(writer, NOTE)
    for name in ("nils.likes", "odile.likes", "pavel.likes"):
        fan = arrive(screen=DESKTOP)
        fan.sign_up(name, "nature", "craft", "pets")
        fan.page.goto(f"/notes/{note}/")
        with fan.page.expect_response("**/like/"):
            fan.page.locator("[data-like]").first.click()
        expect(fan.page.locator("[data-like]").first).to_have_attribute("aria-pressed", "true")
    told_in_one_sentence(writer, note)
    chooses(writer.page)
    ends_by_the_link(arrive(scripts=False), digest_of(community))
    writer.page.goto("/settings/notifications/")
    expect(writer.page.locator("input[name=digest][value=off]")).to_be_checked()


def test_a_push_message_is_shown_and_leads_to_its_notice(arrive: Callable[..., Visitor]) -> None:
    """As a push service hands it to the browser; how it gets there is proved in test_push.py."""
    reader = arrive(permissions=["notifications"])
    page = reader.page
    page.goto("/account/login/")
    devtools, known = reader.context.new_cdp_session(page), []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: known.extend(event["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    page.evaluate(
        "navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready)"
        ".then(() => null)"
    )
    wait_until(page, lambda: bool(known))
    said = {
        "kind": "like",
        "title": "Bob and 2 others liked your note",
        "path": "/notifications/5/",
    }
    devtools.send(
        "ServiceWorker.deliverPushMessage",
        {
            "origin": reader.address,
            "registrationId": known[-1]["registrationId"],
            "data": json.dumps(said),
        },
    )
    wait_until(page, lambda: shown_by(page) == [[said["title"], said["path"]]])


def shown_by(page: Page) -> Any:
    """Title and path of what stands in the device's own list."""
    return page.evaluate(
        "navigator.serviceWorker.ready.then((one) => one.getNotifications())"
        ".then((some) => some.map((one) => [one.title, one.data.path]))"
    )


def wait_until(page: Page, happened: Callable[[], bool]) -> None:
    for _ in range(100):
        if happened():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not happen")


def told_in_one_sentence(writer: Visitor, note: int) -> None:
    page = writer.page
    page.goto("/notifications/")
    sentence = "pavel.likes and 2 others liked your note"
    writer.reload_until(lambda page: sentence in page.locator("main").inner_text())
    line = page.locator(".notices__row", has_text=sentence)
    expect(line).to_have_class(re.compile("is-unread"))
    expect(line.locator(".avatar")).to_have_count(3)
    line.locator(".notices__open").click()
    page.wait_for_url(f"**/notes/{note}/")
    page.goto("/notifications/")
    expect(page.locator(".notices__row", has_text=sentence)).not_to_have_class(
        re.compile("is-unread")
    )


def chooses(page: Page) -> None:
    """What was read is no news: the digest tells of what comes by mail and on no page."""
    page.goto("/settings/notifications/")
    page.locator("input[value='reactions.page']").uncheck()
    page.locator("label.chip", has_text="Every morning").click()
    page.fill("input[name=quiet_from]", "22:00")
    page.fill("input[name=quiet_until]", "07:00")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".notice--good")).to_contain_text("Saved")
    expect(page.locator("input[value='reactions.page']")).not_to_be_checked()
    expect(page.locator("input[name=quiet_from]")).to_have_value("22:00")


def digest_of(community: OpenCommunity) -> EmailMessage:
    """The mail, as the embedded community leaves it in its folder."""
    again = "from community.notifications.models import Notification as N;"
    community.manage("shell", "-c", f"{again} N.objects.update(read_at=None)")
    community.manage("shell", "-c", MORNING)
    for file in sorted((community.data / "mail").iterdir()):
        text = file.read_text().rpartition("\n---")[0] or file.read_text()
        message: Any = email.message_from_string(text, policy=default)
        if message["To"] == "mara.lamps@example.org" and message["List-Unsubscribe"]:
            return message
    raise AssertionError("no digest was sent")


def ends_by_the_link(stranger: Visitor, digest: EmailMessage) -> None:
    """Without logging in: the link is in the header and in both bodies."""
    link = str(digest["List-Unsubscribe"]).strip(" <>")
    plain, html = (digest.get_body((kind,)) for kind in ("plain", "html"))
    for body in (plain, html):
        assert body is not None
        assert link in body.get_content()
        assert "pavel.likes and 2 others" in body.get_content()
    path = "/" + link.split("/", 3)[3]
    stranger.page.goto(path)
    stranger.page.get_by_role("button", name="Stop the mails").click()
    expect(stranger.page.get_by_role("heading", name="No more digests")).to_be_visible()

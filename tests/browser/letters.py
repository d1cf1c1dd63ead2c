"""The mail that the community would have sent: it lies as files in its folder."""

from __future__ import annotations

import email
import email.policy
import re
import time

from tests.browser.open_community import OpenCommunity

COMES_WITHIN_SECONDS = 60


def link_in_mail(community: OpenCommunity, to: str, path: str) -> str:
    """The newest link of this kind (a pattern, from the first slash on) in a mail to an address."""
    give_up = time.monotonic() + COMES_WITHIN_SECONDS
    while time.monotonic() < give_up:
        found = [link for sent, link in _links(community, to, path)]
        if found:
            return found[-1]
        time.sleep(0.2)
    raise AssertionError(f"no mail to {to} leads to {path}")


def _links(community: OpenCommunity, to: str, path: str) -> list[tuple[float, str]]:
    """(when, link), the oldest first. One file may hold several mails."""
    links = []
    for file in (community.data / "mail").glob("*"):
        for number, text in enumerate(re.split(rb"-{79}\n", file.read_bytes())):
            mail = email.message_from_bytes(text, policy=email.policy.default)
            body = mail.get_body(("plain",)) if mail["To"] == to else None
            if body is not None and (link := re.search(path, body.get_content())):
                links.append((file.stat().st_mtime + number / 1_000, link[0]))
    return sorted(links)

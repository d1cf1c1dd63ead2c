"""Where a notice leads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from community.models import Share

from .grouping import Group
from .models import Notification

Kind = Notification.Kind
# Kinds whose page is known without a thing.
PAGES: dict[str, str] = {Kind.BRAND: "my-brands", Kind.BRAND_INVITE: "my-brands"}


def leads_to(group: Group) -> str:
    """A path of this site."""
    head = group.head
    if group.link:
        return reverse("shared", args=[group.link])
    if head.comment:
        several = head.kind == Kind.COMMENT and group.notices > 1
        page = ("comments", head.note_id) if several else ("comment", head.comment_id)
        return reverse(page[0], args=[page[1]])
    if head.album:
        asks = head.kind == Kind.ALBUM_INVITE
        return reverse("album-invitation" if asks else "album", args=[head.album.pk])
    if head.note:
        return head.note.get_absolute_url()
    if head.path.startswith("/") and not head.path.startswith("//"):
        return head.path
    if head.kind in PAGES:
        return reverse(PAGES[head.kind])
    return head.actor.get_absolute_url() if head.actor else reverse("notifications")


def lead_by_links(groups: Iterable[Group]) -> None:
    """A forwarded note is opened by its sender's link, so that the chain is kept."""
    forwards = [group for group in groups if group.head.kind == Kind.FORWARD]
    if not forwards:
        return
    links = Share.objects.filter(
        person__in={group.head.actor_id for group in forwards},
        note__in={group.head.note_id for group in forwards},
    )
    tokens: dict[Any, str] = {(link.person_id, link.note_id): link.token for link in links}
    for group in forwards:
        group.link = tokens.get((group.head.actor_id, group.head.note_id), "")

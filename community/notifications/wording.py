"""What a notice says, the same on the page, in the API, in a mail and in a push."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .grouping import Group
from .models import Notification

Kind = Notification.Kind


def names(group: Group) -> str:
    """ "Bob", "Bob and Charlie", "Bob and 12 others"; nothing where the community speaks."""
    known = [actor.profile.name for actor in group.actors]
    if not known:
        return ""
    if group.people == 1:
        return known[0]
    if group.people == 2:
        return _("%(one)s and %(other)s") % {"one": known[0], "other": known[1]}
    text = ngettext("%(one)s and %(count)d other", "%(one)s and %(count)d others", group.others)
    return text % {"one": known[0], "count": group.others}


def deed(group: Group) -> str:
    """What they did, or what happened."""
    if group.head.kind == Kind.FOLLOW and group.people > 1:
        return _("follow you")
    return str(group.head.get_kind_display())


def sentence(group: Group) -> str:
    return f"{names(group)} {deed(group)}".strip()


def subject(group: Group) -> str:
    """The title of what it is about, or nothing."""
    head = group.head
    if head.album:
        return head.album.title
    return str(head.note) if head.note else ""


def quote(group: Group) -> str:
    """The newest comment, or the words that came with it."""
    head = group.head
    if head.comment:
        return head.comment.body
    return "" if head.album else head.words

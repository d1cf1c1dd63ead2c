"""Messages in words: what happened to a group, and one line of a list."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.models import User

from .models import Message


def event_told(message: Message, person: User) -> str:
    """What happened to the group, in the reader's language; nothing for what was said."""
    who = _("You") if message.sender_id == person.pk else message.sender.profile.name
    about = message.about
    whom = "" if about is None else _("you") if about.pk == person.pk else about.profile.name
    told = {
        Message.Event.NONE: "",
        Message.Event.MADE: _("%(who)s: made this group"),
        Message.Event.ADDED: _("%(who)s: brought %(whom)s in"),
        Message.Event.JOINED: _("%(who)s: joined"),
        Message.Event.LEFT: _("%(who)s: left"),
        Message.Event.REMOVED: _("%(who)s: removed %(whom)s"),
        Message.Event.RENAMED: _("%(who)s: named the group “%(title)s”"),
    }
    return told[Message.Event(message.event)] % {"who": who, "whom": whom, "title": message.body}


def summary_of(message: Message, person: User) -> str:
    """One line of a list. Of a note only that there is one: its title is not looked at here."""
    if message.event:
        return event_told(message, person)
    if message.taken_back_at:
        return _("Taken back")
    if message.body:
        return message.body
    return _("A note") if message.has_note else _("A picture")

"""What pages about a person ask of messages."""

from __future__ import annotations

from django import template

from accounts.models import User
from community.messaging.access import why_not_begin

register = template.Library()


@register.simple_tag
def why_no_message(viewer: User, person: User) -> str:
    """Why the viewer cannot begin to write to this person; nothing where they can."""
    return why_not_begin(viewer, person)

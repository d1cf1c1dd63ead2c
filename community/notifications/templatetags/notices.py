"""A notice in words, for pages and mails."""

from __future__ import annotations

from django import template

from community.notifications import wording

register = template.Library()

for say in (wording.names, wording.deed, wording.sentence, wording.subject, wording.quote):
    register.filter(say.__name__, say)


@register.filter
def plain_line(text: str) -> str:
    """On one line, for a mail of text."""
    return " ".join(str(text).split())

"""Words and pictures of the moderators' desk."""

from __future__ import annotations

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from community.admin import thumbnail
from community.models import NoteImage
from community.moderation.case_desk import LABELS
from community.moderation.desk import short_state
from community.moderation.models.subject import Thing

register = template.Library()


@register.simple_tag
def staff_picture(image: NoteImage) -> SafeString:
    """A picture through the staff's own address, also of what is hidden."""
    return thumbnail(image)


@register.simple_tag
def standing(thing: Thing) -> str:
    """One word: how it stands now."""
    return short_state(thing)


@register.simple_tag
def numbered(field: BoundField, number: int) -> SafeString:
    """A field whose id is told from those of other forms on the page."""
    return field.as_widget(attrs={"id": f"{field.id_for_label}-{number}"})


@register.filter
def kind_name(kind: str) -> str:
    return {"note": _("Note"), "comment": _("Comment"), "person": _("Person")}.get(kind, "–")


@register.filter
def act_name(act: str) -> str:
    return str(LABELS.get(act, act))


@register.filter
def percent(share: float) -> str:
    return f"{round(100 * share)} %"

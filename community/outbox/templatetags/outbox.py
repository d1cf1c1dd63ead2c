from __future__ import annotations

from typing import Any

from django import template

from community.outbox.aside import number_aside

register = template.Library()


@register.inclusion_tag("admin/outbox/alert.html")
def tasks_set_aside(user: Any) -> dict[str, Any]:
    """Nothing for who may not look at tasks."""
    return {"number": number_aside() if user.has_perm("outbox.view_job") else 0}

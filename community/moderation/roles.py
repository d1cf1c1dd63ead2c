"""The two roles of staff, as groups: what each may do is written here and nowhere else.

Operators may make groups of their own beside them; these two are brought back to this table by
every migration.
"""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission

MODERATORS = "Moderators"
SENIORS = "Senior moderators"
# Look at what is reported, and give the verdicts that cost nobody their account.
EVERYDAY = frozenset(
    {
        "moderation.view_case", "moderation.view_report", "moderation.view_decision",
        "moderation.view_guideline", "moderation.add_decision",
        "community.view_note", "community.view_comment",
        "feeds.view_secondlook", "feeds.decide_secondlook",
        "rules.view_rule", "rules.view_hit",
    }
)  # fmt: skip
SENIOR = frozenset(
    {
        "moderation.remove_thing", "moderation.suspend_person", "moderation.ban_person",
        "moderation.decide_in_bulk", "moderation.view_appeal", "moderation.review_appeal",
        "moderation.view_logline", "moderation.add_guideline", "moderation.change_guideline",
        "accounts.view_user",
        "rules.write_rule", "rules.run_rule",
    }
)  # fmt: skip
ROLES = {MODERATORS: EVERYDAY, SENIORS: EVERYDAY | SENIOR}
ROOMS = {right.partition(".")[0] for right in EVERYDAY | SENIOR}


def ensure() -> None:
    """Make the groups and give them the rights that exist so far; safe to repeat."""
    known = {
        f"{right.content_type.app_label}.{right.codename}": right
        for right in Permission.objects.select_related("content_type").filter(
            codename__in={name.partition(".")[2] for name in ROLES[SENIORS]}
        )
    }
    for name, rights in ROLES.items():
        group, _made = Group.objects.get_or_create(name=name)
        group.permissions.set([known[right] for right in rights if right in known])

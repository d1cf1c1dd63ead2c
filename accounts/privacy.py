"""Who may see, mention and comment on a person: the rules, and the one service that changes them.

`reaches` is the whole rule for mentions and comments; who sees notes is decided by the gate
(`Note.objects.visible_to`), which reads the same columns.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import signals
from .errors import Invalid, NotAllowed
from .models import Follow, Profile, User

SeenBy, From = Profile.SeenBy, Profile.From
CHOICES = {"seen_by": SeenBy.values, "may_mention": From.values, "may_comment": From.values}
SWITCHES = frozenset({"discoverable", "indexed", "likes_shown"})
# Asked before a change; may raise NotAllowed. Guardians of teens stand here.
GUARDS: list[Callable[[User, dict[str, Any]], None]] = []


class KeepsToThemselves(NotAllowed):
    code = "keeps_to_themselves"
    message = _("This person chose who may do that, and you are not among them.")


def reaches(rule: str, *, is_self: bool = False, follows: bool, followed: bool) -> bool:
    """Whether somebody may mention or comment on who has this rule. `follows`: they follow the
    person; `followed`: the person follows them."""
    if is_self or rule == From.EVERYBODY:
        return True
    return (rule == From.FOLLOWERS and follows) or (rule == From.FOLLOWED and followed)


def sees(rule: str, *, is_self: bool = False, is_member: bool, follows: bool) -> bool:
    """Whether somebody sees the profile of who has this rule."""
    if is_self or rule == SeenBy.EVERYBODY:
        return True
    return follows or (rule == SeenBy.MEMBERS and is_member)


def may_see_profile(viewer: User | None, person: User) -> bool:
    """Whether the viewer sees more than name and picture."""
    rule = person.profile.seen_by
    if viewer is None:
        return sees(rule, is_member=False, follows=False)
    follows = rule == SeenBy.FOLLOWERS and _follows(viewer.pk, person.pk)
    return sees(rule, is_self=viewer.pk == person.pk, is_member=True, follows=follows)


def withhold(person: User, viewer: User | None) -> User:
    """The person, without what they do not show this viewer; not to be saved."""
    if not may_see_profile(viewer, person):
        person.profile.bio = person.profile.city = ""
    if person.profile.teen and person != viewer:
        person.profile.city = ""
    return person


def may_comment(author: User, writer: User) -> bool:
    """Whether the author of a comment may write it under the writer's notes."""
    rule = writer.profile.may_comment
    if rule == From.EVERYBODY or author.pk == writer.pk:
        return True
    return reaches(
        rule, follows=_follows(author.pk, writer.pk), followed=_follows(writer.pk, author.pk)
    )


def check_may_comment(author: User, writer: User) -> None:
    """Raises KeepsToThemselves."""
    if not may_comment(author, writer):
        raise KeepsToThemselves(
            _("The author of this note chose who may comment, and you are not among them.")
        )


def check_may_follow(follower_id: int, followed_id: int) -> None:
    """Who shows themselves to followers only is followed by those only whom they follow: otherwise
    one press would open what is closed. Raises KeepsToThemselves."""
    rule = Profile.objects.values_list("seen_by", flat=True).get(person=followed_id)
    if rule == SeenBy.FOLLOWERS and not (
        _follows(followed_id, follower_id) or _follows(follower_id, followed_id)
    ):
        raise KeepsToThemselves(
            _("This person can only be followed by people whom they follow themselves.")
        )


def mentionable_by(author_id: int) -> QuerySet[User]:
    """People who are told when this author writes their name: `reaches`, as a query."""
    follows = Exists(Follow.objects.filter(follower=author_id, followed=OuterRef("pk")))
    followed = Exists(Follow.objects.filter(follower=OuterRef("pk"), followed=author_id))
    rule = "profile__may_mention"
    return User.objects.present().filter(
        Q(pk=author_id)
        | Q(**{rule: From.EVERYBODY})
        | (Q(**{rule: From.FOLLOWERS}) & follows)
        | (Q(**{rule: From.FOLLOWED}) & followed)
    )


def change_privacy(*, person: User, now: datetime | None = None, **fields: Any) -> None:
    """Change who sees and reaches a person. Raises Invalid, and NotAllowed where a guardian
    decides."""
    if unknown := fields.keys() - CHOICES.keys() - SWITCHES:
        raise TypeError(f"change_privacy() does not know {sorted(unknown)}")
    for field, allowed in CHOICES.items():
        if field in fields and fields[field] not in allowed:
            raise Invalid(_("Choose one of the list."), field=field)
    with transaction.atomic():
        for guard in GUARDS:
            guard(person, fields)
        Profile.objects.filter(person=person).update(**fields)
        signals.profile_changed.send(sender=User, person=person, now=now or timezone.now())


def _follows(follower_id: int, followed_id: int) -> bool:
    return Follow.objects.filter(follower=follower_id, followed=followed_id).exists()

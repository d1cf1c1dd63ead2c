"""What a person is told: who did what to what is theirs."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Block, Mute, User
from community.models import Comment, Note


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, viewer: User) -> Self:
        """Theirs, from nobody they block or mute or are blocked by, about nothing now hidden."""
        me = viewer.pk
        away = (
            Exists(Block.objects.filter(blocker=me, blocked=OuterRef("actor")))
            | Exists(Block.objects.filter(blocker=OuterRef("actor"), blocked=me))
            | Exists(Mute.objects.filter(muter=me, muted=OuterRef("actor")))
        )
        seen = Note.objects.visible_to(viewer).filter(pk=OuterRef("note"))
        heard = Comment.objects.visible_to(viewer).filter(pk=OuterRef("comment"))
        return self.filter(
            Q(actor=None) | (Q(actor__is_active=True) & ~away),
            Q(note=None) | Exists(seen) | Q(actor=None),
            Q(comment=None) | Exists(heard) | Q(actor=None),
            person=viewer,
        )


class Notification(models.Model):
    class Kind(models.TextChoices):
        LIKE = "like", _("liked your note")
        COLLECT = "collect", _("collected your note")
        COMMENT = "comment", _("commented on your note")
        REPLY = "reply", _("replied to your comment")
        COMMENT_LIKE = "comment_like", _("liked your comment")
        MENTION = "mention", _("mentioned you")
        FOLLOW = "follow", _("follows you")
        FORWARD = "forward", _("forwarded to you")
        HIDDEN = "hidden", _("Your note was hidden")
        RESTORED = "restored", _("Your note is visible again")
        POOL = "pool", _("Your note moved to another pool")
        ARRIVED = "arrived", _("Your transfer is in your wallet")
        NOT_ARRIVED = "not_arrived", _("Your transfer was refused")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications"
    )
    kind = models.CharField(max_length=14, choices=Kind)
    # Nobody: the community itself speaks (moderation, pools).
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    note = models.ForeignKey(Note, on_delete=models.CASCADE, null=True, related_name="+")
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, null=True, related_name="+")
    # Words to the person, e.g. a moderator's reason.
    words = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            # Liking, undoing and liking again tells once.
            models.UniqueConstraint(
                fields=["person", "kind", "actor", "note"],
                condition=Q(kind__in=["like", "collect", "forward"]),
                name="told_once_of_reaction",
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "actor"],
                condition=Q(kind="follow"),
                name="told_once_of_follow",
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "actor", "comment"],
                condition=Q(kind="comment_like"),
                name="told_once_of_comment_like",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "-created_at"], name="notification_list")
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.person_id}"

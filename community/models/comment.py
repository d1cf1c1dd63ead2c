"""Comments, their replies, and likes on them."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.models import Block, Mute, User

from .note import Note

COMMENT_LENGTH = 1_000


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, viewer: User | None) -> Self:
        """Comments this viewer may read on a note that they may see (that gate comes first)."""
        comments = self.filter(deleted_at=None, hidden_at=None, author__is_active=True)
        if viewer is None or not viewer.is_authenticated:
            return comments
        me = viewer.pk
        return comments.exclude(
            Exists(Block.objects.filter(blocker=me, blocked=OuterRef("author")))
            | Exists(Block.objects.filter(blocker=OuterRef("author"), blocked=me))
            | Exists(Mute.objects.filter(muter=me, muted=OuterRef("author")))
        )


class Comment(models.Model):
    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="comments"
    )
    # The first-level comment under which this reply is shown; replies have one level.
    thread = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="replies"
    )
    # Whom a reply answers, when that is a reply itself.
    reply_to = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="answers"
    )
    body = models.CharField(_("comment"), max_length=COMMENT_LENGTH)
    likes = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)
    hidden_at = models.DateTimeField(null=True, editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes: ClassVar = [
            models.Index(fields=["note", "thread", "created_at"], name="comment_thread")
        ]

    def __str__(self) -> str:
        return self.body[:60]


class CommentLike(models.Model):
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="liked_by")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["comment", "person"], name="comment_like_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} likes comment {self.comment_id}"

"""What a person is told: who did what to what is theirs."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Block, Mute, User
from community.albums.models import Album, AlbumMember
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
        opened = Album.objects.visible_to(viewer).filter(pk=OuterRef("album"))
        asked = AlbumMember.objects.invited(viewer).filter(album=OuterRef("album"))
        return self.filter(
            Q(actor=None) | (Q(actor__is_active=True) & ~away),
            Q(note=None) | Exists(seen) | Q(actor=None),
            Q(comment=None) | Exists(heard) | Q(actor=None),
            Q(album=None) | Exists(opened) | Exists(asked),
            person=viewer,
        )

    def shown_to(self, viewer: User) -> Self:
        """What stands on their page: all they may see but what they want told in other ways."""
        return self.visible_to(viewer).filter(shown=True)

    def heads(self) -> Self:
        """Of these the newest of each group, the rest counted by grouping.py."""
        newer = self.filter(
            Q(created_at__gt=OuterRef("created_at"))
            | Q(created_at=OuterRef("created_at"), pk__gt=OuterRef("pk")),
            group=OuterRef("group"),
        )
        return self.filter(Q(group="") | ~Exists(newer))


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
        PUBLISHED = "published", _("Your scheduled note is published")
        HELD_UP = "held_up", _("Your scheduled note waits for its pictures")
        NOT_PUBLISHED = "not_published", _("Your scheduled note was not published")
        ALBUM = "album", _("added to an album you follow")
        ALBUM_INVITE = "album_invite", _("invites you to put notes into an album")
        BRAND_INVITE = "brand_invite", _("invited you to the team of a brand")
        BRAND = "brand", _("News of your brand")
        COLLABORATION = "collaboration", _("News of a collaboration")
        CAMPAIGN = "campaign", _("News of a campaign")
        MESSAGE = "message", _("would like to write to you")
        WARNED = "warned", _("A word from the moderators")
        LIMITED = "limited", _("The reach of your note was limited")
        REPORT = "report", _("What you reported was decided")
        APPEAL = "appeal", _("Your appeal was decided")
        SIGN_IN = "sign_in", _("Somebody signed in to your account from a new place")
        SAFETY = "safety", _("Your account was changed")
        ARCHIVE = "archive", _("News of your archive")

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
    album = models.ForeignKey("albums.Album", on_delete=models.CASCADE, null=True, related_name="+")
    # Words to the person, e.g. a moderator's reason; ours are in their language (services.tell).
    words = models.CharField(max_length=500, blank=True)
    # The page of this site that it leads to, where note, comment and album do not tell.
    path = models.CharField(max_length=200, blank=True, default="", db_default="")
    # Notices of one person with the same word here are shown as one; empty: it stands alone.
    group = models.CharField(max_length=60, blank=True, default="", db_default="")
    # Whether it stands on the person's page, or goes by mail and push only.
    shown = models.BooleanField(default=True, db_default=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    # The day of the digest that tells of it, empty until one does. No mark such as "told up to this
    # number" would do: on PostgreSQL a notice may appear below others that were told already.
    digest = models.DateField(null=True)

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
            models.Index(fields=["person", "-created_at"], name="notification_list"),
            models.Index(fields=["person", "group", "-created_at"], name="notification_group"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.person_id}"

"""Albums, their notes, who may put some in, who follows them; and pinned notes."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Block, Follow, Profile, User
from community.models import Note
from community.models.note import OPEN_TO_MEMBERS

TITLE_LENGTH = 60
ABOUT_LENGTH = 500


class AlbumQuerySet(models.QuerySet["Album"]):
    """The one chainable place for reads."""

    def visible_to(self, viewer: User | None) -> Self:
        """The gate of albums: public ones of owners who are present with no block between the two,
        and all that the viewer has a part in."""
        shown = Q(visibility=Album.Visibility.PUBLIC)
        if viewer is None or not viewer.is_authenticated:
            everybody = Profile.SeenBy.EVERYBODY
            return self.filter(shown, owner__is_active=True, owner__profile__seen_by=everybody)
        me = viewer.pk
        blocked = Exists(Block.objects.filter(blocker=me, blocked=OuterRef("owner"))) | Exists(
            Block.objects.filter(blocker=OuterRef("owner"), blocked=me)
        )
        part = Exists(AlbumMember.objects.taking_part().filter(album=OuterRef("pk"), person=me))
        follows = Exists(Follow.objects.filter(follower=me, followed=OuterRef("owner")))
        open_to_me = Q(owner__profile__seen_by__in=OPEN_TO_MEMBERS) | follows
        return self.filter(((shown & open_to_me) | part) & ~blocked, owner__is_active=True)

    def with_part_of(self, person: User) -> Self:
        """Those that a person may put notes into: their own, and those they joined."""
        part = AlbumMember.objects.taking_part().filter(album=OuterRef("pk"), person=person)
        return self.filter(Exists(part))

    def counted_for(self, viewer: User | None) -> Self:
        """With `shown`: how many of its notes this viewer may meet."""
        met = AlbumNote.objects.shown_to(viewer).filter(album=OuterRef("pk")).order_by()
        count = met.values("album").annotate(n=Count("pk")).values("n")
        return self.annotate(shown=Coalesce(Subquery(count, models.IntegerField()), 0))

    def newest(self) -> Self:
        return self.order_by("-created_at", "-pk")


class Album(models.Model):
    class Visibility(models.TextChoices):
        PUBLIC = "public", _("Everybody")
        PRIVATE = "private", _("Only its members")

    class Order(models.TextChoices):
        NEWEST = "newest", _("Newest first")
        MANUAL = "manual", _("As arranged")

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="albums"
    )
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    about = models.CharField(_("what it is about"), max_length=ABOUT_LENGTH, blank=True)
    visibility = models.CharField(
        _("who can see it"), max_length=8, choices=Visibility, default=Visibility.PUBLIC
    )
    order = models.CharField(_("order"), max_length=8, choices=Order, default=Order.NEWEST)
    # One of its notes; none: the first that the viewer may see.
    cover = models.ForeignKey(
        Note, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(editable=False)
    edited_at = models.DateTimeField(null=True, editable=False)

    objects = AlbumQuerySet.as_manager()

    class Meta:
        verbose_name = _("album")
        verbose_name_plural = _("albums")
        indexes: ClassVar = [models.Index(fields=["owner", "-created_at"], name="album_by_owner")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("album", args=[self.pk])

    @property
    def is_private(self) -> bool:
        return self.visibility == self.Visibility.PRIVATE


class AlbumNoteQuerySet(models.QuerySet["AlbumNote"]):
    def shown_to(self, viewer: User | None) -> Self:
        """Notes of albums that pass the gate of notes for this viewer."""
        return self.filter(note__in=Note.objects.listed_for(viewer).values("pk"))

    def in_order_of(self, album: Album) -> Self:
        by_hand = album.order == Album.Order.MANUAL
        return self.order_by(*(("position", "pk") if by_hand else ("-added_at", "-pk")))


class AlbumNote(models.Model):
    """A note in an album. Positions count from 0 without gaps: services keep them so, under the
    lock of the album's row."""

    album = models.ForeignKey(Album, on_delete=models.CASCADE, related_name="entries")
    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    added_at = models.DateTimeField()

    objects = AlbumNoteQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["album", "note"], name="in_album_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["album", "position"], name="album_arranged"),
            models.Index(fields=["album", "-added_at"], name="album_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.note_id} in {self.album_id}"


class AlbumMemberQuerySet(models.QuerySet["AlbumMember"]):
    def taking_part(self) -> Self:
        return self.filter(state=AlbumMember.State.ACCEPTED)

    def invited(self, person: User) -> Self:
        return self.filter(person=person, state=AlbumMember.State.INVITED)


class AlbumMember(models.Model):
    """Who has a part in an album; its owner has one too. A refusal is kept: nobody asks twice."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        CONTRIBUTOR = "contributor", _("Contributor")

    class State(models.TextChoices):
        INVITED = "invited", _("Invited")
        ACCEPTED = "accepted", _("Takes part")
        DECLINED = "declined", _("Declined")

    album = models.ForeignKey(Album, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="album_parts"
    )
    role = models.CharField(max_length=11, choices=Role)
    state = models.CharField(max_length=8, choices=State)
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    objects = AlbumMemberQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["album", "person"], name="member_of_album_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} of {self.album_id}"


class AlbumFollow(models.Model):
    """Who is told of new notes in an album, and when they were told last."""

    album = models.ForeignKey(Album, on_delete=models.CASCADE, related_name="follows")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["album", "person"], name="follows_album_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} follows {self.album_id}"


class Pin(models.Model):
    """A note of one's own that stands first on one's profile."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pins"
    )
    note = models.OneToOneField(Note, on_delete=models.CASCADE, related_name="pin")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        indexes: ClassVar = [models.Index(fields=["person", "position"], name="pins_of_person")]

    def __str__(self) -> str:
        return f"{self.note_id} of {self.person_id}"

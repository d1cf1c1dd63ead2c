"""Notes: a title, a body, pictures, tags, a place, and who may see them."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from accounts.models import Block, Follow, Mute, Profile, User

from .channel import Channel
from .licence import Licence
from .place import Place

TITLE_LENGTH = 100
BODY_LENGTH = 5_000
MAX_PICTURES = 18
MAX_TAGS = 20
OPEN_TO_MEMBERS = (Profile.SeenBy.EVERYBODY, Profile.SeenBy.MEMBERS)


class NoteQuerySet(models.QuerySet["Note"]):
    """The one chainable place for reads."""

    def published(self) -> Self:
        return self.filter(state=Note.State.PUBLISHED, deleted_at=None)

    def visible_to(self, viewer: User | None) -> Self:
        """The gate: what this viewer may see, decided here and nowhere else.

        Authors see all of their own that they did not delete. Everybody else sees published notes
        that staff did not hide, of authors who are present, with no block between the two, when
        the note's visibility includes them and its author lets them see theirs. `None` is a
        visitor who is not logged in.
        """
        shown = Q(state=Note.State.PUBLISHED, hidden_at=None, author__is_active=True)
        if viewer is None or not viewer.is_authenticated:
            return self.filter(
                shown,
                deleted_at=None,
                visibility=Note.Visibility.PUBLIC,
                author__profile__seen_by=Profile.SeenBy.EVERYBODY,
            )
        me = viewer.pk
        blocked = Exists(Block.objects.filter(blocker=me, blocked=OuterRef("author"))) | Exists(
            Block.objects.filter(blocker=OuterRef("author"), blocked=me)
        )
        follows = Exists(Follow.objects.filter(follower=me, followed=OuterRef("author")))
        open_to_members = Q(author__profile__seen_by__in=OPEN_TO_MEMBERS)
        included = (Q(visibility=Note.Visibility.PUBLIC) & open_to_members) | (
            ~Q(visibility=Note.Visibility.PRIVATE) & follows
        )
        return self.filter(Q(author=me) | (shown & included & ~blocked), deleted_at=None)

    def listed_for(self, viewer: User | None) -> Self:
        """The gate for lists: what may be seen and is finished, less the people they muted.

        Drafts and held notes are seen on their own page by their author, not met in lists.
        """
        notes = self.visible_to(viewer).filter(state=Note.State.PUBLISHED, hidden_at=None)
        if viewer is None or not viewer.is_authenticated:
            return notes
        return notes.exclude(Exists(Mute.objects.filter(muter=viewer.pk, muted=OuterRef("author"))))

    def recommendable(self) -> Self:
        """Of authors who let others discover them: what the recommending feeds may offer."""
        return self.visible_to(None).filter(author__profile__discoverable=True)

    def in_channel(self, channel: Channel) -> Self:
        return self.filter(Q(channel=channel) | Q(channel__parent=channel))

    def newest(self) -> Self:
        return self.order_by("-published_at", "-pk")

    def with_card(self) -> Self:
        """What a card shows, in a fixed number of queries."""
        return self.select_related(
            "author__profile", "stats", "channel", "place", "video"
        ).prefetch_related(
            models.Prefetch("images", NoteImage.objects.filter(state=NoteImage.State.READY))
        )


class Note(models.Model):  # type: ignore[django-manager-missing]  # taggit has no types
    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("Everybody")
        FOLLOWERS = "followers", _("Followers")
        PRIVATE = "private", _("Only me")

    class Disclosure(models.TextChoices):
        """What readers must know of why the note was written; a label wherever it is met."""

        NONE = "", _("Nothing to disclose")
        PAID = "paid", _("Paid partnership")

    class Label(models.TextChoices):
        """What staff tells readers beforehand."""

        NONE = "", _("No label")
        SENSITIVE = "sensitive", _("Sensitive")
        DISPUTED = "disputed", _("Disputed")

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notes"
    )
    title = models.CharField(_("title"), max_length=TITLE_LENGTH, blank=True)
    body = models.TextField(_("text"), max_length=BODY_LENGTH, blank=True)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="notes")
    place = models.ForeignKey(
        Place, on_delete=models.SET_NULL, null=True, blank=True, related_name="notes"
    )
    visibility = models.CharField(
        _("who can see it"), max_length=10, choices=Visibility, default=Visibility.PUBLIC
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    licence = models.CharField(
        _("licence"),
        max_length=10,
        choices=Licence,
        default=Licence.RESERVED,
        db_default="reserved",
    )
    # Said by its author: a machine made the text or the pictures, or most of them.
    ai_made = models.BooleanField(_("made with AI"), default=False, db_default=False)
    # A column, so that every card and answer reads it with the note; rules in services/disclosing.
    disclosure = models.CharField(
        _("disclosure"), max_length=6, blank=True, choices=Disclosure, default="", db_default=""
    )
    # Guessed from the text: "zh", "en", "ja", "ko" or "other".
    language = models.CharField(max_length=8, blank=True, editable=False)
    created_at = models.DateTimeField(editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    edited_at = models.DateTimeField(null=True, editable=False)
    # Soft: staff can bring a deleted note back.
    deleted_at = models.DateTimeField(null=True, editable=False)
    # Set by moderation with its reason; the author still sees the note and is told why.
    hidden_at = models.DateTimeField(null=True, editable=False)
    # Set by moderation while the note is not recommended beyond its author's followers.
    limited_at = models.DateTimeField(null=True, editable=False)
    label = models.CharField(
        max_length=10, blank=True, choices=Label, default="", db_default="", editable=False
    )
    # Counts up with everything that changes the card; cached cards are keyed by it.
    revision = models.PositiveIntegerField(default=1, editable=False)

    tags = TaggableManager(through="community.TaggedNote", blank=True)
    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        indexes: ClassVar = [
            models.Index(fields=["author", "-published_at"], name="note_by_author"),
            models.Index(fields=["channel", "-published_at"], name="note_by_channel"),
            models.Index(fields=["-published_at"], name="note_newest"),
        ]

    def __str__(self) -> str:
        return self.title or self.body[:40] or f"#{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("note", args=[self.pk])

    @property
    def licence_deed(self) -> str:
        """Address of the licence in plain words; empty where all rights are reserved."""
        return Licence(self.licence).deed

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED

    @property
    def is_shown(self) -> bool:
        """Whether anybody but its author may meet it at all."""
        return self.is_published and not self.deleted_at and not self.hidden_at


class NoteStats(models.Model):
    """Counters of one note, in a narrow row of their own: a like never rewrites the note."""

    note = models.OneToOneField(
        Note, on_delete=models.CASCADE, primary_key=True, related_name="stats"
    )
    likes = models.PositiveIntegerField(default=0)
    collects = models.PositiveIntegerField(default=0)
    comments = models.PositiveIntegerField(default=0)
    shares = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.note_id}: {self.likes} likes"


class NoteImage(models.Model):
    """One picture of a note. The upload is kept until Celery has made its renditions."""

    # Under MEDIA_ROOT and /media/.
    media_folder: ClassVar = "notes"

    class State(models.TextChoices):
        PROCESSING = "processing", _("Processing")
        READY = "ready", _("Ready")
        REFUSED = "refused", _("Refused")

    class SecondCover(models.TextChoices):
        """Whether a picture competes with the first one for the note's card."""

        NO = "", _("No")
        CHOSEN = "chosen", _("To be tested")
        SHOWN = "shown", _("Under test")

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="images")
    position = models.PositiveSmallIntegerField()
    alt = models.CharField(
        _("description for people who cannot see it"), max_length=300, blank=True
    )
    state = models.CharField(max_length=10, choices=State, default=State.PROCESSING)
    # Drawn by the server from title and text, because the note has no picture of its own.
    is_text_card = models.BooleanField(default=False, editable=False)
    # Unguessable folder under MEDIA_ROOT/notes; also the picture's public name.
    token = models.CharField(max_length=32, unique=True, editable=False)
    # [{"width", "height", "format", "file", "bytes"}], widest last.
    renditions = models.JSONField(default=list, editable=False)
    width = models.PositiveIntegerField(default=0, editable=False)
    height = models.PositiveIntegerField(default=0, editable=False)
    # A data: URL of a few pixels, shown until the picture arrives.
    placeholder = models.TextField(blank=True, editable=False)
    # 64-bit perceptual hash as 16 hex digits.
    phash = models.CharField(max_length=16, blank=True, editable=False, db_index=True)
    # sharpness, brightness, contrast, entropy as measured at intake.
    measures = models.JSONField(default=dict, editable=False)
    # Code of PictureRefused where the state is "refused".
    refusal = models.CharField(max_length=30, blank=True, editable=False)
    # Chosen by the author; shown to half of the readers while the first pool tests it.
    second_cover = models.CharField(
        max_length=6, blank=True, choices=SecondCover, default="", db_default="", editable=False
    )
    created_at = models.DateTimeField(editable=False)

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        indexes: ClassVar = [models.Index(fields=["note", "position"], name="image_order")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["note"], condition=~Q(second_cover=""), name="one_second_cover"
            )
        ]

    def __str__(self) -> str:
        return f"{self.note_id}/{self.position}"


class NoteRevisionQuerySet(models.QuerySet["NoteRevision"]):
    def readable_for(self, viewer: User | None, note: Note) -> Self:
        """Former texts of a note that the viewer may see: all for its author, for others those
        that were written for as many people as see the note now."""
        texts = self.filter(note=note)
        if viewer is not None and viewer.pk == note.author_id:
            return texts
        as_open = [Note.Visibility.PUBLIC.value]
        if note.visibility != Note.Visibility.PUBLIC:
            as_open.append(note.visibility)
        return texts.filter(visibility__in=as_open)


class NoteRevision(models.Model):
    """What a published note said before an edit, and to whom it said it."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=TITLE_LENGTH, blank=True)
    body = models.TextField(blank=True)
    tags = models.JSONField(default=list)
    visibility = models.CharField(max_length=10, choices=Note.Visibility)
    replaced_at = models.DateTimeField()

    objects = NoteRevisionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["note", "number"], name="revision_once")
        ]

    def __str__(self) -> str:
        return f"{self.note_id} r{self.number}"

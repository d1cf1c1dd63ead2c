"""Tags: django-taggit's, with a fold that finds the same word in another spelling."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from taggit.models import ItemBase, TagBase

from accounts.models import User
from community.text.hashtags import tag_key

from .note import Note


class TagQuerySet(models.QuerySet["Tag"]):
    def shown(self) -> Self:
        """Without those that staff banned."""
        return self.filter(ban=None)

    def known_to(self, viewer: User | None) -> Self:
        """Tags the viewer could meet on a note anyway: others are nobody's business."""
        notes = Note.objects.listed_for(viewer)
        carried = TaggedNote.objects.filter(tag=OuterRef("pk"), content_object__in=notes)
        return self.shown().filter(Exists(carried))


class Tag(TagBase):
    # Width, case and separators folded: `Latte-Art`, `latte art` and `ｌａｔｔｅ art` are one tag.
    key = models.CharField(max_length=100, unique=True, editable=False)

    objects = TagQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key = tag_key(self.name)
        super().save(*args, **kwargs)

    def slugify(self, tag: str, i: int | None = None) -> str:
        slug = tag_key(tag).replace(" ", "-") or "tag"
        return slug if i is None else f"{slug}-{i}"

    def get_absolute_url(self) -> str:
        return reverse("tag", args=[self.key])


class TaggedNote(ItemBase):
    """That a note carries a tag."""

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="tagged")
    content_object = models.ForeignKey(
        "community.Note", on_delete=models.CASCADE, related_name="tagged"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tag", "content_object"], name="tag_note_once")
        ]

    def __str__(self) -> str:
        return f"{self.content_object_id}#{self.tag_id}"

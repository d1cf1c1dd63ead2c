"""Searches of people who left personalisation on; of visitors nothing is kept."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from feeds.models.fields import person_key

LONGEST = 200


class SearchLog(models.Model):
    """One search of one person; the same words again within the hour move it to now.

    Their history is read from here, so what they remove from it is gone from everything else.
    """

    person = person_key(db_index=False)
    text = models.CharField(max_length=LONGEST)
    # The text folded: width, case, accents and blanks make no difference.
    key = models.CharField(max_length=LONGEST)
    # The tab: "notes", "people", "tags", "places" or "products".
    kind = models.CharField(max_length=10)
    # How many results the first page had.
    results = models.PositiveIntegerField()
    at = models.DateTimeField()
    # Whether the interest profile has learnt from it.
    digested = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("search")
        verbose_name_plural = _("searches")
        indexes: ClassVar = [
            models.Index(fields=["person", "-at"], name="search_of_person"),
            models.Index(fields=["at", "key"], name="search_window"),
            models.Index(fields=["id"], condition=models.Q(digested=False), name="search_waiting"),
        ]

    def __str__(self) -> str:
        return self.text


class SearchDay(models.Model):
    """Words that enough different people searched for on a day; who they were is forgotten."""

    day = models.DateField()
    key = models.CharField(max_length=LONGEST)
    text = models.CharField(max_length=LONGEST)
    people = models.PositiveIntegerField()
    # How many of them found nothing.
    in_vain = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("searches of a day")
        verbose_name_plural = _("searches of days")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "key"], name="search_day_once")
        ]

    def __str__(self) -> str:
        return f"{self.day:%F} {self.text}: {self.people}"


class KnownWord(models.Model):
    """A word that public notes, tags, places, channels or many searches know: what suggestions and
    corrections are made of. Rebuilt by `words.build`; the bans are the operators'."""

    class Kind(models.TextChoices):
        TAG = "tag", _("Tag")
        PLACE = "place", _("Place")
        CHANNEL = "channel", _("Channel")
        QUERY = "query", _("Search")
        WORD = "word", _("Word")

    kind = models.CharField(max_length=8, choices=Kind)
    # Primary key of the tag, place or channel; 0 for words and searches.
    target = models.BigIntegerField(default=0)
    text = models.CharField(_("text"), max_length=LONGEST)
    key = models.CharField(max_length=LONGEST, db_index=True)
    # Syllables of what is Chinese, separated by blanks: "ka fei".
    pinyin = models.CharField(max_length=400, blank=True, db_index=True)
    # The pinyin without blanks, and its first letters where there are several: "kafei", "kf".
    typed = models.CharField(max_length=400, blank=True, default="", db_index=True)
    firsts = models.CharField(max_length=LONGEST, blank=True, default="", db_index=True)
    # The length of a single word of letters, for slips of the finger; else 0.
    letters = models.PositiveSmallIntegerField(default=0)
    # Notes that carry it, or people who searched for it.
    weight = models.PositiveIntegerField(default=0)
    banned = models.BooleanField(
        _("never suggested"),
        default=False,
        help_text=_("Nor any search that contains it. Finding what notes say stays possible."),
    )

    class Meta:
        verbose_name = _("known word")
        verbose_name_plural = _("known words")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "target", "key"], name="known_word_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["-weight"], name="known_word_weight"),
            models.Index(fields=["kind", "-weight"], name="known_word_of_kind"),
            models.Index(fields=["letters", "-weight"], name="known_word_letters"),
            models.Index(fields=["key"], condition=models.Q(banned=True), name="known_word_banned"),
        ]

    def __str__(self) -> str:
        return self.text

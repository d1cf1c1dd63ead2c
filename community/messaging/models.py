"""Conversations, who has a part in them, and what was said."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Block, Mute, User
from community.models import Note
from community.models.kept_picture import KeptPicture

from .rules import BODY_LENGTH, TITLE_LENGTH


def blocked_with(person: User, other: str) -> Q:
    """Whether a block stands between the person and whom the outer row names in `other`."""
    return Q(Exists(Block.objects.filter(blocker=person.pk, blocked=OuterRef(other)))) | Q(
        Exists(Block.objects.filter(blocker=OuterRef(other), blocked=person.pk))
    )


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def open_to(self, person: User) -> Self:
        """The gate: those in which the person has a part or is asked to; of two people's, those
        whose other one is present."""
        others = Member.objects.filter(conversation=OuterRef("pk")).exclude(person=person.pk)
        part = Member.objects.filter(
            conversation=OuterRef("pk"), person=person.pk, state__in=Member.TAKING_PART
        )
        present = others.filter(person__is_active=True)
        return self.filter(Exists(part), Q(pair_key="") | Exists(present))

    def with_closed(self, person: User) -> Self:
        """With `closed`: a block stands between the two, so that nothing is added."""
        return self.annotate(closed=Q(Exists(_blocked_others(person)), ~Q(pair_key="")))

    def closed_to(self, person: User) -> Self:
        return self.exclude(pair_key="").filter(Exists(_blocked_others(person)))

    def not_closed_to(self, person: User) -> Self:
        return self.filter(Q(pair_key="") | ~Exists(_blocked_others(person)))

    def with_lines_for(self, person: User) -> Self:
        """Those in which the person reads anything."""
        return self.filter(
            Exists(Message.objects.readable_by(person).filter(conversation=OuterRef("pk")))
        )

    def lines_for(self, person: User) -> Self:
        """With `last_line` (the newest message the person reads, none: null) and `unread`."""
        lines = Message.objects.readable_by(person).filter(conversation=OuterRef("pk"))
        unread = Message.objects.unread_by(person).filter(conversation=OuterRef("pk"))
        count = unread.order_by().values("conversation").annotate(n=Count("pk")).values("n")
        return self.annotate(
            last_line=Subquery(lines.order_by("-pk").values("pk")[:1]),
            unread=Coalesce(Subquery(count, models.IntegerField()), 0),
        )

    def taken_part_by(self, person: User) -> Self:
        return self.filter(Exists(_part(person, Member.State.ACTIVE)))

    def requested_of(self, person: User) -> Self:
        return self.filter(Exists(_part(person, Member.State.REQUESTED)))


def _blocked_others(person: User) -> models.QuerySet[Member]:
    others = Member.objects.filter(conversation=OuterRef("pk")).exclude(person=person.pk)
    return others.filter(blocked_with(person, "person"))


def _part(person: User, state: str) -> models.QuerySet[Member]:
    return Member.objects.filter(conversation=OuterRef("pk"), person=person.pk, state=state)


class Conversation(models.Model):
    """Between two people, or in a group with a title. Of two people there is one."""

    # "3:17" of two people, the lower id first; empty for groups.
    pair_key = models.CharField(max_length=41, blank=True, editable=False)
    title = models.CharField(_("title"), max_length=TITLE_LENGTH, blank=True)
    # Of a group: may remove people. Passes on when they leave.
    maker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(editable=False)
    # When its newest message came: the order of lists.
    last_at = models.DateTimeField(editable=False)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["pair_key"], condition=~Q(pair_key=""), name="one_conversation_of_two"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["-last_at", "-id"], name="conversation_newest")]

    def __str__(self) -> str:
        return self.title or f"conversation {self.pair_key or self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("conversation", args=[self.pk])

    @property
    def is_group(self) -> bool:
        return not self.pair_key


class Member(models.Model):
    """A person's part in a conversation. A refusal is kept, so that nobody asks twice."""

    class State(models.TextChoices):
        ACTIVE = "active", _("Takes part")
        REQUESTED = "requested", _("Asked")
        DECLINED = "declined", _("Declined")
        LEFT = "left", _("Left")

    TAKING_PART: ClassVar = ("active", "requested")

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="conversation_parts"
    )
    state = models.CharField(max_length=9, choices=State)
    # Who brought them into a group.
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    joined_at = models.DateTimeField()
    # Id of the newest message they have read; unread ones are counted behind it.
    last_read = models.BigIntegerField(default=0)
    # Messages up to this id are not theirs: from before they came, or cleared away by them.
    cleared_up_to = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["conversation", "person"], name="member_of_conversation_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["person", "state"], name="conversations_of")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.state} in {self.conversation_id}"


class MessageQuerySet(models.QuerySet["Message"]):
    def readable_by(self, person: User) -> Self:
        """The gate: what this person reads, decided here and nowhere else.

        Of conversations they take part in, and of two people's that they are asked into: messages
        of people who are present, that came while they were there and that they did not delete for
        themselves. In groups neither of two people with a block between them reads the other.
        """
        mine = Member.objects.filter(
            conversation=OuterRef("conversation"),
            person=person.pk,
            cleared_up_to__lt=OuterRef("pk"),
        )
        part = mine.filter(
            Q(state=Member.State.ACTIVE)
            | (Q(state=Member.State.REQUESTED) & ~Q(conversation__pair_key=""))
        )
        hidden = HiddenMessage.objects.filter(person=person.pk, message=OuterRef("pk"))
        heard = ~Q(conversation__pair_key="") | ~blocked_with(person, "sender")
        named = Q(about=None) | (Q(about__is_active=True) & ~blocked_with(person, "about"))
        return self.filter(Exists(part), ~Exists(hidden), heard, named, sender__is_active=True)

    def unread_by(self, person: User) -> Self:
        """Of others, behind the last one read; what was taken back and what the group did to
        itself is not waited for."""
        behind = Member.objects.filter(
            conversation=OuterRef("conversation"), person=person.pk, last_read__lt=OuterRef("pk")
        )
        said = self.readable_by(person).exclude(sender=person.pk)
        return said.filter(Exists(behind), taken_back_at=None, event="")

    def with_all(self) -> Self:
        """What a line shows, in a fixed number of statements."""
        people = self.select_related("sender__profile", "about__profile")
        return people.prefetch_related("pictures")

    def worth_a_dot(self, person: User) -> Self:
        """Unread ones of conversations that the person takes part in and nobody closed, of nobody
        they mute: requests wait without a sign."""
        open_ones = Conversation.objects.open_to(person).not_closed_to(person)
        muted = Mute.objects.filter(muter=person.pk, muted=OuterRef("sender"))
        return self.unread_by(person).filter(
            ~Exists(muted),
            conversation__in=open_ones.taken_part_by(person).values("pk"),
        )


class Message(models.Model):
    """One thing said: words, pictures or a note, or what happened to the group."""

    class Event(models.TextChoices):
        NONE = "", _("None")
        MADE = "made", _("Made")
        ADDED = "added", _("Added")
        JOINED = "joined", _("Joined")
        LEFT = "left", _("Left")
        REMOVED = "removed", _("Removed")
        RENAMED = "renamed", _("Renamed")

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages"
    )
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="messages_sent"
    )
    body = models.TextField(max_length=BODY_LENGTH, blank=True)
    # A card of it is drawn for whoever may see it; `has_note` stays when the note is gone.
    note = models.ForeignKey(Note, on_delete=models.SET_NULL, null=True, related_name="+")
    has_note = models.BooleanField(default=False)
    event = models.CharField(max_length=7, blank=True, choices=Event, default="")
    # Whom an event is about, where it is another than who did it.
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    # What a form was given when it was drawn: sent twice, it says a thing once.
    once = models.CharField(max_length=40, blank=True, editable=False)
    created_at = models.DateTimeField()
    # Taken back by its sender: words, note and pictures are gone.
    taken_back_at = models.DateTimeField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["conversation", "sender", "once"],
                condition=~Q(once=""),
                name="message_said_once",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["conversation", "-id"], name="message_newest")]

    def __str__(self) -> str:
        return f"message {self.pk} in {self.conversation_id}"


class MessagePicture(KeptPicture):
    """A picture in a message: served to those who read the message, and kept by no cache."""

    media_folder: ClassVar = "messages"

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="pictures")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.message_id}/{self.position}"


class HiddenMessage(models.Model):
    """A message that one person deleted for themselves."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="hidden_for")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "message"], name="message_hidden_once")
        ]

    def __str__(self) -> str:
        return f"{self.message_id} hidden for {self.person_id}"


class MessagingChoice(models.Model):
    """What somebody chose of messages; without a row, what stands here."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="messaging_choice",
    )
    # Who hides what they have read does not see what others have.
    shows_read = models.BooleanField(_("show what I have read"), default=True)

    def __str__(self) -> str:
        return f"{self.person_id}: {self.shows_read}"

"""People who do things at random, and what each should count then, from the rows alone.

`act` does one thing; a refusal is an answer. `differences` reads whole tables and counts in Python,
by the sentences of docs/decisions (0035, 0036), without a single queryset of the gates.
"""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

from django.utils import timezone

from accounts.errors import DomainError
from accounts.models import Block, Mute, User
from accounts.services import (
    block_user,
    follow_user,
    mute_user,
    unblock_user,
    unfollow_user,
    unmute_user,
)
from community.messaging import groups, keeping
from community.messaging.models import HiddenMessage, Member, Message
from community.messaging.reading import has_unread, listed_for
from community.messaging.services import Said, answer_request, send_message, write_to
from community.models import Channel, Collect, Comment, CommentLike, Like, Note, NoteStats
from community.notifications import reading
from community.notifications.models import Notification
from community.services import comments, reactions
from community.services.writing import NoteContent, publish_note, save_draft

PEOPLE, NOTES = 6, 4
RECENT = 12
# What is done how often; what costs little more often than what costs much.
WEIGHTS = {
    "like": 22, "unlike": 20, "collect": 8, "uncollect": 7,
    "like_comment": 5, "unlike_comment": 8, "comment": 2, "delete_comment": 2,
    "say": 6, "read": 5, "write": 2, "answer": 1, "hide": 2, "take_back": 2, "clear": 1,
    "leave": 1, "bring_in": 1,
    "block": 1, "unblock": 2, "mute": 1, "unmute": 1, "follow": 2, "unfollow": 1,
    "read_notices": 1, "read_a_notice": 3,
}  # fmt: skip


class Crowd:
    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.done: Counter[str] = Counter()
        self.people = [User.objects.create_user(f"person{n}") for n in range(PEOPLE)]
        self.notes = [self._note(self.people[n], n) for n in range(NOTES)]
        for one in self.people[:4]:
            for other in self.people[:4]:
                if one != other:
                    follow_user(follower=one, followed=other)
        names = [person.username for person in self.people[1:4]]
        self.group = groups.make_group(maker=self.people[0], title="All", usernames=names).pk

    def _note(self, author: User, number: int) -> int:
        channel = Channel.objects.get(slug="pottery")
        content = NoteContent(title=f"Bowl {number}", body="Ash and fire", channel=channel)
        draft = save_draft(author=author, content=content)
        return publish_note(author=author, note_id=draft.pk).pk

    # ------------------------------------------------------------ acts
    def act(self, what: str | None = None, chance: Random | None = None) -> None:
        chance = chance or self.chance
        what = what or chance.choices(list(WEIGHTS), WEIGHTS.values())[0]
        me, other = chance.sample(self.people, 2)
        try:
            getattr(self, f"_{what}")(me, other, chance)
        except DomainError:
            return
        self.done[what] += 1

    def _like(self, me: User, _other: User, chance: Random) -> None:
        reactions.like_note(person=me, note_id=chance.choice(self.notes))

    def _unlike(self, me: User, _other: User, chance: Random) -> None:
        reactions.unlike_note(person=me, note_id=chance.choice(self.notes))

    def _collect(self, me: User, _other: User, chance: Random) -> None:
        reactions.collect_note(person=me, note_id=chance.choice(self.notes))

    def _uncollect(self, me: User, _other: User, chance: Random) -> None:
        reactions.uncollect_note(person=me, note_id=chance.choice(self.notes))

    def _comment(self, me: User, _other: User, chance: Random) -> None:
        answers = self._recent(Comment, chance) if chance.random() < 0.4 else None
        note_id = chance.choice(self.notes)
        comments.add_comment(author=me, note_id=note_id, body="Lovely", reply_to=answers)

    def _delete_comment(self, me: User, _other: User, chance: Random) -> None:
        comments.delete_comment(actor=me, comment_id=self._recent(Comment, chance))

    def _like_comment(self, me: User, _other: User, chance: Random) -> None:
        reactions.like_comment(person=me, comment_id=self._recent(Comment, chance))

    def _unlike_comment(self, me: User, _other: User, chance: Random) -> None:
        reactions.unlike_comment(person=me, comment_id=self._recent(Comment, chance))

    def _say(self, me: User, _other: User, chance: Random) -> None:
        send_message(sender=me, conversation_id=self._talk(me, chance), said=Said(body="x"))

    def _write(self, me: User, other: User, _chance: Random) -> None:
        write_to(sender=me, username=other.username, said=Said(body="x"))

    def _answer(self, me: User, _other: User, chance: Random) -> None:
        asked = Member.objects.filter(person=me, state="requested").values_list("conversation")
        found = asked.first() or (0,)
        accept = chance.random() < 0.8
        answer_request(person=me, conversation_id=found[0], accept=accept)

    def _read(self, me: User, _other: User, chance: Random) -> None:
        talk = self._talk(me, chance)
        up_to = chance.choice([None, self._recent(Message, chance)])
        keeping.mark_read(person=me, conversation_id=talk, up_to=up_to)

    def _hide(self, me: User, _other: User, chance: Random) -> None:
        keeping.hide_message(person=me, message_id=self._recent(Message, chance))

    def _take_back(self, me: User, _other: User, chance: Random) -> None:
        own = Message.objects.filter(sender=me, event="").order_by("-pk")
        ids = list(own.values_list("pk", flat=True)[:RECENT]) or [0]
        keeping.take_back(sender=me, message_id=chance.choice(ids))

    def _clear(self, me: User, _other: User, chance: Random) -> None:
        keeping.clear_conversation(person=me, conversation_id=self._talk(me, chance))

    def _leave(self, me: User, _other: User, _chance: Random) -> None:
        if me != self.people[0]:  # somebody stays, so that the group does
            groups.leave_group(person=me, conversation_id=self.group)

    def _bring_in(self, me: User, other: User, _chance: Random) -> None:
        groups.add_member(actor=me, conversation_id=self.group, username=other.username)

    def _block(self, me: User, other: User, _chance: Random) -> None:
        block_user(blocker=me, blocked=other)

    def _unblock(self, me: User, other: User, _chance: Random) -> None:
        unblock_user(blocker=me, blocked=other)

    def _mute(self, me: User, other: User, _chance: Random) -> None:
        mute_user(muter=me, muted=other)

    def _unmute(self, me: User, other: User, _chance: Random) -> None:
        unmute_user(muter=me, muted=other)

    def _follow(self, me: User, other: User, _chance: Random) -> None:
        follow_user(follower=me, followed=other)

    def _unfollow(self, me: User, other: User, _chance: Random) -> None:
        unfollow_user(follower=me, followed=other)

    def _read_notices(self, me: User, _other: User, _chance: Random) -> None:
        reading.mark_read(person=me)

    def _read_a_notice(self, me: User, _other: User, chance: Random) -> None:
        newest = Notification.objects.filter(person=me).order_by("-pk")
        ids = list(newest.values_list("pk", flat=True)[:RECENT]) or [0]
        reading.mark_group_read(person=me, notice_id=chance.choice(ids), now=timezone.now())

    def _talk(self, me: User, chance: Random) -> int:
        mine = Member.objects.filter(person=me).values_list("conversation", flat=True)
        return chance.choice(list(mine) or [0])

    def _recent(self, model: Any, chance: Random) -> int:
        ids = list(model.objects.order_by("-pk").values_list("pk", flat=True)[:RECENT])
        return chance.choice(ids or [0])

    # ------------------------------------------------------------ what should be counted
    def differences(self) -> list[str]:
        """Sentences about what is counted wrongly; none where all is exact."""
        rows = Rows()
        wrong = []
        for person in self.people:
            expected = rows.unread(person.pk)
            counted = Counter(
                Message.objects.unread_by(person).values_list("conversation", flat=True)
            )
            if counted != expected:
                wrong.append(f"unread of {person}: {counted} instead of {expected}")
            for shelf in ("", "requests", "closed"):
                for talk in listed_for(person, shelf):
                    if talk.unread != expected[talk.pk]:
                        wrong.append(f"list of {person}: {talk.pk} shows {talk.unread}")
            if has_unread(person) != rows.has_dot(person.pk):
                wrong.append(f"dot of {person}: {has_unread(person)}")
            notices = rows.notices(person.pk)
            if reading.unread_count(person) != notices:
                wrong.append(f"notices of {person}: {reading.unread_count(person)} not {notices}")
        return wrong + [str(row) for row in rows.wrong_counters()]


class Rows:
    """Whole tables in memory, and the rules in plain Python."""

    def __init__(self) -> None:
        self.blocks = {frozenset(pair) for pair in Block.objects.values_list("blocker", "blocked")}
        self.mutes = set(Mute.objects.values_list("muter", "muted"))
        self.members = {(m.conversation_id, m.person_id): m for m in Member.objects.all()}
        self.messages = list(Message.objects.select_related("conversation"))
        self.hidden = set(HiddenMessage.objects.values_list("person", "message"))
        self.comments = {comment.pk: comment for comment in Comment.objects.all()}
        self.authors = dict(Note.objects.values_list("pk", "author"))

    def parted(self, one: int | None, other: int | None) -> bool:
        return one is not None and other is not None and frozenset((one, other)) in self.blocks

    def is_unread(self, person: int, message: Message) -> bool:
        part = self.members.get((message.conversation_id, person))
        is_pair = bool(message.conversation.pair_key)
        if part is None or message.sender_id == person or message.taken_back_at or message.event:
            return False
        return (
            (part.state == "active" or (part.state == "requested" and is_pair))
            and message.pk > max(part.cleared_up_to, part.last_read)
            and (person, message.pk) not in self.hidden
            and (is_pair or not self.parted(person, message.sender_id))
        )

    def unread(self, person: int) -> Counter[int]:
        return Counter(m.conversation_id for m in self.messages if self.is_unread(person, m))

    def has_dot(self, person: int) -> bool:
        """Not for requests, nor for what a block closed, nor for whom they mute."""
        return any(
            self.is_unread(person, m)
            and self.members[m.conversation_id, person].state == "active"
            and (person, m.sender_id) not in self.mutes
            and not (m.conversation.pair_key and self.parted(person, m.sender_id))
            for m in self.messages
        )

    def notices(self, person: int) -> int:
        unread = Notification.objects.filter(person=person, read_at=None, shown=True)
        return sum(self.may_see(person, notice) for notice in unread)

    def may_see(self, person: int, notice: Notification) -> bool:
        comment = self.comments.get(notice.comment_id or 0)
        if notice.actor_id is None:
            return True
        if any(
            self.is_away(person, who) for who in (notice.actor_id, comment and comment.author_id)
        ):
            return False
        if notice.note_id and self.parted(person, self.authors[notice.note_id]):
            return False
        return comment is None or not (comment.deleted_at or comment.hidden_at)

    def is_away(self, person: int, other: int | None) -> bool:
        return self.parted(person, other) or (person, other) in self.mutes

    def wrong_counters(self) -> list[tuple[Any, ...]]:
        told = Comment.objects.filter(deleted_at=None, hidden_at=None)
        rows = {
            "likes": Counter(Like.objects.values_list("note", flat=True)),
            "collects": Counter(Collect.objects.values_list("note", flat=True)),
            "comments": Counter(told.values_list("note", flat=True)),
        }
        wrong: list[tuple[Any, ...]] = [
            (stats.pk, name, getattr(stats, name), count[stats.pk])
            for stats in NoteStats.objects.all()
            for name, count in rows.items()
            if getattr(stats, name) != count[stats.pk]
        ]
        likes = Counter(CommentLike.objects.values_list("comment", flat=True))
        wrong += [
            ("comment", c.pk, c.likes) for c in self.comments.values() if c.likes != likes[c.pk]
        ]
        return wrong

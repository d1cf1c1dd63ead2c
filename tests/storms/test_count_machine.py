"""People do things in any order: after every step all counters equal the rows they count."""

from __future__ import annotations

import random

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction
from django.utils import timezone
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from accounts.errors import DomainError
from accounts.models import Profile, User
from accounts.services import block_user, follow_user, unblock_user, unfollow_user
from community.models import Channel, Collect, Comment, CommentLike, Like, Note, NoteStats, Share
from community.moderation import services as staff
from community.outbox.jobs import work_off
from community.services import comments, reactions, sharing, writing
from feeds.invariants import audit

PEOPLE, NOTES = 4, 3
person = st.integers(0, PEOPLE - 1)
note = st.integers(0, NOTES - 1)
which = st.integers(0, 5)


class EverybodyAtOnce(RuleBasedStateMachine):
    """Any act by anybody; a refusal is an answer, anything else that is raised fails."""

    def __init__(self):
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()

    def teardown(self):
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize()
    def a_community(self):
        self.people = [User.objects.create_user(f"person{n}") for n in range(PEOPLE)]
        for user in self.people:
            user.user_permissions.add(Permission.objects.get(codename="add_decision"))
        self.people = list(User.objects.filter(username__startswith="person").order_by("pk"))
        channel = Channel.objects.get(slug="pottery")
        self.notes = []
        for n in range(NOTES):
            content = writing.NoteContent(title=f"Bowl {n}", body="Ash and fire", channel=channel)
            draft = writing.save_draft(author=self.people[n], content=content)
            writing.publish_note(author=self.people[n], note_id=draft.pk)
            self.notes.append(draft.pk)

    def tried(self, act, **arguments):
        try:
            act(**arguments)
        except DomainError:
            pass

    def comment(self, n):
        ids = list(Comment.objects.order_by("pk").values_list("pk", flat=True))
        return ids[n % len(ids)] if ids else 0

    @rule(p=person, n=note, act=st.sampled_from(
        [reactions.like_note, reactions.unlike_note, reactions.collect_note,
         reactions.uncollect_note, sharing.share_note, sharing.unshare_note]))  # fmt: skip
    def reacts(self, p, n, act):
        self.tried(act, person=self.people[p], note_id=self.notes[n])

    @rule(p=person, n=note, answer=st.booleans(), c=which)
    def comments(self, p, n, answer, c):
        reply_to = self.comment(c) if answer else None
        self.tried(
            comments.add_comment,
            author=self.people[p], note_id=self.notes[n], body="Lovely", reply_to=reply_to or None,
        )  # fmt: skip

    @rule(p=person, c=which)
    def takes_a_comment_back(self, p, c):
        self.tried(comments.delete_comment, actor=self.people[p], comment_id=self.comment(c))

    @rule(p=person, c=which, act=st.sampled_from(
        [reactions.like_comment, reactions.unlike_comment]))  # fmt: skip
    def likes_a_comment(self, p, c, act):
        self.tried(act, person=self.people[p], comment_id=self.comment(c))

    @rule(p=person, c=which, act=st.sampled_from(
        [staff.hide_comment, staff.restore_comment, staff.keep_comment]))  # fmt: skip
    def decides_on_a_comment(self, p, c, act):
        self.tried(act, moderator=self.people[p], comment_id=self.comment(c), reason="Because")

    @rule(p=person, n=note, act=st.sampled_from(
        [staff.hide_note, staff.restore_note, staff.restore_deleted_note]))  # fmt: skip
    def decides_on_a_note(self, p, n, act):
        self.tried(act, moderator=self.people[p], note_id=self.notes[n], reason="Because")

    @rule(n=note)
    def deletes_a_note(self, n):
        self.tried(writing.delete_note, author=self.people[n], note_id=self.notes[n])

    @rule(n=note, visibility=st.sampled_from(Note.Visibility.values))
    def edits_a_note(self, n, visibility):
        content = writing.NoteContent(title="Bowl", body="Ash again", visibility=visibility)
        self.tried(writing.edit_note, author=self.people[n], note_id=self.notes[n], content=content)

    @rule(p=person, q=person)
    def follows(self, p, q):
        self.tried(follow_user, follower=self.people[p], followed=self.people[q])

    @rule(p=person, q=person)
    def unfollows(self, p, q):
        self.tried(unfollow_user, follower=self.people[p], followed=self.people[q])

    @rule(p=person, q=person)
    def blocks(self, p, q):
        self.tried(block_user, blocker=self.people[p], blocked=self.people[q])

    @rule(p=person, q=person)
    def unblocks(self, p, q):
        self.tried(unblock_user, blocker=self.people[p], blocked=self.people[q])

    @rule()
    def workers_work(self):
        for queue in ("fanout", "feeds", "default"):
            work_off(queue)

    @invariant()
    def counters_equal_rows(self):
        for stats in NoteStats.objects.all():
            rows = {
                "likes": Like.objects.filter(note=stats.pk),
                "collects": Collect.objects.filter(note=stats.pk),
                "shares": Share.objects.filter(note=stats.pk),
                "comments": Comment.objects.filter(note=stats.pk, deleted_at=None, hidden_at=None),
            }
            said = {name: getattr(stats, name) for name in rows}
            assert said == {name: query.count() for name, query in rows.items()}
        for comment in Comment.objects.all():
            assert comment.likes == CommentLike.objects.filter(comment=comment).count()
        for profile in Profile.objects.select_related("person"):
            assert profile.followers_count == profile.person.followed_by.count()
            assert profile.following_count == profile.person.follows.count()

    @invariant()
    def the_audit_agrees(self):
        if random.Random(Comment.objects.count()).random() < 0.3:
            assert not [rows for rows in audit(now=timezone.now()).values() if rows]


@pytest.mark.drill
@pytest.mark.django_db
def test_counters_are_exact_after_any_order_of_acts():
    run_state_machine_as_test(
        EverybodyAtOnce, settings=settings(max_examples=12, stateful_step_count=30, deadline=None)
    )


@pytest.mark.django_db
def test_the_machine_would_see_a_counter_moved_without_a_row():
    """The control: somebody counts without looking whether there was a row."""

    class Careless(EverybodyAtOnce):
        @rule(n=note)
        def counts_without_row(self, n):
            reactions._count(self.notes[n], "likes", +1)

    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            Careless,
            # The first of them that shows it ends the search: mostly one of ten does.
            settings=settings(
                max_examples=200, stateful_step_count=10, deadline=None, phases=[Phase.generate]
            ),
        )


def test_a_comment_hidden_and_then_deleted_does_not_come_back(alice, bob, make_note):
    """Staff restores what staff hid; not what its author took back meanwhile."""
    bob.user_permissions.add(Permission.objects.get(codename="add_decision"))
    note = make_note(alice)
    comment = comments.add_comment(author=alice, note_id=note.pk, body="I should not have")
    staff.hide_comment(moderator=bob, comment_id=comment.pk, reason="Rude")
    comments.delete_comment(actor=alice, comment_id=comment.pk)
    with pytest.raises(DomainError):
        staff.restore_comment(moderator=bob, comment_id=comment.pk, reason="Fine after all")
    assert not Comment.objects.visible_to(alice).exists()
    assert NoteStats.objects.get(note=note).comments == 0

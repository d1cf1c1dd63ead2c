"""Who would be refused whatever they wrote reads why in the place of the form."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Profile
from accounts.services import block_user, follow_user
from community.messaging.services import Said, write_to
from community.services.comments import add_comment
from tests.safety.test_privacy import REACHED

CHOSE = "chose who may comment"
FORM = 'id="comment-body"'
CANNOT = "You cannot write to alice."


@pytest.mark.parametrize(("rule", "expected"), REACHED.items())
def test_the_form_is_there_for_whom_the_author_lets_comment(
    rule, expected, alice, make_person, make_note, as_person
):
    note = make_note(alice)
    people = [make_person(name) for name in ("stranger", "fan", "idol", "friend")]
    for follower, followed in ((1, alice), (3, alice), (alice, 2), (alice, 3)):
        one, other = (people[x] if isinstance(x, int) else x for x in (follower, followed))
        follow_user(follower=one, followed=other)
    Profile.objects.filter(person=alice).update(may_comment=rule)
    for person, allowed in zip([*people, alice], expected, strict=True):
        for path in (f"/notes/{note.pk}/", f"/notes/{note.pk}/comments/"):
            page = as_person(person).get(path).content.decode()
            assert (FORM in page, CHOSE in page) == (allowed, not allowed), (person, path)


def test_nobody_is_offered_to_answer_where_they_may_not(alice, charlie, make_note, as_person):
    note = make_note(alice)
    comment = add_comment(author=alice, note_id=note.pk, body="Thank you all")
    client = as_person(charlie)
    assert 'details class="reply"' in client.get(f"/notes/{note.pk}/").content.decode()
    Profile.objects.filter(person=alice).update(may_comment="nobody")
    for path in (f"/notes/{note.pk}/", f"/notes/{note.pk}/comments/", f"/comments/{comment.pk}/"):
        page = client.get(path).content.decode()
        assert "Thank you all" in page
        assert "<textarea" not in page


def test_a_visitor_is_asked_to_log_in_and_told_nothing_else(alice, make_note):
    note = make_note(alice)
    Profile.objects.filter(person=alice).update(may_comment="nobody")
    page = Client().get(f"/notes/{note.pk}/").content.decode()
    assert (CHOSE in page, "to comment." in page) == (False, True)


def test_whoever_wrote_too_much_reads_when_it_opens_again(
    alice, bob, make_note, as_person, settings
):
    settings.COMMENT_RATES = "1/1h"
    note = make_note(alice)
    client = as_person(bob)
    assert FORM in client.get(f"/notes/{note.pk}/").content.decode()
    written = client.post(
        f"/notes/{note.pk}/comments/", {"body": "One"}, headers={"HX-Request": "true"}
    )
    assert "It opens again" in written.content.decode()  # in the place of the emptied form
    page = client.get(f"/notes/{note.pk}/").content.decode()
    assert (FORM in page, "It opens again" in page) == (False, True)


def test_who_is_blocked_meets_neither_note_nor_form(alice, charlie, make_note, as_person):
    note = make_note(alice)
    block_user(blocker=alice, blocked=charlie)
    assert as_person(charlie).get(f"/notes/{note.pk}/").status_code == 404


# ---------------------------------------------------------------- messages
MESSAGES = [
    ("everyone", False, False, True),
    ("followed", False, False, False),
    ("followed", True, False, True),
    ("nobody", True, False, False),
    ("everyone", False, True, False),
    ("everyone", True, True, True),
]


@pytest.mark.parametrize(("allows", "followed", "teen", "offered"), MESSAGES)
def test_the_button_is_there_for_whom_one_lets_write(
    allows, followed, teen, offered, alice, charlie, as_person
):
    Profile.objects.filter(person=alice).update(may_message=allows, teen=teen)
    if followed:
        follow_user(follower=alice, followed=charlie)
    client = as_person(charlie)
    profile = client.get("/people/alice/").content.decode()
    assert ("/messages/new/?to=alice" in profile, CANNOT in profile) == (offered, not offered)
    form = client.get("/messages/new/?to=alice").content.decode()
    assert ("<textarea" in form, CANNOT in form) == (offered, not offered)


def test_a_conversation_that_is_there_stays_a_press_away(alice, charlie, as_person):
    write_to(sender=charlie, username="alice", said=Said(body="Hello"))
    Profile.objects.filter(person=alice).update(may_message="nobody")
    assert "/messages/new/?to=alice" in as_person(charlie).get("/people/alice/").content.decode()


def test_a_name_that_nobody_has_is_said_before_anything_is_typed(charlie, as_person):
    page = as_person(charlie).get("/messages/new/?to=nobody.here").content.decode()
    assert "There is nobody of this name." in page

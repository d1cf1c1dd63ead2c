"""What an account may write in a while, by its age."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from accounts.limits import TooManyWritten, TooOften
from accounts.models import User
from accounts.rates import Rate, rate_at_age
from community.messaging.services import Said, write_to
from community.models import Comment, Note
from community.rules.pace import check_room_for_comment
from community.services.comments import add_comment, delete_comment

RATES = "1d:2/24h 7d:3/24h 5/24h"
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
AGES = [
    (-HOUR, 2),  # a clock that was set back makes nobody older
    (timedelta(0), 2),
    (DAY - SECOND, 2),
    (DAY, 3),
    (7 * DAY - SECOND, 3),
    (7 * DAY, 5),
    (4_000 * DAY, 5),
]
PLAIN = [("50/24h", timedelta(0), 50), ("50/24h", 4_000 * DAY, 50), ("3d:1/1h 2/1h", 3 * DAY, 2)]
WRONG = ["", "1d:2/24h", "d:2/24h 3/24h", "0d:2/24h 3/24h", "1d:2/24 3/24h", "1w:2/24h 3/24h",
         "1d:0/24h 3/24h", "-1d:2/24h 3/24h", "1d:2/24h three"]  # fmt: skip


@pytest.mark.parametrize(("age", "times"), AGES)
def test_the_rate_of_an_age(age, times):
    assert rate_at_age(RATES, age) == Rate(times, timedelta(hours=24))


@pytest.mark.parametrize(("rates", "age", "times"), PLAIN)
def test_a_rate_without_an_age_is_for_all_who_are_left(rates, age, times):
    assert rate_at_age(rates, age).times == times


@pytest.mark.parametrize("rates", WRONG)
def test_what_reads_like_no_rate_is_refused_where_it_is_read(rates):
    with pytest.raises(ImproperlyConfigured):  # a right first part answers for new accounts
        [rate_at_age(rates, age) for age in (timedelta(0), 4_000 * DAY)]


def aged(person, age, now):
    User.objects.filter(pk=person.pk).update(date_joined=now - age)
    return User.objects.select_related("profile").get(pk=person.pk)


def written(act, most):
    """How often it goes through until it is refused, at most `most` times; and the refusal."""
    for done in range(most):
        try:
            act(done)
        except (TooManyWritten, TooOften) as refused:
            return done, refused
    return most, None


@pytest.mark.parametrize(("age", "times"), AGES[1:])
def test_comments_end_with_the_rate_of_the_accounts_age(
    age, times, alice, bob, make_note, settings
):
    settings.COMMENT_RATES = RATES
    now, note = timezone.now(), make_note(alice)
    writer = aged(bob, age, now)

    def comment(number):
        add_comment(author=writer, note_id=note.pk, body=f"Word {number}", now=now)

    done, refused = written(comment, 9)
    assert (done, Comment.objects.count()) == (times, times)
    assert refused.opens_at == now + timedelta(hours=24)


@pytest.mark.parametrize(("age", "times"), [AGES[1], AGES[3], AGES[5]])
def test_notes_end_with_the_rate_of_the_accounts_age(age, times, alice, make_note, settings):
    settings.NOTE_RATES = RATES
    writer = aged(alice, age, timezone.now())
    done, refused = written(lambda n: make_note(writer, f"Bowl {n}", ago=timedelta(0)), 9)
    assert done == times
    assert isinstance(refused, TooManyWritten)
    assert Note.objects.filter(state=Note.State.PUBLISHED).count() == times


def test_an_account_grows_into_more_and_a_window_empties(alice, bob, make_note, settings):
    settings.COMMENT_RATES = "1d:1/1h 2/1h"
    now, note = timezone.now(), make_note(alice)
    writer = aged(bob, DAY - HOUR / 2, now)
    say = [now, now + HOUR / 4, now + HOUR / 2, now + HOUR * 3 / 4, now + HOUR]
    went = []
    for moment in say:
        try:
            add_comment(author=writer, note_id=note.pk, body=f"At {moment}", now=moment)
            went.append(True)
        except TooManyWritten:
            went.append(False)
    # One; too soon; a day old now, so a second; two in this hour; the first has left it.
    assert went == [True, False, True, False, True]


def test_what_was_taken_back_still_counts(alice, bob, make_note, settings):
    settings.COMMENT_RATES = "1/1h"
    note = make_note(alice)
    comment = add_comment(author=bob, note_id=note.pk, body="Never mind")
    delete_comment(actor=bob, comment_id=comment.pk)
    with pytest.raises(TooManyWritten):
        add_comment(author=bob, note_id=note.pk, body="Or do")


def test_staff_is_not_counted(alice, make_note, settings):
    settings.COMMENT_RATES = "1/1h"
    note = make_note(alice)
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    chief = User.objects.get(pk=alice.pk)
    for number in range(3):
        add_comment(author=chief, note_id=note.pk, body=f"Word {number}")
    check_room_for_comment(chief, now=timezone.now())


@pytest.mark.parametrize("before", [0, 1, 2, 3])
def test_whether_there_is_room_is_known_before_as_it_is_after(
    before, alice, bob, make_note, settings
):
    settings.COMMENT_RATES = "3/1h"
    now, note = timezone.now(), make_note(alice)
    for number in range(before):
        moment = now + timedelta(minutes=number)
        add_comment(author=bob, note_id=note.pk, body=f"Word {number}", now=moment)
    moment = now + timedelta(minutes=30)
    ends = []
    for act in (
        lambda: check_room_for_comment(bob, now=moment),
        lambda: add_comment(author=bob, note_id=note.pk, body="One more", now=moment),
    ):
        try:
            act()
            ends.append(None)
        except TooManyWritten as refused:
            ends.append(refused.opens_at)
    assert ends == ([now + HOUR] * 2 if before == 3 else [None, None])


@pytest.mark.parametrize(("age", "times"), [(timedelta(0), 2), (DAY - HOUR, 2), (DAY, 4)])
def test_a_new_account_begins_fewer_conversations_with_strangers(
    age, times, charlie, make_person, settings
):
    settings.NEW_MESSAGE_REQUEST_RATE, settings.MESSAGE_REQUEST_RATE = "2/24h", "4/24h"
    writer = aged(charlie, age, timezone.now())
    names = [make_person(f"stranger{number}").username for number in range(6)]
    done, _refused = written(
        lambda n: write_to(sender=writer, username=names[n], said=Said(body="Hello")), 6
    )
    assert done == times


@pytest.mark.parametrize(("age", "times"), [(timedelta(0), 2), (DAY, 4)])
def test_a_new_account_says_less_in_a_while(age, times, alice, bob, settings):
    settings.NEW_MESSAGE_RATE, settings.MESSAGE_RATE = "2/5m", "4/5m"
    writer = aged(alice, age, timezone.now())
    write_to(sender=bob, username="alice", said=Said(body="Tell me all"))
    done, _refused = written(
        lambda n: write_to(sender=writer, username="bob", said=Said(body=f"Word {n}")), 6
    )
    assert done == times

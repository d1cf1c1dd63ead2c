"""The bar of a channel, and what keeps a note from being recommended whatever its total."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.errors import Invalid
from accounts.models import User
from community.models import Channel, Note, NoteImage
from community.outbox.models import Job
from community.services.writing import NoteContent, edit_note
from feeds import catalogue, policies
from feeds.models import LiveNote, PoolEntry, QualityVerdict
from feeds.policy import Policy
from feeds.quality import judging, tasks
from feeds.quality.bars import bars_in_force, clear_bar, set_bar
from feeds.quality.models import ChannelBar, Standard
from tests.conftest import other_words
from tests.rows import changed, contents


@pytest.fixture
def settle(work_off):
    def work():
        Job.objects.update(run_at=timezone.now())
        while work_off():
            Job.objects.update(run_at=timezone.now())

    return work


@pytest.fixture
def operator(make_person):
    return make_person("operator")


def set_to(channel, bar, operator):
    return set_bar(channel=channel, bar=bar, by=operator, now=timezone.now())


def recommended(note) -> bool:
    row = LiveNote.objects.get(note=note)
    assert row.recommended == QualityVerdict.objects.get(note=note).passes
    return row.recommended


def test_a_channel_takes_its_own_bar_then_its_parents_then_the_policys(channel, operator):
    assert bars_in_force().of(channel) == 0.35
    set_to(channel.parent, 0.6, operator)
    assert bars_in_force().of(channel) == bars_in_force().of(channel.parent) == 0.6
    set_to(channel, 0.2, operator)
    assert (bars_in_force().of(channel), bars_in_force().of(channel.parent)) == (0.2, 0.6)
    clear_bar(channel=channel)
    assert bars_in_force().of(channel) == 0.6


@pytest.mark.parametrize("bar", [-0.1, 1.1, float("nan"), float("inf")])
def test_a_bar_that_makes_no_sense_is_refused(channel, operator, bar):
    with pytest.raises(Invalid):
        set_to(channel, bar, operator)
    assert not ChannelBar.objects.exists()


def test_another_bar_judges_the_channels_notes_anew_and_no_others(
    alice, make_note, channel, operator, settle
):
    elsewhere = Channel.objects.exclude(parent=channel.parent_id).exclude(parent=None).first()
    here, there = make_note(alice), make_note(alice, channel=elsewhere)
    settle()
    assert recommended(here)
    set_to(channel.parent, 0.99, operator)
    settle()
    assert (recommended(here), recommended(there)) == (False, True)
    assert PoolEntry.objects.get(note=here).state == PoolEntry.State.HELD
    clear_bar(channel=channel.parent)
    settle()
    assert recommended(here)
    assert PoolEntry.objects.get(note=here).state == PoolEntry.State.RUNNING


def test_judging_goes_on_until_every_note_of_the_channel_had_its_turn(
    alice, make_note, channel, operator, settle, monkeypatch
):
    monkeypatch.setattr(tasks, "AT_ONCE", 2)
    notes = [make_note(alice) for _ in range(5)]
    settle()
    set_to(channel, 0.99, operator)
    settle()
    assert not any(recommended(note) for note in notes)


def test_judging_twice_changes_nothing_and_costs_the_same_for_many(alice, make_note, settle):
    ids = [make_note(alice).pk for _ in range(12)]
    settle()
    before = contents()

    def statements(some):
        with CaptureQueriesContext(connection) as asked:
            assert judging.judge_again(some, now=timezone.now()) == 0
        return len(asked)

    assert statements(ids[:2]) == statements(ids)
    assert not changed(before, contents())


def test_a_new_policy_is_followed_without_being_told(alice, make_note, settle):
    note = make_note(alice)
    settle()
    assert tasks.follow_standard.once()
    assert not tasks.follow_standard.once()
    values = Policy().to_dict()
    values["pools"]["quality_bar"] = 0.99
    policies.publish(values=values, by=None)
    policies.forget()
    assert tasks.follow_standard.once()
    settle()
    assert not recommended(note)
    assert Standard.objects.get().bar == 0.99


# ---------------------------------------------------------------- copies
def test_a_copy_is_not_recommended_until_it_says_something_of_its_own(
    alice, bob, make_note, settle
):
    text = f"{other_words(901)}\n{other_words(902)}"
    first = make_note(alice, body=text, ago=timedelta(hours=5))
    copy, again = make_note(bob, body=text), make_note(alice, body=text)
    settle()
    assert recommended(first)
    assert not recommended(copy)
    assert recommended(again)
    scores = {note: LiveNote.objects.get(note=note).quality for note in (first, copy, again)}
    assert scores[copy] < scores[again] < scores[first]
    edit_note(
        author=bob,
        note_id=copy.pk,
        content=NoteContent(title="Mine", body=other_words(77), tags=[]),
    )
    NoteImage.objects.filter(note=copy).update(state=NoteImage.State.READY)  # the card, redrawn
    settle()
    assert recommended(copy)


def test_operators_may_let_copies_in(alice, bob, make_note, settle):
    values = Policy().to_dict()
    values["quality"]["least_originality"] = 0
    policies.publish(values=values, by=None)
    policies.forget()
    text = f"{other_words(901)}\n{other_words(902)}"
    make_note(alice, body=text, ago=timedelta(hours=5))
    copy = make_note(bob, body=text)
    settle()
    assert recommended(copy)


def test_refreshing_asks_as_much_for_many_notes_as_for_few(alice, make_note, settle):
    ids = [make_note(alice).pk for _ in range(12)]
    settle()

    def statements(some):
        with CaptureQueriesContext(connection) as asked:
            catalogue.refresh(some, now=timezone.now())
        return len(asked)

    assert statements(ids[:2]) == statements(ids)


# ---------------------------------------------------------------- the admin
@pytest.fixture
def desk(operator) -> Client:
    User.objects.filter(pk=operator.pk).update(is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(operator, backend="accounts.backends.PersonBackend")
    return client


def test_operators_set_change_and_remove_a_bar_in_the_admin(desk, operator, channel, alice):
    address = "/admin/quality/channelbar/"
    assert desk.post(f"{address}add/", {"channel": channel.pk, "bar": "0.5"}).status_code == 302
    row = ChannelBar.objects.get()
    assert (row.channel, row.bar, row.set_by) == (channel, 0.5, operator)
    assert Job.objects.filter(kind="quality.judge_channel").count() == 1
    assert desk.post(f"{address}{channel.pk}/change/", {"bar": "0.7"}).status_code == 302
    assert ChannelBar.objects.get().bar == 0.7
    assert b"0.7" in desk.get(address).content
    assert desk.post(f"{address}{channel.pk}/change/", {"bar": "7"}).status_code == 200
    assert ChannelBar.objects.get().bar == 0.7
    assert desk.post(f"{address}{channel.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not ChannelBar.objects.exists()
    assert not Note.objects.exists()

"""A second cover from the choice to the decision, with what ends it in between."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.errors import Conflict, Invalid, NotAllowed
from community.models import NoteImage, NoteRevision
from community.outbox.models import Job
from community.services.covers import choose_second_cover
from community.services.pictures import arrange_pictures, finish_picture, remove_picture
from community.services.writing import NoteContent, delete_note, edit_note, publish_note
from feeds.covers import services
from feeds.covers.counting import count
from feeds.covers.models import CoverTest
from feeds.covers.reading import waiting_words
from feeds.covers.rules import Kept, State, Verdict, judge
from feeds.models import PoolDelivery, PoolEntry
from feeds.policy import Policy

from .conftest import picture


def order(note):
    return list(note.images.order_by("position").values_list("alt", flat=True))


def roles(note):
    return set(note.images.values_list("second_cover", flat=True)) - {""}


def standing(note):
    test = CoverTest.objects.get(pk=note.pk)
    return test.state, test.kept, test.why


def soon():
    return timezone.now() + timedelta(minutes=1)


# ---------------------------------------------------------------- the choice
def test_what_is_no_other_picture_of_the_note_is_refused(alice, draft, make_note):
    strange = picture(make_note(alice, publish=False), 0)
    refused = picture(draft, 5)
    NoteImage.objects.filter(pk=refused.pk).update(state="refused")
    first = draft.images.get(position=0)
    for image, code in ((strange, "not_its_picture"), (refused, "not_its_picture"),
                        (first, "same_cover")):  # fmt: skip
        with pytest.raises(Invalid) as refusal:
            choose_second_cover(author=alice, note_id=draft.pk, image_id=image.pk)
        assert (refusal.value.field, refusal.value.kind) == ("second_cover", code)
    assert not roles(draft)


def test_only_the_author_chooses(bob, draft, make_note, alice):
    published = make_note(alice)
    picture(published, 1)
    with pytest.raises(NotAllowed):
        choose_second_cover(author=bob, note_id=published.pk, image_id=None)


def test_one_is_chosen_at_a_time_and_can_be_taken_back(alice, draft):
    for position in (1, 2):
        image = draft.images.get(position=position)
        choose_second_cover(author=alice, note_id=draft.pk, image_id=image.pk)
        assert draft.images.get(second_cover="chosen") == image
    choose_second_cover(author=alice, note_id=draft.pk, image_id=None)
    assert not roles(draft)


def test_a_chosen_cover_that_becomes_the_first_is_none(alice, draft):
    ids = list(draft.images.order_by("position").values_list("pk", flat=True))
    choose_second_cover(author=alice, note_id=draft.pk, image_id=ids[1])
    arrange_pictures(author=alice, note_id=draft.pk, order=[ids[0], ids[2], ids[1]])
    assert roles(draft) == {"chosen"}
    arrange_pictures(author=alice, note_id=draft.pk, order=[ids[1], ids[0], ids[2]])
    assert not roles(draft)


def test_a_chosen_cover_that_is_refused_later_is_none(alice, draft, work_off):
    late = picture(draft, 3, ready=False)
    choose_second_cover(author=alice, note_id=draft.pk, image_id=late.pk)
    finish_picture(late, now=timezone.now(), state="refused", refusal="broken")
    assert not roles(draft)


# ---------------------------------------------------------------- the beginning
def test_the_test_begins_with_the_first_pool(under_test):
    assert standing(under_test) == ("running", "", "")
    assert roles(under_test) == {"shown"}


def test_a_cover_that_is_not_ready_begins_when_it_is(alice, draft, work_off):
    late = picture(draft, 3, ready=False)
    choose_second_cover(author=alice, note_id=draft.pk, image_id=late.pk)
    publish_note(author=alice, note_id=draft.pk)
    work_off()
    assert not CoverTest.objects.exists()
    assert "begins when it is ready" in waiting_words(draft)
    finish_picture(late, now=timezone.now(), state="ready")
    work_off()
    assert CoverTest.objects.get().second == late.pk
    assert waiting_words(draft) == ""


def test_a_note_that_enters_no_pool_is_not_tested(alice, draft, work_off):
    image = draft.images.get(position=1)
    choose_second_cover(author=alice, note_id=draft.pk, image_id=image.pk)
    publish_note(author=alice, note_id=draft.pk, now=timezone.now() - timedelta(days=30))
    work_off()
    assert PoolEntry.objects.get(pk=draft.pk).state == "settled"
    assert not CoverTest.objects.exists()
    assert roles(draft) == {"chosen"}
    assert "is not tested" in waiting_words(draft)


def test_it_can_be_chosen_late_until_the_note_was_sent_to_somebody(alice, bob, draft, work_off):
    publish_note(author=alice, note_id=draft.pk)
    work_off()
    image = draft.images.get(position=2)
    with pytest.raises(Conflict):
        choose_second_cover(author=alice, note_id=draft.pk, image_id=image.pk)
    sent = PoolDelivery.objects.create(
        note=draft, tier=0, person=bob, reserved_at=timezone.now(), seen_at=None
    )
    chosen = {"author": alice, "note_id": draft.pk, "image_id": image.pk, "now": timezone.now()}
    with pytest.raises(Conflict):
        services.choose_late(**chosen)
    sent.delete()
    assert services.choose_late(**chosen).second == image.pk
    with pytest.raises(Conflict):
        services.choose_late(**chosen)


def test_a_late_choice_waits_for_its_picture(alice, draft, work_off):
    publish_note(author=alice, note_id=draft.pk)
    late = picture(draft, 3, ready=False)
    work_off()
    with pytest.raises(Invalid):
        services.choose_late(
            author=alice, note_id=draft.pk, image_id=late.pk, now=timezone.now()
        )  # fmt: skip
    assert not roles(draft)


# ---------------------------------------------------------------- counting
def test_only_views_that_the_first_pool_counted_are_figures(under_test, read_by, bob):
    read_by(under_test, second=False, seen=4, opens=1)
    read_by(under_test, second=True, seen=6, opens=3)
    read_by(under_test, second=True, seen=5, opens=5, counts=False)
    test = CoverTest.objects.get()
    before = test.started_at - timedelta(seconds=1)
    PoolDelivery.objects.create(
        note=under_test, tier=0, person=bob, reserved_at=before, seen_at=soon()
    )
    first, second = count(test, until=soon())
    assert (first.seen, first.opens, second.seen, second.opens) == (4, 1, 6, 3)


# ---------------------------------------------------------------- the decision
def test_the_better_second_cover_becomes_the_first_without_a_new_review(
    under_test, read_by, work_off
):
    read_by(under_test, second=False, seen=40, opens=2)
    read_by(under_test, second=True, seen=40, opens=25)
    revision, edited = under_test.revision, under_test.edited_at
    assert services.look(now=soon()) == 1
    under_test.refresh_from_db()
    assert standing(under_test) == ("decided", "second", "")
    assert order(under_test) == ["view 1", "view 0", "view 2"]
    assert not roles(under_test)
    assert under_test.revision > revision
    assert under_test.edited_at == edited
    assert not NoteRevision.objects.filter(note=under_test).exists()
    assert Job.objects.filter(kind="feeds.refresh").exists()
    work_off()
    assert PoolEntry.objects.get(pk=under_test.pk).state == "running"


def test_looking_twice_changes_nothing(under_test, read_by):
    read_by(under_test, second=False, seen=40, opens=2)
    read_by(under_test, second=True, seen=40, opens=25)
    services.look(now=soon())
    under_test.refresh_from_db()
    decided = CoverTest.objects.values().get()
    assert services.look(now=soon() + timedelta(hours=1)) == 0
    assert CoverTest.objects.values().get() == decided
    revision = under_test.revision
    under_test.refresh_from_db()
    assert under_test.revision == revision


def test_a_worker_that_is_late_changes_nothing(under_test, read_by, alice):
    test = CoverTest.objects.get()
    services.stop(author=alice, note_id=under_test.pk, keep="second", now=soon())
    assert not services._end(test, Verdict(State.CLOSE, Kept.FIRST), soon())
    assert standing(under_test) == ("stopped", "second", "")
    assert order(under_test)[0] == "view 1"


@pytest.mark.parametrize(("tier", "state"), [(1, "running"), (0, "settled"), (3, "hot")])
def test_undecided_at_the_gate_the_first_stays(under_test, read_by, tier, state):
    read_by(under_test, second=False, seen=40, opens=5)
    read_by(under_test, second=True, seen=40, opens=7)
    assert services.look(now=soon()) == 0
    PoolEntry.objects.filter(pk=under_test.pk).update(tier=tier, state=state)
    assert services.look(now=soon()) == 1
    assert standing(under_test) == ("close", "first", "")
    assert order(under_test)[0] == "view 0"
    assert not roles(under_test)


def test_the_figures_kept_lead_to_the_decision_again(under_test, read_by):
    read_by(under_test, second=False, seen=40, opens=25)
    read_by(under_test, second=True, seen=40, opens=2)
    services.look(now=soon())
    test = CoverTest.objects.get()
    first, second, rules = test.at_the_end()
    again = judge(first, second, over=False, rules=rules)
    assert (again.state, again.kept) == (test.state, test.kept) == ("decided", "first")


def test_the_author_stops_it_and_chooses(under_test, alice, bob):
    for keep in ("both", ""):
        with pytest.raises(Invalid):
            services.stop(author=alice, note_id=under_test.pk, keep=keep, now=soon())
    with pytest.raises(NotAllowed):
        services.stop(author=bob, note_id=under_test.pk, keep="second", now=soon())
    services.stop(author=alice, note_id=under_test.pk, keep="second", now=soon())
    assert standing(under_test) == ("stopped", "second", "")
    assert order(under_test)[0] == "view 1"
    with pytest.raises(Conflict):
        services.stop(author=alice, note_id=under_test.pk, keep="first", now=soon())


# ---------------------------------------------------------------- what ends it
def edited(alice, note):
    content = NoteContent(title="Another title", body=note.body, channel=note.channel)
    edit_note(author=alice, note_id=note.pk, content=content)


def reordered(alice, note):
    ids = list(note.images.order_by("position").values_list("pk", flat=True))
    arrange_pictures(author=alice, note_id=note.pk, order=ids[::-1])


def removed(position):
    def remove(alice, note):
        image = note.images.get(position=position)
        remove_picture(author=alice, note_id=note.pk, image_id=image.pk)

    return remove


@pytest.mark.parametrize(
    ("change", "why"),
    [(edited, "edited"), (reordered, "pictures"), (removed(0), "pictures"),
     (removed(1), "pictures"), (removed(2), "pictures")],
)  # fmt: skip
def test_what_the_author_changes_ends_the_test(under_test, alice, work_off, change, why):
    revision = under_test.revision
    change(alice, under_test)
    work_off()
    assert standing(under_test) == ("ended", "first", why)
    assert not roles(under_test)
    under_test.refresh_from_db()
    assert under_test.revision > revision
    assert services.look(now=soon()) == 0


def test_new_words_for_those_who_cannot_see_change_nothing(under_test, alice):
    ids = list(under_test.images.order_by("position").values_list("pk", flat=True))
    arrange_pictures(author=alice, note_id=under_test.pk, order=ids, alts={ids[0]: "a bowl"})
    assert standing(under_test)[0] == "running"


def test_a_withdrawn_note_ends_it(under_test, alice, work_off):
    delete_note(author=alice, note_id=under_test.pk)
    work_off()
    assert services.look(now=soon()) == 1
    assert standing(under_test) == ("ended", "first", "withdrawn")
    assert not roles(under_test)


def test_switched_off_it_ends_and_none_begins(under_test, alice, monkeypatch):
    off = Policy.from_dict({"covers": {"test": "off"}})
    monkeypatch.setattr(services, "current", lambda: (1, off))
    assert services.look(now=soon()) == 1
    assert standing(under_test) == ("ended", "first", "switched_off")
    assert services.begin([under_test.pk], now=soon()) == 0

"""A person's own say: what is known of them, pinned, forgotten, dialled, and switched off."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.errors import Invalid, NotFound
from accounts.services import choose_interests, edit_profile, follow_user
from community.models import Channel, Tag
from community.services.places import find_or_create_place
from community.services.reactions import like_note
from feeds import choices, less
from feeds.discover import build_discover
from feeds.geo import Point
from feeds.interests import learn_from_search
from feeds.known_taste import known_taste
from feeds.models import Event, Impression, Interest
from feeds.policy import Policy
from feeds.serving import serve_discover, serve_following, serve_nearby
from feeds.taste import taste_of

pytestmark = pytest.mark.django_db
RULES = Policy().interests


def tag_id(key):
    return Tag.objects.get(key=key).pk


def taste(person):
    return taste_of(person.pk, now=timezone.now(), rules=RULES)


def test_an_act_that_is_not_digested_yet_counts_once(alice, charlie, make_note, work_off):
    note = make_note(alice, tags=["raku"])
    like_note(person=charlie, note_id=note.pk)
    before = taste(charlie)
    assert before.tags == {tag_id("raku"): 1.0}
    work_off()
    assert taste(charlie).recent_tags == pytest.approx(before.recent_tags, rel=0.01)
    work_off()
    assert Interest.objects.get(person=charlie, kind=Interest.Kind.TAG).acts == 1


def test_the_next_page_of_a_reading_follows_a_like_and_repeats_nothing(
    alice, make_person, make_note, work_off, settings
):
    reader, other = make_person("reader"), make_person("other")
    oak = [make_note(other, f"Oak {n}", tags=["oak"], ago=timedelta(hours=2)) for n in range(25)]
    raku = [make_note(alice, f"Raku {n}", tags=["raku"], ago=timedelta(days=5)) for n in range(25)]
    work_off()
    first = serve_discover(viewer=reader)
    served = [item.note_id for item in first.items]
    for note in raku[:4]:
        like_note(person=reader, note_id=note.pk)
    second = serve_discover(viewer=reader, cursor=first.next_cursor)
    following = [item.note_id for item in second.items]
    assert not set(following) & set(served)
    about_raku = {note.pk for note in raku}
    share = [sum(pk in about_raku for pk in page[:10]) for page in (served, following)]
    assert share[1] > share[0]
    assert {note.pk for note in oak} & {*served, *following}


def test_this_sitting_outweighs_last_months_and_then_fades(alice, charlie, make_note, work_off):
    now = timezone.now()
    Interest.objects.create(
        person=charlie, kind=Interest.Kind.TAG, target=999, weight=40, recent=0,
        as_of=now - timedelta(days=3), because="like",
    )  # fmt: skip
    for n in range(3):
        like_note(person=charlie, note_id=make_note(alice, f"N {n}", tags=["raku"]).pk)
    at_once = taste_of(charlie.pk, now=now, rules=RULES)
    tomorrow = taste_of(charlie.pk, now=now + timedelta(days=1), rules=RULES)
    assert at_once.tags[tag_id("raku")] > 0.5
    assert tomorrow.tags[tag_id("raku")] < at_once.tags[tag_id("raku")] / 2
    assert not tomorrow.recent_tags


def test_a_search_is_an_interest_and_says_so(alice, charlie, make_note):
    make_note(alice, tags=["raku"])
    learn_from_search(
        person_id=charlie.pk, tag_ids=[tag_id("raku")], channel_ids=[], at=timezone.now()
    )
    [known] = known_taste(charlie, now=timezone.now()).interests["tag"]
    assert known.name == "#raku"
    assert "you searched for it" in known.why


def test_what_was_removed_stays_away_until_it_is_brought_back(alice, charlie, make_note, work_off):
    note = make_note(alice, tags=["raku"])
    like_note(person=charlie, note_id=note.pk)
    work_off()
    pk = tag_id("raku")
    choices.remove_interest(person=charlie, kind="tag", target=pk, now=timezone.now())
    like_note(person=charlie, note_id=make_note(alice, "Again", tags=["raku"]).pk)
    assert pk not in taste(charlie).tags
    work_off()
    assert pk not in taste(charlie).tags
    assert Interest.objects.get(person=charlie, target=pk, kind=Interest.Kind.TAG).weight == 0
    choices.restore_interest(person=charlie, kind="tag", target=pk)
    like_note(person=charlie, note_id=make_note(alice, "Third", tags=["raku"]).pk)
    assert pk in taste(charlie).tags


def test_a_chosen_channel_can_be_removed_though_no_act_made_it(charlie):
    choose_interests(person=charlie, slugs=["craft", "books", "music"])
    craft = Channel.objects.get(slug="craft")
    assert craft.pk in taste(charlie).channels
    choices.remove_interest(person=charlie, kind="channel", target=craft.pk, now=timezone.now())
    assert craft.pk not in taste(charlie).channels


def test_a_pinned_interest_does_not_fade(alice, charlie, make_note, work_off):
    like_note(person=charlie, note_id=make_note(alice, tags=["raku"]).pk)
    work_off()
    pk, now = tag_id("raku"), timezone.now()
    choices.pin_interest(person=charlie, kind="tag", target=pk, now=now)
    later = taste_of(charlie.pk, now=now + timedelta(days=900), rules=RULES)
    assert later.tags == {pk: 1.0}
    choices.unpin_interest(person=charlie, kind="tag", target=pk)
    assert not taste_of(charlie.pk, now=now + timedelta(days=900), rules=RULES).tags


def test_interests_in_what_one_may_not_know_of_are_refused(alice, charlie, make_note):
    make_note(alice, tags=["secret-plan"], visibility="private")
    for act in (choices.pin_interest, choices.remove_interest):
        with pytest.raises(NotFound):
            act(person=charlie, kind="tag", target=tag_id("secret-plan"), now=timezone.now())
    with pytest.raises(Invalid):
        choices.change_interest(
            person=charlie, act="pin", kind="colour", target=1, now=timezone.now()
        )


def test_switched_off_two_people_with_different_lives_get_the_same_list(
    alice, bob, charlie, make_note, work_off
):
    notes = [make_note(alice, f"N {n}", tags=["raku" if n % 2 else "oak"]) for n in range(12)]
    for note in notes[::2]:
        like_note(person=charlie, note_id=note.pk)
    saw(bob, *notes[::2])  # what was seen is left out for both
    choose_interests(person=charlie, slugs=["craft", "books", "music"])
    follow_user(follower=charlie, followed=alice)
    work_off()
    for person in (bob, charlie):
        edit_profile(person=person, personalised=False, city="Hangzhou")
    choices.set_dials(person=charlie, by_time=False, new=2, unknown=2, far=-2, varied=1)
    now = timezone.now()
    lists = [build_discover(person.pk, now=now) for person in (bob, charlie)]
    assert {tuple(row[:2]) for row in lists[0].rows} == {tuple(row[:2]) for row in lists[1].rows}
    assert all(not snapshot.taste["tags"] for snapshot in lists)
    assert {row[1] for row in lists[1].rows} <= {"popular", "fresh", "hot", "pool", "quality"}


def test_switched_off_nothing_is_learnt_either(alice, charlie, make_note, work_off):
    edit_profile(person=charlie, personalised=False)
    like_note(person=charlie, note_id=make_note(alice, tags=["raku"]).pk)
    work_off()
    assert not Interest.objects.filter(person=charlie).exists()


def test_what_one_liked_or_opened_elsewhere_was_seen(alice, charlie, make_note, work_off):
    liked, opened, new = (make_note(alice, title) for title in ("Liked", "Opened", "New"))
    work_off()
    like_note(person=charlie, note_id=liked.pk)
    Event.objects.create(
        person=charlie, note=opened, kind=Event.Kind.OPEN, feed="search", at=timezone.now()
    )
    snapshot = build_discover(charlie.pk, now=timezone.now())
    assert [row[0] for row in snapshot.rows] == [new.pk]
    on_page = {item.note_id for item in serve_discover(viewer=charlie).items}
    assert liked.pk not in on_page, "nor on a reserved slot"


def test_by_time_is_newest_first(alice, charlie, make_note, work_off):
    hours = [5, 1, 9, 3, 7]
    notes = {hour: make_note(alice, f"N {hour}", ago=timedelta(hours=hour)) for hour in hours}
    work_off()
    choices.set_dials(person=charlie, by_time=True)
    snapshot = build_discover(charlie.pk, now=timezone.now())
    assert [row[0] for row in snapshot.rows] == [notes[hour].pk for hour in sorted(hours)]


@pytest.mark.parametrize("setting", [3, -3, 99])
def test_dials_have_ends(charlie, setting):
    with pytest.raises(Invalid):
        choices.set_dials(person=charlie, by_time=False, new=setting)


def test_less_of_a_tag_empties_the_next_page_of_it_and_undo_brings_it_back(
    alice, charlie, make_note, work_off
):
    make_note(alice, tags=["raku"], place=None)
    for n in range(6):
        make_note(alice, f"R {n}", tags=["raku"])
        make_note(alice, f"O {n}", tags=["oak"])
    work_off()
    pk = tag_id("raku")
    about = set(Tag.objects.get(pk=pk).tagged.values_list("content_object", flat=True))
    assert about & {item.note_id for item in serve_discover(viewer=charlie).items}
    less.less_of(person=charlie, kind="tag", target=pk)
    assert not about & {item.note_id for item in serve_discover(viewer=charlie).items}
    less.undo_less_of(person=charlie, kind="tag", target=pk)
    assert about & {item.note_id for item in serve_discover(viewer=charlie).items}


def test_the_counter_tells_cards_before_and_since(alice, charlie, make_note):
    raku, oak = make_note(alice, tags=["raku"]), make_note(alice, "O", tags=["oak"])
    now = timezone.now()
    see = lambda note, at: Impression.objects.create(  # noqa: E731
        person=charlie, note=note, feed="discover", at=at
    )
    see(raku, now - timedelta(hours=1))
    less.less_of(person=charlie, kind="tag", target=tag_id("raku"), now=now)
    see(oak, now + timedelta(minutes=1))
    [effect] = less.effects(charlie)
    assert (effect.before, effect.of_before, effect.since, effect.of_since) == (1, 1, 0, 1)


def saw(person, *notes, ago=timedelta(minutes=5)):
    for note in notes:
        Impression.objects.create(person=person, note=note, feed="follow", at=timezone.now() - ago)


def test_follow_shows_the_unseen_first_then_says_so_and_shows_the_rest(
    alice, bob, make_note, work_off
):
    old, older = make_note(alice, "Old"), make_note(alice, "Older", ago=timedelta(hours=9))
    new = make_note(alice, "New", ago=timedelta(minutes=9))
    work_off()
    saw(bob, old, older)
    first = serve_following(viewer=bob)
    assert [item.note_id for item in first.items] == [new.pk]
    assert not first.seen_before
    saw(bob, new, ago=timedelta(seconds=-1))  # on the way
    second = serve_following(viewer=bob, cursor=first.next_cursor)
    assert [item.note_id for item in second.items] == [old.pk, older.pk]
    assert second.seen_before
    assert second.ended
    assert [item.position for item in second.items] == [1, 2]


def test_somebody_who_saw_all_is_told_at_once(alice, bob, make_note, work_off):
    note = make_note(alice)
    work_off()
    saw(bob, note)
    page = serve_following(viewer=bob)
    assert page.seen_before
    assert [item.note_id for item in page.items] == [note.pk]


def test_nearby_puts_what_was_seen_behind_the_rest(alice, bob, make_note, work_off):
    place = find_or_create_place(name="Kiln", city="Jingdezhen", latitude=29.27, longitude=117.18)
    far = find_or_create_place(name="Gallery", city="Jingdezhen", latitude=29.3, longitude=117.2)
    near_note = make_note(alice, "Near", place=place)
    far_note = make_note(alice, "Far", place=far)
    work_off()
    saw(bob, near_note)
    here = Point(29.27, 117.18)
    first = serve_nearby(viewer=bob, point=here)
    assert [item.note_id for item in first.items] == [far_note.pk]
    second = serve_nearby(viewer=bob, point=here, cursor=first.next_cursor)
    assert [item.note_id for item in second.items] == [near_note.pk]
    assert second.seen_before

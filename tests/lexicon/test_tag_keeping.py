"""Tags merged, named otherwise, banned: everything that hangs on them follows."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.errors import Invalid, NotFound
from community.lexicon.models import TagAlias
from community.models import Tag, TaggedNote
from community.services import tag_keeping
from community.services.writing import NoteContent, delete_note, edit_note
from community.views.known import tags_known_to
from feeds.less import less_of
from feeds.models import Interest, LessOf

NOW = timezone.now()


def tag(key):
    return Tag.objects.get(key=key)


def keys(note):
    return set(note.tags.values_list("key", flat=True))


def interest(person, of, weight, **fields):
    fields = {"as_of": NOW, "because": "like", "acts": 1} | fields
    return Interest.objects.create(
        person=person, kind=Interest.Kind.TAG, target=of.pk, weight=weight, **fields
    )


# ---------------------------------------------------------------- the index of tags
def test_the_index_follows_publishing_editing_and_deleting(alice, bob, make_note):
    note = make_note(alice, tags=["glaze"])
    assert tags_known_to(bob).filter(key="glaze").exists()
    content = NoteContent(title=note.title, body=note.body, tags=["kiln"])
    edit_note(author=alice, note_id=note.pk, content=content)
    assert keys(note) == {"kiln"}
    assert not tags_known_to(bob).filter(key="glaze").exists()
    delete_note(author=alice, note_id=note.pk)
    assert not tags_known_to(bob).exists()


# ---------------------------------------------------------------- merging
def test_a_merge_moves_notes_names_and_the_search_index(alice, make_note, work_off):
    both = make_note(alice, "Both words", tags=["glaze", "glazes"])
    one = make_note(alice, "One word", tags=["glazes"])
    before = one.revision
    assert tag_keeping.merge_tags(into=tag("glaze"), tags=[tag("glazes")], now=NOW) == 1
    work_off()
    assert keys(both) == keys(one) == {"glaze"}
    assert not Tag.objects.filter(key="glazes").exists()
    one.refresh_from_db()
    assert one.revision > before
    later = make_note(alice, "Written after", tags=["Glazes"])
    assert keys(later) == {"glaze"}


def test_interests_are_added_up_and_wishes_move(alice, bob, charlie, make_note):
    make_note(alice, tags=["glaze", "glazes"])
    glaze, glazes = tag("glaze"), tag("glazes")
    interest(bob, glaze, 2.0)
    interest(bob, glazes, 3.0, pinned=True, acts=4)
    interest(charlie, glazes, 1.0, removed=True)
    less_of(person=alice, kind="tag", target=glazes.pk, now=NOW)
    tag_keeping.merge_tags(into=glaze, tags=[glazes], now=NOW)
    rows = {row.person_id: row for row in Interest.objects.filter(kind=Interest.Kind.TAG)}
    assert set(rows) == {bob.pk, charlie.pk}
    assert rows[bob.pk].weight == pytest.approx(5.0)
    assert (rows[bob.pk].acts, rows[bob.pk].pinned) == (5, True)
    assert rows[charlie.pk].removed
    assert {row.target for row in rows.values()} == {glaze.pk}
    assert LessOf.objects.get(person=alice).target == glaze.pk


def test_old_weights_are_worth_what_they_are_worth_today(alice, bob, make_note):
    make_note(alice, tags=["glaze", "glazes"])
    interest(bob, tag("glaze"), 4.0, as_of=NOW - timedelta(days=30))
    interest(bob, tag("glazes"), 1.0)
    tag_keeping.merge_tags(into=tag("glaze"), tags=[tag("glazes")], now=NOW)
    assert Interest.objects.get(person=bob).weight == pytest.approx(4.0 / 2 + 1.0, rel=0.01)


def test_a_merge_into_itself_or_into_a_banned_tag_is_refused(alice, make_note):
    make_note(alice, tags=["glaze", "kiln"])
    with pytest.raises(Invalid):
        tag_keeping.merge_tags(into=tag("glaze"), tags=[tag("glaze")], now=NOW)
    tag_keeping.ban_tag(tag=tag("kiln"), reason="no", by=alice, now=NOW)
    with pytest.raises(Invalid):
        tag_keeping.merge_tags(into=tag("kiln"), tags=[tag("glaze")], now=NOW)
    assert TaggedNote.objects.count() == 2


# ---------------------------------------------------------------- other names
def test_another_name_stores_the_tag_and_leads_to_its_page(alice, make_note, client):
    make_note(alice, tags=["latte art"])
    alias = tag_keeping.add_alias(tag=tag("latte-art"), name="#拉花")
    note = make_note(alice, tags=["拉花"], body="Words enough. #拉花 and more of it.")
    assert keys(note) == {"latte-art"}
    answer = client.get("/tags/拉花/")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/tags/latte-art/")
    tag_keeping.remove_alias(tag=tag("latte-art"), alias_id=alias.pk)
    assert client.get("/tags/拉花/").status_code == 404


@pytest.mark.parametrize("name", ["", "# ", "Glaze", "kiln", "taken"])
def test_names_that_are_in_use_or_nothing_are_refused(alice, make_note, name):
    make_note(alice, tags=["glaze", "kiln"])
    tag_keeping.add_alias(tag=tag("kiln"), name="taken")
    with pytest.raises(Invalid):
        tag_keeping.add_alias(tag=tag("glaze"), name=name)
    assert TagAlias.objects.count() == 1


# ---------------------------------------------------------------- bans
def test_a_banned_tag_is_refused_on_new_notes_with_the_reason(alice, make_note):
    make_note(alice, tags=["glaze"])
    tag_keeping.ban_tag(tag=tag("glaze"), reason="used for spam", by=alice, now=NOW)
    for content in ({"tags": ["Glaze"]}, {"tags": [], "body": "Sneaked in. #glaze"}):
        with pytest.raises(Invalid, match="used for spam"):
            make_note(alice, **content)


def test_old_notes_keep_it_unseen_and_can_be_edited(alice, bob, make_note, client, work_off):
    note = make_note(alice, tags=["glaze", "kiln"])
    tag_keeping.ban_tag(tag=tag("glaze"), reason="spam", by=alice, now=NOW)
    work_off()
    assert client.get("/tags/glaze/").status_code == 404
    assert "#glaze" not in client.get(f"/notes/{note.pk}/").content.decode()
    assert set(tags_known_to(bob).values_list("key", flat=True)) == {"kiln"}
    content = NoteContent(title="Edited", body=note.body, tags=["kiln"])
    edit_note(author=alice, note_id=note.pk, content=content)
    assert keys(note) == {"glaze", "kiln"}
    tag_keeping.lift_ban(tag=tag("glaze"))
    assert client.get("/tags/glaze/").status_code == 200
    with pytest.raises(NotFound):
        tag_keeping.lift_ban(tag=tag("glaze"))


def test_a_word_is_banned_before_anybody_used_it(alice, make_note):
    tag_keeping.ban_word(name="#Casino", reason="spam", by=alice, now=NOW)
    with pytest.raises(Invalid):
        make_note(alice, tags=["casino"])
    with pytest.raises(Invalid):
        tag_keeping.ban_word(name="x", reason=" ", by=alice, now=NOW)

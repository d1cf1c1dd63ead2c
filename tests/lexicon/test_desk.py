"""Words and tags at the desk: imported whole or not at all, kept only by whoever may."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from community.lexicon.models import TagAlias, TagBan, Term
from community.lexicon.word_import import read_words, write_words
from community.models import Tag, TaggedNote
from feeds.models import Interest

TABLE = (
    "kind,name,aliases,tag,active\nbrand,Tidewear,潮衣|Tide Wear,,yes\nplace,Old Pier,,piers,no\n"
)


@pytest.fixture
def desk(make_person, client):
    keeper = make_person("keeper")
    keeper.is_staff = keeper.is_superuser = True
    keeper.save()
    client.force_login(keeper)
    return client


def upload(desk, text):
    file = SimpleUploadedFile("words.csv", text.encode("utf-8"), "text/csv")
    return desk.post("/admin/lexicon/term/import/", {"file": file})


def test_a_table_is_taken_and_taking_it_again_changes_nothing(desk):
    before = Term.objects.count()
    for _ in range(2):
        assert upload(desk, TABLE).status_code == 302
        assert Term.objects.count() == before + 2
    assert Term.objects.get(name="Tidewear").names() == ["Tidewear", "潮衣", "Tide Wear"]
    assert not Term.objects.get(name="Old Pier").is_active


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("kind,name\nbrand,Fine words\nfood,Tidewear\n", "Line 3: kind"),
        ("kind,name\nbrand,Fine words\nbrand,\n", "Line 3: name"),
        ("kind,name\nbrand,Fine words\nbrand,x\n", "must have 2 to 60 characters"),
        ("kind,name\nbrand,Tide\nbrand,TIDE\n", "stands in the file twice"),
        ("name\nTide\n", "missing: kind"),
        ("kind,name\n", "no rows"),
        ('kind,name\nbrand,Fine words\nbrand,"open', "no table"),
    ],
)
def test_whatever_is_wrong_is_told_and_nothing_is_taken(desk, text, told):
    before = Term.objects.count()
    assert told in upload(desk, text).content.decode()
    assert Term.objects.count() == before


def test_bytes_that_are_no_text_are_refused(db):
    for raw in (b"", b"\xff\xfe\x00", b"x" * 2_000_001):
        words = read_words(raw)
        assert words.faults
        assert write_words(words) == 0


def test_a_tag_is_merged_named_and_banned_on_its_page(desk, alice, bob, make_note):
    make_note(alice, tags=["glaze", "glazes"])
    glaze = Tag.objects.get(key="glaze")
    Interest.objects.create(
        person=bob, kind=Interest.Kind.TAG, target=glaze.pk, weight=1,
        because="like", as_of=bob.date_joined,
    )  # fmt: skip
    page = f"/admin/community/tag/{glaze.pk}/change/"
    assert "people interested: 1" in desk.get(page).content.decode()
    keep = f"/admin/community/tag/{glaze.pk}/keep/"
    for sent in (
        {"deed": "merge", "tags": "glazes, nothing"},
        {"deed": "add_alias", "name": "釉料"},
        {"deed": "ban", "reason": "spam"},
    ):
        assert desk.post(keep, sent).headers["Location"] == page
    assert TaggedNote.objects.count() == 1
    assert set(TagAlias.objects.values_list("key", flat=True)) == {"glazes", "釉料"}
    assert TagBan.objects.get().reason == "spam"
    desk.post(keep, {"deed": "lift_ban"})
    desk.post(keep, {"deed": "remove_alias", "alias": TagAlias.objects.get(key="釉料").pk})
    assert not TagBan.objects.exists()
    assert TagAlias.objects.count() == 1
    refused = desk.post(keep, {"deed": "merge", "tags": "nobody"}, follow=True)
    assert "Choose at least one other tag" in refused.content.decode()


def test_several_tags_are_merged_into_the_one_that_is_chosen(desk, alice, make_note):
    make_note(alice, tags=["glaze", "glazes", "glazing"])
    ids = dict(Tag.objects.values_list("key", "pk"))
    sent = {"action": "merge_selected", "_selected_action": list(ids.values())}
    asked = desk.post("/admin/community/tag/", sent)
    assert "Which of these tags stays?" in asked.content.decode()
    desk.post("/admin/community/tag/", sent | {"into": ids["glazes"]})
    assert list(Tag.objects.values_list("key", flat=True)) == ["glazes"]


def test_a_word_is_banned_and_freed_in_the_list_of_bans(desk):
    desk.post("/admin/lexicon/tagban/add/", {"name": "#Casino", "reason": "spam"})
    ban = TagBan.objects.get()
    assert ban.tag.key == "casino"
    assert desk.get(f"/admin/lexicon/tagban/{ban.pk}/change/").status_code == 200
    desk.post(f"/admin/lexicon/tagban/{ban.pk}/delete/", {"post": "yes"})
    assert not TagBan.objects.exists()


def test_a_ban_for_a_reason_that_nobody_sees_is_asked_again(desk):
    answer = desk.post("/admin/lexicon/tagban/add/", {"name": "casino", "reason": "\u200b"})
    assert answer.status_code == 200
    assert "Say why" in answer.content.decode()
    assert not TagBan.objects.exists()


def test_a_ban_is_called_by_its_tag(desk):
    desk.post("/admin/lexicon/tagban/add/", {"name": "casino", "reason": "spam"})
    assert str(TagBan.objects.get()) == "#casino: spam"


@pytest.mark.parametrize("number", ["9" * 20, "9" * 5000])
def test_numbers_that_fit_no_row_name_no_tag(desk, alice, make_note, number):
    make_note(alice, tags=["glaze"])
    glaze = Tag.objects.get(key="glaze")
    chosen = {"action": "merge_selected", "_selected_action": number[:20], "index": 0}
    assert desk.post("/admin/community/tag/", chosen).status_code < 500
    removed = {"deed": "remove_alias", "alias": number}
    assert desk.post(f"/admin/community/tag/{glaze.pk}/keep/", removed).status_code == 302
    assert desk.get(f"/admin/community/tag/?id__in={number[:20]}").status_code < 500


def test_staff_without_the_right_look_and_touch_nothing(client, alice, make_note, make_person):
    make_note(alice, tags=["glaze"])
    glaze = Tag.objects.get(key="glaze")
    staff = make_person("staff")
    staff.is_staff = True
    staff.save()
    client.force_login(staff)
    answer = client.post(f"/admin/community/tag/{glaze.pk}/keep/", {"deed": "ban", "reason": "x"})
    assert answer.status_code == 403
    assert client.get("/admin/lexicon/term/import/").status_code == 403
    assert not TagBan.objects.exists()

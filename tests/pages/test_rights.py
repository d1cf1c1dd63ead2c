"""What readers may do with a note, and whether a machine made it: said wherever the note is."""

from __future__ import annotations

import pytest

from accounts.errors import Invalid
from community.models import Note
from community.models.licence import Licence
from community.services.writing import NoteContent, edit_note, publish_note, save_draft
from feeds.serving import serve_following

WORDS = {"title": "Slow cooling", "body": "Eighty degrees an hour.", "channel": "pottery",
         "visibility": "public"}  # fmt: skip


@pytest.mark.parametrize("licence", Licence)
def test_the_page_names_the_licence_and_links_to_its_text(licence, alice, make_note, as_person):
    note = make_note(alice, licence=licence)
    html = as_person(None).get(f"/notes/{note.pk}/").content.decode()
    assert str(licence.label) in html
    assert ('rel="license' in html) == bool(licence.deed)
    assert licence.deed in html


def test_without_a_choice_all_rights_are_reserved(alice, make_note):
    note = make_note(alice)
    assert (note.licence, note.ai_made) == (Licence.RESERVED, False)


def test_a_licence_that_nobody_knows_is_refused(alice):
    with pytest.raises(Invalid) as refused:
        save_draft(author=alice, content=NoteContent(title="x", licence="wtfpl"))
    assert refused.value.field == "licence"


def test_the_form_saves_both_and_shows_them_again(alice, as_person):
    sent = WORDS | {"licence": "cc-by-sa", "ai_made": "on", "act": "publish"}
    as_person(alice).post("/compose/", sent)
    note = Note.objects.get()
    assert (note.licence, note.ai_made) == (Licence.BY_SA, True)
    html = as_person(alice).get(f"/notes/{note.pk}/edit/").content.decode()
    assert '<option value="cc-by-sa" selected>' in html
    assert 'name="ai_made" id="id_ai_made" checked' in html


def test_a_form_that_says_nothing_of_the_licence_leaves_it(alice, make_note, as_person):
    note = make_note(alice, licence=Licence.ZERO)
    as_person(alice).post(f"/notes/{note.pk}/edit/", WORDS | {"act": "save"})
    note.refresh_from_db()
    assert (note.title, note.licence) == ("Slow cooling", Licence.ZERO)


def test_the_label_is_on_page_and_card_and_its_coming_renews_the_cached_card(
    alice, make_note, as_person
):
    note = make_note(alice)
    visitor = as_person(None)
    before = visitor.get("/people/alice/").content.decode()
    content = NoteContent(title=note.title, body=note.body, ai_made=True)
    edit_note(author=alice, note_id=note.pk, content=content)
    after = visitor.get("/people/alice/").content.decode()
    assert "card__made" not in before
    assert "card__made" in after
    assert "Made with AI" in visitor.get(f"/notes/{note.pk}/").content.decode()


def test_a_label_does_not_keep_a_note_out_of_the_feeds(alice, bob, make_note, work_off):
    note = make_note(alice, ai_made=True, licence=Licence.BY)
    work_off()
    assert note.pk in [item.note_id for item in serve_following(viewer=bob).items]


def test_publishing_keeps_what_the_draft_said(alice):
    draft = save_draft(author=alice, content=NoteContent(title="x", licence="cc0", ai_made=True))
    note = publish_note(author=alice, note_id=draft.pk)
    assert (note.licence, note.ai_made) == (Licence.ZERO, True)

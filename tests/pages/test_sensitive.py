"""What staff calls sensitive is a blur, on cards and on its page, until its veil is lifted."""

from __future__ import annotations

import pytest

from community.models import Note


@pytest.mark.parametrize(("label", "veiled"), [("sensitive", True), ("disputed", False)])
def test_the_pictures_of_a_sensitive_note_are_veiled(
    label, veiled, alice, bob, as_person, make_note, work_off
):
    note = make_note(alice)
    Note.objects.filter(pk=note.pk).update(label=label)
    work_off()
    client = as_person(bob)
    card = client.get("/people/alice/").content.decode()
    page = client.get(f"/notes/{note.pk}/").content.decode()
    assert f'id="note-{note.pk}"' in card
    assert ("card--veiled" in card) is veiled
    # A box to tick: it works without a script, and from the keyboard.
    assert ('type="checkbox" id="lift"' in page) is veiled

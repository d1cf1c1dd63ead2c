"""The history page: what each edit changed, to whom it is told."""

from __future__ import annotations

import re

import pytest

from community.services.writing import NoteContent, edit_note
from community.views.history import EDITS_A_PAGE


@pytest.fixture
def note(alice, make_note):
    return make_note(alice, "A red cup", body="Fired twice.\nStill warm.", tags=["pottery"])


def edit(
    alice, note, title="A red cup", body="Fired twice.\nStill warm.", tags=("pottery",), **said
):
    content = NoteContent(title=title, body=body, tags=tags, **said)
    edit_note(author=alice, note_id=note.pk, content=content)


def history(as_person, note, person=None, query=""):
    return as_person(person).get(f"/notes/{note.pk}/history/{query}").content.decode()


def plain(html, tag):
    found = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
    return [re.sub(r"<span.*?</span>", "", words) for words in found]


def test_words_that_went_are_struck_and_those_that_came_underlined(alice, note, as_person):
    edit(alice, note, "A blue cup", "Fired three times.\nStill warm.", ["pottery", "glaze"])
    page = history(as_person, note)
    article = page[page.index("<article") :]
    assert plain(article, "del") == ["red ", "twice"]
    assert plain(article, "ins") == ["blue ", "three times", "#glaze"]
    assert "[removed:" in article
    assert "[added:" in article


def test_chinese_is_compared_by_words(alice, make_note, as_person):
    note = make_note(alice, "我喜欢咖啡", body="每天早上都喝。")
    edit(alice, note, "我喜欢红茶", "每天早上都喝。")
    article = history(as_person, note).split("<article")[1]
    assert plain(article, "del")[:1] == ["咖啡"]
    assert plain(article, "ins")[:1] == ["红茶"]


def test_each_edit_is_compared_with_the_one_behind_it(alice, note, as_person):
    edit(alice, note, "A blue cup")
    edit(alice, note, "A green cup")
    newest, oldest = history(as_person, note).split("<article")[1:]
    assert (plain(newest, "del"), plain(newest, "ins")) == (["blue "], ["green "])
    assert (plain(oldest, "del"), plain(oldest, "ins")) == (["red "], ["blue "])


def test_an_edit_of_other_things_says_that_the_words_stayed(alice, note, as_person):
    edit(alice, note, ai_made=True)
    assert "Title and text stayed as they were." in history(as_person, note)


def test_pages_of_edits_go_on_where_the_last_one_ended(alice, note, as_person):
    for number in range(EDITS_A_PAGE + 2):
        edit(alice, note, f"Cup {number}")
    first = history(as_person, note)
    query = re.search(r'href="(\?before=\d+)"', first)[1]
    second = history(as_person, note, query=query)
    assert first.count("<article") == EDITS_A_PAGE
    assert second.count("<article") == 2
    last_article = second.split("<article")[1]
    assert plain(last_article, "ins") == ["1"]
    assert plain(last_article, "del") == ["0"]
    assert "before=" not in second.split("</main>")[0].split("<article")[-1]


def test_what_was_written_for_fewer_people_is_not_in_the_difference_of_others(
    alice, bob, make_note, as_person
):
    note = make_note(alice, "Wombat", body="For friends", visibility="followers")
    edit(alice, note, "Quokka", "For all", visibility="public")
    edit(alice, note, "Numbat", "For all", visibility="public")
    for viewer in (None, bob):
        page = history(as_person, note, viewer)
        assert "Wombat" not in page
        assert "Quokka" in page
    assert "Wombat" in history(as_person, note, alice)


@pytest.mark.parametrize("before", ["0", "1", "x", "-1", "9" * 30, "１"])
def test_numbers_that_lead_nowhere_are_no_error(alice, note, as_person, before):
    edit(alice, note, "A blue cup")
    answer = as_person(None).get(f"/notes/{note.pk}/history/", {"before": before})
    assert answer.status_code == 200


def test_markup_in_a_text_stays_text(alice, make_note, as_person):
    note = make_note(alice, "<b>bold</b>", body="<script>1</script>")
    edit(alice, note, "<i>bold</i>", "<script>2</script>")
    page = history(as_person, note)
    assert "<script>1" not in page
    assert "&lt;" in page

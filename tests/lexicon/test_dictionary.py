"""Known words in a text: whole words, longest first, in one pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.lexicon.seed import seed
from community.text.dictionary import SHORTEST_FORM, Dictionary, Entry, folded_form

FORMS = [
    ("咖啡", "topic"),
    ("咖啡馆", "place"),
    ("art", "topic"),
    ("Latte Art", "topic"),
    ("西湖", "place"),
    ("C++", "topic"),
]
WORDS = Dictionary((form, Entry(kind, form)) for form, kind in FORMS)


def tags(title="", body=""):
    return [found.tag for found in WORDS.find(title=title, body=body)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("西湖边的咖啡馆", ["西湖", "咖啡馆"]),
        ("party and artist", []),
        ("ART!", ["art"]),
        ("latte-art 和咖啡", ["Latte Art", "咖啡"]),
        ("ｌａｔｔｅ　ａｒｔ", ["Latte Art"]),
        ("看art展", ["art"]),
        ("", []),
    ],
)
def test_whole_words_are_found_and_the_longest_wins(text, expected):
    assert tags(body=text) == expected


def test_a_find_knows_where_it_stands_and_how_often():
    (found,) = WORDS.find(title="咖啡", body="咖啡，还是咖啡")
    assert (found.in_title, found.times, found.kind) == (True, 3, "topic")
    assert not WORDS.find(title="x", body="咖啡")[0].in_title


def test_of_two_entries_for_one_form_the_first_stays_and_short_forms_are_left_out():
    words = Dictionary(
        [("Tea", Entry("a", "1")), ("tea", Entry("b", "2")), ("茶", Entry("c", "3"))]
    )
    assert len(words) == 1
    assert words.find(title="tea 茶", body="")[0].kind == "a"
    assert Dictionary([]).find(title="tea", body="tea") == []


@given(st.text(st.characters(codec=None)), st.text(st.characters(codec=None)))
def test_no_text_breaks_it_and_finds_do_stand_there(title, body):
    text = folded_form(title) + "\n" + folded_form(body[:6000])
    for found in WORDS.find(title=title, body=body):
        assert folded_form(found.tag) == text[found.at : found.at + len(folded_form(found.tag))]


def test_the_seed_is_a_few_hundred_words_each_once():
    terms = list(seed())
    assert 300 < len(terms) < 1000
    assert len({term.form for term in terms}) == len(terms)
    assert {term.kind for term in terms} == {"brand", "product", "place", "activity", "topic"}
    assert all(len(term.form) >= SHORTEST_FORM for term in terms)

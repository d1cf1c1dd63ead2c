"""A list of words as it is typed or brought in a file, and written out again."""

from hypothesis import given
from hypothesis import strategies as st

from community.rules.word_list import read_words, written_out


def test_a_list_with_headings_and_without_is_read_alike():
    rows = [("微信", True, False), ("ass", False, False), ("porn*", True, True)]
    assert read_words("微信\nass,no,no\nporn*,,yes") == (rows, [])
    assert read_words("\ufeffword,sound,inside\n微信\nass,否,no\nporn*,是,1") == (rows, [])


def test_the_last_of_two_lines_for_one_word_counts():
    assert read_words("spam\nspam,no") == ([("spam", False, False)], [])


def test_too_many_words_are_told_once(monkeypatch):
    monkeypatch.setattr("community.rules.word_list.MOST_WORDS", 2)
    rows, bad = read_words("a\nb\nc\nd")
    assert (len(rows), [(line.number, line.why) for line in bad]) == (2, [(3, "many")])


@given(st.text(max_size=200))
def test_whatever_is_typed_is_read_or_told(text):
    rows, bad = read_words(text)
    again, none_bad = read_words(written_out(rows))
    if not (rows and rows[0][0].lower() in ("word", "词")):
        assert again == rows
        assert none_bad == []
    assert all(line.number >= 1 for line in bad)

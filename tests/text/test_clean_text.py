import re
import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from community.text.clean import clean_body, clean_line, is_blank, visible_length

NEVER_SHOWN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f"
    "\u2028\u2029\u2060\ufeff\u00ad\u3164]"
)
FAMILY = "👨\u200d👩\u200d👧"
SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
# Characters whose handling depends on their neighbours, more likely than hypothesis would try.
AWKWARD = (
    "a1e\u0301\u0327\u0300\u0345\u0338 \u3000\n\r\t\x00\u200b\u200c\u200d\u202e\ufe0e\ufe0f"
    "👩👧🏽🏴\U000e0067\U000e007f\U000e0100葛क्षمی\u064e\u0651ᄀ\u1161\u11a8🇨🇳\ud800\u2800\u115f①＃"
)
any_text = st.one_of(st.text(), st.text(st.characters(codec=None)), st.text(AWKWARD, max_size=40))


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("a\u200bb\x00c\ud800d", "abcd"),
        ("abc\u202edef\u2066x\u2069", "abcdefx"),
        ("cafe\u0301", "café"),
        (
            f"{FAMILY} ❤\ufe0f 1\ufe0f\u20e3 {SCOTLAND} 👍🏽",
            f"{FAMILY} ❤\ufe0f 1\ufe0f\u20e3 {SCOTLAND} 👍🏽",
        ),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("ad\u200dmin x\ufe0f y\u200c", "admin x y"),
        ("葛\U000e0100城 a\U000e0100", "葛\U000e0100城 a"),
        ("x\U000e0067\U000e0062", "x"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\n\n\n\n\n\nb", "a\n\n\nb"),
        ("a\n \u3000\n\t\n \n\nb", "a\n\n\nb"),
        ("  \n\tx\n\ty  \n ", "x\n\ty"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
    ],
)
def test_a_body_keeps_what_is_seen_and_loses_the_rest(typed, stored):
    assert clean_body(typed) == stored


def test_a_tower_of_accents_is_cut_to_four():
    cleaned = clean_body("z" + "\u0338" * 30 + "a")
    assert cleaned == "z" + "\u0338" * 4 + "a"


def test_a_line_has_no_breaks_and_single_blanks():
    assert clean_line(" a\n\n b\u3000\t c\u2029d ", max_length=50) == "a b c d"


def test_a_line_is_cut_between_characters_and_not_inside_an_emoji():
    assert clean_line(f"ab{FAMILY}cd", max_length=4) == "ab"
    assert clean_line(f"ab{FAMILY}cd", max_length=7) == f"ab{FAMILY}"
    assert clean_line("杭州 西湖", max_length=3) == "杭州"


@pytest.mark.parametrize(
    ("text", "length"),
    [("", 0), ("abc", 3), ("杭州", 2), (FAMILY, 1), ("e\u0301\u0327", 1), ("🇨🇳🇫🇷", 2), ("👍🏽!", 2),
     ("a\u200bb\u202e", 2), (SCOTLAND, 1), ("1\ufe0f\u20e3", 1)],
)  # fmt: skip
def test_length_is_what_a_person_counts(text, length):
    assert visible_length(text) == length


@pytest.mark.parametrize(
    "text", ["", " \n\u3000", "\u200b\u200d\ufeff", "\u3164\u2800", "\u0301", "\ud800\x00"]
)
def test_a_text_of_invisible_characters_is_blank(text):
    assert is_blank(text)


@pytest.mark.parametrize("text", [".", "杭", "👍", " a "])
def test_a_text_with_something_to_see_is_not_blank(text):
    assert not is_blank(text)


@given(any_text)
@example("ب\u0300\u200d\u064e\u200cب")
@example("a\u200d\u0301\u200d\u0327")
def test_cleaning_twice_changes_nothing_more(text):
    body, line = clean_body(text), clean_line(text, max_length=20)
    assert clean_body(body) == body
    assert clean_line(line, max_length=20) == line


@given(any_text)
def test_nothing_forbidden_comes_through(text):
    body, line = clean_body(text), clean_line(text, max_length=20)
    assert not NEVER_SHOWN.search(body)
    assert not NEVER_SHOWN.search(line)
    assert "\n" not in line
    assert len(line) <= 20
    assert unicodedata.is_normalized("NFC", body)
    assert body == body.strip()
    assert "\n\n\n\n" not in body
    body.encode()


@given(any_text)
def test_what_is_blank_has_no_letter_and_what_is_cleaned_away_is_blank(text):
    if is_blank(text):
        assert not any(letter.isalnum() for letter in clean_body(text))
    if not clean_body(text):
        assert is_blank(text)


@given(any_text)
def test_nobody_sees_more_characters_than_there_are(text):
    assert 0 <= visible_length(text) <= len(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    "unit",
    ["a", " ", "\n ", "👩\u200d", "e\u0301", "\u0301\u200d", "ب\u200c", "杭州", "🇨", "\u0301"],
)
def test_a_megabyte_is_cleaned_in_a_few_seconds(unit):
    text = unit * (1_000_000 // len(unit))
    started = time.process_time()
    clean_body(text)
    assert time.process_time() - started < 15

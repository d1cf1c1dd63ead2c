"""Listed words are found however they are disguised, and nothing else is."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.text.disguise import letters_of, places_of
from community.text.sensitive import HITS_AT_MOST, How, Word, WordMatcher
from community.text.variants import PAIRS

LISTED = (
    "spam", "ass", "sex", "tit", "anal", "cunt", "cock", "viagra", "boob", "porn*", "big deal",
    "微信", "法轮功", "色情", "中出", "口交", "银行卡", "加微信", "赌博", "一夜情",
)  # fmt: skip
MATCHER = WordMatcher([Word(word) for word in LISTED])


def found(text, matcher=MATCHER):
    return [(text[hit.start : hit.end], matcher.words[hit.word].text) for hit in matcher.hits(text)]


@pytest.mark.parametrize(
    ("text", "piece", "word"),
    [
        ("no Spam, please", "Spam", "spam"),
        ("ＳＰＡＭ", "ＳＰＡＭ", "spam"),
        ("𝓼𝓹𝓪𝓶 today", "𝓼𝓹𝓪𝓶", "spam"),
        ("🅂🄿🄰🄼", "🅂🄿🄰🄼", "spam"),
        ("s̷p̷á̷m̷", "s̷p̷á̷m", "spam"),
        ("sp\u200ba\u2060m", "sp\u200ba\u2060m", "spam"),
        ("buy s p a m here", "s p a m", "spam"),
        ("a s p a m offer", "s p a m", "spam"),
        ("s.p.a.m", "s.p.a.m", "spam"),
        ("s*p*a*m!", "s*p*a*m", "spam"),
        ("sp*am", "sp*am", "spam"),
        ("$p4m", "$p4m", "spam"),
        ("v1@gr@!!", "v1@gr@", "viagra"),
        ("V!AGRA", "V!AGRA", "viagra"),
        ("you a$$!", "a$$", "ass"),
        ("b00b", "b00b", "boob"),
        ("ѕраm", "ѕраm", "spam"),
        ("all Cyrillic: ѕрам", "ѕрам", "spam"),
        ("spaaaam", "spaaaam", "spam"),
        ("assssss", "assssss", "ass"),
        ("porno", "porn", "porn*"),
        ("p0rnhub", "p0rn", "porn*"),
        ("a BIG  DEAL", "BIG  DEAL", "big deal"),
        ("big-deal", "big-deal", "big deal"),
        ("b i g d e a l", "b i g d e a l", "big deal"),
        ("加我微信吧", "微信", "微信"),
        ("微 信", "微 信", "微信"),
        ("微*信", "微*信", "微信"),
        ("微😀信", "微😀信", "微信"),
        ("微\u200b信", "微\u200b信", "微信"),
        ("法，轮，功", "法，轮，功", "法轮功"),
        ("法輪功", "法輪功", "法轮功"),
        ("賭博網站", "賭博", "赌博"),
        ("my weixin is", "weixin", "微信"),
        ("WeiXin", "WeiXin", "微信"),
        ("wei xin", "wei xin", "微信"),
        ("wēixìn", "wēixìn", "微信"),
        ("wei信", "wei信", "微信"),
        ("微xin", "微xin", "微信"),
        ("yin行ka", "yin行ka", "银行卡"),
    ],
)
def test_a_disguise_hides_no_word(text, piece, word):
    assert (piece, word) in found(text)


# Places, names and everyday words that hold a listed one, or whose neighbours seem to.
SCUNTHORPE = (
    "class", "assess", "assassin", "grass", "Bass", "Essex", "Sussex", "Middlesex", "sextant",
    "title", "titan", "Scunthorpe", "Hitchcock", "peacock", "cocktail", "Cockburn", "analysis",
    "canal", "analog", "banal", "antispam", "spammer", "as soon", "as s", "wasp am", "loves pam",
    "grasp a match", "p a s s", "A55", "a Galaxy A55", "sp-am", "ti tle", "it it",
    "big, deal", "big. Deal", "class as set", "Сор и хлеб", "ассет", "этот анал", "Это ѕрам и хлеб",
    "角色情感", "路口交通", "集中出现", "其中出版", "稍微，信不信由你", "稍微。信", "见微，信",
    "kiwei xin", "weixinyu", "微\n信", "威信", "违心", "wei, xin", "法律轮到功臣", "women",
)  # fmt: skip


@pytest.mark.parametrize("text", SCUNTHORPE)
def test_innocent_words_are_left_alone(text):
    assert found(text) == []


def test_a_word_may_ask_to_be_found_inside_others():
    matcher = WordMatcher([Word("ass", inside=True), Word("色情", inside=True)])
    assert found("class", matcher) == [("ass", "ass")]
    assert found("角色情感", matcher) == [("色情", "色情")]


def test_pinyin_may_be_left_out():
    matcher = WordMatcher([Word("微信", pinyin=False)])
    assert found("weixin wei信", matcher) == []
    assert found("微信", matcher) == [("微信", "微信")]


def test_what_stands_inside_an_exception_is_no_hit():
    words = [
        Word("一夜情"),
        Word("一夜情绪", is_exception=True),
        Word("一夜情绪化", is_exception=True),
    ]
    matcher = WordMatcher(words)
    assert found("一夜情绪低落", matcher) == []
    assert found("一夜情绪，一夜情", matcher) == [("一夜情", "一夜情")]


@pytest.mark.parametrize(
    ("text", "how"),
    [("spam", How.PLAIN), ("s p a m", How.SPACED), ("sp4m", How.DISGUISED), ("weixin", How.SOUND)],
)
def test_a_hit_says_in_which_guise(text, how):
    assert [hit.how for hit in MATCHER.hits(text)] == [how]


def test_a_list_without_letters_finds_nothing():
    matcher = WordMatcher([Word("***"), Word(""), Word("x" * 61)])
    assert matcher.hits("*** " + "x" * 61) == []
    assert WordMatcher([]).hits("anything") == []


def test_a_text_full_of_hits_tells_so_many_of_them():
    assert len(MATCHER.hits("spam " * 1_000)) == HITS_AT_MOST


# ---------------------------------------------------------------- properties
TRADITIONAL = {pair[1]: pair[0] for pair in PAIRS.split()}
WORDS = st.sampled_from(["spam", "viagra", "法轮功", "赌博", "银行卡", "微信"])
SPACING = st.sampled_from(["", " ", "*", "\u200b", "·", "\u2060\u200d"])
AROUND = st.text(st.sampled_from("的，。! \n😀（"), max_size=30)


@st.composite
def disguised(draw):
    word = draw(WORDS)
    guises = [
        lambda letter: letter,
        str.upper,
        lambda letter: chr(ord(letter) + 0xFEE0) if letter.isascii() else letter,
        lambda letter: TRADITIONAL.get(letter, letter),
    ]
    letters = [draw(st.sampled_from(guises))(letter) for letter in word]
    return word, draw(SPACING).join(letters)


@given(disguised(), AROUND, AROUND)
def test_a_word_is_found_where_it_stands_whatever_is_around(hidden, before, after):
    word, guise = hidden
    text = f"{before}\n{guise}\n{after}"
    spans = [
        (hit.start, hit.end) for hit in MATCHER.hits(text) if MATCHER.words[hit.word].text == word
    ]
    assert (len(before) + 1, len(before) + 1 + len(guise)) in spans


@given(st.text(max_size=300))
def test_every_hit_lies_in_the_text_and_is_told_once(text):
    hits = MATCHER.hits(text)
    assert all(0 <= hit.start < hit.end <= len(text) for hit in hits)
    assert len(set(hits)) == len(hits)
    assert MATCHER.hits(text) == hits


@given(st.text(st.sampled_from("spam a*$4微信weixn色情 角感"), max_size=60))
def test_a_longer_list_finds_no_less(text):
    fewer = {(h.start, h.end) for h in WordMatcher([Word("spam"), Word("微信")]).hits(text)}
    more = {(h.start, h.end) for h in MATCHER.hits(text)}
    assert fewer <= more


@given(st.text(max_size=200))
def test_each_letter_knows_where_it_stood(text):
    letters, places = letters_of(text), places_of(text)
    assert len(letters) == len(places)
    assert places == sorted(places)
    for letter, place in zip(letters, places, strict=True):
        assert letter in letters_of(text[place])


@given(st.text(st.sampled_from(string.ascii_letters + "微信法轮功，。 "), max_size=200))
def test_a_plain_hit_spells_its_word(text):
    for hit in MATCHER.hits(text):
        if hit.how == How.PLAIN:
            word = MATCHER.words[hit.word].text.removesuffix("*")
            assert letters_of(text[hit.start : hit.end]) == letters_of(word)

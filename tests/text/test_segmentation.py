import sqlite3
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from community.text.fold import fold
from community.text.segment import query_tokens, search_tokens, segment, segment_phrases

any_text = st.text(st.characters(codec=None))
chinese = st.text(
    "杭州咖啡馆推荐北京大学生的中华人民共和国カフェ巡り한국어，", min_size=1, max_size=30
)


def is_found(query: str, text: str) -> bool:
    return set(query_tokens(query)) <= set(search_tokens(text).split())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("杭州咖啡馆推荐", ["杭州", "咖啡馆", "推荐"]),
        ("Pottery WHEEL, clay!", ["pottery", "wheel", "clay"]),
        ("iPhone15拍照", ["iphone15", "拍照"]),
        ("ＡＢＣ１２３ 3.14 v2.0", ["abc123", "3.14", "v2.0"]),
        ("don't end.Next", ["don't", "end", "next"]),
        ("Café", ["cafe"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("，。！ \ud800", []),
    ],
)
def test_words_are_folded_and_punctuation_dropped(text, words):
    assert segment(text) == words


def test_punctuation_parts_phrases_and_blanks_part_only_chinese_ones():
    assert segment_phrases("杭州西湖，咖啡 馆 pottery wheel") == [
        ["杭州", "西湖"], ["咖啡"], ["馆"], ["pottery", "wheel"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("杭州", "杭州咖啡馆推荐"), ("咖啡", "杭州咖啡馆推荐"), ("咖啡馆", "杭州咖啡馆推荐"),
        ("馆", "杭州咖啡馆推荐"), ("杭州推荐", "杭州咖啡馆推荐"), ("杭州的咖啡", "杭州咖啡馆推荐"),
        ("Pottery", "pottery wheel"), ("wheel pottery", "Pottery Wheel"),
        ("iphone", "iPhone15拍照"), ("iPhone 15", "iPhone15拍照"), ("iphone15", "iPhone 15 拍照"),
        ("拍照", "iPhone15拍照"), ("北京大学", "我是北京大学生"), ("ＣＡＦＥ", "Café"),
        ("カフェ", "東京カフェ巡り"), ("카페", "서울카페"), ("the wheel", "wheel"),
    ],
)  # fmt: skip
def test_a_query_finds_the_text(query, text):
    assert is_found(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [("上海", "杭州咖啡馆推荐"), ("馆咖", "咖啡馆"), ("potter", "pottery"), ("的", "咖啡")],
)
def test_a_query_does_not_find_what_is_not_there(query, text):
    assert not is_found(query, text)


@given(chinese, st.data())
def test_any_part_of_a_chinese_text_finds_it_however_it_is_cut(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert is_found(text[start:end], text)


@given(any_text)
def test_no_text_breaks_segmentation(text):
    assert segment(text) == [word for phrase in segment_phrases(text) for word in phrase]
    assert "  " not in search_tokens(text)


@given(any_text)
def test_a_query_holds_no_operator(text):
    for token in query_tokens(text):
        assert token == token.lower()
        assert not set(token) & set(" \"'*():^+-&|!<>{}\\,.;%_\x00")


@given(any_text)
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


@pytest.fixture(scope="module")
def index():
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE found USING fts5(tokens, tokenize='ascii')")
    yield connection
    connection.close()


@given(text=any_text, query=any_text)
def test_full_text_search_agrees_with_the_tokens_and_never_fails(index, text, query):
    tokens = query_tokens(query)
    assume(tokens)
    index.execute("DELETE FROM found")
    index.execute("INSERT INTO found VALUES (?)", [search_tokens(text)])
    hits = index.execute("SELECT * FROM found WHERE found MATCH ?", [" ".join(tokens)]).fetchall()
    assert bool(hits) == is_found(query, text)


@pytest.mark.parametrize(
    "query", ["NEAR(杭州 咖啡)", 'x" OR "y', "AND", "a* NOT b", "col:杭州", "-- ;"]
)
def test_operators_are_only_words(index, query):
    tokens = query_tokens(query)
    if tokens:
        index.execute("SELECT * FROM found WHERE found MATCH ?", [" ".join(tokens)]).fetchall()


@pytest.mark.parametrize("unit", ["a", "的", "杭州咖啡馆", "a'", "1.", "- ", "\u0301", "a "])
def test_a_megabyte_is_segmented_in_a_few_seconds(unit):
    text = unit * (1_000_000 // len(unit))
    started = time.process_time()
    segment(text)
    query_tokens(text)
    assert time.process_time() - started < 15

"""Queries as the index is asked, in both its languages; hostile text is only ever words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.search.asked import Asked, asked_for
from community.search.engines import fts5, tsvector
from community.search.query import other_names
from community.text.segment import query_tokens, search_tokens
from community.text.variants import PAIRS, SIMPLER, simplified

ALIASES = {"coffee": ["咖啡"], "latteart": ["拉花"]}


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("tea cup", ((("tea",),), (("cup",),))),
        ("Tea tea", ((("tea",),),)),
        ("咖啡馆", ((("咖啡", "啡馆"),),)),
        ("coffee cup", ((("coffee",), ("咖啡",)), (("cup",),))),
        ("latte art", ((("latte", "art"), ("拉花",)),)),
        ("the cup of tea", ((("cup",),), (("tea",),))),
        ("the", ((("the",),),)),
        ("", ()),
        ('"\0*()-:^', ()),
        ("🙂🙂", ()),
    ],
)
def test_a_query_is_words_that_may_be_said_in_several_ways(query, words):
    assert asked_for(query, ALIASES).words == words


def test_both_languages_of_the_index_quote_every_token():
    asked = asked_for("coffee cup", ALIASES)
    assert fts5.expression(asked) == '(("coffee") OR ("咖啡")) AND (("cup"))'
    assert tsvector.expression(asked) == "(('coffee') | ('咖啡')) & (('cup'))"
    assert " OR " in fts5.expression(asked.relaxed())


def test_what_cannot_be_relaxed_says_so():
    assert not asked_for("tea").can_relax
    assert asked_for("tea cup").can_relax
    assert asked_for("咖啡馆").relaxed() == Asked(((("咖啡",),), (("啡馆",),)), any_word=True)
    assert not asked_for("tea cup").relaxed().can_relax


@given(st.text(max_size=400))
def test_nothing_typed_becomes_an_operator(query):
    asked = asked_for(query, ALIASES)
    tokens = [token for word in asked.words for way in word for token in way]
    assert all('"' not in token and "'" not in token and "\\" not in token for token in tokens)
    assert len(asked.words) <= 24


def test_traditional_and_simplified_characters_are_one_in_the_index():
    assert search_tokens("臺灣咖啡館") == search_tokens("台湾咖啡馆")
    assert query_tokens("電車") == query_tokens("电车")


def test_the_table_of_variants_is_sound():
    olds = {pair[0] for pair in PAIRS.split()}
    assert len(olds) == len(PAIRS.split()) == len(SIMPLER)
    assert all(len(pair) == 2 for pair in PAIRS.split())
    assert not olds & {pair[1] for pair in PAIRS.split()}


@given(st.text())
def test_simplifying_twice_is_once(text):
    assert simplified(simplified(text)) == simplified(text)
    assert len(simplified(text)) == len(text)


def test_names_of_one_thing_are_aliases_of_each_other():
    known = other_names([("Latte Art", "拉花"), ("Tea", "Tea"), ("Coffee", "咖啡", "珈琲")])
    assert known["latteart"] == ["拉花"]
    assert known["咖啡"] == ["Coffee", "珈琲"]
    assert "tea" not in known

"""What changed between two texts, word by word, and what it may cost."""

from __future__ import annotations

import random
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.text.difference import Piece, difference, words_and_gaps

TEXTS = st.text(alphabet="ab 茶水杯。,\n’1é😀", max_size=60)


def side(pieces, without):
    return "".join(text for kind, text in pieces if kind != without)


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("", "", []),
        ("same", "same", [("same", "same")]),
        ("", "new", [("new", "new")]),
        ("gone", "", [("gone", "gone")]),
        ("a red cup", "a blue cup", [("same", "a "), ("gone", "red "), ("new", "blue "),
                                     ("same", "cup")]),
        ("the cup", "the small cup", [("same", "the "), ("new", "small "), ("same", "cup")]),
        ("我喜欢咖啡", "我喜欢红茶", [("same", "我喜欢"), ("gone", "咖啡"), ("new", "红茶")]),
        ("don't stop", "don't go", [("same", "don't "), ("gone", "stop"), ("new", "go")]),
        ("one\ntwo", "one\n\ntwo", [("same", "one"), ("gone", "\n"), ("new", "\n\n"),
                                    ("same", "two")]),
    ],
)  # fmt: skip
def test_words_that_stayed_went_and_came(old, new, pieces):
    assert difference(old, new) == [Piece(*piece) for piece in pieces]


@given(TEXTS, TEXTS)
def test_the_pieces_give_both_texts_back(old, new):
    pieces = difference(old, new)
    assert side(pieces, "new") == old
    assert side(pieces, "gone") == new
    assert all(text for _kind, text in pieces)
    kinds = [kind for kind, _text in pieces]
    assert all(one != other for one, other in pairwise(kinds))


@given(TEXTS)
def test_cutting_loses_nothing(text):
    assert "".join(words_and_gaps(text)) == text


def repeated(word):
    return word * (5_000 // len(word))


def shuffled(kinds, seed):
    return " ".join(f"w{number}" for number in random.Random(seed).choices(range(kinds), k=1_200))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (repeated("a "), repeated("a ")[:-400] + "b"),
        (repeated("茶"), "水" + repeated("茶")[:-9]),
        (repeated("a b "), repeated("b a ")),
        (repeated("a\n"), repeated("b\na\n")),
        *[(shuffled(kinds, 1), shuffled(kinds, 2)) for kinds in (2, 20, 60, 120, 600)],
    ],
)
def test_the_longest_texts_of_the_worst_kinds_are_compared_in_a_moment(old, new):
    difference("茶", "水")  # the segmenter reads its words once
    began = time.perf_counter()
    pieces = difference(old, new)
    assert time.perf_counter() - began < 1
    assert (side(pieces, "new"), side(pieces, "gone")) == (old, new)

"""Texts against texts: rules as tables and properties, no database."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from datasketch import MinHash
from hypothesis import given
from hypothesis import strategies as st

from community.text.duplicates import (
    ALIKE,
    LEAST_LETTERS,
    band_keys,
    digest,
    grams,
    likeness,
    likeness_of_one_author,
    own_words,
    share_of_equal_minima,
    signature,
)
from tests.conftest import other_words

ENGLISH = other_words(1) + " " + other_words(2)
CHINESE = (
    "周末去了西湖边的咖啡馆，手冲很好喝，环境安静，适合办公。老板从云南带回自己烘的豆子，"
    "柜台上可以闻香。靠窗的位子看得见宝石山，傍晚的光最美，记得早点来占座。"
)


def keys(text: str) -> set[int]:
    return set(band_keys(signature(grams(own_words("", text)))))


def is_found(first: str, second: str) -> bool:
    """As the community finds it: a key in common, then likeness."""
    return bool(keys(first) & keys(second)) and (
        likeness(own_words("", first), own_words("", second)) >= ALIKE
    )


@pytest.mark.parametrize("text", [ENGLISH, CHINESE])
@pytest.mark.parametrize(
    "change",
    [
        str.upper,
        lambda t: t.replace(" ", "   ").replace("，", "！！").replace(".", "\n\n"),
        lambda t: f"✨ {t}\n#pottery #日常 https://example.org/x @somebody",
        lambda t: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in t),
        lambda t: t[: len(t) // 2] + "而且" + t[len(t) // 2 :],
        lambda t: t[len(t) // 6 :],
        lambda t: f"Title: {t}",
    ],
    ids=["shouted", "spaced", "decorated", "wide", "inserted", "beheaded", "labelled"],
)
def test_a_text_is_found_again_however_it_is_dressed(text, change):
    assert is_found(text, change(text))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (ENGLISH, CHINESE),
        (other_words(3), other_words(4)),
        ("Good morning!", "Good morning!"),
        ("今天天气真好", "今天天气真好"),
        ("", ""),
        ("#杭州 #咖啡 #探店 #周末去哪儿 #西湖 #手冲 #日常 " * 3,) * 2,
        ("https://example.org/a-long-address-that-many-share " * 3,) * 2,
    ],
)
def test_other_texts_short_ones_and_mere_tags_are_not_alike(first, second):
    assert not is_found(first, second)


def test_a_filled_in_template_is_what_was_filled_in():
    labels = ["店名", "地址", "人均", "推荐", "环境", "服务", "Opening hours", "How to get there"]

    def filled(numbers):
        words = (other_words(n)[:22] for n in numbers)
        return "\n".join(f"{label}：{word}" for label, word in zip(labels, words, strict=True))

    assert likeness(own_words("", filled(range(8))), own_words("", filled(range(8, 16)))) < 0.1


def test_one_author_signs_different_notes_alike():
    signature_lines = "\n".join(other_words(n)[:90] for n in (20, 21))
    first, second = (own_words("", f"{other_words(n)[:140]}\n{signature_lines}") for n in (10, 11))
    assert likeness_of_one_author(first, second) < 0.1
    assert likeness_of_one_author(first, first) == 1


def test_a_short_word_before_a_long_text_makes_no_other_note_of_it():
    first, second = (own_words("", f"{word}\n{ENGLISH}") for word in ("Hello", "Again"))
    assert likeness_of_one_author(first, second) >= ALIKE


def test_our_estimate_is_as_good_as_the_library_one():
    """Both estimate the exact likeness without bias; neither strays further than chance."""
    ours, theirs = [], []
    for seed in range(60):
        chance = Random(seed)
        base = other_words(seed)
        changed = "".join(c if chance.random() > 0.08 else "x" for c in base)
        a, b = own_words("", base), own_words("", changed)
        exact = likeness(a, b)
        ours.append(share_of_equal_minima(signature(grams(a)), signature(grams(b))) - exact)
        hashes = []
        for text in (a, b):
            minhash = MinHash(num_perm=36)
            minhash.update_batch([text[i : i + 4].encode() for i in range(len(text) - 3)])
            hashes.append(minhash)
        theirs.append(hashes[0].jaccard(hashes[1]) - exact)
    assert abs(np.mean(ours)) < 0.04
    assert np.std(ours) < 1.3 * np.std(theirs)


any_text = st.text(st.characters(codec=None), max_size=400) | st.builds(
    lambda n, cut: other_words(n)[cut:] + CHINESE[:cut], st.integers(0, 50), st.integers(0, 60)
)


@given(any_text, any_text)
def test_likeness_is_symmetric_and_from_nought_to_one(first, second):
    a, b = own_words("", first), own_words("", second)
    for measure in (likeness, likeness_of_one_author):
        assert measure(a, b) == measure(b, a)
        assert 0 <= measure(a, b) <= 1
    assert share_of_equal_minima(signature(grams(a)), signature(grams(b))) == (
        share_of_equal_minima(signature(grams(b)), signature(grams(a)))
    )


@given(any_text)
def test_a_text_has_keys_if_and_only_if_it_is_long_enough(text):
    words = own_words("", text)
    found = band_keys(signature(grams(words)))
    assert len(found) == (12 if len(words) >= LEAST_LETTERS else 0)
    assert all(-(2**63) <= key < 2**63 for key in [*found, digest(words)])
    assert (likeness(words, words) == 1) == bool(found)

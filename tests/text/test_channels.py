"""The channel classifier: learns from little, is sure where it may be, and survives storage."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.text.channels import BUCKETS, ChannelClassifier, TooLittle, features

TEXTS = [
    ("手冲咖啡豆的烘焙", "coffee"),
    ("Latte art for beginners", "coffee"),
    ("一杯拿铁咖啡", "coffee"),
    ("拉坯与釉料", "pottery"),
    ("Glazing my first bowl", "pottery"),
    ("陶艺课上拉坯", "pottery"),
    ("西湖边散步", "walks"),
    ("A walk by the lake", "walks"),
]


def fitted(rows=TEXTS):
    return ChannelClassifier.fit([text for text, _ in rows], [label for _, label in rows])


@pytest.fixture(scope="module")
def model():
    return fitted()


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("咖啡", "coffee"),
        ("glazing a bowl", "pottery"),
        ("ＧＬＡＺＩＮＧ", "pottery"),
        ("散步", "walks"),
    ],
)
def test_it_tells_channels_apart_in_both_languages(model, text, label):
    assert model.guess(text)[0] == label


def test_probabilities_add_up_to_one_and_nothing_is_sure_about_nothing(model):
    chances = model.predict_proba(["咖啡", "", "zzz 12345"])
    assert chances.shape == (3, 3)
    assert np.allclose(chances.sum(axis=1), 1)
    assert chances[1].max() < 0.9
    assert model.predict_proba([]).shape == (0, 3)


def test_two_labels_have_one_margin_for_both():
    model = fitted(TEXTS[:6])
    assert model.weights.shape[1] == 2
    assert model.guess("咖啡")[0] == "coffee"
    assert model.guess("拉坯")[0] == "pottery"


@pytest.mark.parametrize("rows", [[], [("one", "a")], [("one", "a"), ("two", "a")]])
def test_nothing_to_tell_apart_is_refused(rows):
    with pytest.raises(TooLittle):
        fitted(rows)


def test_settings_are_chosen_on_texts_held_back_when_there_are_enough():
    rows = [(f"{word} {n}", label) for n in range(60) for word, label in TEXTS[::2]]
    model = fitted(rows)
    assert model.temperature > 0
    assert model.guess("咖啡")[0] == "coffee"


def test_a_stored_model_guesses_the_same(model):
    again = ChannelClassifier.from_arrays(model.labels, model.to_arrays())
    texts = [text for text, _ in TEXTS]
    assert np.array_equal(again.predict_proba(texts), model.predict_proba(texts))


@pytest.mark.parametrize(
    "damage",
    [
        {"weights": np.zeros((1, 1), np.float32)},
        {"bias": np.full(3, np.nan, np.float32)},
        {"idf": np.zeros(1, np.float32)},
        {"settings": np.array([np.nan, 1.0])},
    ],
)
def test_a_damaged_model_is_refused(model, damage):
    with pytest.raises(ValueError):
        ChannelClassifier.from_arrays(model.labels, model.to_arrays() | damage)


@given(st.text(st.characters(codec=None), max_size=700))
def test_no_text_breaks_a_guess(text):
    assert all(0 <= bucket < BUCKETS for bucket in features(text))
    label, chance = MODEL.guess(text)
    assert label in MODEL.labels
    assert 0 < chance <= 1


MODEL = fitted()

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.text.language import guess_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("杭州咖啡馆推荐", "zh"), ("iPhone15拍照", "zh"), ("OOTD 今日穿搭", "zh"),
        ("杭州の咖啡", "zh"),
        ("My trip to 杭州", "en"), ("Wheel", "en"), ("café in Paris", "en"), ("Pokémon", "en"),
        ("東京カフェ巡り", "ja"), ("お茶", "ja"), ("プリンの作り方", "ja"),
        ("서울 카페 추천", "ko"), ("한국 여행 vlog", "ko"),
        ("Où est la plage", "other"), ("Der Hund und die Katze", "other"), ("Привет", "other"),
        ("สวัสดี", "other"), ("", "other"), ("123 🎉", "other"), ("https://example.org/the", "other"),
        ("看看 https://example.org/a/very/long/address/in/english", "zh"),
    ],
)  # fmt: skip
def test_short_titles_are_recognised(text, language):
    assert guess_language(text) == language


@given(st.text(st.characters(codec=None)))
def test_any_text_gets_an_answer(text):
    assert guess_language(text) in {"zh", "en", "ja", "ko", "other"}

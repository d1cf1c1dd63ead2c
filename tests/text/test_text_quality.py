from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.text.quality import REASONS, WEIGHTS, PictureMeasures, Repeats, score_text

SHARP = PictureMeasures(1080, 1440, sharpness=150, brightness=120, contrast=55, entropy=7)
CARD = PictureMeasures(1080, 1440, 3, 240, 5, 1, is_text_card=True)
BODY = (
    "周末去了西湖边的咖啡馆，手冲很好喝，环境安静，适合办公。老板从云南带回自己烘的豆子，"
    "柜台上可以闻香。靠窗的位子看得见宝石山，傍晚的光最美，记得早点来占座。"
)


def report(
    title="杭州咖啡馆推荐",
    body=BODY,
    tags=("杭州", "咖啡", "探店"),
    pictures=(SHARP,) * 4,
    place=True,
    repeats=Repeats(),  # noqa: B008
):
    return score_text(title, body, tags, pictures, place, repeats)


def code_of(name: str, **note) -> str:
    return next(d.code for d in report(**note).dimensions if d.name == name)


def test_a_careful_note_scores_high_and_has_little_to_mend():
    careful = report()
    assert careful.total > 0.9
    assert [d.name for d in careful.to_mend()] == []


@pytest.mark.parametrize(
    ("dimension", "code", "note"),
    [
        ("title", "title_missing", {"title": " \u200b"}),
        ("title", "title_short", {"title": "好"}),
        ("title", "title_long", {"title": "长" * 60}),
        ("title", "title_shouts", {"title": "震惊！！！快看"}),
        ("title", "title_shouts", {"title": "BUY THIS WHEEL NOW"}),
        ("title", "title_good", {"title": "My OOTD today"}),
        ("body", "body_missing", {"body": ""}),
        ("body", "body_short", {"body": "好吃"}),
        ("variety", "words_repeated", {"body": "好吃 " * 40}),
        ("spam", "spam_contact", {"body": BODY + "加微信：abc_def"}),
        ("spam", "spam_contact", {"body": "电话 138-0013-8000"}),
        ("spam", "spam_contact", {"body": "ＶＸ ａｂｃ１２３４"}),
        ("spam", "spam_none", {"body": "我的 wechat friends came along"}),
        ("spam", "spam_none", {"body": "订单 12345678901234567"}),
        ("spam", "spam_none", {"body": "#杭州 #咖啡 #探店"}),
        ("spam", "spam_links", {"body": "https://a.cn https://b.cn https://c.cn https://d.cn"}),
        ("spam", "spam_repeats", {"body": "限时优惠，限时优惠，限时优惠，快来"}),
        ("spam", "spam_tags", {"tags": [f"tag{n}" for n in range(11)]}),
        ("spam", "spam_tags", {"body": "#杭州 #咖啡 #探店 #西湖 #手冲 #周末 好"}),
        ("picture_count", "pictures_missing", {"pictures": ()}),
        ("picture_count", "pictures_few", {"pictures": (SHARP,)}),
        ("resolution", "picture_small", {"pictures": (replace(SHARP, width=200),)}),
        ("sharpness", "picture_blurry", {"pictures": (replace(SHARP, sharpness=10),)}),
        ("light", "picture_dark", {"pictures": (replace(SHARP, brightness=15),)}),
        ("light", "picture_bright", {"pictures": (replace(SHARP, brightness=250),)}),
        ("contrast", "picture_flat", {"pictures": (replace(SHARP, contrast=5),)}),
        ("originality", "text_copied", {"repeats": Repeats(0.9, False)}),
        ("originality", "text_repeated", {"repeats": Repeats(0.9, True)}),
        ("originality", "pictures_copied", {"repeats": Repeats(pictures=0.5)}),
        ("originality", "pictures_repeated", {"repeats": Repeats(0, False, 1, True)}),
        ("originality", "pictures_copied", {"repeats": Repeats(0.6, True, 1, False)}),
        ("originality", "text_copied", {"repeats": Repeats(0.9, False, 1, False)}),
        ("detail", "picture_empty", {"pictures": (replace(SHARP, entropy=0.5),)}),
        ("tags", "tags_missing", {"tags": ()}),
        ("tags", "tags_few", {"tags": ("a",)}),
        ("tags", "tags_few", {"tags": ("a_b", "A b")}),
        ("place", "place_missing", {"place": False}),
    ],
)
def test_each_fault_is_named_and_costs(dimension, code, note):
    assert code_of(dimension, **note) == code
    if REASONS[code][1]:
        assert report(**note).total < report().total


def test_a_text_card_stands_between_no_picture_and_a_good_one():
    without, card, photograph = (report(pictures=p).total for p in ((), (CARD,), (SHARP,) * 3))
    assert without < card < photograph
    assert code_of("light", pictures=(CARD,)) == "picture_is_text_card"
    assert report(pictures=(CARD, SHARP, SHARP, SHARP)).total == report(pictures=(SHARP,) * 3).total


def test_what_costs_most_is_advised_first_and_only_once():
    codes = [d.code for d in report(title="", place=False, pictures=()).to_mend()]
    assert codes == ["title_missing", "pictures_missing", "place_missing"]


def test_weights_are_the_callers():
    only_place = score_text("", "", (), (), True, weights={"place": 2.0})
    assert only_place.total == 1.0
    with pytest.raises(ValueError, match="positive weight"):
        score_text("", "", (), (), True, weights={})


def test_every_code_has_a_reason_and_every_fault_an_advice():
    assert sum(WEIGHTS.values()) == pytest.approx(1)
    for code, (reason, advice) in REASONS.items():
        assert reason.endswith("."), code
        assert advice == "" or advice.endswith("."), code


def test_a_copied_text_scores_below_copied_pictures_and_those_below_ones_own_words_again():
    def originality(repeats):
        return report(repeats=repeats).score_of("originality")

    copied, pictures, repeated = Repeats(0.9), Repeats(pictures=1), Repeats(0.9, True)
    assert originality(copied) < originality(pictures) < originality(repeated) < 1


def test_what_a_dimension_would_gain_is_what_the_total_would_rise_by():
    fault, mended = report(title=""), report()
    title = next(d for d in fault.dimensions if d.name == "title")
    assert fault.total + fault.gain(title) == pytest.approx(mended.total)


anything = st.floats(-1e6, 1e6) | st.sampled_from([float("nan"), float("inf"), float("-inf")])
pictures = st.builds(
    PictureMeasures,
    st.integers(0, 10**5),
    st.integers(0, 10**5),
    anything,
    anything,
    anything,
    anything,
    st.booleans(),
)


@given(
    st.text(st.characters(codec=None)),
    st.text(st.characters(codec=None)),
    st.lists(st.text()),
    st.lists(pictures),
    st.booleans(),
    st.builds(Repeats, anything, st.booleans(), anything, st.booleans()),
)
def test_any_note_gets_scores_between_nought_and_one_with_known_codes(
    title, body, tags, shown, place, repeats
):
    judged = score_text(title, body, tags, shown, place, repeats)
    assert 0 <= judged.total <= 1
    for dimension in judged.dimensions:
        assert 0 <= dimension.score <= 1
        assert dimension.code in REASONS

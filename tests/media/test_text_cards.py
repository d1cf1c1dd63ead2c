"""Covers drawn from words: what may begin a line, what is left out, what always fits."""

import os
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from community.media import text_card
from community.media.card_grounds import TINTS, draw_ground
from community.media.card_type import (
    ELLIPSIS,
    NEVER_FIRST,
    NEVER_LAST,
    break_lines,
    drawable,
    font,
    set_text,
)
from community.media.text_card import draw_text_card, process_text_card

CHINESE = (
    "退潮之后，石头缝里藏着一整片海！你见过吗？“没有。”他说（真的没有），《海边的卡夫卡》里也没有；"
    "等到秋天、冬天、再一个春天……我们去看看吧。"
)
MIXED = "用 Django 5.2 写了一个小社区：从 0 到 1 的三十天，don't panic（第一周）"


def by_length(text: str) -> float:
    return float(len(text))


@pytest.mark.parametrize("width", range(4, 30))
@pytest.mark.parametrize("text", [CHINESE, MIXED])
def test_no_line_begins_or_ends_with_the_wrong_mark(text: str, width: int) -> None:
    lines = break_lines(text, width=width + 6, measure=by_length)
    assert not [line for line in lines if line[0] in NEVER_FIRST or line[-1] in NEVER_LAST]
    assert all(len(line) <= width + 6 for line in lines)


@pytest.mark.parametrize("width", range(8, 40))
def test_breaking_lines_loses_no_character(width: int) -> None:
    for text in (CHINESE, MIXED):
        joined = "".join(break_lines(text, width=width, measure=by_length))
        assert joined.replace(" ", "") == text.replace(" ", "")


def test_english_words_and_numbers_stay_whole() -> None:
    lines = break_lines("Slow mornings with Django 5.2, don't panic", width=9, measure=by_length)
    assert lines == ["Slow", "mornings", "with", "Django", "5.2,", "don't", "panic"]


def test_chinese_words_stay_whole_where_the_line_allows() -> None:
    lines = break_lines("我们在图书馆看见老朋友", width=5, measure=by_length)
    assert "图书馆" in " ".join(lines)


def test_a_word_wider_than_the_line_falls_apart_instead_of_overflowing() -> None:
    lines = break_lines("a" * 25 + "，，，，，，，，，，", width=10, measure=by_length)
    assert max(len(line) for line in lines) <= 10


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("早安🌊🌊", "早安"),
        ("👩‍👩‍👧 family", "family"),
        ("a\u202eb\u200bc\x00d", "abcd"),
        ("z̸̢̛a̷l̶g̵o̴", "zalgo"),
        ("两\n行\t字", "两 行 字"),
        ("שלום مرحبا", ""),
        ("café 9 m² ¥8", "café 9 m² ¥8"),
    ],
)
def test_what_the_font_cannot_draw_is_left_out(text: str, kept: str) -> None:
    assert drawable(text) == kept


def test_a_long_title_shrinks_then_ends_in_an_ellipsis() -> None:
    def fit(text: str):  # type: ignore[no-untyped-def]
        return set_text(text, sizes=(100, 60), width=600, most_lines=lambda size: 3, air=1.3)

    short, longer, longest = fit("早安"), fit("海" * 20), fit("海" * 200)
    assert (short.size, longer.size, longest.size) == (100, 60, 60)
    assert not longer.lines[-1].endswith(ELLIPSIS)
    assert longest.lines[-1].endswith(ELLIPSIS)
    assert len(longest.lines) == 3
    assert all(font(60).getlength(line) <= 600 for line in longest.lines)


def test_lines_are_balanced_so_that_no_character_is_left_alone() -> None:
    text = set_text("一二三四五六七八九", sizes=(100,), width=820, most_lines=lambda size: 3, air=1)
    assert len(text.lines) == 2
    assert min(len(line) for line in text.lines) >= 3


TITLES = ("", "早", "🌊", "海" * 60, "W" * 300, "\x00\u202e", "<b>标题</b>", CHINESE, MIXED, " \n ")


@pytest.mark.parametrize("title", TITLES)
def test_any_title_gives_a_card_with_its_margins_free(
    title: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground, tint = draw_ground(seed=4)
    monkeypatch.setattr(text_card, "draw_ground", lambda seed: (ground.copy(), tint))
    card = draw_text_card(title=title, body=CHINESE, seed=4)
    changed = ImageChops.difference(card, ground).getbbox()
    assert card.size == (960, 1280)
    assert changed is not None
    assert changed[0] >= 20
    assert changed[2] <= 960 - 60
    assert changed[3] <= 1280 - 300


def test_a_megabyte_of_title_and_body_is_drawn_as_fast_as_a_line(target: Path) -> None:
    card = draw_text_card(title="海" * 350_000, body="字" * 350_000, seed=1)
    assert card == draw_text_card(title="海" * 300, body="字" * 300, seed=1)


def test_the_same_seed_gives_the_same_card_and_another_seed_another() -> None:
    cards = [draw_text_card(title="早安", body="", seed=seed) for seed in (3, 3, 4, 8)]
    assert cards[0] == cards[1]
    assert cards[0] != cards[2]
    assert cards[0] != cards[3]


def luminance(colour: tuple[int, int, int]) -> float:
    """Relative luminance (WCAG 2.2)."""
    linear = [
        value / 12.92 if (value := channel / 255) <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for channel in colour
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("tint", TINTS, ids=range(len(TINTS)))
def test_both_inks_of_every_tint_meet_wcag_aa_on_its_paper(tint) -> None:  # type: ignore[no-untyped-def]
    for ink, least in ((tint.ink, 7.0), (tint.quiet, 4.5)):
        for paper in (tint.top, tint.bottom):
            light, dark = sorted((luminance(ink), luminance(paper)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= least


def test_a_text_card_becomes_a_picture_like_any_other(target: Path) -> None:
    card = process_text_card(title="退潮之后", body="石头缝里", seed=2, target_dir=target)
    assert (card.width, card.height) == (960, 1280)
    assert [r.filename for r in card.renditions] == [
        f"{width}.{suffix}" for width in (240, 480, 960) for suffix in ("avif", "jpg")
    ]
    assert sorted(os.listdir(target)) == sorted(r.filename for r in card.renditions)
    with Image.open(target / "240.jpg") as image:
        assert image.size == (240, 320)

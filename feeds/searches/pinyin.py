"""How Chinese is typed and mistyped: syllables without tones. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from community.text.characters import HAN

HAS_HAN = re.compile(f"[{HAN}]")
LETTERS = re.compile(r"[a-z][a-z ']*")


@lru_cache(maxsize=4_096)
def syllables(text: str) -> str:
    """ "ka fei" for 咖啡; other characters stand for themselves; "" where nothing is Chinese."""
    if not HAS_HAN.search(text):
        return ""
    # Loading the dictionary takes a moment and 20 MB: only where Chinese is met.
    from pypinyin import lazy_pinyin

    return " ".join(part.strip() for part in lazy_pinyin(text) if part.strip())


def initials(pinyin: str) -> str:
    """ "kf" for "ka fei"."""
    return "".join(part[0] for part in pinyin.split())


def unparted(typed: str) -> str:
    """ "kafei" for "ka fei"."""
    return typed.replace(" ", "").replace("'", "")


def is_letters(text: str) -> bool:
    """Whether the text may be pinyin that was not turned into characters."""
    return LETTERS.fullmatch(text) is not None

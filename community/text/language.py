"""Which language a short text is in, by the share of each script.

A guess for choosing stop words, fonts and the ``lang`` attribute; cheap enough for every card.
"""

import re

from community.text.characters import HAN, HANGUL, KANA
from community.text.links import LINK
from community.text.stopwords import ENGLISH_STOP_WORDS

READ_AT_MOST = 2_000
# A Chinese word has about this many characters; words, not letters, decide between scripts.
CHARACTERS_PER_WORD = 1.6
# Chinese titles like to write の for 的, so one kana proves nothing.
KANA_SHARE_OF_JAPANESE = 0.2

NOT_PROSE = re.compile(f"{LINK}|@\\w+")
SCRIPTS = {
    "han": re.compile(f"[{HAN}]"),
    "kana": re.compile(f"[{KANA}]"),
    "hangul": re.compile(f"[{HANGUL}]"),
}
LATIN_WORD = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]+(?:['\u2019][a-z]+)?")
OTHER_LETTER = re.compile(f"[^\\W\\d_A-Za-z\u00c0-\u024f\u1e00-\u1eff{HAN}{KANA}{HANGUL}]+")
# Frequent words of French, Spanish, Portuguese, Italian, German, Dutch that are not English.
_NOT_ENGLISH = (
    "le la les des du une est et dans pour avec sur qui el los las del y con por para un una que "
    "en es os da do na no il di della che per der die das und ist ein eine mit für von zu im den "
    "het een van voor ik je não é à où aux au mi mein wir"
)
NOT_ENGLISH = frozenset(_NOT_ENGLISH.split())


def guess_language(text: str) -> str:
    """'zh', 'en', 'ja', 'ko', or 'other' (another language, or no words at all)."""
    prose = NOT_PROSE.sub(" ", text[:READ_AT_MOST])
    han, kana, hangul = (len(script.findall(prose)) for script in SCRIPTS.values())
    latin = LATIN_WORD.findall(prose)
    shares = {
        "latin": float(len(latin)),
        "cjk": (han + kana) / CHARACTERS_PER_WORD,
        "ko": hangul / CHARACTERS_PER_WORD,
        "other": float(len(OTHER_LETTER.findall(prose))),
    }
    leading = max(shares, key=lambda script: shares[script])
    if not shares[leading]:
        return "other"
    if leading == "cjk":
        return "ja" if _is_japanese(prose, han, kana) else "zh"
    return _latin_language(latin) if leading == "latin" else leading


def _is_japanese(prose: str, han: int, kana: int) -> bool:
    return kana > prose.count("の") and kana / (han + kana) >= KANA_SHARE_OF_JAPANESE


def _latin_language(words: list[str]) -> str:
    """English unless words that English does not have outnumber those it cannot do without."""
    lowered = [word.lower() for word in words]
    foreign = sum(word in NOT_ENGLISH and word not in ENGLISH_STOP_WORDS for word in lowered)
    accented = sum(not word.replace("\u2019", "'").isascii() for word in lowered)
    english = sum(word in ENGLISH_STOP_WORDS for word in lowered)
    return "other" if foreign + accented / 2 > english + max(0.5, len(words) / 5) else "en"

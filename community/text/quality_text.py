"""What can be said about the quality of a note's words: one small rule for each dimension.

Each rule returns a ``Finding``: a score from 0 to 1 and the code of the reason.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from community.text.characters import CJK
from community.text.clean import visible_length
from community.text.fold import fold
from community.text.hashtags import Piece, split_rich_text, tag_key
from community.text.segment import segment, segment_phrases

READ_AT_MOST = 5_000  # characters of a body


class Finding(NamedTuple):
    """A score from 0 to 1 and the code that explains it (a key of ``quality.REASONS``)."""

    score: float
    code: str


SHORT_TITLE, LONG_TITLE = 4, 40  # visible characters
# Visible characters at which a body has half the score for length; Chinese ones count twice.
HALF_LONG_BODY = 60
GOOD_BODY = 0.5
VARIED = 0.5  # share of distinct words that earns the full score
WORDS_COMPARED = 200
FEW_WORDS = 12  # below this, repetition means nothing
MANY_LINKS, MANY_TAGS, FEW_TAGS = 3, 10, 3
TAGS_IN_BODY = 5  # hashtags a body may consist of, as notes with only pictures do
REPEATS, REPEATED_SHARE = 3, 0.3
TAGS_SHARE = 0.6  # of a body made of hashtags
SPAM_PENALTY = 0.3

CHINESE_CHARACTER = re.compile(f"[{CJK}]")
LOUD_MARKS = re.compile("[!\uff01?\uff1f\u203c\u2049\u2757\u2753]")
# Mobile numbers of mainland China and ids of messengers, written plainly.
PHONE = re.compile(r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)")
MESSENGER = re.compile(
    r"(?:微信|薇信|威信|v信|加v|(?<![a-z])(?:vx|wx|wechat|whatsapp|telegram|qq))\s*(?:号|id|群)?\s*"
    r"(?:[:是]\s*[a-z0-9_-]{5,20}|(?=[a-z_-]{0,20}\d)[a-z0-9_-]{5,20})"
)


def judge_title(title: str) -> Finding:
    """Present, 4 to 40 visible characters, and not shouted."""
    length = visible_length(title.strip())
    if not length:
        return Finding(0.0, "title_missing")
    if _is_shouted(title):
        return Finding(0.4, "title_shouts")
    if length < SHORT_TITLE:
        return Finding(0.5, "title_short")
    if length > LONG_TITLE:
        return Finding(max(0.4, 1 - (length - LONG_TITLE) / LONG_TITLE), "title_long")
    return Finding(1.0, "title_good")


def _is_shouted(title: str) -> bool:
    latin = [letter for letter in title if letter.isascii() and letter.isalpha()]
    in_capitals = len(latin) >= 10 and all(letter.isupper() for letter in latin)
    return in_capitals or len(LOUD_MARKS.findall(title)) >= 3


def judge_body_length(body: str) -> Finding:
    """Saturating: half the score at 60 Latin or 30 Chinese characters, nine tenths at 200."""
    text = body[:READ_AT_MOST].strip()
    length = visible_length(text) + len(CHINESE_CHARACTER.findall(text))
    if not length:
        return Finding(0.0, "body_missing")
    score = 1 - math.exp(-length * math.log(2) / HALF_LONG_BODY)
    return Finding(score, "body_good" if score >= GOOD_BODY else "body_short")


def judge_variety(body: str) -> Finding:
    """The share of distinct words among the first 200; a few words vary in nothing yet."""
    words = segment(body[:READ_AT_MOST])[:WORDS_COMPARED]
    if len(words) < FEW_WORDS:
        return Finding(len(words) / FEW_WORDS, "body_short" if words else "body_missing")
    score = min(1.0, len(set(words)) / len(words) / VARIED)
    return Finding(score, "words_varied" if score > 0.8 else "words_repeated")


def judge_spam(title: str, body: str, tags: Sequence[str]) -> Finding:
    """Contact details, many links, a phrase over and over, a heap of tags."""
    text = f"{title}\n{body[:READ_AT_MOST]}"
    pieces = split_rich_text(body[:READ_AT_MOST])
    signs = {
        "spam_contact": _has_contact(text),
        "spam_links": sum(piece.kind == "link" for piece in pieces) > MANY_LINKS,
        "spam_repeats": _repeats_itself(text),
        "spam_tags": _is_stuffed(pieces, tags),
    }
    found = [code for code, is_there in signs.items() if is_there]
    return Finding(SPAM_PENALTY ** len(found), found[0] if found else "spam_none")


def _has_contact(text: str) -> bool:
    folded = fold(text)
    return bool(PHONE.search(folded) or MESSENGER.search(folded))


def _repeats_itself(text: str) -> bool:
    phrases = Counter("".join(words) for words in segment_phrases(text))
    total = sum(len(phrase) * times for phrase, times in phrases.items())
    return any(
        times >= REPEATS and len(phrase) >= 3 and len(phrase) * times > REPEATED_SHARE * total
        for phrase, times in phrases.items()
    )


def _is_stuffed(pieces: Sequence[Piece], tags: Sequence[str]) -> bool:
    hashtags = [piece for piece in pieces if piece.kind == "hashtag"]
    distinct = {tag_key(tag) for tag in tags} | {piece.target for piece in hashtags}
    letters = sum(len(piece.text) for piece in pieces if piece.kind != "newline")
    mostly_tags = sum(len(piece.text) for piece in hashtags) > TAGS_SHARE * letters
    return len(distinct) > MANY_TAGS or (len(hashtags) > TAGS_IN_BODY and mostly_tags)


def judge_tags(tags: Sequence[str]) -> Finding:
    """Three to ten tags let a note be found."""
    count = len({tag_key(tag) for tag in tags} - {""})
    if not count:
        return Finding(0.0, "tags_missing")
    if count > MANY_TAGS:
        return Finding(0.5, "tags_many")
    return Finding(1.0, "tags_good") if count >= FEW_TAGS else Finding(0.7, "tags_few")

"""Words of a text: for suggesting tags, for the search index and for search queries.

Reading (``segment``) and finding (``search_tokens``, ``query_tokens``) want different cuts.
A reader wants whole words. A search must not depend on the segmenter cutting the same
characters the same way in a note and in a query, so Chinese, Japanese and Korean go into the
index as single characters and overlapping pairs: whatever stands in a note is found by any
part of it. A query is cut into words first, so that 杭州咖啡 also finds 杭州的咖啡馆.
"""

import re
from itertools import pairwise

from community.text.characters import ABUGIDAS, CJK, HAN
from community.text.fold import fold
from community.text.han import han_words
from community.text.variants import simplified

MAX_QUERY_TOKENS = 24

_LETTER = f"(?:[^\\W_{CJK}]|[\u0300-\u036f{ABUGIDAS}\u0591-\u05c7\u064b-\u065f])"
# "don't", "3.14" and "v2.0" are one word; "wheel.Next" is two.
WORD = f"[^\\W_{CJK}]{_LETTER}*(?:(?:['\u2019](?=[^\\W\\d_])|(?<=\\d)\\.(?=\\d)){_LETTER}+)*"
RUN = re.compile(f"(?P<cjk>[{CJK}]+)|(?P<word>{WORD})")
HAN_OR_OTHER = re.compile(f"[{HAN}]+|[^{HAN}]+")
LETTERS_OR_DIGITS = re.compile(r"\d+|(?:[^\W\d_]|[^\w'.\u2019])+")
# What may stand between two words of one phrase. A blank may, but not after Chinese.
WITHIN_A_PHRASE = re.compile(r"[\s'\u2019+#&_-]*")

# Words so frequent that a query must not insist on them when it says more than that.
_IGNORED = "的 了 吗 呢 啊 吧 呀 和 与 及 是 在 也 就 都 a an the of in on at to for and or is"
IGNORED_IN_QUERIES = frozenset(_IGNORED.split())


def segment(text: str) -> list[str]:
    """Words in reading order, folded, without punctuation; numbers and repeats are kept."""
    return [word for phrase in segment_phrases(text) for word in phrase]


def segment_phrases(text: str) -> list[list[str]]:
    """Like ``segment``, one list for each stretch of text between punctuation marks."""
    folded = fold(text)
    phrases: list[list[str]] = []
    end = 0
    for run in RUN.finditer(folded):
        if not phrases or _ends_a_phrase(folded[end : run.start()], folded, end):
            phrases.append([])
        phrases[-1] += _cjk_words(run["cjk"]) if run["cjk"] else [run["word"]]
        end = run.end()
    return phrases


def _ends_a_phrase(gap: str, text: str, end: int) -> bool:
    """Whether what stands between two runs parts them; ``end`` is where the first one ends."""
    after_cjk = bool(gap) and bool(re.match(f"[{CJK}]", text[end - 1]))
    return after_cjk or not WITHIN_A_PHRASE.fullmatch(gap)


def search_tokens(text: str) -> str:
    """What the full-text index stores: tokens joined by blanks.

    For FTS5 declare ``tokenize='ascii'`` (every other character then belongs to a token, as
    here); for PostgreSQL ``to_tsvector('simple', ...)``.
    """
    tokens: list[str] = []
    for run in RUN.finditer(simplified(fold(text))):
        tokens += _singles_and_pairs(run["cjk"]) if run["cjk"] else _parts(run["word"])
    return " ".join(tokens)


def query_tokens(query: str) -> list[str]:
    """Tokens that must all be in the index, in order of appearance, each once.

    They consist of letters and digits in lower case only, so no operator of FTS5 or tsquery
    can be among them. An empty list means that the query says nothing that can be searched.
    """
    tokens = (token for word in query_words(query) for token in word_tokens(word))
    return list(dict.fromkeys(tokens))[:MAX_QUERY_TOKENS]


def query_words(query: str) -> list[str]:
    """The words of a query, folded and in simplified characters, less those that say nothing."""
    words: list[str] = []
    for run in RUN.finditer(simplified(fold(query))):
        words += _joined_singles(_cjk_words(run["cjk"])) if run["cjk"] else _parts(run["word"])
    return [word for word in words if word not in IGNORED_IN_QUERIES] or words


def word_tokens(word: str) -> list[str]:
    """A word of `query_words` as the index holds it: Chinese as pairs of characters."""
    is_cjk = re.match(f"[{CJK}]", word)
    return [a + b for a, b in pairwise(word)] if is_cjk and len(word) > 1 else [word]


def _cjk_words(run: str) -> list[str]:
    """Han is cut into words; kana and Hangul, which the segmenter does not know, stay whole."""
    words: list[str] = []
    for part in HAN_OR_OTHER.findall(run):
        words += han_words(part) if re.match(f"[{HAN}]", part) else [part]
    return words


def _joined_singles(words: list[str]) -> list[str]:
    """Single characters side by side must stay side by side: 好 喝 is asked for as 好喝."""
    joined: list[str] = []
    grows = False
    for word in words:
        is_single = len(word) == 1 and word not in IGNORED_IN_QUERIES
        if is_single and grows:
            joined[-1] += word
        else:
            joined.append(word)
        grows = is_single
    return joined


def _singles_and_pairs(run: str) -> list[str]:
    return [*run, *(a + b for a, b in pairwise(run))]


def _parts(word: str) -> list[str]:
    """``iphone15`` is found as "iphone 15" and the other way round: letters and digits part."""
    return LETTERS_OR_DIGITS.findall(word)

"""What a query asks for: words that must all be there, each in one of several ways. Pure.

`Word` is a list of ways to say one thing (itself, then its aliases), each way a list of tokens of
the index that must all be there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from community.text.segment import MAX_QUERY_TOKENS, query_tokens, query_words, word_tokens

Way = tuple[str, ...]
Word = tuple[Way, ...]
# Other ways to say one word that are looked for.
MOST_ALIASES = 4


@dataclass(frozen=True, slots=True)
class Asked:
    words: tuple[Word, ...]
    # One of the words is enough.
    any_word: bool = False

    def relaxed(self) -> Asked:
        """The same, where one word is enough: a word of one way is taken apart into its tokens."""
        words: list[Word] = []
        for word in self.words:
            alone = len(self.words) == 1 and len(word) == 1
            words += [((token,),) for token in word[0]] if alone else [word]
        return Asked(tuple(words), any_word=True)

    @property
    def can_relax(self) -> bool:
        return not self.any_word and sum(len(way) for word in self.words for way in word) > 1


def asked_for(query: str, aliases: Mapping[str, Sequence[str]] | None = None) -> Asked:
    """Read a query. `aliases`: other names of a word or of a whole query, by its words joined."""
    words = query_words(query)
    known = aliases or {}
    whole = _ways("".join(words), query_tokens(query), known)
    if len(words) > 1 and len(whole) > 1:
        return Asked((whole,))
    asked, tokens = [], 0
    for word in dict.fromkeys(words):
        ways = _ways(word, word_tokens(word), known)
        tokens += len(ways[0])
        if tokens > MAX_QUERY_TOKENS:
            break
        asked.append(ways)
    if not asked and words:
        asked = [(tuple(word_tokens(words[0])[:MAX_QUERY_TOKENS]),)]
    return Asked(tuple(asked))


def _ways(name: str, tokens: Sequence[str], aliases: Mapping[str, Sequence[str]]) -> Word:
    others = (tuple(query_tokens(other)) for other in aliases.get(name, ())[:MOST_ALIASES])
    return tuple(dict.fromkeys([tuple(tokens), *(way for way in others if way)]))

"""#tags, @mentions and links inside what people write.

One scanner reads them all, so that a # in a link is no tag and an @ in an address no mention.
Tags come in three spellings: #word, the closed #词#, and #词[话题]# as other sites export it.
"""

import re
from collections.abc import Container, Iterator
from typing import Literal, NamedTuple

from accounts.names import MAX_LENGTH as LONGEST_NAME
from accounts.names import MIN_LENGTH as SHORTEST_NAME
from accounts.names import USERNAME
from community.text.characters import ABUGIDAS, CJK, STACKING_MARKS, ZWJ, ZWNJ
from community.text.clean import clean_body
from community.text.fold import fold
from community.text.links import LINK, link_in

MAX_TAGS = 20
MAX_TAG_LENGTH = 40

# Half and full width.
HASH, AT = "[#\uff03]", "[@\uff20]"
_LETTER = f"[\\w{STACKING_MARKS}{ABUGIDAS}{ZWNJ}{ZWJ}]"
TOKEN = re.compile(
    f"(?P<link>{LINK})"
    f"|{HASH}(?P<hashtag>{_LETTER}+(?:[-·]{_LETTER}+)*)"
    rf"(?:\[(?:话题|話題|超话|Topic)\]{HASH}|{HASH}(?!{_LETTER}))?"
    f"|(?<![A-Za-z0-9_.+@\uff20-]){AT}(?P<mention>{USERNAME})"
    r"|(?P<newline>\n)"
)
DECORATION = re.compile(rf"^{HASH}|(?:\[\w+\])?{HASH}$")
# "#1" and "#12" count something; "#618" and "#520" are days that people post about.
SAYS_SOMETHING = re.compile(r"[^\W\d_]|\d{3}")
# After these a # goes on with something else: C#sharp, &#39; and /#fragment.
GOES_ON = re.compile(f"[^\\W{CJK}]|[&/]")
# A slash would end the part of an address that the key is.
SEPARATORS = re.compile(r"[\s_/\\-]+")
ONLY_DOTS = re.compile(r"\.*")

Kind = Literal["text", "hashtag", "mention", "link", "newline"]


class Piece(NamedTuple):
    """A stretch of a body. ``text`` is what was typed and is not HTML: escape it.

    ``target`` is the ``tag_key`` of a hashtag, the name of a mention, the address of a link,
    else empty.
    """

    kind: Kind
    text: str
    target: str = ""

    @property
    def label(self) -> str:
        """What to show: a hashtag without its # signs and without ``[话题]``, else the text."""
        return DECORATION.sub("", self.text) if self.kind == "hashtag" else self.text


def find_hashtags(text: str) -> list[str]:
    """The tags' names without #, as typed, in order; one per ``tag_key``, at most 20."""
    names: dict[str, str] = {}
    for piece in split_rich_text(text):
        if piece.kind == "hashtag":
            names.setdefault(piece.target, piece.label)
    return list(names.values())[:MAX_TAGS]


def find_mentions(text: str, *, known: Container[str] | None = None) -> list[str]:
    """The names after @, as typed, in order, each once.

    Chinese puts no blank after a name: "@小明你好" may mean 小明 or 小明你. With ``known``
    (case-folded usernames) the longest known name counts and unknown ones are left out;
    without it, all that can belong to a username counts. See ``possible_mentions``.
    """
    pieces = split_rich_text(text, known=known)
    return list(dict.fromkeys(piece.target for piece in pieces if piece.kind == "mention"))


def possible_mentions(text: str) -> set[str]:
    """Every username, case-folded, that the text may mean: look these up to fill ``known``."""
    return {
        name[:end].casefold()
        for name in find_mentions(text)
        for end in range(SHORTEST_NAME, len(name) + 1)
    }


def tag_key(name: str) -> str:
    """The same string for spellings of one tag: width, case, accent, blank, _, slash and hyphen.

    It is a part of an address, where dots alone would mean another page: they are no tag.
    """
    key = SEPARATORS.sub("-", fold(name).strip()).lstrip("-#").rstrip("-")
    return "" if ONLY_DOTS.fullmatch(key) else key


def split_rich_text(body: str, *, known: Container[str] | None = None) -> list[Piece]:
    """The cleaned body as pieces for a template to link; joined, their texts are that body.

    ``known`` are the case-folded usernames that exist, see ``find_mentions``.
    """
    text = clean_body(body)
    pieces: list[Piece] = []
    written = 0
    for start, piece in _special_pieces(text, known):
        if start > written:
            pieces.append(Piece("text", text[written:start]))
        pieces.append(piece)
        written = start + len(piece.text)
    if written < len(text):
        pieces.append(Piece("text", text[written:]))
    return pieces


def _special_pieces(text: str, known: Container[str] | None) -> Iterator[tuple[int, Piece]]:
    """Where each hashtag, mention, link and newline begins, and the piece."""
    position, end_of_tag = 0, -1
    while found := TOKEN.search(text, position):
        piece = _read(found, known, follows_a_tag=found.start() == end_of_tag)
        position = found.start() + len(piece.text) if piece else found.end()
        if piece:
            end_of_tag = position if piece.kind == "hashtag" else -1
            yield found.start(), piece


def _read(found: re.Match[str], known: Container[str] | None, follows_a_tag: bool) -> Piece | None:
    """The piece that a find stands for, or None if it is plain text after all."""
    match found.lastgroup:
        case "link":
            address = link_in(found["link"])
            return Piece("link", address, address) if address else None
        case "mention":
            name = _name_in(found["mention"], known)
            return Piece("mention", found[0][: len(name) + 1], name) if name else None
        case "newline":
            return Piece("newline", "\n")
    if follows_a_tag or not GOES_ON.match(found.string[max(0, found.start() - 1)]):
        return _hashtag(found[0], found["hashtag"])
    return None


def _hashtag(typed: str, name: str) -> Piece | None:
    if len(name) > MAX_TAG_LENGTH or not SAYS_SOMETHING.search(name):
        return None
    return Piece("hashtag", typed, tag_key(name))


def _name_in(typed: str, known: Container[str] | None) -> str:
    """The longest name that exists, or without ``known`` the longest that could; or ""."""
    ends = range(min(len(typed), LONGEST_NAME), SHORTEST_NAME - 1, -1)
    names = (typed[:end] for end in ends if typed[end - 1] not in "_.-")
    return next((name for name in names if known is None or name.casefold() in known), "")

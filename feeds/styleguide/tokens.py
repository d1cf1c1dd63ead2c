"""The tokens as the stylesheet has them, so that the style guide never tells of others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_LAYER = re.compile(r"@layer tokens \{(.*?)\n\}", re.DOTALL)
_DECLARED = re.compile(r"--([a-z0-9-]+):\s*([^;]+);")
_SPACE = re.compile(r"s\d+")
SIZES = ("xs", "md", "lg", "xl", "xxl", "xxxl")
# A colour, or a pair of them for the two themes.
_COLOUR = re.compile(r"#[0-9a-f]{3,8}|light-dark\(#[0-9a-f]{3,8}, #[0-9a-f]{3,8}\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Token:
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """By what they are for; `others` are shadow, radius, motion and measures of the frame."""

    colours: list[Token] = field(default_factory=list)
    sizes: list[Token] = field(default_factory=list)
    spaces: list[Token] = field(default_factory=list)
    others: list[Token] = field(default_factory=list)


def read_tokens(stylesheet: str) -> Tokens:
    """All tokens in the order in which they are declared first, with the value declared last."""
    found = Tokens()
    for token in _declared(stylesheet):
        _shelf(found, token).append(token)
    return found


def _declared(stylesheet: str) -> Iterator[Token]:
    layer = _LAYER.search(stylesheet)
    values: dict[str, str] = {}
    for name, value in _DECLARED.findall(layer[1] if layer else ""):
        values[name] = " ".join(value.split())
    return (Token(name, value) for name, value in values.items())


def _shelf(tokens: Tokens, token: Token) -> list[Token]:
    if _COLOUR.fullmatch(token.value):
        return tokens.colours
    if token.name in SIZES:
        return tokens.sizes
    return tokens.spaces if _SPACE.fullmatch(token.name) else tokens.others

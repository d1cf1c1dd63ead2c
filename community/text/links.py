"""Web addresses in running text, where they begin and, harder, where they end."""

import re

# ASCII only: in "看https://example.org很好" the address ends where Chinese goes on.
LINK = r"(?<![A-Za-z0-9])(?i:https?)://[A-Za-z0-9][A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*"
SENTENCE_MARKS = ".,;:!?'*[]("
END_OF_AUTHORITY = re.compile(r"[/?#]")


def link_in(match: str) -> str:
    """The part of a ``LINK`` match that is the address, or "" if it should not be a link.

    Punctuation that belongs to the sentence stays outside, and so does a closing bracket
    that was opened before the address. "https://bank.example@evil.example" hides where it
    leads and is not made a link.
    """
    address = match[: _end_of_address(match)]
    authority = END_OF_AUTHORITY.split(address.partition("://")[2], maxsplit=1)[0]
    return address if authority and "@" not in authority else ""


def _end_of_address(match: str) -> int:
    end, unopened = len(match), match.count(")") - match.count("(")
    while end and (match[end - 1] in SENTENCE_MARKS or (match[end - 1] == ")" and unopened > 0)):
        unopened -= match[end - 1] == ")"
        end -= 1
    return end

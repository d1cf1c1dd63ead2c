"""Who may do what in a brand's team, how names are compared, and how much there may be."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from community.text.characters import CJK
from community.text.fold import fold

NAME_LENGTH, ABOUT_LENGTH, SKU_LENGTH = 60, 2_000, 40
PRODUCT_NAME_LENGTH, ALIAS_LENGTH = 100, 60
MOST_ALIASES, MOST_PICTURES, MOST_LINKED = 10, 6, 6
MOST_BRANDS, MOST_MEMBERS, MOST_PRODUCTS = 5, 30, 5_000
# A price of more is a slip of the keyboard, and this much is still exact in JavaScript.
MOST_PRICE = 10**12


class Role(StrEnum):
    OWNER = "owner"
    MANAGER = "manager"
    EDITOR = "editor"


class Right(StrEnum):
    PRODUCTS = "products"
    PAGE = "page"
    INVITE = "invite"
    TEAM = "team"
    VERIFY = "verify"
    COLLABORATE = "collaborate"
    CAMPAIGN = "campaign"


RIGHTS: dict[str, frozenset[Right]] = {
    Role.OWNER: frozenset(Right),
    Role.MANAGER: frozenset(Right) - {Right.TEAM, Right.VERIFY},
    Role.EDITOR: frozenset({Right.PRODUCTS}),
}


def may(role: str, right: Right) -> bool:
    return right in RIGHTS.get(role, frozenset())


def may_give(role: str, given: str) -> bool:
    """Whether somebody of this role may make somebody else a `given`: managers only editors."""
    if role == Role.OWNER:
        return given in RIGHTS
    return may(role, Right.INVITE) and given == Role.EDITOR


def may_remove(role: str, other: str) -> bool:
    """Whether somebody of this role may send away, or uninvite, a member of that one."""
    return may_give(role, other)


# ---------------------------------------------------------------- names
# A Chinese character stands for itself, letters and digits of other scripts for a word.
UNIT = re.compile(f"[{CJK}]|[^\\W_{CJK}]+")
# The longest name that is found inside a query, and the longest query that is read to its end.
LONGEST_IN_UNITS, QUERY_UNITS = 20, 60


def name_units(text: str) -> list[str]:
    return UNIT.findall(fold(text))


def name_key(text: str) -> str:
    """One key for all spellings of a name: case, width, accents, blanks and marks do not count."""
    return " ".join(name_units(text))


def keys_within(query: str) -> list[str]:
    """Keys of every name that may stand in a query as whole words: at most 1,200."""
    units = name_units(query)[:QUERY_UNITS]
    keys = (
        " ".join(units[start:end])
        for start in range(len(units))
        for end in range(start + 1, min(start + LONGEST_IN_UNITS, len(units)) + 1)
    )
    return list(dict.fromkeys(keys))


def says_enough(key: str) -> bool:
    """Whether a name may be found inside other words: one letter, digit or character may not."""
    return len(key.replace(" ", "")) >= 2


def cleaned_aliases(typed: Iterable[str], *, name: str) -> list[str]:
    """Other names as given, without repeats of one another or of the name itself."""
    kept: dict[str, str] = {}
    for alias in typed:
        key = name_key(alias)
        if key and key != name_key(name):
            kept.setdefault(key, " ".join(alias.split()))
    return list(kept.values())

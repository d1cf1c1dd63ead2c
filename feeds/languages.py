"""The languages that a person reads: notes in others are not recommended to them.

A language that somebody does not read stands among what they want less of, without an end, as
(KIND, its number): so whatever leaves out the unwanted leaves it out, too, be it a list, a reserved
slot or a place that was paid for. What is asked without a list of one's own (hot, nearby) meets the
gate. Whom they follow and what they search for is shown in any language, and so is a note whose
language cannot be told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.utils.translation import gettext as _

from accounts.errors import Invalid

# Those that community.text.language can tell, each by its own name.
LANGUAGES = {"zh": "中文", "en": "English", "ja": "日本語", "ko": "한국어"}
# Beside the kinds of LessOf, in no row.
KIND = 100
_NUMBERS = {code: number for number, code in enumerate(LANGUAGES)}


def things_of_language(language: str) -> Iterator[tuple[int, int]]:
    """What a note in this language is, as something to want less of; nothing for one untold."""
    if language in _NUMBERS:
        yield KIND, _NUMBERS[language]


def unread(languages: Collection[str]) -> Iterator[tuple[int, int]]:
    """What those who read only these want none of; nothing for those who chose none."""
    for language in LANGUAGES if languages else ():
        if language not in languages:
            yield from things_of_language(language)


def as_chosen(languages: Collection[str]) -> str:
    """As it is kept. Raises Invalid for a language that is none of these."""
    if set(languages) - set(LANGUAGES):
        raise Invalid(_("Choose among the languages that are offered."), field="languages")
    return " ".join(code for code in LANGUAGES if code in languages)

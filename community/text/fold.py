"""One fold for comparing texts: in the search index, in queries and in tag names."""

import re
import unicodedata

from community.text.clean import visible_only

LATIN_ACCENTS = re.compile("(?<=[a-z])[\u0300-\u036f]+")


def fold(text: str) -> str:
    """Full width to half width, case, Latin accents and joiners away. Idempotent."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFD", visible_only(text)).casefold()
    folded = unicodedata.normalize("NFKC", folded).casefold()
    bare = LATIN_ACCENTS.sub("", unicodedata.normalize("NFKD", folded))
    return unicodedata.normalize("NFKC", bare)

"""The words of rules: to authors, and to staff who write them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.models import Note

from .conditions import BadSetting
from .matching import Finding, Written
from .models import RuleVersion

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Act = RuleVersion.Act
LINES_TOLD = 20
PIECES_TOLD = 3
LONGEST_PIECE = 40

PLACES = {
    "note": gettext_lazy("Notes, with their tags and descriptions of pictures"),
    "comment": gettext_lazy("Comments"),
    "profile": gettext_lazy("Names and words of profiles"),
    "message": gettext_lazy("Messages"),
}
# Labels: values of Note.Label that a rule may put on a note.
ACTS = tuple(Act)
LABELS: dict[str, StrOrPromise] = {
    label.value: label.label for label in (Note.Label.SENSITIVE, Note.Label.DISPUTED)
}

WHY = {
    "words": gettext_lazy("It holds words that are not used here."),
    "links": gettext_lazy("It leads to addresses that are not shared here, or to too many."),
    "rate": gettext_lazy("It is one of too many in a short time."),
    "newcomers": gettext_lazy("The first that a new account writes is looked at by staff."),
    "burst": gettext_lazy("Several accounts wrote the same in a short time."),
    "pictures": gettext_lazy("It shows a picture that is not shown here."),
}
MEND_NOTE = {
    "words": gettext_lazy("Change them and save: it is looked at again at once."),
    "links": gettext_lazy("Take them out and save: it is looked at again at once."),
    "rate": gettext_lazy("Staff looks at it; you need do nothing."),
    "newcomers": gettext_lazy("Staff looks at it; you need do nothing."),
    "burst": gettext_lazy("Say it in your own words and save: it is looked at again at once."),
    "pictures": gettext_lazy("Take it out and save: it is looked at again at once."),
}
MEND_REFUSED = {
    "words": gettext_lazy("Change them and try again."),
    "links": gettext_lazy("Take them out and try again."),
    "rate": gettext_lazy("Try again later."),
    "newcomers": gettext_lazy("Try again when your account is older."),
    "burst": gettext_lazy("Say it in your own words and try again."),
    "pictures": gettext_lazy("Take it out and try again."),
}
STAFF_LOOKS = gettext_lazy("Staff looks at it; you need do nothing.")
MENDED = gettext_lazy("You mended it: nothing is left that a rule looks for.")
UNDONE = gettext_lazy("The rule that hid it was wrong and was taken back: {why}")


def undone(why: str) -> StrOrPromise:
    return _lazily(UNDONE, why=why)


def told(
    version: RuleVersion, written: Written, finding: Finding, *, refused: bool
) -> StrOrPromise:
    """What the author reads: the words of the rule or ours, the pieces that were found, and how to
    mend it."""
    kind = version.rule.kind
    said = version.words or WHY[kind]
    if refused:
        mend = MEND_REFUSED[kind]
    else:
        mend = MEND_NOTE[kind] if written.place == "note" else STAFF_LOOKS
    found = ", ".join(f"“{piece}”" for piece in pieces(written, finding))
    if found:
        return _lazily("{said} {found} {mend}", said=said, found=found, mend=mend)
    return _lazily("{said} {mend}", said=said, mend=mend)


def _lazily(form: StrOrPromise, **parts: StrOrPromise) -> StrOrPromise:
    return format_lazy(form, **parts)


def pieces(written: Written, finding: Finding) -> list[str]:
    """The first few different pieces that were found, as they were written."""
    texts = dict(written.fields)
    found = (texts[name][start:end] for name, start, end in finding.spans)
    return [piece[:LONGEST_PIECE] for piece in dict.fromkeys(found)][:PIECES_TOLD]


BAD_LINES = {
    "word": gettext_lazy("no letter in it"),
    "long": gettext_lazy("too long for a word"),
    "columns": gettext_lazy("not: word,sound,inside"),
    "answer": gettext_lazy("neither yes nor no"),
    "many": gettext_lazy("too many words"),
    "form": gettext_lazy("not of the right form"),
}
BAD_SETTINGS = {
    "none": gettext_lazy("Give at least one."),
    "nothing": gettext_lazy("It looks for nothing yet: list domains, or set a number of links."),
    "many": gettext_lazy("Too many lines."),
    "number": gettext_lazy("Give a number within the bounds."),
}


def bad_setting(bad: BadSetting) -> str:
    """A sentence; of a list, the lines that are bad by their numbers."""
    if bad.why != "lines":
        return str(BAD_SETTINGS[bad.why])
    lines = [
        _("Line %(number)d: %(why)s (%(text)s)")
        % {"number": line.number, "why": BAD_LINES[line.why], "text": line.text}
        for line in bad.lines[:LINES_TOLD]
    ]
    if len(bad.lines) > LINES_TOLD:
        lines.append(_("and %(count)d more.") % {"count": len(bad.lines) - LINES_TOLD})
    return "\n".join(lines)


def list_places(places: Sequence[str]) -> str:
    return ", ".join(str(PLACES[place]) for place in places)

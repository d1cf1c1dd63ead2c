"""Known words from a table (CSV), as operators keep them in a spreadsheet: all rows or none."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.text.dictionary import folded_form

from .models import Term

COLUMNS = ("kind", "name", "aliases", "tag", "active")
NEEDED = ("kind", "name")
MOST_ROWS, LARGEST_FILE = 20_000, 2_000_000
MOST_FAULTS = 20
NO = {"0", "no", "false", "off"}


@dataclass
class WordImport:
    """What a file would do: terms to write, or faults that forbid it."""

    terms: list[Term] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    forms: set[str] = field(default_factory=set)


def read_words(raw: bytes) -> WordImport:
    """Columns kind, name, aliases (between |), tag, active; the first two are needed."""
    result = WordImport()
    if len(raw) > LARGEST_FILE:
        result.faults.append(_("The file is larger than 2 MB."))
        return result
    try:
        rows = csv.DictReader(io.StringIO(raw.decode("utf-8-sig")), strict=True)
        columns = [str(name).strip().lower() for name in rows.fieldnames or ()]
        if missing := [name for name in NEEDED if name not in columns]:
            result.faults.append(
                _("The first line must name the columns; missing: %(names)s")
                % {"names": ", ".join(missing)}
            )
            return result
        rows.fieldnames = columns
        for row in rows:
            _take(row, rows.line_num, result)
            if len(result.faults) >= MOST_FAULTS or len(result.terms) > MOST_ROWS:
                break
    except (UnicodeDecodeError, csv.Error) as error:
        result.faults.append(_("This is no table (CSV) in UTF-8: %(why)s") % {"why": error})
    if len(result.terms) > MOST_ROWS:
        result.faults.append(_("At most %(count)d rows at once.") % {"count": MOST_ROWS})
    if not result.terms and not result.faults:
        result.faults.append(_("The file has no rows."))
    return result


def _take(row: dict[str, str | None], line: int, result: WordImport) -> None:
    cells = {name: str(row.get(name) or "").strip() for name in COLUMNS}
    if not any(cells.values()):
        return
    term = Term(
        kind=cells["kind"].lower(),
        name=cells["name"],
        form=folded_form(cells["name"]),
        aliases="\n".join(filter(None, (part.strip() for part in cells["aliases"].split("|")))),
        tag=cells["tag"],
        is_active=cells["active"].lower() not in NO,
    )
    try:
        term.clean_fields(exclude=["changed_at"])
        term.clean_names()
    except ValidationError as error:
        result.faults.append(_("Line %(line)d: %(why)s") % {"line": line, "why": _in_words(error)})
        return
    if term.form in result.forms:
        result.faults.append(
            _("Line %(line)d: “%(name)s” stands in the file twice.")
            % {"line": line, "name": term.name}
        )
        return
    result.forms.add(term.form)
    result.terms.append(term)


def _in_words(error: ValidationError) -> str:
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    return "; ".join(f"{name}: {' '.join(said)}" for name, said in error.message_dict.items())


def write_words(words: WordImport) -> int:
    """Add the terms, or replace those of the same name; how many. Nothing where there are
    faults."""
    if words.faults:
        return 0
    now = timezone.now()
    for term in words.terms:
        term.changed_at = now
    with transaction.atomic():
        Term.objects.bulk_create(
            words.terms,
            update_conflicts=True,
            unique_fields=["form"],
            update_fields=["kind", "name", "aliases", "tag", "is_active", "changed_at"],
            batch_size=500,
        )
    return len(words.terms)

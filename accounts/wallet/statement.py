"""What moved in a person's wallet and why, newest first: as rows, and for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.spreadsheets import safe_cell

from . import money
from .models import Account, Entry
from .providers import title_of
from .purposes import Purpose, purposes_of

# Entries of which the file is made at a time.
AT_ONCE = 500

SOURCES: dict[str, Promise] = {
    "staff": gettext_lazy("Confirmed by the community's staff"),
    "voucher": gettext_lazy("Voucher"),
    "transfer": gettext_lazy("Transfer"),
    "bank": gettext_lazy("At the bank"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as its person sees it: what it did to what is free, and to what is held."""

    entry: Entry
    purpose: Purpose
    free: int
    held: int

    @property
    def kind(self) -> str:
        """What happened, from this person's side: what the community earns, they have spent."""
        spent = self.entry.kind == Entry.Kind.EARN and self.held < 0
        return _("Spent") if spent else self.entry.get_kind_display()


def statement_of(person: User) -> QuerySet[Entry]:
    """A person's entries, for paging by `-pk`."""
    return Entry.objects.of(person).select_related("taken_from", "given_to", "hold").order_by("-pk")


def lines_of(person: User, entries: Sequence[Entry]) -> list[Line]:
    """The entries as lines, their purposes looked up together."""
    purposes = purposes_of({row.hold.about for row in entries if row.hold})
    return [
        Line(
            entry=row,
            purpose=purposes[row.hold.about] if row.hold else _way_of(row),
            free=_change(row, Account.Kind.WALLET, person),
            held=_change(row, Account.Kind.HELD, person),
        )
        for row in entries
    ]


def _way_of(row: Entry) -> Purpose:
    way = str(SOURCES.get(row.source) or title_of(row.source))
    return Purpose(": ".join(part for part in (way, row.remark) if part))


def _change(row: Entry, kind: str, person: User) -> int:
    """By how much the entry changed this account of the person."""
    given = row.given_to.kind == kind and row.given_to.person_id == person.pk
    taken = row.taken_from.kind == kind and row.taken_from.person_id == person.pk
    return row.amount * (given - taken)


# ---------------------------------------------------------------- a file
def csv_of(person: User) -> Iterator[str]:
    """The whole statement, newest first; a text that could be a formula begins with an apostrophe.

    Paged by key, so that a long statement is never held in memory.
    """
    yield _row(_("Number"), _("Time"), _("What"), _("For"), _("Free"), _("Held"), _("Currency"))
    rows, last = statement_of(person), None
    while page := list((rows if last is None else rows.filter(pk__lt=last))[:AT_ONCE]):
        for line in lines_of(person, page):
            entry = line.entry
            yield _row(
                str(entry.pk),
                entry.at.isoformat(),
                line.kind,
                safe_cell(line.purpose.text),
                money.plain(line.free),
                money.plain(line.held),
                money.currency(),
            )
        last = page[-1].pk


def _row(*cells: str) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()

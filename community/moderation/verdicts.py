"""A verdict before it is given: checked for right, rule, words and term."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from accounts.errors import Conflict, Invalid, NotAllowed
from accounts.models import User
from community.models import Note
from community.notifications.services import in_language_of
from community.text.clean import clean_body, is_blank

from . import rules
from .log import note_down
from .models import Decision, Guideline, LogLine
from .wording import text_of

MAY_DECIDE = "moderation.add_decision"
WORDS_LENGTH = 500
Act = Decision.Act


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What is to be done, by which rule, what the author is told, and for how many days."""

    act: str
    guideline: str = ""
    # Empty: the words of the rule, in the author's language.
    words: str = ""
    # None: until it is taken back.
    days: int | None = None
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class Given:
    """A verdict that was checked, and who gives it when. `by` is None for a rule of the house."""

    verdict: Verdict
    guideline: Guideline | None
    by: User | None
    now: datetime

    @property
    def ends_at(self) -> datetime | None:
        days = self.verdict.days
        return self.now + timedelta(days=days) if days is not None else None

    def as_act(self, act: str) -> Given:
        """The same with another act that has no term of its own."""
        return replace(self, verdict=replace(self.verdict, act=act, days=None, label=""))

    def told(self, author_id: int) -> str:
        """The words to the author: the moderator's, else those of the rule."""
        if self.verdict.words or self.guideline is None:
            return self.verdict.words
        return in_language_of(author_id, text_of(self.guideline))[:WORDS_LENGTH]


def may(person: User, act: str) -> bool:
    """Whether somebody of staff may give a verdict of this kind."""
    right = rules.RIGHTS.get(act)
    return person.has_perm(MAY_DECIDE) and (right is None or person.has_perm(right))


def checked(verdict: Verdict, *, by: User, now: datetime, needs_rule: bool = True) -> Given:
    """Raises NotAllowed, and Invalid with the field that is wrong."""
    if not may(by, verdict.act):
        raise NotAllowed
    guideline = _rule(verdict, needs_rule)
    words = clean_body(verdict.words)
    if is_blank(words):
        words = ""
        if guideline is None and (verdict.act != Act.KEEP or not needs_rule):
            raise Invalid(_("Give a reason: the author will read it."), field="reason")
    if len(words) > WORDS_LENGTH:
        raise Invalid(
            _("Please use at most %(count)d characters.") % {"count": WORDS_LENGTH}, field="reason"
        )
    return Given(
        verdict=replace(verdict, words=words, days=_days(verdict), label=_label(verdict)),
        guideline=guideline,
        by=by,
        now=now,
    )


def _rule(verdict: Verdict, needs_rule: bool) -> Guideline | None:
    if not verdict.guideline:
        if needs_rule and verdict.act != Act.KEEP:
            raise Invalid(_("Choose the rule it rests on."), field="guideline")
        return None
    found = Guideline.objects.filter(code=verdict.guideline, is_active=True).first()
    if found is None:
        raise Invalid(_("There is no such rule in use."), field="guideline")
    return found


def _days(verdict: Verdict) -> int | None:
    """Days of a lasting act; a suspension always has an end, a ban and a warning never."""
    if verdict.act == Act.SUSPEND and verdict.days is None:
        raise Invalid(_("Say for how many days."), field="days")
    if verdict.act in (Act.KEEP, Act.WARN, Act.BAN) or verdict.days is None:
        return None
    if not 1 <= verdict.days <= rules.LONGEST_DAYS:
        raise Invalid(_("From 1 to %(most)d days.") % {"most": rules.LONGEST_DAYS}, field="days")
    return verdict.days


def _label(verdict: Verdict) -> str:
    if verdict.act != Act.LABEL:
        return ""
    if verdict.label not in (Note.Label.SENSITIVE, Note.Label.DISPUTED):
        raise Invalid(_("Choose a label."), field="label")
    return verdict.label


@contextmanager
def on_record(*, by: User, about: str, act: str, now: datetime) -> Iterator[None]:
    """A verdict that came too late, or from who may not give it, is written down, too. Around the
    transaction, which its refusal rolls back."""
    try:
        yield
    except (Conflict, NotAllowed) as refusal:
        said = f"{Act(act).label}: {refusal}" if act in Act.values else f"{act}: {refusal}"
        note_down(actor=by, act=LogLine.Act.REFUSED, about=about, words=said, now=now)
        raise

"""Write a rule, try it, shadow it, put it live, roll it back; each step is on record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from accounts.models import User
from community.outbox.jobs import enqueue
from community.text.clean import clean_body, clean_line, is_blank

from . import wording
from .conditions import BadSetting, checked_places, checked_settings
from .matching import PROFILE
from .models import NAME_LENGTH, WORDS_LENGTH, DryRun, Rule, RuleBook, RuleChange, RuleVersion

WRITE, RUN = "rules.write_rule", "rules.run_rule"
State, Act, What = RuleVersion.State, RuleVersion.Act, RuleChange.What
# What can be done to a text that is no note or comment.
ACTS_WITHOUT_A_ROW = (Act.REFUSE,)
# What can be done to a comment only: it has no reach of its own and carries no label.
ACTS_OF_NOTES = (Act.LIMIT, Act.LABEL)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What somebody wrote into the form of a rule."""

    act: str
    places: Sequence[str]
    settings: Mapping[str, Any] = field(default_factory=dict)
    words: str = ""
    label: str = ""
    why: str = ""


def write_rule(*, by: User, name: str, kind: str, draft: Draft, now: datetime) -> RuleVersion:
    """A new rule, as a draft. Raises NotAllowed, Invalid."""
    _require(by, WRITE)
    if kind not in Rule.Kind.values:
        raise Invalid(_("Choose a kind from the list."), field="kind")
    name = clean_line(name, max_length=NAME_LENGTH + 1)
    if is_blank(name) or len(name) > NAME_LENGTH:
        raise Invalid(
            _("Give it a name of at most %(count)d characters.") % {"count": NAME_LENGTH},
            field="name",
        )
    with transaction.atomic():
        if Rule.objects.filter(name=name).exists():
            raise Invalid(_("Another rule has this name."), field="name")
        rule = Rule.objects.create(name=name, kind=kind, created_at=now)
        return _write(rule, 1, draft, by, now)


def rewrite_rule(*, by: User, rule_id: int, draft: Draft, now: datetime) -> RuleVersion:
    """A next version of a rule, as a draft; what is live stays live. Raises NotAllowed, NotFound,
    Invalid."""
    _require(by, WRITE)
    with transaction.atomic():
        rule = Rule.objects.select_for_update(no_key=True).filter(pk=rule_id).first()
        if rule is None:
            raise NotFound
        next_one = rule.versions.filter(state__in=(State.DRAFT, State.SHADOW))
        if next_one.update(state=State.REPLACED, since=now):
            _turn_the_page()
        last = rule.versions.order_by("-number").values_list("number", flat=True).first() or 0
        return _write(rule, last + 1, draft, by, now)


def _write(rule: Rule, number: int, draft: Draft, by: User, now: datetime) -> RuleVersion:
    try:
        places = checked_places(rule.kind, list(draft.places))
        settings = checked_settings(rule.kind, draft.settings)
    except BadSetting as bad:
        raise Invalid(wording.bad_setting(bad), field=bad.field) from bad
    words = clean_body(draft.words)
    if len(words) > WORDS_LENGTH:
        raise Invalid(
            _("Please use at most %(count)d characters.") % {"count": WORDS_LENGTH}, field="words"
        )
    version = RuleVersion.objects.create(
        rule=rule,
        number=number,
        act=_checked_act(draft, places),
        label=draft.label if draft.act == Act.LABEL else "",
        places=places,
        settings=settings,
        words=words,
        since=now,
    )
    _note_down(version, What.WRITTEN, by, draft.why, now)
    return version


def _checked_act(draft: Draft, places: Sequence[str]) -> str:
    if draft.act not in Act.values:
        raise Invalid(_("Choose what it does."), field="act")
    if draft.act in ACTS_OF_NOTES and list(places) != ["note"]:
        raise Invalid(_("Reach and labels are of notes: let it look at notes only."), field="act")
    if {PROFILE, "message"} & set(places) and draft.act not in ACTS_WITHOUT_A_ROW:
        raise Invalid(
            _("Profiles and messages cannot be held: let it refuse, or look elsewhere."),
            field="act",
        )
    if draft.act == Act.LABEL and draft.label not in wording.LABELS:
        raise Invalid(_("Choose a label."), field="label")
    return draft.act


# ---------------------------------------------------------------- states
def shadow(*, by: User, version_id: int, why: str = "", now: datetime) -> RuleVersion:
    """Let a draft count what it would do. Raises NotAllowed, NotFound, Conflict."""
    _require(by, WRITE)
    with _moved(version_id, (State.DRAFT,), State.SHADOW, now) as version:
        _note_down(version, What.SHADOWED, by, why, now)
    return version


def go_live(*, by: User, version_id: int, why: str = "", now: datetime) -> RuleVersion:
    """Let a version act, in the place of the one that did. It must have been tried.

    Raises NotAllowed, NotFound, Invalid, Conflict.
    """
    _require(by, RUN)
    tried = DryRun.objects.filter(version=version_id, state=DryRun.State.DONE)
    if not tried.exists():
        raise Conflict(_("Try it on what was written first: nobody knows yet what it does."))
    with transaction.atomic():
        rule_id = RuleVersion.objects.filter(pk=version_id).values("rule")
        Rule.objects.select_for_update(no_key=True).filter(pk__in=rule_id).first()
        former = RuleVersion.objects.filter(rule__in=rule_id, state=State.LIVE)
        former.exclude(pk=version_id).update(state=State.REPLACED, since=now)
        with _moved(version_id, (State.DRAFT, State.SHADOW), State.LIVE, now) as version:
            _note_down(version, What.LIVE, by, why, now)
            # What was written at the very moment, before this was committed, is looked at again.
            enqueue("rules.catch_up", key=version.pk, version=version.pk)
    return version


def roll_back(*, by: User, version_id: int, why: str, now: datetime) -> RuleVersion:
    """Stop a version; everything it did that nobody decided on since is undone by a job.

    Raises NotAllowed, NotFound, Invalid, Conflict.
    """
    _require(by, RUN)
    if is_blank(why):
        raise Invalid(_("Say why: the authors whose notes come back will read it."), field="why")
    stopped = (State.LIVE, State.SHADOW, State.REPLACED)
    with _moved(version_id, stopped, State.ROLLED_BACK, now) as version:
        _note_down(version, What.ROLLED_BACK, by, why, now)
        enqueue("rules.undo", key=version.pk, version=version.pk)
    return version


@contextmanager
def _moved(version_id: int, since: Sequence[str], to: str, now: datetime) -> Iterator[RuleVersion]:
    """The version in its new state, in a transaction. Of two who move it the first does."""
    with transaction.atomic():
        there = RuleVersion.objects.filter(pk=version_id, state__in=since)
        if not there.update(state=to, since=now):
            version = RuleVersion.objects.filter(pk=version_id).first()
            if version is None:
                raise NotFound
            raise Conflict(
                _("This version is not where you saw it: %(state)s.")
                % {"state": version.get_state_display()}
            )
        _turn_the_page()
        yield RuleVersion.objects.select_related("rule").get(pk=version_id)


def _turn_the_page() -> None:
    """Every process reads the book anew. The row is locked till the end of the transaction."""
    # Of two who turn the first page each must count.
    RuleBook.objects.get_or_create(pk=1)
    RuleBook.objects.filter(pk=1).update(number=F("number") + 1)


def _require(person: User, right: str) -> None:
    if not (person.is_active and person.has_perm(right)):
        raise NotAllowed


def note_tried(version: RuleVersion, by: User, now: datetime) -> None:
    _note_down(version, What.TRIED, by, "", now)


def _note_down(version: RuleVersion, what: str, by: User, why: str, now: datetime) -> None:
    why = clean_line(why, max_length=WORDS_LENGTH)
    RuleChange.objects.create(version=version, what=what, by=by, at=now, why=why)

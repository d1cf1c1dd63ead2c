"""What whoever runs a campaign does, and what staff decide. Refusals are DomainErrors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO

from django.db import IntegrityError, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from accounts.models import User
from community.brands.access import team_member
from community.brands.models import Member
from community.brands.rules import RIGHTS, Right
from community.models import Tag, TaggedNote
from community.notifications.models import Notification
from community.notifications.services import tell
from community.outbox.jobs import enqueue
from community.services import kept_pictures
from community.services.tagging import ensure_tags, in_their_own_name
from community.text.clean import clean_body, clean_line
from community.text.hashtags import tag_key
from feeds.topics import lifting
from feeds.topics.models import ScheduledEvent
from feeds.topics.naming import free_slug

from . import ranking, rules
from .models import ACTS, RUN, Award, Banner, Campaign, CampaignStep, Prize
from .rules import Act, Phase, State


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is typed. `tags` are names, `prizes` pairs of a name and how many win it."""

    title: str
    about: str
    rules_text: str = ""
    tags: Sequence[str] = ()
    starts_at: datetime
    ends_at: datetime
    prizes: Sequence[tuple[str, int]] = field(default_factory=tuple)


# ---------------------------------------------------------------- writing
@transaction.atomic
def begin(*, by: User, brand_slug: str | None, facts: Facts, now: datetime) -> Campaign:
    """A draft of a brand's campaign, or of the community's own. Raises Invalid, NotFound,
    NotAllowed, Conflict."""
    brand = team_member(by, brand_slug, Right.CAMPAIGN).brand if brand_slug else None
    if brand is None and not by.has_perm(RUN):
        raise NotAllowed
    columns = _checked(facts, now)
    slug = free_slug(columns["title"], Campaign.objects.all(), otherwise="campaign")
    made = Campaign.objects.create(brand=brand, slug=slug, created_at=now, **columns)
    _fill(made, facts)
    _log(made, Act.MADE, by=by, now=now)
    return made


@transaction.atomic
def edit(*, by: User, pk: int, facts: Facts, now: datetime) -> Campaign:
    """Change a draft. Raises Conflict once readers may have read it."""
    found = _mine(by, pk)
    if found.state not in rules.EDITABLE:
        raise Conflict(_("What it promised stands. Only drafts can be changed."))
    Campaign.objects.filter(pk=pk).update(**_checked(facts, now))
    _fill(found, facts)
    _log(found, Act.EDIT, by=by, now=now)
    found.refresh_from_db()
    return found


def set_banner(*, by: User, pk: int, upload: BinaryIO, name: str, now: datetime) -> Banner:
    """A banner in place of the present one. Raises Invalid, NotFound, NotAllowed."""
    kept_pictures.check_upload(upload, name)
    with kept_pictures.kept_upload(upload) as token:
        found = _mine(by, pk)
        for banner in Banner.objects.filter(campaign=found):
            kept_pictures.forget(banner)
        made = Banner.objects.create(campaign=found, token=token, created_at=now)
        enqueue("campaigns.process_banner", key=made.pk, banner=made.pk)
        _log(found, Act.EDIT, by=by, now=now)
    return made


def _checked(facts: Facts, now: datetime) -> dict[str, Any]:
    """Columns from what was typed. Raises Invalid with the field."""
    title = clean_line(facts.title, max_length=rules.TITLE_LENGTH + 1)
    about = clean_line(facts.about, max_length=rules.ABOUT_LENGTH + 1)
    words = clean_body(facts.rules_text)
    for name, text, most in (
        ("title", title, rules.TITLE_LENGTH),
        ("about", about, rules.ABOUT_LENGTH),
        ("rules_text", words, rules.RULES_LENGTH),
    ):
        if len(text) > most:
            raise Invalid(_("At most %(count)d characters.") % {"count": most}, field=name)
        if not text and name != "rules_text":
            raise Invalid(_("This is needed."), field=name)
    if facts.starts_at > now + rules.FARTHEST:
        raise Invalid(_("It starts within half a year."), field="starts_at")
    if not rules.SHORTEST <= facts.ends_at - facts.starts_at <= rules.LONGEST:
        raise Invalid(_("It lasts from an hour to three months."), field="ends_at")
    return {
        "title": title, "about": about, "rules_text": words,
        "starts_at": facts.starts_at, "ends_at": facts.ends_at,
    }  # fmt: skip


def _fill(campaign: Campaign, facts: Facts) -> None:
    """Its tags and prizes. Raises Invalid."""
    typed = {tag_key(name): clean_line(name.lstrip("#＃"), max_length=40) for name in facts.tags}
    names = in_their_own_name({key: name for key, name in typed.items() if key})
    if not 1 <= len(names) <= rules.MOST_TAGS:
        raise Invalid(
            _("Give it one to %(count)d tags.") % {"count": rules.MOST_TAGS}, field="tags"
        )
    tags = ensure_tags(names)
    if Tag.objects.filter(pk__in=[tag.pk for tag in tags]).shown().count() < len(tags):
        raise Invalid(_("One of these tags cannot be used here."), field="tags")
    campaign.tags.set(tags)
    prizes = [(clean_line(name, max_length=rules.PRIZE_LENGTH + 1), n) for name, n in facts.prizes]
    if len(prizes) > rules.MOST_PRIZES or any(
        not name or len(name) > rules.PRIZE_LENGTH or not 1 <= n <= rules.MOST_WINNERS
        for name, n in prizes
    ):
        raise Invalid(
            _("At most %(prizes)d prizes, each for one to %(winners)d people.")
            % {"prizes": rules.MOST_PRIZES, "winners": rules.MOST_WINNERS},
            field="prizes",
        )
    campaign.prizes.all().delete()
    Prize.objects.bulk_create(
        Prize(campaign=campaign, position=position, name=name, winners=n)
        for position, (name, n) in enumerate(prizes, start=1)
    )


# ---------------------------------------------------------------- deciding
@transaction.atomic
def submit(*, by: User, pk: int, now: datetime) -> Campaign:
    """Ask staff to look at it. Raises Invalid where its time is over or a tag is not its own,
    Conflict for a brand that is not verified."""
    found = _mine(by, pk)
    if found.brand is not None and not found.brand.is_verified_at(now):
        raise Conflict(_("Only verified brands call for notes. Apply for verification first."))
    _check_time_and_tags(found, now)
    return _move(found, Act.SUBMIT, by=by, now=now)


@transaction.atomic
def take_back(*, by: User, pk: int, now: datetime) -> Campaign:
    return _move(_mine(by, pk), Act.TAKE_BACK, by=by, now=now)


@transaction.atomic
def approve(*, by: User, pk: int, lift: float = 1.0, now: datetime) -> Campaign:
    """Let it be met; with a lift of more than 1 its notes are lifted in hot while it is on."""
    found = _for_staff(by, pk)
    if not 1 <= lift <= 5:
        raise Invalid(_("A lift is from 1 to 5."), field="lift")
    _check_time_and_tags(found, now)
    event = _lifted(found, lift, by, now) if lift > 1 else None
    return _move(found, Act.APPROVE, by=by, now=now, lift=lift, event=event)


@transaction.atomic
def refuse(*, by: User, pk: int, words: str, now: datetime) -> Campaign:
    """Send it back with the reason, to be mended and asked again."""
    found = _for_staff(by, pk)
    said = _reason(words)
    return _move(found, Act.REFUSE, by=by, now=now, words=said)


@transaction.atomic
def cancel(*, by: User, pk: int, words: str, now: datetime) -> Campaign:
    """End it before its time, by whoever runs it or staff. Nothing of it is lifted any more."""
    found = _for_staff(by, pk) if by.has_perm(RUN) else _mine(by, pk)
    if found.phase_at(now) == Phase.OVER:
        raise Conflict(_("Its time is over already."))
    said = _reason(words)
    if found.event is not None:
        event = found.event
        if event.starts_at < now:
            event.ends_at = now
            event.save(update_fields=["ends_at"])
            lifting.log_version(event, by=by, now=now)
        else:
            event.delete()
    return _move(found, Act.CANCEL, by=by, now=now, words=said)


def _check_time_and_tags(found: Campaign, now: datetime) -> None:
    if found.ends_at <= now + rules.SHORTEST:
        raise Invalid(_("Its time is over or nearly so: choose other days."), field="ends_at")
    same_time = Campaign.objects.filter(
        state__in=[State.SUBMITTED, State.APPROVED],
        starts_at__lt=found.ends_at,
        ends_at__gt=found.starts_at,
    ).exclude(pk=found.pk)
    for tag in found.tags.all():
        if same_time.filter(tags=tag).exists():
            raise Invalid(
                _("Another campaign uses #%(tag)s in these days.") % {"tag": tag.name},
                field="tags",
            )
        lately = TaggedNote.objects.filter(
            tag=tag, content_object__published_at__gt=now - rules.LOOKED_BACK
        )
        if lately[: rules.WIDE_USE + 1].count() > rules.WIDE_USE:
            raise Invalid(
                _("Many notes carry #%(tag)s already, and would take part without knowing.")
                % {"tag": tag.name},
                field="tags",
            )


def _lifted(found: Campaign, lift: float, by: User, now: datetime) -> ScheduledEvent:
    event = ScheduledEvent.objects.create(
        name_zh=found.title, name_en=found.title, starts_at=found.starts_at,
        ends_at=found.ends_at, lift=lift,
    )  # fmt: skip
    event.tags.set(found.tags.all())
    lifting.log_version(event, by=by, now=now)
    return event


def _reason(words: str) -> str:
    said = clean_line(words, max_length=500)
    if not said:
        raise Invalid(_("Say why: those concerned read it."), field="words")
    return said


# ---------------------------------------------------------------- after its time
def advance(*, now: datetime) -> int:
    """Rank what is on anew, and make final what is over. Returns how many were closed."""
    approved = Campaign.objects.filter(state=State.APPROVED, starts_at__lte=now, closed_at=None)
    return sum(_advance(found, now) for found in approved.order_by("pk"))


def _advance(found: Campaign, now: datetime) -> bool:
    ranking.rank(found, now=now)
    if found.ends_at > now:
        return False
    with transaction.atomic():
        # By one of several clocks.
        if not Campaign.objects.filter(pk=found.pk, closed_at=None).update(closed_at=now):
            return False
        _log(found, Act.CLOSE, by=None, now=now)
        _tell_team(found, Act.CLOSE, "", by=None, now=now)
    return True


@transaction.atomic
def award(*, by: User, pk: int, prize_id: int, note_id: int, now: datetime) -> Award:
    """Give a prize to a note that takes part, once it is over. The same again changes nothing.
    Raises Invalid for notes that may not win, Conflict where all of that prize are given."""
    found = _mine(by, pk)
    if found.closed_at is None or found.state != State.APPROVED:
        raise Conflict(_("Prizes are given once it is over."))
    prize = found.prizes.select_for_update(no_key=True).filter(pk=prize_id).first()
    if prize is None:
        raise NotFound
    won = found.awards.filter(note=note_id).first()
    if won is not None:
        if won.prize_id == prize_id:
            return won
        raise Conflict(_("This note won already."))
    note = ranking.competing(found).filter(pk=note_id).first()
    if note is None:
        raise Invalid(_("This note cannot win: it does not take part, or is yours."), field="note")
    if prize.awards.count() >= prize.winners:
        raise Conflict(_("All of this prize are given."))
    try:
        with transaction.atomic():
            made = Award.objects.create(campaign=found, prize=prize, note=note, at=now)
    except IntegrityError:
        raise Conflict(_("This note won already.")) from None
    _log(found, Act.AWARD, by=by, now=now, words=f"{prize.name}: {note}"[:500])
    tell(
        person_id=note.author_id, kind=Notification.Kind.CAMPAIGN, now=now,
        words=format_lazy(gettext_lazy("You won “{prize}” in {title}"), prize=prize.name,
                          title=found.title),
        path=found.get_absolute_url(),
    )  # fmt: skip
    return made


# ---------------------------------------------------------------- shared
def for_person(person: User, pk: int) -> Campaign:
    """A campaign that this person runs. Raises NotFound."""
    found = Campaign.objects.of(person).select_related("brand", "event").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _mine(by: User, pk: int) -> Campaign:
    """The same, held until the transaction ends. Raises NotFound, and Conflict for suspended
    brands."""
    found = for_person(by, pk)
    if found.brand is not None:
        team_member(by, found.brand.slug, Right.CAMPAIGN)
    return (
        Campaign.objects.select_for_update(of=("self",), no_key=True)
        .select_related("brand", "event")
        .get(pk=found.pk)
    )


def _for_staff(by: User, pk: int) -> Campaign:
    if not by.has_perm(RUN):
        raise NotAllowed
    rows = Campaign.objects.select_for_update(of=("self",), no_key=True).select_related(
        "brand", "event"
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _move(
    found: Campaign, act: Act, *, by: User, now: datetime, words: str = "", **columns: Any
) -> Campaign:
    move = rules.MOVES[act]
    as_it_was = Campaign.objects.filter(pk=found.pk, state__in=move.before)
    if not as_it_was.update(state=move.after, **columns):
        raise Conflict(_("It is no longer where it was. Look at it again."))
    found.refresh_from_db()
    _log(found, act, by=by, now=now, words=words)
    _tell_team(found, act, words, by=by, now=now)
    return found


def _log(found: Campaign, act: Act, *, by: User | None, now: datetime, words: str = "") -> None:
    CampaignStep.objects.create(campaign=found, act=act, by=by, words=words, at=now)


def _tell_team(found: Campaign, act: Act, words: str, *, by: User | None, now: datetime) -> None:
    """Those of the team who may run it, but not who did it."""
    if found.brand is None or act in (Act.SUBMIT, Act.TAKE_BACK):
        return
    said = format_lazy("{}: {}", ACTS[act], words) if words else ACTS[act]
    roles = [role for role, rights in RIGHTS.items() if Right.CAMPAIGN in rights]
    people = Member.objects.filter(brand=found.brand, role__in=roles).exclude(person=by)
    for person_id in people.values_list("person_id", flat=True):
        tell(
            person_id=person_id, kind=Notification.Kind.CAMPAIGN, now=now,
            words=format_lazy("{}: {}", found.title, said), path=f"/my/campaigns/{found.pk}/",
        )  # fmt: skip

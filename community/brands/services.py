"""Open a brand, change its page; staff suspend and restore it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from accounts.models import User
from accounts.names import name_key as look_alike_key
from accounts.validators import check_username_is_free_to_use
from community.models import Channel
from community.text.clean import clean_body, clean_line

from . import rules
from .access import note_down, team_member
from .models import Brand, BrandLog, CatalogueName, Member, Product
from .models.verification import REASON_LENGTH
from .notices import tell_team, with_reason
from .wording import checked_link

Act = BrandLog.Act
SUSPEND = "brands.suspend_brand"


@dataclass(frozen=True, kw_only=True)
class BrandPage:
    """What a brand says about itself, as it was typed."""

    name: str = ""
    about: str = ""
    website: str = ""
    channel: Channel | None = None
    aliases: Iterable[str] = field(default_factory=tuple)


def open_brand(*, owner: User, slug: str, page: BrandPage, now: datetime) -> Brand:
    """Open a brand; the person becomes its owner. Raises Invalid, Conflict."""
    facts = checked_page(page)
    slug = clean_line(slug, max_length=200)
    try:
        check_username_is_free_to_use(slug)
    except ValidationError as refused:
        raise Invalid(refused.messages[0], field="slug", code=str(refused.code)) from refused
    key = look_alike_key(slug)
    with transaction.atomic():
        # Two at once count one another.
        User.objects.select_for_update(no_key=True).get(pk=owner.pk)
        if Member.objects.filter(person=owner, role=rules.Role.OWNER).count() >= rules.MOST_BRANDS:
            text = _("You own %(count)d brands already.") % {"count": rules.MOST_BRANDS}
            raise Invalid(text, code="too_many")
        if Brand.objects.filter(slug_key=key).exists():
            raise _taken()
        try:
            with transaction.atomic():
                brand = Brand.objects.create(slug=slug, slug_key=key, created_at=now, **facts)
        except IntegrityError:
            raise _taken() from None
        Member.objects.create(brand=brand, person=owner, role=rules.Role.OWNER, joined_at=now)
        keep_names(brand, new=True)
        note_down(brand, Act.OPENED, by=owner, now=now, words=brand.name)
    return brand


def edit_brand(*, actor: User, slug: str, page: BrandPage, now: datetime) -> Brand:
    """Change a brand's page. Raises Invalid, NotFound, NotAllowed, Conflict.

    A badge says who stands behind a name, so it does not go over to another one.
    """
    facts = checked_page(page)
    with transaction.atomic():
        brand = team_member(actor, slug, rules.Right.PAGE).brand
        if brand.is_verified_at(now) and facts["name"] != brand.name:
            raise Invalid(
                _("The name of a verified brand stays. Ask staff if it has another one now."),
                field="name",
                code="verified_name",
            )
        changed = [name for name, value in facts.items() if getattr(brand, name) != value]
        if not changed:
            return brand
        for name in changed:
            setattr(brand, name, facts[name])
        brand.save(update_fields=changed)
        keep_names(brand)
        note_down(brand, Act.EDITED, by=actor, now=now, words=", ".join(changed))
    return brand


def suspend_brand(*, by: User, brand_id: int, reason: str, now: datetime) -> Brand:
    """Take a brand with all it offers away from everybody; notes stay. Raises NotAllowed, Invalid,
    Conflict, NotFound."""
    reason = clean_line(reason, max_length=REASON_LENGTH)
    if not reason:
        raise Invalid(_("Give the reason: the team is told."), field="reason")
    return _switch(by, brand_id, Act.SUSPENDED, now, reason, suspended_at=now)


def restore_brand(*, by: User, brand_id: int, now: datetime) -> Brand:
    return _switch(by, brand_id, Act.RESTORED, now, "", suspended_at=None)


def _switch(
    by: User, brand_id: int, act: str, now: datetime, reason: str, *, suspended_at: datetime | None
) -> Brand:
    if not by.has_perm(SUSPEND):
        raise NotAllowed
    with transaction.atomic():
        as_it_was = Brand.objects.filter(pk=brand_id, suspended_at__isnull=suspended_at is not None)
        if not as_it_was.update(suspended_at=suspended_at, suspended_why=reason):
            if not Brand.objects.filter(pk=brand_id).exists():
                raise NotFound
            raise Conflict
        brand = Brand.objects.get(pk=brand_id)
        note_down(brand, act, by=by, now=now, words=reason)
        told = (
            gettext_lazy("Staff suspended it")
            if suspended_at
            else gettext_lazy("Staff restored it")
        )
        tell_team(brand, with_reason(told, reason), now=now)
    return brand


def checked_page(page: BrandPage) -> dict[str, Any]:
    """Columns of a brand from what was typed. Raises Invalid with the field."""
    name = clean_line(page.name, max_length=rules.NAME_LENGTH + 1)
    about = clean_body(page.about)
    if not rules.says_enough(rules.name_key(name)):
        raise Invalid(_("A name has at least two letters, digits or characters."), field="name")
    for value, limit, where in (
        (name, rules.NAME_LENGTH, "name"),
        (about, rules.ABOUT_LENGTH, "about"),
    ):
        if len(value) > limit:
            raise Invalid(_("At most %(count)d characters.") % {"count": limit}, field=where)
    if page.channel is not None and not page.channel.is_open:
        raise Invalid(_("This channel is closed. Choose another."), field="channel")
    return {
        "name": name,
        "about": about,
        "website": checked_link(page.website, field="website"),
        "channel": page.channel,
        "aliases": checked_aliases(page.aliases, name=name),
    }


def checked_aliases(typed: Iterable[str], *, name: str) -> list[str]:
    """Raises Invalid."""
    lines = [clean_line(str(alias), max_length=rules.ALIAS_LENGTH + 1) for alias in typed]
    kept = rules.cleaned_aliases(lines, name=name)
    if len(kept) > rules.MOST_ALIASES:
        raise Invalid(
            _("At most %(count)d other names.") % {"count": rules.MOST_ALIASES}, field="aliases"
        )
    if any(len(alias) > rules.ALIAS_LENGTH for alias in kept):
        raise Invalid(
            _("Another name has at most %(count)d characters.") % {"count": rules.ALIAS_LENGTH},
            field="aliases",
        )
    return kept


def keep_names(brand: Brand, product: Product | None = None, *, new: bool = False) -> None:
    """Make the names that searches look up those of the brand, or of its product; of a `new` one
    there are none yet."""
    named: Brand | Product = product or brand
    keys = {rules.name_key(name) for name in [named.name, *named.aliases]}
    wanted = {key for key in keys if rules.says_enough(key)}
    if not new:
        rows = CatalogueName.objects.filter(brand=brand, product=product)
        rows.exclude(key__in=wanted).delete()
        wanted -= set(rows.values_list("key", flat=True))
    CatalogueName.objects.bulk_create(
        [CatalogueName(brand=brand, product=product, key=key) for key in sorted(wanted)]
    )


def _taken() -> Conflict:
    return Conflict(
        _("A brand has this handle, or one that looks like it."), field="slug", code="taken"
    )

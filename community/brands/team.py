"""Invite, accept, decline, change a role, leave, remove: each once, whoever else tries."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from accounts.models import User
from accounts.services import person_for

from . import rules
from .access import note_down, team_member
from .models import Brand, BrandLog, Invitation, Member
from .models.team import Role
from .notices import tell_invited, tell_person, tell_team
from .rules import Right

Act = BrandLog.Act
State = Invitation.State


def invite(*, actor: User, slug: str, username: str, role: str, now: datetime) -> Invitation:
    """Ask somebody onto the team. Raises Invalid, NotAllowed, Conflict, NotFound."""
    if role not in Role.values:
        raise Invalid(_("Choose a role."), field="role")
    with transaction.atomic():
        member = team_member(actor, slug, Right.INVITE)
        brand = _locked(member.brand)
        if not rules.may_give(member.role, role):
            raise NotAllowed(_("Managers invite editors; owners invite everybody."))
        person = _asked(actor, username)
        if brand.members.filter(person=person).exists():
            raise Conflict(_("This person is on the team already."), field="username")
        if brand.invitations.filter(person=person, state=State.OPEN).exists():
            raise Conflict(_("This person is invited already."), field="username")
        waiting = brand.invitations.filter(state=State.OPEN).count()
        if brand.members.count() + waiting >= rules.MOST_MEMBERS:
            text = _("A team has at most %(count)d people.") % {"count": rules.MOST_MEMBERS}
            raise Invalid(text, code="too_many")
        invitation = Invitation.objects.create(
            brand=brand, person=person, role=role, invited_by=actor, created_at=now
        )
        note_down(brand, Act.INVITED, by=actor, now=now, words=_as(person, role))
        tell_invited(brand, person.pk, by=actor, now=now)
    return invitation


def accept(*, person: User, invitation_id: int, now: datetime) -> Member:
    """Join the team. Raises NotFound, Conflict where the invitation is no longer open, or where
    whoever sent it may no longer give that role."""
    with transaction.atomic():
        invitation = own_invitation(person, invitation_id)
        brand = _locked(invitation.brand)
        if brand.suspended_at is not None:
            raise Conflict(_("This brand is suspended. Staff can restore it."))
        _check_still_meant(invitation)
        _settle(invitation, State.ACCEPTED, now)
        member, _made = Member.objects.get_or_create(
            brand=brand, person=person, defaults={"role": invitation.role, "joined_at": now}
        )
        note_down(brand, Act.JOINED, by=person, now=now, words=invitation.role)
        joined = format_lazy(gettext_lazy("@{name} joined the team"), name=person.username)
        tell_team(brand, joined, now=now)
    return member


def decline(*, person: User, invitation_id: int, now: datetime) -> None:
    """Raises NotFound, Conflict."""
    with transaction.atomic():
        invitation = own_invitation(person, invitation_id)
        _locked(invitation.brand)
        _settle(invitation, State.DECLINED, now)
        note_down(invitation.brand, Act.DECLINED, by=person, now=now)


def withdraw_invitation(*, actor: User, slug: str, username: str, now: datetime) -> None:
    """Raises NotFound, NotAllowed, Conflict."""
    with transaction.atomic():
        member = team_member(actor, slug, Right.INVITE)
        invitation = Invitation.objects.filter(
            brand=member.brand, person__username__iexact=username, state=State.OPEN
        ).first()
        if invitation is None:
            raise NotFound
        if not rules.may_remove(member.role, invitation.role):
            raise NotAllowed
        _settle(invitation, State.WITHDRAWN, now)
        note_down(member.brand, Act.UNINVITED, by=actor, now=now, words=f"@{username}")


def change_role(*, actor: User, slug: str, username: str, role: str, now: datetime) -> Member:
    """Give a member another role. Raises Invalid, NotAllowed, NotFound, Conflict."""
    if role not in Role.values:
        raise Invalid(_("Choose a role."), field="role")
    with transaction.atomic():
        brand = _locked(team_member(actor, slug, Right.TEAM).brand)
        member = _member_called(brand, username)
        if member.role == role:
            return member
        _keep_an_owner(brand, member)
        member.role = role
        member.save(update_fields=["role"])
        note_down(brand, Act.ROLE, by=actor, now=now, words=_as(member.person, role))
        said = format_lazy(gettext_lazy("Your role is now {role}"), role=Role(role).label)
        tell_person(brand, member.person_id, said, now=now)
    return member


def leave(*, person: User, slug: str, now: datetime) -> None:
    """Leave a team. Raises NotFound, Conflict for the last owner."""
    with transaction.atomic():
        brand = _locked(team_member(person, slug).brand)
        member = brand.members.filter(person=person).first()
        if member is None:
            raise NotFound
        _keep_an_owner(brand, member)
        member.delete()
        note_down(brand, Act.LEFT, by=person, now=now)


def remove_member(*, actor: User, slug: str, username: str, now: datetime) -> None:
    """Send somebody off the team. Raises NotAllowed, NotFound, Conflict for the last owner."""
    with transaction.atomic():
        own = team_member(actor, slug, Right.INVITE)
        brand = _locked(own.brand)
        member = _member_called(brand, username)
        if not rules.may_remove(own.role, member.role):
            raise NotAllowed(_("Your role on this team does not include that."))
        _keep_an_owner(brand, member)
        member.delete()
        note_down(brand, Act.REMOVED, by=actor, now=now, words=f"@{member.person.username}")
        away = gettext_lazy("You are no longer on the team")
        tell_person(brand, member.person_id, away, now=now)


def own_invitation(person: User, invitation_id: int) -> Invitation:
    """Raises NotFound."""
    rows = Invitation.objects.select_related("brand").filter(pk=invitation_id, person=person)
    invitation = rows.first()
    if invitation is None:
        raise NotFound
    return invitation


def _check_still_meant(invitation: Invitation) -> None:
    """Who left the team, or lost the role for it, invites nobody any more."""
    sender = invitation.brand.members.filter(person=invitation.invited_by).first()
    if sender is None or not rules.may_give(sender.role, invitation.role):
        raise Conflict(_("Whoever invited you may no longer do so. Ask for a new invitation."))


def _settle(invitation: Invitation, state: str, now: datetime) -> None:
    """Raises Conflict where it was settled before."""
    still_open = Invitation.objects.filter(pk=invitation.pk, state=State.OPEN)
    if not still_open.update(state=state, decided_at=now):
        raise Conflict(_("This invitation is no longer open."), code="not_open")


def _asked(actor: User, username: str) -> User:
    try:
        return person_for(actor, username.strip().lstrip("@"))
    except NotFound:
        raise Invalid(_("There is nobody of this name."), field="username") from None


def _locked(brand: Brand) -> Brand:
    """The brand's row held: two owners who leave at once are told apart."""
    return Brand.objects.select_for_update(no_key=True).get(pk=brand.pk)


def _member_called(brand: Brand, username: str) -> Member:
    rows = brand.members.select_related("person").filter(person__username__iexact=username)
    member = rows.first()
    if member is None:
        raise NotFound
    return member


def _keep_an_owner(brand: Brand, member: Member) -> None:
    """Raises Conflict where this member is the only owner."""
    if member.role != Role.OWNER:
        return
    others = brand.members.filter(role=Role.OWNER, person__is_active=True).exclude(pk=member.pk)
    if not others.exists():
        raise Conflict(
            _("A brand needs an owner. Make somebody else an owner first."), code="last_owner"
        )


def _as(person: User, role: str) -> str:
    return f"@{person.username}: {role}"

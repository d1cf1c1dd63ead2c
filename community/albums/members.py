"""Invite people into an album, answer, leave, remove; follow an album."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import CannotTieToSelf, Conflict, Invalid, NotAllowed, NotFound
from accounts.models import User
from accounts.services import person_for
from community.notifications.models import Notification
from community.notifications.services import tell

from .models import Album, AlbumFollow, AlbumMember
from .services import Role, State, album_for, locked_album, role_in

MOST_MEMBERS = 20
MOST_FOLLOWED = 500


def invite(
    *, actor: User, album_id: int, username: str, now: datetime | None = None
) -> AlbumMember:
    """Ask somebody to put notes into one's album. Owner only. Raises NotFound (nobody of this name
    that one may know of, which includes blocks), Conflict, Invalid."""
    now = now or timezone.now()
    with transaction.atomic():
        album = locked_album(actor, album_id, owner=True)
        person = person_for(actor, username)
        if person.pk == actor.pk:
            raise CannotTieToSelf
        known = AlbumMember.objects.filter(album=album, person=person).first()
        if known is not None:
            raise Conflict(_("They were asked already."), field="username")
        open_places = AlbumMember.objects.filter(album=album).exclude(state=State.DECLINED)
        if open_places.count() >= MOST_MEMBERS:
            told = _("An album has at most %(count)d members.") % {"count": MOST_MEMBERS}
            raise Invalid(told, field="username", code="too_many")
        member = AlbumMember.objects.create(
            album=album, person=person, role=Role.CONTRIBUTOR, state=State.INVITED, invited_at=now
        )
        tell(
            person_id=person.pk, kind=Notification.Kind.ALBUM_INVITE, actor_id=actor.pk,
            album_id=album.pk, words=album.title, now=now,
        )  # fmt: skip
    return member


def invitation_for(person: User, album_id: int) -> AlbumMember:
    """The invitation that waits for this person's answer. Raises NotFound."""
    asked = AlbumMember.objects.invited(person).select_related("album__owner__profile")
    row = asked.filter(album=album_id, album__owner__is_active=True).first()
    if row is None:
        raise NotFound
    return row


def answer_invitation(
    *, person: User, album_id: int, accept: bool, now: datetime | None = None
) -> None:
    """Once: what was answered or withdrawn meanwhile is NotFound."""
    with transaction.atomic():
        row = invitation_for(person, album_id)
        answered = AlbumMember.objects.filter(pk=row.pk, state=State.INVITED).update(
            state=State.ACCEPTED if accept else State.DECLINED, answered_at=now or timezone.now()
        )
        if not answered:
            raise NotFound


def remove_member(*, actor: User, album_id: int, username: str) -> None:
    """Take somebody's part away, or the invitation back. Owner only, and not their own. What they
    put in stays until the owner removes it. Raises NotFound, NotAllowed."""
    with transaction.atomic():
        album = locked_album(actor, album_id, owner=True)
        row = AlbumMember.objects.filter(album=album, person__username__iexact=username).first()
        if row is None:
            raise NotFound
        if row.role == Role.OWNER:
            raise NotAllowed
        _forget(album, row.person_id)


def leave_album(*, person: User, album_id: int) -> None:
    """Give up one's part. Raises NotFound, and NotAllowed for its owner."""
    with transaction.atomic():
        album = locked_album(person, album_id)
        if role_in(album, person) == Role.OWNER:
            raise NotAllowed(_("An album cannot be without its owner. Delete it instead."))
        _forget(album, person.pk)


def _forget(album: Album, person_id: int) -> None:
    AlbumMember.objects.filter(album=album, person=person_id, role=Role.CONTRIBUTOR).delete()
    if album.is_private:
        AlbumFollow.objects.filter(album=album, person=person_id).delete()


# ---------------------------------------------------------------- followers
def follow_album(*, person: User, album_id: int, now: datetime | None = None) -> bool:
    """Be told of new notes; False when one follows already. Raises NotFound, Invalid."""
    with transaction.atomic():
        album = album_for(person, album_id)
        if album.owner_id == person.pk:
            raise CannotTieToSelf
        if AlbumFollow.objects.filter(person=person).count() >= MOST_FOLLOWED:
            told = _("You follow %(count)d albums already.") % {"count": MOST_FOLLOWED}
            raise Invalid(told, code="too_many")
        _row, made = AlbumFollow.objects.get_or_create(
            album=album, person=person, defaults={"created_at": now or timezone.now()}
        )
    return made


def unfollow_album(*, person: User, album_id: int) -> bool:
    """Undoing needs no gate."""
    return bool(AlbumFollow.objects.filter(album=album_id, person=person).delete()[0])


def part_two(*, one_id: int, other_id: int) -> None:
    """A block stands between two people: neither has a part in, or follows, the other's albums."""
    for owner, guest in ((one_id, other_id), (other_id, one_id)):
        AlbumMember.objects.filter(album__owner=owner, person=guest, role=Role.CONTRIBUTOR).delete()
        AlbumFollow.objects.filter(album__owner=owner, person=guest).delete()

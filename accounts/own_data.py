"""What this room knows of a person: the account, its ties, its ways in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken

from .file_store import media_root
from .models import Block, ChosenInterest, Follow, Mute, User
from .owndata.sections import AT_ONCE, FILES, Column, Row, Section, register, tell, with_people

WHEN = "when, ISO 8601 in UTC"
AVATAR = "avatar.jpg"


def _account(person: User) -> Iterator[Row]:
    profile = person.profile
    folder = media_root() / profile.avatar
    has_avatar = bool(profile.avatar)
    yield {
        "username": person.username,
        "email": person.email,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "joined_at": person.date_joined,
        "last_login": person.last_login,
        "is_staff": person.is_staff,
        "display_name": profile.display_name,
        "bio": profile.bio,
        "city": profile.city,
        "latitude": profile.latitude,
        "longitude": profile.longitude,
        "language": profile.language,
        "time_zone": profile.time_zone,
        "theme": profile.theme,
        "personalised": profile.personalised,
        "likes_shown": profile.likes_shown,
        "seen_by": profile.seen_by,
        "may_mention": profile.may_mention,
        "may_comment": profile.may_comment,
        "may_message": profile.may_message,
        "discoverable": profile.discoverable,
        "indexed": profile.indexed,
        "teen": profile.teen,
        "welcomed_at": profile.welcomed_at,
        "active_on": profile.active_on,
        "followers": profile.followers_count,
        "following": profile.following_count,
        "avatar": f"media/{AVATAR}" if has_avatar else None,
        FILES: [(AVATAR, folder / "320.jpg")] if has_avatar else [],
    }


ACCOUNT = {
    "username": "the name in addresses",
    "email": "the address that mail is sent to",
    "first_name": "as in the account",
    "last_name": "as in the account",
    "joined_at": WHEN,
    "last_login": WHEN,
    "is_staff": "whether the account may enter the desk",
    "display_name": "the name that is shown; empty: the username",
    "bio": "what you say of yourself",
    "city": "the city you chose",
    "latitude": "of the city, rounded to about 1 km",
    "longitude": "of the city, rounded to about 1 km",
    "language": "of the interface",
    "time_zone": "IANA name",
    "theme": "system, light or dark",
    "personalised": "whether feeds learn from what you do",
    "likes_shown": "whether followers may be told what you like",
    "seen_by": "who may see you",
    "may_mention": "who may mention you",
    "may_comment": "who may comment on your notes",
    "may_message": "who may begin to write to you",
    "discoverable": "whether you are recommended to others",
    "indexed": "whether search engines may list you",
    "teen": "whether teen mode is on",
    "welcomed_at": "when interests were first chosen",
    "active_on": "the last day a page was asked for",
    "followers": "how many people follow you",
    "following": "how many people you follow",
    "avatar": "file in this archive",
}


def _sessions(person: User) -> Iterator[Row]:
    for session in sessions_of(person.pk, now=timezone.now()):
        yield {"ends_at": session.expire_date}


def sessions_of(person_id: int, *, now: datetime) -> Iterator[Session]:
    """Log-ins that have not ended. Whose one is stands inside, signed: each is opened."""
    last = ""
    while True:
        rows = Session.objects.filter(expire_date__gt=now, session_key__gt=last)
        page = list(rows.order_by("session_key")[:AT_ONCE])
        if not page:
            return
        for session in page:
            if session.get_decoded().get("_auth_user_id") == str(person_id):
                yield session
        last = page[-1].session_key


register(
    Section(
        "account",
        _("Your account and your profile."),
        ACCOUNT,
        _account,
        ("accounts.User", "accounts.Profile"),
    )
)
register(
    Section(
        "sessions",
        _("Browsers in which you are logged in. Their secrets are left out."),
        {"ends_at": "when the log-in ends by itself"},
        _sessions,
        ("sessions.Session",),
    )
)
tell(
    "emails",
    _("Your addresses for mail."),
    models=["account.EmailAddress"],
    source=lambda person: EmailAddress.objects.filter(user=person),
    columns={
        "email": Column("email", "the address"),
        "verified": Column("verified", "whether a mail to it was answered"),
        "primary": Column("primary", "whether mail goes there"),
    },
)
tell(
    "tokens",
    _("Programs that act for you. Their secrets are left out."),
    models=["knox.AuthToken", "accounts.TokenName"],
    source=lambda person: AuthToken.objects.filter(user=person),
    columns={
        "begins_with": Column("token_key", "first characters of the token"),
        "name": Column("named__name", "what you call it"),
        "created_at": Column("created", WHEN),
        "ends_at": Column("expiry", WHEN),
    },
)
tell(
    "chosen_interests",
    _("Interests that you chose yourself."),
    models=["accounts.ChosenInterest"],
    source=lambda person: ChosenInterest.objects.filter(person=person),
    columns={
        "channel": Column("channel_slug", "the channel's name in addresses"),
        "at": Column("created_at", WHEN),
    },
)
tell(
    "follows",
    _("People whom you follow."),
    models=["accounts.Follow"],
    source=lambda person: Follow.objects.filter(follower=person),
    columns={
        "person": Column("followed_id", "username; none where you may not meet them now"),
        "at": Column("created_at", WHEN),
    },
    also=[with_people("person")],
)
tell(
    "followers",
    _("People who follow you."),
    models=["accounts.Follow"],
    source=lambda person: Follow.objects.filter(followed=person),
    columns={
        "person": Column("follower_id", "username; none where you may not meet them now"),
        "at": Column("created_at", WHEN),
    },
    also=[with_people("person")],
)
tell(
    "blocks",
    _("People whom you block. Who blocks you is theirs to know."),
    models=["accounts.Block"],
    source=lambda person: Block.objects.filter(blocker=person),
    columns={"person": Column("blocked_id", "username"), "at": Column("created_at", WHEN)},
    also=[with_people("person", kept_away=True)],
)
tell(
    "mutes",
    _("People whom you mute."),
    models=["accounts.Mute"],
    source=lambda person: Mute.objects.filter(muter=person),
    columns={"person": Column("muted_id", "username"), "at": Column("created_at", WHEN)},
    also=[with_people("person", kept_away=True)],
)

"""What a person was told, as their page shows it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.own_data import WHEN
from accounts.owndata.sections import Column, tell, with_people
from community.own_data import NOTE_ID

from .models import DigestMail, Notification, Preferences, PushSubscription, ThreadMute

tell(
    "notifications",
    _("What you were told, as far as you may still see it."),
    models=["notifications.Notification"],
    source=lambda person: Notification.objects.visible_to(person),
    columns={
        "kind": Column("kind", "like, comment, follow and so on"),
        "from": Column("actor_id", "username; none: the community itself"),
        "note": Column("note_id", NOTE_ID),
        "comment": Column("comment_id", "number of the comment in this community"),
        "album": Column("album_id", "number of the album in this community"),
        "words": Column("words", "what it said"),
        "path": Column("path", "the page it leads to"),
        "at": Column("created_at", WHEN),
        "read_at": Column("read_at", WHEN),
    },
    also=[with_people("from")],
)
tell(
    "notice_settings",
    _("How you want to be told of what."),
    models=["notifications.Preferences"],
    source=lambda person: Preferences.objects.filter(person=person),
    columns={
        "ways": Column("ways", "by topic: page, mail, push"),
        "from_whom": Column("from_whom", "whose acts you are told of"),
        "quiet_from": Column("quiet_from", "from when on nothing is pushed"),
        "quiet_until": Column("quiet_until", "until when"),
        "digest": Column("digest", "how often a mail gathers what is new"),
    },
)
tell(
    "threads_muted",
    _("Notes whose comments you do not want to hear of."),
    models=["notifications.ThreadMute"],
    source=lambda person: ThreadMute.objects.filter(person=person),
    columns={"note": Column("note_id", NOTE_ID), "at": Column("created_at", WHEN)},
)
tell(
    "push_browsers",
    _("Browsers to which messages are pushed, without their keys."),
    models=["notifications.PushSubscription"],
    source=lambda person: PushSubscription.objects.filter(person=person),
    columns={"device": Column("device", "as it called itself"), "at": Column("created_at", WHEN)},
)
tell(
    "digests",
    _("Mails that gathered what was new for you."),
    models=["notifications.DigestMail"],
    source=lambda person: DigestMail.objects.filter(person=person),
    columns={
        "slot": Column("slot", "the morning it was for"),
        "state": Column("state", "whether it was sent"),
        "sent_at": Column("sent_at", WHEN),
    },
)

"""Who may see what, written down from the rules of the product; nothing here asks the code.

A kind is a way in which a note is kept from somebody. For each it says how far each viewer may see
the note, and, where something stays seen by design, on which ways out it has to be met still.
"""

from __future__ import annotations

from dataclasses import dataclass

VISITOR, STRANGER, FOLLOWER, STAFF, WRITER = "visitor", "stranger", "follower", "staff", "author"
VIEWERS = (VISITOR, STRANGER, FOLLOWER, STAFF, WRITER)
READERS = (STRANGER, FOLLOWER)

NOWHERE = "nowhere"
# Where one is led by a link, a notice or a message; in no list.
ITS_PAGE = "on its page"
# Everywhere but in feeds that recommend.
UNRECOMMENDED = "not recommended"
EVERYWHERE = "everywhere"


@dataclass(frozen=True)
class Kind:
    """`sees`: how far, by viewer, nowhere by default. `parted`: who must not even meet the author's
    name. `still`: (viewer, way out) that are met by design. `born`: hidden from its first day."""

    sees: dict[str, str]
    parted: tuple[str, ...] = ()
    still: tuple[tuple[str, str], ...] = ()
    born: bool = False

    def level(self, who: str) -> str:
        return self.sees.get(who, NOWHERE)


def everybody(level: str, **others: str) -> dict[str, str]:
    return dict.fromkeys(VIEWERS, level) | others


FOLLOWERS_AND_AUTHOR = {FOLLOWER: EVERYWHERE, WRITER: EVERYWHERE}
WITHOUT_READERS = everybody(EVERYWHERE, stranger=NOWHERE, follower=NOWHERE)
BY_LINK = ("note", "api note", "message card", "comments", "picture file")
BY_LOOKING = ("tag", "search", "profile", "place", "api notes", "album", "tag's rss", "oEmbed")

KINDS = {
    "public": Kind(everybody(EVERYWHERE)),
    "draft": Kind({WRITER: ITS_PAGE}, born=True),
    "private": Kind({WRITER: EVERYWHERE}),
    "followers only": Kind(
        FOLLOWERS_AND_AUTHOR, still=((FOLLOWER, "follow"), (FOLLOWER, "message card"))
    ),
    "follower left": Kind({WRITER: EVERYWHERE}),
    "author blocked them": Kind(WITHOUT_READERS, parted=READERS),
    "they blocked the author": Kind(WITHOUT_READERS, parted=READERS),
    # Whom one mutes one meets when one goes there, and not by themselves.
    "they muted the author": Kind(
        everybody(EVERYWHERE, stranger=ITS_PAGE, follower=ITS_PAGE),
        still=tuple((who, way) for who in READERS for way in BY_LINK),
    ),
    # By a rule, until staff has looked. Its author is told why and can still read it.
    "held": Kind({WRITER: ITS_PAGE}, still=((WRITER, "note"), (WRITER, "api note"))),
    # Staff looks at it in the admin.
    "hidden by staff": Kind({WRITER: ITS_PAGE}, still=((WRITER, "note"), (WRITER, "api note"))),
    # Followers, and whoever searches, still find it.
    "limited": Kind(
        everybody(UNRECOMMENDED, follower=EVERYWHERE),
        still=(
            (FOLLOWER, "follow"),
            (FOLLOWER, "api follow"),
            *((STRANGER, way) for way in (*BY_LINK, *BY_LOOKING)),
            *((VISITOR, way) for way in ("note", "tag", "search", "profile")),
        ),
    ),
    "author left discovery": Kind(
        everybody(UNRECOMMENDED), still=((FOLLOWER, "follow"), (STRANGER, "note"))
    ),
    "deleted": Kind({}),
    "author suspended": Kind({}, parted=VIEWERS),
    # Shown to followers alone, recommended to nobody.
    "teen mode": Kind(
        {FOLLOWER: UNRECOMMENDED, WRITER: UNRECOMMENDED},
        still=((FOLLOWER, "follow"), (FOLLOWER, "message card")),
    ),
}

"""What figures are called, and advice in sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from .rules import Advice, Hint, TagVerdict

FEEDS: dict[str, Promise] = {
    "discover": gettext_lazy("Discover"),
    "follow": pgettext_lazy("the feed", "Follow"),
    "nearby": gettext_lazy("Nearby"),
    "hot": gettext_lazy("Hot"),
    "channel": gettext_lazy("Channels"),
    "search": gettext_lazy("Search"),
    "tag": gettext_lazy("Tags"),
    "place": gettext_lazy("Places"),
    "profile": gettext_lazy("Profile"),
    "related": gettext_lazy("Related notes"),
    "liked": gettext_lazy("Lists of liked notes"),
    "collected": gettext_lazy("Collections"),
    "boost": gettext_lazy("Boosts (paid)"),
    "import": gettext_lazy("Before the import"),
    "": gettext_lazy("Links and elsewhere"),
}
FIGURES: dict[str, Promise] = {
    "impressions": gettext_lazy("Impressions"),
    "opens": gettext_lazy("Opens"),
    "reads": gettext_lazy("Reads"),
    "engagement": gettext_lazy("Engagement"),
    "likes": gettext_lazy("Likes"),
    "collects": gettext_lazy("Collects"),
    "comments": gettext_lazy("Comments"),
    "shares": pgettext_lazy("how often", "Shares"),
    "follows": gettext_lazy("Follows"),
    "hides": gettext_lazy("“Less of this”"),
    "open_rate": gettext_lazy("Opened, of those who saw it"),
    "read_rate": gettext_lazy("Read, of those who opened it"),
    "engagement_rate": gettext_lazy("Engaged, of those who saw it"),
}
TIES: dict[str, Promise] = {
    "follower": pgettext_lazy("people", "Followers"),
    "returning": gettext_lazy("Returning readers"),
    "new": gettext_lazy("New readers"),
}
VERDICTS: dict[TagVerdict, Promise] = {
    TagVerdict.KEEP: gettext_lazy("Keep it"),
    TagVerdict.BROAD: gettext_lazy("Too broad"),
    TagVerdict.MISSES: gettext_lazy("Not matching"),
    TagVerdict.FEW: gettext_lazy("Too few readers to say"),
}


def hint_text(hint: Hint) -> str:
    """The advice with its evidence."""
    return _SENTENCES[hint.advice](hint.evidence)


def _rates(sentence: Callable[[], str]) -> Callable[[Mapping[str, Any]], str]:
    return lambda evidence: (
        sentence() % {"value": f"{evidence['value']:.1f}", "median": f"{evidence['median']:.1f}"}
    )


_SENTENCES: dict[Advice, Callable[[Mapping[str, Any]], str]] = {
    Advice.COVER: _rates(
        lambda: _(
            "Of 100 people who saw the card, %(value)s opened it; of similar notes it is"
            " %(median)s. The cover and the title decide that: try a second cover on the pool page,"
            " or a title that says what one finds."
        )
    ),
    Advice.TEXT: _rates(
        lambda: _(
            "Of 100 people who opened it, %(value)s read on; of similar notes it is %(median)s."
            " Say the most useful thing first, and break long text into short paragraphs."
        )
    ),
    Advice.QUESTION: _rates(
        lambda: _(
            "Of 100 people who saw it, %(value)s liked, kept, shared or answered; of similar notes"
            " it is %(median)s. Something to take along (a list, a map, a price) or a question at"
            " the end gives them a reason."
        )
    ),
    Advice.TAGS_MISS: lambda evidence: (
        _(
            "People interested in %(tags)s met this note and did less with it than is usual. Take"
            " the tag away, or say more about it."
        )
        % {"tags": _tags(evidence)}
    ),
    Advice.TAGS_BROAD: lambda evidence: (
        _(
            "Very many people are interested in %(tags)s, and few of them in this note. A narrower"
            " tag finds better readers."
        )
        % {"tags": _tags(evidence)}
    ),
    Advice.HOURS: lambda evidence: (
        _("Your readers open most at %(hours)s; this was published at %(published)s.")
        % {
            "hours": ", ".join(f"{hour}:00" for hour in evidence["hours"]),
            "published": f"{evidence['published']}:00",
        }
    ),
    Advice.MORE: lambda evidence: (
        _("It engages more than %(above)s of 100 similar notes: more of this.")
        % {"above": f"{evidence['above']:.0f}"}
    ),
    Advice.WAIT: lambda evidence: (
        _("Its first readers are on their way: %(left)d promised impressions are to come.")
        % {"left": evidence["left"]}
    ),
}


def _tags(evidence: Mapping[str, Any]) -> str:
    return ", ".join(f"#{name}" for name in evidence["tags"])

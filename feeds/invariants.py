"""What must hold between rows whatever happened: each rule names the rows that break it.

Counters are compared with the rows they count, by SQL that shares nothing with the services that
keep them. Work that still waits in the outbox is no difference: its notes are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from accounts.wallet.audit import differences as ledger_differences
from community.messaging.checking import conversation_differences, message_differences
from community.models import Note
from community.moderation.checking import (
    case_differences,
    standing_differences,
    suspension_differences,
)
from community.notifications.checking import digest_differences, push_differences
from community.outbox.models import Job
from community.rules.checking import hit_differences

from .boosts.balance import unbalanced_boosts
from .collaborations.balance import unbalanced_collaborations
from .covers.checking import halves_apart, unfounded_decisions
from .differences import Difference
from .models import LiveNote, PoolEntry, SecondLook

# Longer than any queue is while its workers live.
LONGEST_WAIT = timedelta(hours=1)
# Scores are sums of floats, added and taken back in another order.
SMALLEST_SCORE = 0.001


class Tally(NamedTuple):
    """A counter, and the rows that it counts."""

    held: str
    key: str
    counter: str
    rows: str
    by: str
    where: str = "1 = 1"


TALLIES = {
    "sign-ups of share links": Tally(
        "community_share", "id", "signups", "community_arrival", "share_id", "signed_up"
    ),
    "likes of notes": Tally(
        "community_notestats", "note_id", "likes", "community_like", "note_id"
    ),
    "collects of notes": Tally(
        "community_notestats", "note_id", "collects", "community_collect", "note_id"
    ),
    "shares of notes": Tally(
        "community_notestats", "note_id", "shares", "community_share", "note_id"
    ),
    "comments of notes": Tally(
        "community_notestats", "note_id", "comments", "community_comment", "note_id",
        "deleted_at IS NULL AND hidden_at IS NULL",
    ),
    "likes of comments": Tally(
        "community_comment", "id", "likes", "community_commentlike", "comment_id"
    ),
    "followers": Tally(
        "accounts_profile", "person_id", "followers_count", "accounts_follow", "followed_id"
    ),
    "following": Tally(
        "accounts_profile", "person_id", "following_count", "accounts_follow", "follower_id"
    ),
}  # fmt: skip

MISCOUNTED = """
SELECT held.{key}, held.{counter}, COALESCE(counted.number, 0)
FROM {held} held
LEFT JOIN (SELECT {by} AS subject, COUNT(*) AS number FROM {rows} WHERE {where} GROUP BY {by})
  counted ON counted.subject = held.{key}
WHERE held.{counter} <> COALESCE(counted.number, 0) ORDER BY held.{key}
"""

DELIVERED = """
SELECT entry.note_id, entry.delivered, COUNT(reached.id)
FROM feeds_poolentry entry
LEFT JOIN feeds_pooldelivery reached ON reached.note_id = entry.note_id
  AND reached.tier = entry.tier AND reached.seen_at IS NOT NULL AND reached.counts
GROUP BY entry.note_id, entry.delivered
HAVING entry.delivered <> COUNT(reached.id) ORDER BY entry.note_id
"""

CREDITED = """
SELECT entry.note_id, entry.engagement, COALESCE(SUM(act.score), 0)
FROM feeds_poolentry entry
LEFT JOIN feeds_poolengagement act ON act.note_id = entry.note_id AND act.tier = entry.tier
GROUP BY entry.note_id, entry.engagement
HAVING ABS(entry.engagement - COALESCE(SUM(act.score), 0)) > {smallest} ORDER BY entry.note_id
"""

# Of the present tier: acts and score that were discounted; sights that were.
DISCOUNTED_ACTS = """
SELECT entry.note_id, entry.discounted_acts, COUNT(act.id), entry.discounted_score,
  COALESCE(SUM(act.full - act.score), 0)
FROM feeds_poolentry entry
LEFT JOIN feeds_poolengagement act ON act.note_id = entry.note_id AND act.tier = entry.tier
  AND act.weight < 1
GROUP BY entry.note_id, entry.discounted_acts, entry.discounted_score
HAVING entry.discounted_acts <> COUNT(act.id)
  OR ABS(entry.discounted_score - COALESCE(SUM(act.full - act.score), 0)) > {smallest}
ORDER BY entry.note_id
"""

DISCOUNTED_VIEWS = """
SELECT entry.note_id, entry.discounted_views, COUNT(reached.id)
FROM feeds_poolentry entry
LEFT JOIN feeds_pooldelivery reached ON reached.note_id = entry.note_id
  AND reached.tier = entry.tier AND reached.seen_at IS NOT NULL AND NOT reached.counts
GROUP BY entry.note_id, entry.discounted_views
HAVING entry.discounted_views <> COUNT(reached.id) ORDER BY entry.note_id
"""

# The rows of an order that were delivered, and what the order says of them.
BOOSTED = """
SELECT boost.id, boost.delivered, COUNT(sent.id)
FROM boosts_boost boost
LEFT JOIN boosts_boostdelivery sent ON sent.boost_id = boost.id AND sent.counted
  AND sent.seen_at IS NOT NULL
GROUP BY boost.id, boost.delivered HAVING boost.delivered <> COUNT(sent.id) ORDER BY boost.id
"""

TWICE = """
SELECT owner_id, note_id, COUNT(*) FROM feeds_timelineentry
GROUP BY owner_id, note_id HAVING COUNT(*) > 1 ORDER BY owner_id, note_id
"""

Rule = Callable[[datetime], Iterator[Difference]]


def audit(*, now: datetime) -> dict[str, list[Difference]]:
    """Every rule by name with the differences it found: all lists empty where all is well."""
    return {name: list(rule(now)) for name, rule in rules().items()}


def rules() -> dict[str, Rule]:
    """Name of each invariant and the function that looks for what breaks it."""
    counters = {f"count: {name}": _counting(tally) for name, tally in TALLIES.items()}
    return counters | {
        "every note has its counters": _notes_without_counters,
        "every person has a profile": _people_without_profile,
        "pools: delivered = sights of the tier": _miscounted_deliveries,
        "pools: engagement = credits of the tier": _miscounted_engagement,
        "pools: discounts = acts and sights discounted": _miscounted_discounts,
        "feeds choose from public notes only": _live_but_not_public,
        "pools run for live notes only": _running_but_not_live,
        "pools: notes that wait for a look are in its queue": _waiting_for_nobody,
        "wallet: balances and holds are sums of entries": _unbalanced_ledger,
        "boosts: delivered = counted sights": _miscounted_boosts,
        "boosts: the hold is what was charged, given back and left": _unbalanced_boosts,
        "collaborations: held, then paid or given back": _unbalanced_deals,
        "covers: two are shown while a test runs": _covers_apart,
        "covers: decisions follow from their figures": _unfounded_covers,
        "moderation: what is hidden, limited, labelled = decisions in force": _told_by(
            standing_differences
        ),
        "moderation: suspended accounts = decisions in force": _told_by(suspension_differences),
        "moderation: an open report is in an open case": _told_by(case_differences),
        "rules: what they hold = their hits": _told_by(hit_differences),
        "messages: two people, and the newest first": _told_by(conversation_differences),
        "messages: of members, gone when taken back, words to strangers": _told_by(
            message_differences
        ),
        "digests: sent at some time, or on their way": _told_at(digest_differences),
        "pushes: sent at some time, or on their way, to their person": _told_at(push_differences),
        "a timeline holds a note once": _twice_in_a_timeline,
        "search knows the published notes": _misindexed,
        "no task waits longer than an hour": _forgotten_tasks,
    }


def _told_by(source: Callable[[], Iterable[tuple[str, str, str]]]) -> Rule:
    return _told_at(lambda now: source())


def _told_at(source: Callable[[datetime], Iterable[tuple[str, str, str]]]) -> Rule:
    """A rule of another room, which says (subject, said, found)."""

    def differences(now: datetime) -> Iterator[Difference]:
        for subject, said, found in source(now):
            yield Difference(subject, said, found)

    return differences


def _counting(tally: Tally) -> Rule:
    def differences(now: datetime) -> Iterator[Difference]:
        for pk, said, found in _rows(MISCOUNTED.format(**tally._asdict())):
            yield Difference(f"{tally.key.removesuffix('_id')} {pk}", said, found)

    return differences


def _notes_without_counters(now: datetime) -> Iterator[Difference]:
    yield from _missing("note", Note.objects.filter(stats=None), "no counters")


def _people_without_profile(now: datetime) -> Iterator[Difference]:
    yield from _missing("person", User.objects.filter(profile=None), "no profile")


def _miscounted_deliveries(now: datetime) -> Iterator[Difference]:
    for pk, said, found in _rows(DELIVERED):
        yield Difference(f"note {pk}", said, found)


def _miscounted_engagement(now: datetime) -> Iterator[Difference]:
    for pk, said, found in _rows(CREDITED.format(smallest=SMALLEST_SCORE)):
        yield Difference(f"note {pk}", round(said, 3), round(found, 3))


def _miscounted_discounts(now: datetime) -> Iterator[Difference]:
    for pk, said, found, score, score_found in _rows(
        DISCOUNTED_ACTS.format(smallest=SMALLEST_SCORE)
    ):
        yield Difference(
            f"note {pk}", f"{said} acts, {score:.3f}", f"{found} acts, {score_found:.3f}"
        )
    for pk, said, found in _rows(DISCOUNTED_VIEWS):
        yield Difference(f"note {pk}", f"{said} views", f"{found} views")


def _live_but_not_public(now: datetime) -> Iterator[Difference]:
    public = Note.objects.visible_to(None).filter(pk=OuterRef("note"))
    hidden = LiveNote.objects.filter(~Exists(public)).values_list("note_id", flat=True)
    for pk in _settled(hidden, "feeds.refresh"):
        yield Difference(f"note {pk}", "live", "not public")


def _running_but_not_live(now: datetime) -> Iterator[Difference]:
    running = PoolEntry.objects.filter(state=PoolEntry.State.RUNNING)
    strays = running.filter(~Exists(LiveNote.objects.filter(note=OuterRef("note"))))
    for pk in _settled(strays.values_list("note_id", flat=True), "feeds.refresh"):
        yield Difference(f"note {pk}", "running", "not live")


def _waiting_for_nobody(now: datetime) -> Iterator[Difference]:
    waiting = SecondLook.objects.filter(state=SecondLook.State.WAITING).values("note_id")
    entries = PoolEntry.objects.filter(state=PoolEntry.State.LOOK)
    for pk in entries.exclude(note__in=waiting).values_list("note_id", flat=True):
        yield Difference(f"note {pk}", "waits for a second look", "nobody is asked")


def _unbalanced_ledger(now: datetime) -> Iterator[Difference]:
    for subject, said, found in ledger_differences():
        yield Difference(subject, said, found)


def _miscounted_boosts(now: datetime) -> Iterator[Difference]:
    for pk, said, found in _rows(BOOSTED):
        yield Difference(f"boost {pk}", said, found)


def _unbalanced_boosts(now: datetime) -> Iterator[Difference]:
    yield from unbalanced_boosts()


def _unbalanced_deals(now: datetime) -> Iterator[Difference]:
    yield from unbalanced_collaborations()


def _covers_apart(now: datetime) -> Iterator[Difference]:
    yield from halves_apart()


def _unfounded_covers(now: datetime) -> Iterator[Difference]:
    yield from unfounded_decisions()


def _twice_in_a_timeline(now: datetime) -> Iterator[Difference]:
    for owner, note, times in _rows(TWICE):
        yield Difference(f"person {owner}, note {note}", times, 1)


def _misindexed(now: datetime) -> Iterator[Difference]:
    indexed = {row[0] for row in _rows("SELECT rowid FROM community_notesearch")}
    published = set(Note.objects.published().values_list("pk", flat=True))
    for pk in _settled(sorted(published - indexed), "search.index"):
        yield Difference(f"note {pk}", "published", "not indexed")
    for pk in _settled(sorted(indexed - published), "search.index"):
        yield Difference(f"note {pk}", "indexed", "not published")


def _forgotten_tasks(now: datetime) -> Iterator[Difference]:
    waiting = Job.objects.filter(state=Job.State.READY, run_at__lt=now - LONGEST_WAIT)
    for job in waiting.order_by("run_at"):
        yield Difference(f"task {job.pk} {job.kind}", job.run_at.isoformat(), "not begun")


def _missing(kind: str, rows: QuerySet[Any], found: str) -> Iterator[Difference]:
    for pk in rows.order_by("pk").values_list("pk", flat=True):
        yield Difference(f"{kind} {pk}", "exists", found)


def _settled(note_ids: Iterable[int], kind: str) -> list[int]:
    """The notes that no waiting job of this kind is about to bring in order."""
    waiting = Job.objects.filter(kind=kind).exclude(state=Job.State.ASIDE)
    promised = {pk for job in waiting.iterator() for pk in job.arguments.get("notes", ())}
    return [pk for pk in note_ids if pk not in promised]


def _rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()

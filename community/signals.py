"""What this room announces. Sent inside the transaction of the write (docs/decisions/0002), so that
a receiver's job commits with it or not at all. Receivers only note jobs and events."""

from django.dispatch import Signal

# note, now
note_published = Signal()
note_edited = Signal()
note_pictures_ready = Signal()
# note_ids, now: repeat an earlier note, or no longer (community/originality)
likeness_changed = Signal()
# note_id, now: hidden or deleted; shown again
note_withdrawn = Signal()
note_returned = Signal()
# note_id, now: staff limited its reach, or no longer does
note_reach_changed = Signal()
# note_id, decision_id, since, now: what kept it from its readers since then was overturned
note_time_lost = Signal()
# note_id, why ("edited" or "pictures"), now: two covers were shown and are no longer
second_cover_taken_back = Signal()
# note_id, now: the covers of a note were settled, its card is another
note_cover_settled = Signal()
# person_id, note_id, now
note_liked = Signal()
note_unliked = Signal()
note_collected = Signal()
note_uncollected = Signal()
note_shared = Signal()
# Tags became one: from_ids, into_id, now. Sent before the rows of from_ids are deleted
tags_merged = Signal()
# comment, now
note_commented = Signal()
comment_withdrawn = Signal()
# person_id, comment, now
comment_liked = Signal()
# message, to_stranger (who has not agreed to talk), now
message_sent = Signal()
# Rows made in bulk by an import, one announcement a batch (community/importing):
# note_ids, now, by_their_author (and not by an operator)
notes_imported = Signal()
# rows of (person_id, slugs of chosen interests), now
people_imported = Signal()
# rows of (follower_id, followed_id), now
follows_imported = Signal()
# rows of (person_id, note_id, kind, value, at); kinds as in docs/import-format.md; now
interactions_imported = Signal()
# An import is complete and its pictures are ready: now, demo (only from load_demo)
community_loaded = Signal()

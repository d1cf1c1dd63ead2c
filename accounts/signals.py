"""What this room announces. Sent inside the transaction of the write, so that a receiver's job
commits with it or not at all; receivers only note jobs and events."""

from django.dispatch import Signal

user_followed = Signal()  # follower_id, followed_id, now
user_unfollowed = Signal()  # follower_id, followed_id, now
user_blocked = Signal()  # blocker_id, blocked_id, now
interests_chosen = Signal()  # person, slugs, now
profile_changed = Signal()  # person, now: name, avatar or city is another

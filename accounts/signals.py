"""What this room announces. Sent inside the transaction of the write, so that a receiver's job
commits with it or not at all; receivers only note jobs and events."""

from django.dispatch import Signal

user_followed = Signal()  # follower_id, followed_id, now
user_unfollowed = Signal()  # follower_id, followed_id, now
user_blocked = Signal()  # blocker_id, blocked_id, now
interests_chosen = Signal()  # person, slugs, now
profile_changed = Signal()  # person, now: name, avatar or city is another
person_suspended = Signal()  # person_id, now: staff closed the account
person_readmitted = Signal()  # person_id, now: it is open again
# removals: alias, name and whether it is a folder, of what nothing names any more in a store.
files_forgotten = Signal()
# A browser that was never theirs signed in. device: "Firefox, Windows"; network: cut, or nothing.
signed_in_anew = Signal()  # person, device, network, now
# what: password, email, email-back; added-, removed- or reset- with totp, webauthn or
# recovery_codes
account_changed = Signal()  # person, what, now
newcomer_decided = Signal()  # person_id, accepted, now
person_left = Signal()  # person, now: closed the account themselves; profile_changed follows
# what: asked, made or undone. Both addresses are told, which are in the row.
address_news = Signal()  # change_id, what, now

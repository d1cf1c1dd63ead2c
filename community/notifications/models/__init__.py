from .digest import DigestMail
from .notification import Notification
from .preferences import Preferences, ThreadMute
from .push import PushMessage, PushSubscription

__all__ = [
    "DigestMail",
    "Notification",
    "Preferences",
    "PushMessage",
    "PushSubscription",
    "ThreadMute",
]

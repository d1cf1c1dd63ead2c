"""What the wallet announces, inside the transaction of the write, as accounts/signals.py does."""

from django.dispatch import Signal

transfer_decided = Signal()  # transfer, now

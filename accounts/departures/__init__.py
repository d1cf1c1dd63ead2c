"""Leaving: the account is closed at once, can be opened again for a while, and then goes for good.

What goes with it is told by every app's `own_leaving.py` (accounts/owndata/leaving.py); the work is
done a room higher, by a job (community/departures).
"""

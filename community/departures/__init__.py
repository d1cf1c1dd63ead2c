"""The work of a departure: what every app's `own_leaving.py` takes away, when its time has come.
Closing and opening again are a room lower, in accounts/departures.
"""

"""Archives: all that a person made and all that is known of them, in one file, for them alone.

What stands in it is told by every app's `own_data.py` (accounts/owndata); the format is described
in docs/archive-format.md.
"""

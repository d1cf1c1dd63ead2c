"""What people put together: albums of anybody's notes, alone or with others, and the few notes of
their own that stand first on their profile.

An album decides who may open it; which of its notes a viewer meets, the gate decides note by note
(docs/decisions/0031-albums-and-schedules.md).
"""

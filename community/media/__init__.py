"""Picture intake: what comes in is checked, decoded in a limited child, re-encoded, measured.

Nothing a person uploads is ever served as it came. Read `intake`, then `pictures`, then `child`.
"""

from datetime import timedelta

from hypothesis import settings

# A busy machine is no error: what must be fast is measured in CPU time where it matters.
settings.register_profile("unhurried", deadline=timedelta(seconds=10))
settings.load_profile("unhurried")

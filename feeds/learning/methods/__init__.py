"""Learning methods on arrays: no Django, no files, no clock. Each names its paper."""

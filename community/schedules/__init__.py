"""Notes that publish themselves at a time their author chose.

The note stays a draft with a `Schedule` beside it. The clock notes a job for what is due; the job
publishes through the same `publish_note` as the button does, so that every rule is asked again at
that moment (docs/decisions/0031-albums-and-schedules.md).
"""

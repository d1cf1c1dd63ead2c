"""People over HTTP for programs, and what the three rooms' interfaces have in common.

It lies in the lowest room so that all may use it. What is chosen by setting (renderer, parser,
throttle, problem details) lies in community/api.
"""

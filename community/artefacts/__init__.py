"""What was learnt, as numbered versions: files with checksums, one version of a kind in force.

Training saves, a guardrail or a person publishes, workers load what is in force memory-mapped.
Never served by the web: the folder lies beside the media, not in it.
"""

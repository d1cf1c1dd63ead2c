"""Ranking that learns: what was shown is logged with its features, models are trained on it.

totals     what happened to each note so far       logged     lists as they were served
dataset    served places joined to what came of it learning   one boosted model per objective
training   the whole run, with its guardrail       standing   which ranker serves, and why
"""

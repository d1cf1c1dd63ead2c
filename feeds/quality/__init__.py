"""How good a note looks before anybody read it: weights, bars, verdicts, and what authors are told.

The dimensions themselves are judged in community/text/quality.py, without a database.
"""

"""How much a reader counts for an author: rings and farms found from behaviour, and discounted.

What is improbable is judged in rules.py and graph.py, without a database.
"""

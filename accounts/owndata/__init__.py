"""What the community knows of a person: theirs to take with them, and to take away.

Each room says what it knows in `own_data.py` of the app that keeps it: sections of the archive
(sections.py) and, where more than deleting rows is to be done, steps of a departure (leaving.py).
Above, community/archives and community/departures do the work and know no table.
"""

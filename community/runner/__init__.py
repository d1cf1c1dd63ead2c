"""`make run`: one command that starts web, worker and beat, watches over them and stops them.

options      what the command line asks for
checks       what must be so before anything starts, and the words when it is not
folder       the data folder: made, locked, measured
community    what is done to the community before it opens: migrate, demo
services     the three processes: their commands, their lives, their output
supervisor   the loop that restarts what dies and stops all in order
undertaker   a process that outlives a killed runner just long enough to leave no orphan
console      colours, prefixes and the banner
prepare      what `make` does first: virtualenv, translations, static files
"""

"""The tests on PostgreSQL and Redis: `make test-scaled`, `python -m tests.scaled tests/search`."""

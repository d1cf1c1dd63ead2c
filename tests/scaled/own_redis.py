"""A plugin of pytest: each worker keeps its cache in a database of its own, because every test
empties the cache. Loaded with -p, before the settings are read."""

import os

worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
if address := os.environ.get("ROCKPOOL_REDIS_URL", ""):
    # Two for each: tasks, and beside them the cache.
    os.environ["ROCKPOOL_REDIS_URL"] = f"{address.rpartition('/')[0]}/{2 * int(worker)}"

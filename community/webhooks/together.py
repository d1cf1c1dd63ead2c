"""Many posts at once, each in a thread of its own, and no longer than they may take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait

from . import posting

# Status and trouble of one try.
Answer = tuple[int | None, str]
# Posting has its own deadline; looking up a name has none.
PATIENCE = posting.DEADLINE + 5
NO_NAME: Answer = (None, "The name was not found in time.")


def post_all(posts: Mapping[int, Callable[[], Answer]]) -> dict[int, Answer]:
    """The answer of each, by its key. What is called touches no row."""
    if not posts:
        return {}
    pool = ThreadPoolExecutor(max_workers=len(posts), thread_name_prefix="posting")
    under_way: dict[Future[Answer], int] = {pool.submit(post): key for key, post in posts.items()}
    done, late = wait(under_way, timeout=PATIENCE)
    pool.shutdown(wait=False, cancel_futures=True)
    answers = {under_way[future]: future.result() for future in done}
    return answers | {under_way[future]: NO_NAME for future in late}

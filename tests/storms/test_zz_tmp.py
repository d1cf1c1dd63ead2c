from collections import Counter
import types, contextlib
import pytest
from feeds import pool_slots, pool_delivery, pool_admission
from .test_pool_promises import *
class Never(Counter):
    def __getitem__(self, k): return -10**9
@pytest.fixture(autouse=True)
def broken(monkeypatch):
    monkeypatch.setattr(pool_slots, "_given", Never())
    monkeypatch.setattr(pool_delivery, "most_delivered", lambda p, r: 10**9)
    monkeypatch.setattr(pool_admission, "transaction", types.SimpleNamespace(atomic=contextlib.nullcontext))

"""An author with money, a note, and readers who came today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from accounts.wallet import services as wallet
from feeds import impressions, policies, serving
from feeds.boosts import services
from feeds.boosts.rules import Audience
from feeds.boosts.services import Wanted
from feeds.policy import Policy
from feeds.qualification import SHORTEST_LOOK
from feeds.remembered import Remembered

RICH = 1_000_000


@pytest.fixture
def keeper(make_person: Callable[..., Any]) -> Any:
    """Somebody of the staff who reviews boosts."""
    person = make_person("keeper")
    person.is_staff = True
    person.save()
    person.user_permissions.add(
        *Permission.objects.filter(codename__in=["review_boost", "view_boost"])
    )
    return type(person).objects.select_related("profile").get(pk=person.pk)


@pytest.fixture
def rich() -> Callable[..., None]:
    def fill(person: Any, amount: int = RICH) -> None:
        wallet.top_up(
            person=person, amount=amount, key=f"test:{person.pk}:{amount}", source="staff",
            now=timezone.now(),
        )  # fmt: skip

    return fill


@pytest.fixture
def wanted() -> Callable[..., Wanted]:
    def want(**other: Any) -> Wanted:
        now = timezone.now()
        facts: dict[str, Any] = {
            "impressions": 100,
            "starts_at": now,
            "ends_at": now + timedelta(days=5),
            "audience": Audience(),
        }
        return Wanted(**(facts | other))

    return want


@pytest.fixture
def bought(
    alice: Any, keeper: Any, make_note: Callable[..., Any], rich: Any, wanted: Any, work_off: Any,
    make_person: Callable[..., Any],
) -> Callable[..., Any]:  # fmt: skip
    """An order of Alice that runs; `approve=False` leaves it waiting."""

    def buy(*, note: Any = None, approve: bool = True, now: Any = None, **facts: Any) -> Any:
        note = note or make_note(alice)
        work_off()
        rich(alice)
        now = now or timezone.now()
        order = services.save_order(buyer=alice, note_id=note.pk, wanted=wanted(**facts), now=now)
        services.pay(buyer=alice, boost_id=order.pk, seen_total=None, now=now)
        if approve:
            services.approve(boost_id=order.pk, by=keeper, now=now)
        order.refresh_from_db()
        return order

    return buy


@pytest.fixture
def reader() -> Callable[..., Any]:
    """Open a page of discover and see all of it, or what `only` names."""

    def read(person: Any, *, now: Any = None, only: Any = None, **asked: Any) -> Any:
        Remembered.forget_everything()
        now = now or timezone.now()
        page = serving.serve_discover(viewer=person, now=now, **asked)
        seen = [i.note_id for i in page.items if only is None or i.note_id in only]
        answer = impressions.intake(
            viewer=person,
            batch={"token": page.token, "seen": [{"note": pk} for pk in seen]},
            now=now + SHORTEST_LOOK,
        )
        paid = [i.note_id for i in page.items if i.paid]
        return SimpleNamespace(page=page, seen=seen, paid=paid, answer=answer)

    return read


@pytest.fixture
def policy() -> Callable[..., None]:
    """Publish a policy with other settings of boosts."""

    def publish(**boosts: Any) -> None:
        whole = Policy().to_dict()
        whole["boosts"] |= boosts
        policies.publish(values=whole, by=None, remark="test")
        policies.forget()

    return publish

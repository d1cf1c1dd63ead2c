"""Pages of a buyer: order, pay, watch, pause, stop, report, receipt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.asking import PersonRequest, people_only, see_other, whole_number
from accounts.errors import DomainError
from accounts.wallet import services as wallet
from community.errors import shows_refusals
from community.models import Note
from community.pressed_once import pressed_once
from community.services.access import own_note
from feeds.policies import current

from . import checking, services
from .audiences import Estimate, estimate
from .fitness import reasons_against
from .forms import OrderForm, as_typed, first_order
from .models import Boost
from .report import names_of, pacing_of, report_on
from .rules import Reason, State, price_of
from .services import Wanted
from .wording import ACTS, AGAINST, STEPS

ORDERS_SHOWN = 100


@require_safe
@people_only
def my_boosts(request: PersonRequest) -> HttpResponse:
    """All orders of the person, newest first."""
    orders = Boost.objects.of(request.user).newest()[:ORDERS_SHOWN]
    context = {"orders": orders, "balance": wallet.balance_of(request.user), "tab": "me"}
    return render(request, "boosts/list.html", context)


# ---------------------------------------------------------------- ordering
@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
@pressed_once
def order(request: PersonRequest, note_id: int) -> HttpResponse:
    """The form with what it would cost and bring; saved, it becomes an order to look over."""
    note = own_note(request.user, note_id)
    services.refuse_unfit(note.pk)
    now = timezone.now()
    if request.method == "POST":
        form = OrderForm(request.POST)
        if form.is_valid() and (saved := _save(request, form, note)):
            return see_other(request, saved)
        return _form_page(request, note, form, status=400)
    form = OrderForm(request.GET) if "impressions" in request.GET else OrderForm(first_order())
    form.is_valid()
    return _form_page(request, note, form, estimate=_estimate(form, note, now))


def _save(request: PersonRequest, form: OrderForm, note: Note) -> Boost | None:
    """The saved order, or None with the refusal in the form."""
    now, instead_of = timezone.now(), whole_number(request.POST.get("instead_of", ""))
    try:
        return services.save_order(
            buyer=request.user,
            note_id=note.pk,
            wanted=form.wanted(now),
            now=now,
            instead_of=instead_of,
        )
    except DomainError as refusal:
        field = refusal.field if refusal.field in form.fields else None
        form.add_error(field, str(refusal))
        return None


def _form_page(
    request: PersonRequest, note: Note, form: OrderForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "note": note,
        "form": form,
        "balance": wallet.balance_of(request.user),
        "per_thousand": current()[1].boosts.per_thousand,
        "tab": "me",
        **more,
    }
    return render(request, "boosts/order_form.html", context, status=status)


@require_safe
@people_only
@shows_refusals
def estimate_part(request: PersonRequest, note_id: int) -> HttpResponse:
    """Price and reach of what stands in the form, while it is filled in."""
    note = own_note(request.user, note_id)
    form = OrderForm(request.GET)
    form.is_valid()
    context = {"estimate": _estimate(form, note, timezone.now())}
    return render(request, "boosts/_estimate.html", context)


def _estimate(form: OrderForm, note: Note, now: Any) -> dict[str, Any]:
    """{"total", "reach"}, or {"refusal"} with the sentence that says what is wrong."""
    if form.errors:
        return {"refusal": next(iter(next(iter(form.errors.values()))))}
    try:
        wanted = form.wanted(now)
        checking.check(wanted, note=note, now=now)
    except DomainError as refusal:
        return {"refusal": str(refusal)}
    return {
        "total": price_of(wanted.impressions, current()[1].boosts.per_thousand),
        "reach": _reach(note, wanted, now),
    }


def _reach(note: Note, wanted: Wanted, now: Any) -> Estimate:
    return estimate(
        note,
        wanted.audience,
        impressions=wanted.impressions,
        daily_cap=wanted.daily_cap,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        now=now,
    )


# ---------------------------------------------------------------- one order
@require_safe
@people_only
@shows_refusals
def boost(request: PersonRequest, boost_id: int) -> HttpResponse:
    """Where an order stands; a draft with what it costs and can bring, before it is paid."""
    found, now = services.own_boost(request.user, boost_id), timezone.now()
    context = _shown(found) | {"tab": "me", "report": report_on(found)}
    if found.state == State.DRAFT:
        context |= _before_paying(request, found, now)
    else:
        context["pacing"] = pacing_of(found, now=now)
    return render(request, "boosts/boost.html", context)


def _before_paying(request: PersonRequest, found: Boost, now: Any) -> dict[str, Any]:
    total = price_of(found.impressions, current()[1].boosts.per_thousand)
    balance = wallet.balance_of(request.user)
    wanted = Wanted(found.impressions, found.starts_at, found.ends_at, found.wants, found.daily_cap)
    reach = _reach(found.note, wanted, now) if found.note is not None else None
    against = reasons_against([found.note_id or 0]).get(found.note_id or 0)
    return {
        "against": AGAINST[against] if against else "",
        "total": total,
        "balance": balance,
        "missing": max(0, total - balance),
        "typed": as_typed(found, now),
        "estimate": {"total": total, "reach": reach},
    }


def _shown(found: Boost) -> dict[str, Any]:
    is_out = found.note is not None and found.note.is_published and not found.note.deleted_at
    return {
        "boost": found,
        "note_address": found.note.get_absolute_url() if found.note and is_out else "",
        "audience": names_of(found.wants),
        "steps": [
            (step, STEPS[Reason(step.reason)])
            for step in found.steps.select_related("by").order_by("-pk")
        ],
        "acts": ACTS,
        "done": f"{100 * found.delivered / found.impressions:.1f}",
    }


@require_safe
@people_only
@shows_refusals
def receipt(request: PersonRequest, boost_id: int) -> HttpResponse:
    """What was paid for what, to print."""
    found = services.own_boost(request.user, boost_id)
    context = _shown(found) | {"report": report_on(found), "tab": "me"}
    return render(request, "boosts/receipt.html", context)


@require_POST
@people_only
@shows_refusals
def pay(request: PersonRequest, boost_id: int) -> HttpResponse:
    total = whole_number(request.POST.get("total", ""))
    seen = -1 if total is None else total
    found = services.pay(buyer=request.user, boost_id=boost_id, seen_total=seen, now=timezone.now())
    messages.success(request, _("Paid. It begins when it is approved."))
    return see_other(request, found)


def _acting(act: Callable[..., Boost]) -> Callable[..., HttpResponse]:
    @require_POST
    @people_only
    @shows_refusals
    def view(request: PersonRequest, boost_id: int) -> HttpResponse:
        return see_other(request, act(buyer=request.user, boost_id=boost_id, now=timezone.now()))

    return view


pause, resume, stop = (_acting(act) for act in (services.pause, services.resume, services.stop))

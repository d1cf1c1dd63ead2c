"""One's address for mail: seen, changed, confirmed from the new mailbox, undone from the old."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.asking import PersonRequest, Request, people_only, see_other
from accounts.errors import DomainError
from accounts.models import User

from . import services
from .forms import NewAddressForm
from .links import CONFIRM, UNDO, change_of
from .models import CONFIRM_FOR, UNDO_FOR, AddressChange
from .proving import ask_to_prove


@require_safe
@people_only
def address(request: PersonRequest) -> HttpResponse:
    """The address, whether it was confirmed, what is asked for, and the form."""
    return _page(request, NewAddressForm())


def _page(request: PersonRequest, form: NewAddressForm, *, status: int = 200) -> HttpResponse:
    known = EmailAddress.objects.filter(user=request.user).order_by("-primary", "pk")
    mine = [row for row in known if row.email.lower() == request.user.email.lower()]
    context = {
        "form": form,
        "confirmed": any(row.verified for row in mine),
        "others": [row.email for row in known if row not in mine],
        "asked": AddressChange.objects.asked(timezone.now()).filter(person=request.user).first(),
        "confirm_days": CONFIRM_FOR.days,
        "undo_days": UNDO_FOR.days,
    }
    return render(request, "addresses/address.html", context, status=status)


@require_POST
@people_only
def ask(request: PersonRequest) -> HttpResponse:
    """Ask for another address. Who it is is asked first, where the form is fit to be sent."""
    form = NewAddressForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    if page := ask_to_prove(request):
        return page
    try:
        services.ask_for_change(
            person=request.user, new=form.cleaned_data["email"], now=timezone.now()
        )
    except DomainError as refused:
        form.add_error("email", str(refused))
        return _page(request, form, status=refused.status)
    messages.success(request, _("We wrote to the new address. Follow the link in that mail."))
    return see_other(request, "account_email")


@require_POST
@people_only
def drop(request: PersonRequest) -> HttpResponse:
    if services.drop_change(person=request.user, now=timezone.now()):
        messages.success(request, _("Your address stays as it is."))
    return see_other(request, "account_email")


@require_POST
@people_only
def send_again(request: PersonRequest) -> HttpResponse:
    """The link with which somebody confirms the address they have."""
    row = EmailAddress.objects.filter(
        user=request.user, email__iexact=request.user.email, verified=False
    ).first()
    if row is None and request.user.email:
        row, _made = EmailAddress.objects.get_or_create(
            user=request.user, email=request.user.email.lower()
        )
    if row is not None and not row.verified:
        # allauth says that it did, or by its silence that it did so a moment ago.
        send_verification_email_to_address(request, row)
    return see_other(request, "account_email")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@people_only
def confirm(request: PersonRequest, token: str) -> HttpResponse:
    """Who follows the link must be signed in as well: a slip of a key in the new address gives
    nobody else the account. Nothing happens by looking: scanners of mail follow links, too."""
    change = change_of(token, CONFIRM)
    if change is not None and change.person != request.user:
        return _over(request, _("This link is for another account. Log in to that one first."), 403)
    if request.method == "POST":
        try:
            number = change.pk if change else 0
            services.make_change(person=request.user, change_id=number, now=timezone.now())
        except DomainError as refused:
            return _over(request, str(refused), refused.status)
        messages.success(request, _("This is your address now."))
        return see_other(request, "account_email")
    good = AddressChange.objects.asked(timezone.now())
    if change is None or not good.filter(pk=change.pk).exists():
        return _over(request, str(services.LinkIsOver()), services.LinkIsOver.status)
    context = {"change": change, "undo_days": UNDO_FOR.days, "token": token}
    return render(request, "addresses/confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def undo(request: Request, token: str) -> HttpResponse:
    """Whoever reads the old mailbox: nobody has to be signed in, because somebody else may be."""
    change = change_of(token, UNDO)
    if request.method == "POST":
        try:
            number = change.pk if change else 0
            person = services.undo_change(change_id=number, now=timezone.now())
        except DomainError as refused:
            return _over(request, str(refused), refused.status)
        messages.success(request, _("Your address is back, and everybody is signed out."))
        return see_other(request, _new_password(person))
    if change is None or not AddressChange.objects.undoable(timezone.now()).filter(pk=change.pk):
        return _over(request, str(services.LinkIsOver()), services.LinkIsOver.status)
    return render(request, "addresses/undo.html", {"change": change, "token": token})


def _new_password(person: User) -> str:
    """The page to which the mail about a forgotten password would lead."""
    key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
    return reverse("account_reset_password_from_key", args=key.split("-", 1))


def _over(request: Request, said: str, status: int) -> HttpResponse:
    return render(request, "addresses/over.html", {"said": said}, status=status)

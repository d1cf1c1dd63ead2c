"""Where allauth asks Rockpool."""

from __future__ import annotations

import json
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core import context as asked
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from .entry.blocks import refuse_joining
from .entry.models import EntryRules, Newcomer
from .entry.services import check_address
from .entry.views import tell_newcomer
from .limits import address_of
from .models import User
from .names import name_key
from .safety.sealing import seal
from .validators import check_username_is_free_to_use


class RockpoolAccountAdapter(DefaultAccountAdapter):
    def clean_username(self, username: str, shallow: bool = False) -> str:
        """A name that is allowed and does not look like somebody else's."""
        username = username.strip()
        check_username_is_free_to_use(username)
        if not shallow and User.objects.filter(username_key=name_key(username)).exists():
            raise ValidationError(_("Somebody already has this name. Try another."), code="taken")
        return username

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """The password was right, the account closed: by its owner, it can be opened again; by
        staff, they are told why."""
        from .departures.services import departure_of
        from .departures.views import may_come_back

        if departure_of(user) is not None:
            may_come_back(request, user)
            return redirect("come-back")
        page: str = import_string(settings.CLOSED_ACCOUNT_PAGE)(user)
        answer: HttpResponse = (
            HttpResponseRedirect(page) if page else super().respond_user_inactive(request, user)
        )
        return answer

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Written here and sent by a worker: no page waits for a mail server.

        Sealed, because a letter that opens an account must not stand readable among the tasks.
        """
        request = asked.request
        facts = {"request": request, "email": email, "current_site": get_current_site(request)}
        message = self.render_mail(template_prefix, email, facts | context)
        pages = [str(content) for content, _type in getattr(message, "alternatives", [])]
        letter = {"subject": message.subject, "text": message.body, "html": "".join(pages[:1])}
        letter |= {"from": message.from_email, "to": message.to}
        import_string(settings.LETTER_SENDER)(seal(json.dumps(letter)))

    def authentication_failed(self, request: Any, **credentials: Any) -> None:
        """Nothing is logged of what was typed."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """Rates are counted by the address that all of Rockpool believes."""
        return address_of(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("password-changed")

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Not where staff closed the doors, nor from a network that is kept out."""
        if refusal := refuse_joining(request):
            raise ImmediateHttpResponse(refusal)
        return EntryRules.current().mode != EntryRules.Mode.CLOSED

    def clean_email(self, email: str) -> str:
        """Also for an address that somebody changes to: the rule is about all addresses."""
        check_address(email, EntryRules.current())
        return super().clean_email(email)

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """Who is not let in yet is told what they wait for."""
        if not user.is_active and (waiting := Newcomer.objects.filter(person=user).first()):
            clear_login(request)
            return tell_newcomer(request, waiting)
        return super().pre_login(request, user, **kwargs)

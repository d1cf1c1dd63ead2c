"""The one screen on which people join, with what the rules of joining ask for besides."""

from __future__ import annotations

from typing import Any

from allauth.core import context
from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.errors import Invalid
from accounts.forms import PlainLine, SignupForm
from accounts.models import User

from . import services
from .challenge import challenge
from .models import EntryRules

LONGEST_WORDS = 500


class JoinForm(SignupForm):
    """`proof` is the challenge that the page hands out, where one is asked."""

    proof = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = EntryRules.current()
        if self.rules.mode == EntryRules.Mode.INVITATION:
            self.fields["invitation"] = PlainLine(
                label=_("Invitation"), max_length=20, help_text=_("The code that you were given.")
            )
            self.fields["invitation"].widget.attrs["autocomplete"] = "off"
            # Whoever was sent a link has nothing to type.
            asked = context.request.GET if context.request else {}
            self.fields["invitation"].initial = asked.get("invitation", "")[:20]
        if self.rules.mode == EntryRules.Mode.APPROVAL:
            self.fields["words"] = PlainLine(
                label=_("Why you would like to join"),
                max_length=LONGEST_WORDS,
                help_text=_("Staff reads this and answers by mail."),
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        if self.rules.challenged:
            self.proof = challenge()
            hidden: dict[str, Any] = {
                "max_length": 1_000,
                "required": False,
                "widget": forms.HiddenInput,
            }
            self.fields["challenge"] = forms.CharField(**hidden)
            self.fields["answer"] = forms.CharField(**hidden)

    def asked(self) -> str:
        """A fresh challenge for the page that shows this form."""
        return self.proof.ask() if self.proof else ""

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """An invitation whose last use somebody else took meanwhile is refused with a page."""
        try:
            with transaction.atomic():
                return super().try_save(request)
        except Invalid as refused:
            show = import_string(settings.REFUSAL_PAGE)
            return None, show(request, refused.text, status=refused.status)

    def save(self, request: HttpRequest) -> User:
        now, data = timezone.now(), self.cleaned_data
        invitation = None
        if code := data.get("invitation"):
            invitation = services.use_invitation(code=code, now=now)
        person: User = super().save(request)
        proven = self.proof is None or self.proof.is_met(
            data.get("challenge") or "", data.get("answer") or ""
        )
        services.receive(
            person=person,
            rules=self.rules,
            proven=proven,
            words=data.get("words", ""),
            invitation=invitation,
            now=now,
        )
        return person

    def clean_invitation(self) -> str:
        """Looked up here for the sentence at its field; taken only when the account is made."""
        code: str = self.cleaned_data["invitation"]
        services.check_invitation(code=code, now=timezone.now())
        return code

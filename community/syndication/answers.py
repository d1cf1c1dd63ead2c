"""Answers for machines: the same for everybody, kept for a minute, compared by their content."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from accounts.errors import DomainError
from community.api.problems import problem_response

View = Callable[..., HttpResponse]
# So long a cache may still show what was hidden meanwhile.
KEPT_SECONDS = 60


def for_machines(view: View) -> View:
    """In the community's own language whoever asks; 304 to who has the same content already.

    Only the ETag is compared: a note that is taken away leaves the list with an older date, and
    whoever asked by date alone would keep it.
    """

    @require_safe
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override(settings.LANGUAGE_CODE):
            try:
                answer = view(request, *args, **kwargs)
            except DomainError as refused:
                return problem_response(refused.status, detail=str(refused.text), code=refused.kind)
        if answer.status_code != 200:
            return answer
        etag = quote_etag(hashlib.sha256(answer.content).hexdigest()[:32])
        answer.headers["ETag"] = etag
        answer.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
        answer.headers["Content-Language"] = settings.LANGUAGE_CODE
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return get_conditional_response(request, etag=etag, response=answer) or answer

    return answered


def base_of(request: HttpRequest) -> str:
    """ "https://pool.example.org", without a slash at the end."""
    return f"{request.scheme}://{request.get_host()}"

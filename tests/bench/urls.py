from django.http import HttpRequest, HttpResponse
from django.urls import path

from community import urls

from .reference import SerializedNotes, hand_written


def empty(request: HttpRequest) -> HttpResponse:
    """Nothing but what every page needs: the session was read and the person is known."""
    return HttpResponse(b"ok" if request.user.is_authenticated else b"who?")


urlpatterns = [
    path("bench/empty/", empty),
    path("bench/hand-written/", hand_written),
    path("bench/serializer/", SerializedNotes.as_view()),
    *urls.urlpatterns,
]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500

"""Comments under a note: read, write, like, take back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import reswap, retarget

from accounts.asking import PersonRequest, Request, go_back, people_only, see_other, viewer_of
from accounts.errors import Invalid, NotFound
from community.errors import shows_refusals
from community.forms import CommentForm
from community.models import Comment, Note
from community.pressed_once import pressed_once
from community.services import comments, reactions
from community.services.access import comment_for, note_for

from .commenting import commenting
from .threads import Thread, shown_comment, thread_with_replies, threads_page


@require_http_methods(["GET", "HEAD", "POST"])
@shows_refusals
def note_comments(request: Request, note_id: int) -> HttpResponse:
    """GET: a page of threads. POST: one more comment or reply."""
    if request.method == "POST":
        return _write(request, note_id)
    viewer = viewer_of(request)
    note = note_for(viewer, note_id)
    page = threads_page(note, viewer, cursor=request.GET.get("before", ""))
    part = "community/_threads.html" if request.htmx else "community/comments.html"
    context = {"note": note, "comments": page, **commenting(viewer, note)}
    return _private(render(request, part, context))


@require_safe
@shows_refusals
def comment_thread(request: Request, comment_id: int) -> HttpResponse:
    """One thread with all its replies; a reply's address shows the thread it stands in."""
    viewer = viewer_of(request)
    asked = Comment.objects.select_related("note").filter(pk=comment_id).first()
    if asked is None:
        raise NotFound
    note = note_for(viewer, asked.note_id)
    thread = thread_with_replies(note, viewer, asked.thread_id or asked.pk)
    if thread is None:
        raise NotFound
    part = "community/_replies.html" if request.htmx else "community/thread.html"
    context = {"note": note, "thread": thread, **commenting(viewer, note)}
    return _private(render(request, part, context))


@people_only
@pressed_once
def _write(request: PersonRequest, note_id: int) -> HttpResponse:
    form = CommentForm(request.POST)
    comment = _save(request, note_id, form)
    if comment is None:
        return _refused(request, note_id, form)
    if not request.htmx:
        return see_other(request, f"{comment.note.get_absolute_url()}#comment-{comment.pk}")
    return _written(request, comment)


def _save(request: PersonRequest, note_id: int, form: CommentForm) -> Comment | None:
    """The new comment, or None with the reason in the form."""
    if not form.is_valid():
        return None
    try:
        return comments.add_comment(author=request.user, note_id=note_id, **form.cleaned_data)
    except Invalid as refusal:
        form.add_error("body", str(refusal))
        return None


def _written(request: PersonRequest, comment: Comment) -> HttpResponse:
    """For htmx: the comment where it belongs, an emptied form and the new count beside it."""
    shown = shown_comment(comment, request.user)
    context: dict[str, Any] = {"note": comment.note, "fresh": True}
    context |= commenting(request.user, comment.note)
    context["total"] = comment.note.stats.comments
    if comment.thread_id:
        context |= {"comment": shown, "thread_id": comment.thread_id}
        return render(request, "community/_reply_written.html", context)
    context["thread"] = Thread(comment.pk, shown)
    return render(request, "community/_thread_written.html", context)


def _refused(request: PersonRequest, note_id: int, form: CommentForm) -> HttpResponse:
    """The form with what was typed and why it was not taken."""
    note = note_for(request.user, note_id)
    answered = None
    if reply_to := form.cleaned_data.get("reply_to"):
        answered = comment_for(request.user, reply_to)
    context = {"note": note, "comment_form": form, "answered": answered}
    part = "community/_comment_form.html" if request.htmx else "community/comments.html"
    if not request.htmx:
        context["comments"] = threads_page(note, request.user)
    refusal = render(request, part, context, status=400)
    form_id = f"#comment-form-{answered.pk}" if answered else "#comment-form"
    return reswap(retarget(refusal, form_id), "outerHTML")


@require_POST
@people_only
@shows_refusals
def delete_comment(request: PersonRequest, comment_id: int) -> HttpResponse:
    note_id = _note_of(request, comment_id)
    comments.delete_comment(actor=request.user, comment_id=comment_id)
    if request.htmx:
        return render(
            request,
            "community/_comment_gone.html",
            {"note": Note(pk=note_id), "total": _total(note_id)},
        )
    return go_back(request, reverse("note", args=[note_id]))


@require_POST
@people_only
@shows_refusals
def like_comment(request: PersonRequest, comment_id: int) -> HttpResponse:
    reactions.like_comment(person=request.user, comment_id=comment_id)
    return _liked(request, comment_id, on=True)


@require_POST
@people_only
@shows_refusals
def unlike_comment(request: PersonRequest, comment_id: int) -> HttpResponse:
    reactions.unlike_comment(person=request.user, comment_id=comment_id)
    return _liked(request, comment_id, on=False)


def _liked(request: PersonRequest, comment_id: int, *, on: bool) -> HttpResponse:
    comment = comment_for(request.user, comment_id)
    if not request.htmx:
        return go_back(request, f"{reverse('note', args=[comment.note_id])}#comment-{comment.pk}")
    return render(request, "community/_comment_like.html", {"row": comment, "liked": on})


def _note_of(request: PersonRequest, comment_id: int) -> int:
    """The note it stands under; one's own can be taken back also from a note that is hidden."""
    comment = Comment.objects.filter(pk=comment_id, deleted_at=None).first()
    if comment is None:
        raise NotFound
    if request.user.pk != comment.author_id:
        note_for(request.user, comment.note_id)
    return comment.note_id


def _total(note_id: int) -> int:
    return Note.objects.values_list("stats__comments", flat=True).get(pk=note_id)


def _private(answer: HttpResponse) -> HttpResponse:
    answer.headers["Cache-Control"] = "private, no-store"
    return answer

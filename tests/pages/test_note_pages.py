"""The page of a note: who sees what, and that every act works without JavaScript."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.services import block_user, mute_user
from community.models import Collect, Comment, Like, Note, Share
from community.moderation.models import Decision
from community.services.comments import add_comment
from community.services.reactions import like_comment, like_note
from community.services.writing import NoteContent, delete_note, edit_note

HTMX = {"HX-Request": "true"}


def page_of(client, note):
    return client.get(f"/notes/{note.pk}/")


# ---------------------------------------------------------------- who sees it
@pytest.mark.parametrize(
    ("visibility", "author", "follower", "stranger", "visitor"),
    [
        ("public", 200, 200, 200, 200),
        ("followers", 200, 200, 404, 404),
        ("private", 200, 404, 404, 404),
    ],
)
def test_visibility_decides_who_opens_the_page(
    alice, bob, charlie, make_note, as_person, visibility, author, follower, stranger, visitor
):
    note = make_note(alice, visibility=visibility)
    seen = [page_of(as_person(viewer), note).status_code for viewer in (alice, bob, charlie, None)]
    assert seen == [author, follower, stranger, visitor]


def test_a_draft_is_its_authors_alone_and_says_so(alice, bob, make_note, as_person):
    note = make_note(alice, publish=False)
    assert b"This is a draft" in page_of(as_person(alice), note).content
    assert page_of(as_person(bob), note).status_code == 404


def test_a_hidden_note_shows_its_author_the_reason_and_nobody_else_anything(
    alice, bob, make_person, make_note, as_person
):
    note = make_note(alice)
    moderator = make_person("warden")
    Note.objects.filter(pk=note.pk).update(hidden_at=timezone.now())
    Decision.objects.create(
        note=note,
        act="hide",
        reason="No selling here.",
        moderator=moderator,
        decided_at=timezone.now(),
    )
    own = page_of(as_person(alice), note)
    assert b"No selling here." in own.content
    assert b"Only you see it" in own.content
    assert own.headers["Cache-Control"] == "private, no-store"
    assert page_of(as_person(bob), note).status_code == 404


def test_a_deleted_note_is_gone_also_for_its_author(alice, make_note, as_person):
    note = make_note(alice)
    delete_note(author=alice, note_id=note.pk)
    assert page_of(as_person(alice), note).status_code == 404


def test_a_blocked_person_finds_neither_the_note_nor_its_side_pages(
    alice, charlie, make_note, as_person
):
    note = make_note(alice)
    block_user(blocker=alice, blocked=charlie)
    client = as_person(charlie)
    for side in ("", "history/", "comments/", "pictures/", "share/"):
        assert client.get(f"/notes/{note.pk}/{side}").status_code == 404, side


def test_an_unknown_or_absurd_id_is_404(as_person, db):
    for address in ("/notes/0/", "/notes/999999/", "/notes/99999999999999999999/", "/comments/77/"):
        assert as_person(None).get(address).status_code == 404, address


# ---------------------------------------------------------------- what it says
def test_what_was_written_is_escaped_and_its_tags_mentions_and_links_lead_somewhere(
    alice, bob, make_note, as_person
):
    body = "<script>alert(1)</script> #latte-art by @bob, see https://example.org/a?b=1&c=2."
    note = make_note(alice, title="<b>bold</b>", body=body)
    html = page_of(as_person(None), note).content.decode()
    assert "<script>alert" not in html
    assert "&lt;b&gt;bold&lt;/b&gt;" in html
    assert 'href="/tags/latte-art/"' in html
    assert 'href="/people/bob/">@bob</a>' in html
    assert 'href="https://example.org/a?b=1&amp;c=2"' in html


def test_a_name_that_nobody_has_is_not_linked(alice, make_note, as_person):
    note = make_note(alice, body="thanks @nobodyhere")
    assert b'href="/people/nobodyhere/"' not in page_of(as_person(None), note).content


def test_open_graph_tells_of_public_notes_only(alice, bob, make_note, as_person):
    public, closed = make_note(alice), make_note(alice, visibility="followers")
    assert b'property="og:title"' in page_of(as_person(None), public).content
    followers_page = page_of(as_person(bob), closed).content
    assert b"og:title" not in followers_page
    assert b'content="noindex"' in followers_page


def test_the_edit_history_shows_what_was_said_before(alice, make_note, as_person):
    note = make_note(alice, title="First words")
    edit_note(author=alice, note_id=note.pk, content=NoteContent(title="Second words", body="b"))
    assert b"edited" in page_of(as_person(None), note).content
    assert b"First words" in as_person(None).get(f"/notes/{note.pk}/history/").content


def test_the_page_needs_the_same_number_of_queries_for_many_comments(
    alice, bob, charlie, make_note, as_person, django_assert_max_num_queries
):
    note = make_note(alice)
    for number in range(12):
        first = add_comment(author=bob, note_id=note.pk, body=f"{number} @alice")
        for _ in range(3):
            add_comment(author=charlie, note_id=note.pk, body="reply", reply_to=first.pk)
    client = as_person(charlie)
    page_of(client, note)
    with django_assert_max_num_queries(13):
        page_of(client, note)


def test_no_page_has_an_inline_script_or_style(alice, make_note, as_person):
    note = make_note(alice)
    client = as_person(alice)
    for address in (f"/notes/{note.pk}/", "/compose/", "/settings/", "/notifications/", "/drafts/"):
        html = client.get(address).content.decode()
        assert " style=" not in html, address
        assert " onclick=" not in html, address
        assert "<script>" not in html, address


# ---------------------------------------------------------------- like, collect, share
def test_like_and_unlike_by_form_go_back_to_where_the_button_stood(
    alice, bob, make_note, as_person
):
    note, client = make_note(alice), as_person(bob)
    answer = client.post(f"/notes/{note.pk}/like/", {"next": "/hot/?channel=food"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/hot/?channel=food")
    assert Like.objects.filter(person=bob, note=note).exists()
    client.post(f"/notes/{note.pk}/unlike/")
    assert not Like.objects.filter(person=bob, note=note).exists()


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_an_act_never_leads_to_another_site(alice, bob, make_note, as_person, elsewhere):
    note = make_note(alice)
    answer = as_person(bob).post(
        f"/notes/{note.pk}/like/", {"next": elsewhere}, headers={"Referer": elsewhere}
    )
    assert answer.headers["Location"] == f"/notes/{note.pk}/"


def test_collecting_with_htmx_answers_with_the_button_pressed(alice, bob, make_note, as_person):
    note = make_note(alice)
    html = as_person(bob).post(f"/notes/{note.pk}/collect/", headers=HTMX).content.decode()
    assert 'aria-pressed="true"' in html
    assert f"/notes/{note.pk}/uncollect/" in html
    assert Collect.objects.filter(person=bob, note=note).count() == 1


def test_a_visitor_who_likes_is_asked_to_log_in(alice, make_note, as_person):
    note = make_note(alice)
    plain = as_person(None).post(f"/notes/{note.pk}/like/")
    assert plain.status_code == 302
    assert "/account/login/" in plain.headers["Location"]
    assert (
        "/account/login/"
        in as_person(None).post(f"/notes/{note.pk}/like/", headers=HTMX).headers["HX-Redirect"]
    )
    assert not Like.objects.exists()


def test_acts_need_post(alice, make_note, as_person):
    note = make_note(alice)
    for act in ("like", "unlike", "collect", "uncollect"):
        assert as_person(alice).get(f"/notes/{note.pk}/{act}/").status_code == 405


def test_a_share_link_leads_to_the_note_and_counts_others_visits(alice, bob, make_note, as_person):
    note, client = make_note(alice), as_person(bob)
    assert client.post(f"/notes/{note.pk}/share/").status_code == 303
    share = Share.objects.get(person=bob)
    assert share.token in client.get(f"/notes/{note.pk}/share/").content.decode()
    client.get(f"/s/{share.token}/")  # one's own visit is none
    answer = as_person(None).get(f"/s/{share.token}/")
    assert answer.headers["Location"] == f"/notes/{note.pk}/"
    share.refresh_from_db()
    assert share.visits == 1


def test_a_share_link_opens_no_door(alice, bob, make_note, as_person):
    note = make_note(alice, visibility="followers")
    as_person(bob).post(f"/notes/{note.pk}/share/")
    token = Share.objects.get(person=bob).token
    assert as_person(None).get(f"/s/{token}/").status_code == 404
    assert as_person(None).get("/s/unknown/").status_code == 404
    assert Share.objects.get(person=bob).visits == 0


# ---------------------------------------------------------------- comments
def test_a_comment_by_form_appears_and_is_where_the_browser_goes(alice, bob, make_note, as_person):
    note = make_note(alice)
    answer = as_person(bob).post(f"/notes/{note.pk}/comments/", {"body": "Lovely <i>rim</i>"})
    comment = Comment.objects.get()
    assert answer.headers["Location"] == f"/notes/{note.pk}/#comment-{comment.pk}"
    assert b"Lovely &lt;i&gt;rim&lt;/i&gt;" in page_of(as_person(None), note).content


def test_a_refused_comment_keeps_what_was_typed(alice, bob, make_note, as_person):
    note = make_note(alice)
    typed = "x" * 1001
    plain = as_person(bob).post(f"/notes/{note.pk}/comments/", {"body": typed})
    assert plain.status_code == 400
    assert typed in plain.content.decode()
    part = as_person(bob).post(f"/notes/{note.pk}/comments/", {"body": typed}, headers=HTMX)
    assert (part.status_code, part.headers["HX-Retarget"]) == (400, "#comment-form")
    assert "At most 1000 characters" in part.content.decode()


def test_a_reply_with_htmx_brings_itself_an_empty_form_and_the_count(
    alice, bob, make_note, as_person
):
    note = make_note(alice)
    first = add_comment(author=alice, note_id=note.pk, body="first")
    html = (
        as_person(bob)
        .post(f"/notes/{note.pk}/comments/", {"body": "second", "reply_to": first.pk}, headers=HTMX)
        .content.decode()
    )
    assert "second" in html
    assert f'id="comment-form-{first.pk}"' in html
    assert 'id="comment-total" hx-swap-oob="true">2<' in html


def test_replies_beyond_two_are_folded_and_open_on_their_own_page(alice, bob, make_note, as_person):
    note = make_note(alice)
    first = add_comment(author=bob, note_id=note.pk, body="root")
    for number in range(5):
        add_comment(author=alice, note_id=note.pk, body=f"reply-{number}", reply_to=first.pk)
    html = page_of(as_person(None), note).content.decode()
    assert "reply-1" in html
    assert "reply-2" not in html
    assert "3 more replies" in html
    assert b"reply-4" in as_person(None).get(f"/comments/{first.pk}/").content


def test_pages_of_comments_show_each_thread_once(alice, bob, make_note, as_person):
    note = make_note(alice)
    moment = timezone.now()
    for number in range(45):  # many in the same instant: the id decides
        add_comment(
            author=bob,
            note_id=note.pk,
            body=f"c{number}.",
            now=moment - timedelta(seconds=number // 10),
        )
    seen, address = [], f"/notes/{note.pk}/comments/"
    while address:
        html = as_person(None).get(address, headers=HTMX).content.decode()
        seen += [n for n in range(45) if f"c{n}." in html]
        more = html.find("?before=")
        address = f"/notes/{note.pk}/comments/{html[more:].split(chr(34))[0]}" if more > 0 else ""
    assert sorted(seen) == list(range(45))


@pytest.mark.parametrize("cursor", ["x", "1-", "-", "9" * 30 + "-1", "1-2-3", "٣-٤"])
def test_a_bad_cursor_is_told_not_crashed(alice, make_note, as_person, cursor):
    note = make_note(alice)
    answer = as_person(None).get(f"/notes/{note.pk}/comments/", {"before": cursor})
    assert answer.status_code == 400


def test_replies_of_a_deleted_comment_stay_under_a_mark(alice, bob, make_note, as_person):
    note = make_note(alice)
    first = add_comment(author=bob, note_id=note.pk, body="gone words")
    add_comment(author=alice, note_id=note.pk, body="still here", reply_to=first.pk)
    as_person(bob).post(f"/comments/{first.pk}/delete/")
    html = page_of(as_person(None), note).content.decode()
    assert "gone words" not in html
    assert "This comment is no longer shown" in html
    assert "still here" in html


def test_the_notes_author_may_delete_a_comment_and_a_stranger_may_not(
    alice, bob, charlie, make_note, as_person
):
    note = make_note(alice)
    comment = add_comment(author=bob, note_id=note.pk, body="hello")
    assert as_person(charlie).post(f"/comments/{comment.pk}/delete/").status_code == 403
    assert as_person(alice).post(f"/comments/{comment.pk}/delete/").status_code == 303
    assert b"hello" not in page_of(as_person(None), note).content


def test_a_muted_persons_comment_is_not_shown_to_who_muted_them(
    alice, bob, charlie, make_note, as_person
):
    note = make_note(alice)
    add_comment(author=bob, note_id=note.pk, body="bobs words")
    mute_user(muter=charlie, muted=bob)
    assert b"bobs words" not in page_of(as_person(charlie), note).content
    assert b"bobs words" in page_of(as_person(None), note).content


def test_a_comment_is_liked_and_unliked(alice, bob, make_note, as_person):
    note = make_note(alice)
    comment = add_comment(author=alice, note_id=note.pk, body="hello")
    client = as_person(bob)
    assert client.post(f"/comments/{comment.pk}/like/").status_code == 303
    html = client.post(f"/comments/{comment.pk}/unlike/", headers=HTMX).content.decode()
    assert 'aria-pressed="false"' in html
    comment.refresh_from_db()
    assert comment.likes == 0


# ---------------------------------------------------------------- report, notices, the rest
def test_a_report_reaches_staff_and_thanks(alice, bob, make_note, as_person):
    note, client = make_note(alice), as_person(bob)
    assert client.get(f"/report/?note={note.pk}").status_code == 200
    answer = client.post("/report/", {"note": note.pk, "reason": "spam", "words": "ads"})
    assert answer.status_code == 303
    assert note.reports.get().words == "ads"


def test_a_report_without_a_reason_or_of_ones_own_is_refused_beside_the_field(
    alice, bob, make_note, as_person
):
    note = make_note(alice)
    without = as_person(bob).post("/report/", {"note": note.pk, "words": "kept words"})
    assert without.status_code == 400
    assert b"Choose what is wrong" in without.content
    assert b"kept words" in without.content
    own = as_person(alice).post("/report/", {"note": note.pk, "reason": "spam"})
    assert own.status_code == 400
    assert not note.reports.exists()


def test_notices_are_listed_and_marked_read(alice, bob, make_note, as_person, work_off):
    note = make_note(alice)
    like_note(person=bob, note_id=note.pk)
    work_off("default", "notifications")
    client = as_person(alice)
    assert b"dot" in client.get("/notifications/count/").content
    assert b"liked your note" in client.get("/notifications/").content
    client.post("/notifications/read/")
    assert b"dot" not in client.get("/notifications/count/").content


def test_a_notice_about_a_note_that_is_gone_is_not_shown(
    alice, bob, make_note, as_person, work_off
):
    note = make_note(alice)
    comment = add_comment(author=alice, note_id=note.pk, body="mine")
    add_comment(author=bob, note_id=note.pk, body="hi @charlie")
    like_comment(person=bob, comment_id=comment.pk)
    work_off("default", "notifications")
    assert b"<li" in as_person(alice).get("/notifications/").content.split(b"</header>")[1]
    delete_note(author=alice, note_id=note.pk)
    assert b"liked your comment" not in as_person(alice).get("/notifications/").content


def test_robots_are_told_where_not_to_go(as_person, db):
    answer = as_person(None).get("/robots.txt")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert b"Disallow: /settings/" in answer.content

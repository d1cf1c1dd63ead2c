from __future__ import annotations

import io

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import User
from community.models import Note, NoteImage
from community.moderation.appeals import appeal
from community.moderation.cases import take
from community.moderation.deciding import decide_case
from community.moderation.models import Case, Decision, Guideline, LogLine
from community.moderation.services import hide_note, last_decision_id, report_note
from community.moderation.verdicts import Verdict
from community.originality.models import Likeness
from community.services.comments import add_comment
from community.services.pictures import add_picture, renditions_path

from .conftest import allow, logged_in

QUEUE = "/admin/moderation/case/"


def decide_url(kind, thing, act):
    return reverse("admin:moderation_decide", args=[kind, thing.pk, act])


@pytest.fixture
def picture(alice, make_note):
    """A small JPEG as it stands after processing."""
    note = make_note(alice)
    upload = io.BytesIO()
    Image.new("RGB", (320, 240), "teal").save(upload, "JPEG")
    image = add_picture(author=alice, note_id=note.pk, upload=upload, alt="a teal bowl")
    folder = renditions_path(image.token)
    folder.mkdir(parents=True)
    (folder / "240.jpg").write_bytes(upload.getvalue())
    rendition = {"width": 240, "height": 180, "format": "jpeg", "filename": "240.jpg", "bytes": 1}
    NoteImage.objects.filter(pk=image.pk).update(state="ready", renditions=[rendition])
    return NoteImage.objects.get(pk=image.pk)


def test_reports_of_one_note_are_one_case_with_count_reasons_words_and_pictures(
    bob, charlie, picture, at_the_desk
):
    for reporter, reason, words in ((bob, "spam", "<b>buy</b>"), (charlie, "stolen", "")):
        report_note(reporter=reporter, note_id=picture.note_id, reason=reason, words=words)
    page = at_the_desk.get(QUEUE).content.decode()
    assert page.count('class="desk-case"') == 1
    assert 'title="reporters">2</span>' in page
    assert "Spam or advertising" in page
    assert "Somebody else" in page
    assert "&lt;b&gt;buy" in page
    assert reverse("admin:community_picture", args=[picture.pk]) in page
    assert "a teal bowl" in page


def test_the_queue_asks_the_same_number_of_queries_for_one_case_and_for_many(
    alice, bob, charlie, make_note, at_the_desk, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def report_a_new_one(number):
        note = make_note(alice, f"Bowl number {number}")
        report_note(reporter=bob, note_id=note.pk, reason="spam")

    report_a_new_one(0)
    at_the_desk.get(QUEUE)  # what is asked once a process is asked
    with CaptureQueriesContext(connection) as one:
        at_the_desk.get(QUEUE)
    for number in range(1, 6):
        report_a_new_one(number)
    with CaptureQueriesContext(connection) as six:
        at_the_desk.get(QUEUE)
    assert len(six) == len(one)


def test_hiding_asks_for_a_reason_and_goes_through_the_service(alice, bob, make_note, at_the_desk):
    note = make_note(alice)
    report_note(reporter=bob, note_id=note.pk, reason="spam")
    url = decide_url("note", note, "hide")
    form = at_the_desk.get(url, {"next": QUEUE}).content.decode()
    assert "textarea" in form
    assert Note.objects.get(pk=note.pk).hidden_at is None
    answer = at_the_desk.post(url, {"reason": "advertising", "seen": 0, "next": QUEUE})
    assert (answer.status_code, answer["Location"]) == (302, QUEUE)
    assert Note.objects.get(pk=note.pk).hidden_at is not None
    assert Decision.objects.get().reason == "advertising"
    assert LogEntry.objects.filter(change_message__contains="advertising").exists()
    assert "desk-case" not in at_the_desk.get(QUEUE).content.decode()
    assert "desk-case" in at_the_desk.get(QUEUE, {"settled": "1"}).content.decode()


def test_without_a_reason_nothing_happens_and_the_form_says_so(alice, make_note, at_the_desk):
    note = make_note(alice)
    answer = at_the_desk.post(decide_url("note", note, "hide"), {"reason": "  ", "seen": 0})
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert Note.objects.get(pk=note.pk).hidden_at is None


def test_the_second_moderator_reads_409_and_the_state_and_is_on_record(
    alice, make_person, make_note, at_the_desk
):
    note = make_note(alice)
    seen = last_decision_id(note)
    first = allow(make_person("morgan"), "moderation.add_decision")
    hide_note(moderator=first, note_id=note.pk, reason="shows a face", seen=seen)
    answer = at_the_desk.post(decide_url("note", note, "keep"), {"reason": "fine", "seen": seen})
    assert answer.status_code == 409
    assert "shows a face" in answer.content.decode()
    assert Decision.objects.count() == 1
    assert LogEntry.objects.filter(change_message__contains="shows a face").exists()


def test_a_verdict_never_leads_to_another_site(alice, make_note, at_the_desk):
    note = make_note(alice)
    answer = at_the_desk.post(
        decide_url("note", note, "hide"),
        {"reason": "spam", "seen": 0, "next": "https://elsewhere.example/"},
    )
    assert answer["Location"] == f"/admin/community/note/{note.pk}/change/"


@pytest.mark.parametrize("path", ["decide/note/{pk}/explode/", "decide/user/{pk}/hide/"])
def test_unknown_verdicts_and_things_are_not_there(alice, make_note, at_the_desk, path):
    note = make_note(alice)
    assert at_the_desk.get("/admin/moderation/report/" + path.format(pk=note.pk)).status_code == 404
    assert (
        at_the_desk.get(
            decide_url("note", note, "hide").replace(str(note.pk), "999999")
        ).status_code
        == 404
    )


def test_staff_without_the_right_sees_no_buttons_and_is_refused(alice, bob, make_person, make_note):
    note = make_note(alice)
    report_note(reporter=bob, note_id=note.pk, reason="spam")
    reader = logged_in(allow(make_person("reader1"), "moderation.view_case", "community.view_note"))
    page = reader.get(QUEUE)
    assert page.status_code == 200
    assert "/take/" not in page.content.decode()
    case = Case.objects.get()
    given = reader.post(f"{QUEUE}{case.pk}/decide/", {"act": "keep", "asked": "1"})
    assert given.status_code == 403
    assert reader.post(f"{QUEUE}{case.pk}/take/", {"act": "keep"}).status_code == 302
    assert Case.objects.get().leased_by is None
    assert (
        reader.post(decide_url("note", note, "hide"), {"reason": "x", "seen": 0}).status_code == 403
    )
    assert Note.objects.get(pk=note.pk).hidden_at is None


def test_staff_without_any_right_sees_neither_queue_nor_notes_nor_pictures(make_person, picture):
    nobody = logged_in(allow(make_person("nora")))
    for url in (
        QUEUE,
        "/admin/moderation/appeal/",
        "/admin/community/note/",
        reverse("admin:community_picture", args=[picture.pk]),
    ):
        assert nobody.get(url).status_code == 403


def test_a_picture_of_a_hidden_note_is_shown_to_staff_and_kept_by_no_cache(
    keeper, picture, charlie, at_the_desk
):
    hide_note(moderator=keeper, note_id=picture.note_id, reason="spam")
    url = reverse("admin:community_picture", args=[picture.pk])
    answer = at_the_desk.get(url)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert "no-store" in answer["Cache-Control"]
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")
    assert logged_in(charlie).get(url).status_code == 302


def test_several_notes_are_hidden_with_one_reason_each_by_itself(
    alice, keeper, make_note, at_the_desk
):
    notes = [make_note(alice, f"Bowl {number}") for number in range(3)]
    hide_note(moderator=keeper, note_id=notes[0].pk, reason="earlier")
    chosen = {"action": "hide_selected", "_selected_action": [note.pk for note in notes]}
    asked = at_the_desk.post("/admin/community/note/", chosen)
    assert asked.status_code == 200
    assert Note.objects.filter(hidden_at=None).count() == 2
    done = at_the_desk.post("/admin/community/note/", chosen | {"reason": "a flood"}, follow=True)
    assert not Note.objects.filter(hidden_at=None).exists()
    assert list(Decision.objects.order_by("pk").values_list("reason", flat=True)) == [
        "earlier", "a flood", "a flood",
    ]  # fmt: skip
    assert "earlier" in done.content.decode()


def test_notes_cannot_be_changed_by_hand(alice, make_note, at_the_desk):
    note = make_note(alice)
    at_the_desk.post(
        f"/admin/community/note/{note.pk}/change/", {"title": "Mine now", "hidden_at": ""}
    )
    assert Note.objects.get(pk=note.pk).title == note.title
    assert (
        at_the_desk.post(f"/admin/community/note/{note.pk}/delete/", {"post": "yes"}).status_code
        == 403
    )


def test_comments_have_their_own_buttons(alice, bob, make_note, at_the_desk):
    comment = add_comment(author=bob, note_id=make_note(alice).pk, body="rude words")
    page = at_the_desk.get(f"/admin/community/comment/{comment.pk}/change/").content.decode()
    url = decide_url("comment", comment, "hide")
    assert url in page
    assert at_the_desk.post(url, {"reason": "rude", "seen": 0}).status_code == 302
    comment.refresh_from_db()
    assert comment.hidden_at is not None


# ---------------------------------------------------------------- cases
@pytest.fixture
def case(alice, bob, make_note):
    report_note(reporter=bob, note_id=make_note(alice).pk, reason="spam")
    return Case.objects.get()


def test_two_presses_a_verdict_taken_and_confirmed_as_it_is_proposed(case, at_the_desk, keeper):
    """What the two keys do: the first takes the case and brings the form, the second sends it."""
    taken = at_the_desk.post(f"{QUEUE}{case.pk}/take/", {"act": "hide", "part": "1"}, follow=True)
    form = taken.context["form"]
    assert "<html" not in taken.content.decode()
    assert Case.objects.get().leased_by == keeper
    body = {name: value for name, value in form.initial.items() if value is not None}
    things = [row.pk for row in case.things.all()]
    given = at_the_desk.post(
        f"{QUEUE}{case.pk}/decide/", body | {"asked": "1", "things": things, "reason": ""}
    )
    assert (given.status_code, given["Location"]) == (302, QUEUE)
    decision = Decision.objects.get()
    assert (decision.act, decision.guideline.code) == ("hide", "spam")
    assert decision.reason == decision.guideline.text_en


def test_without_scripts_the_same_buttons_lead_to_the_form_on_its_own_page(case, at_the_desk):
    page = at_the_desk.post(f"{QUEUE}{case.pk}/take/", {"act": "warn"}, follow=True)
    assert page.status_code == 200
    assert "<html" in page.content.decode()
    assert "data-confirm" in page.content.decode()


def test_what_somebody_else_has_in_hand_is_told_and_not_decided(case, at_the_desk, make_person):
    other = allow(make_person("morgan"), "moderation.add_decision")
    take(by=other, case_id=case.pk, now=timezone.now())
    assert "in the hands of morgan" in at_the_desk.get(QUEUE).content.decode()
    part = at_the_desk.post(f"{QUEUE}{case.pk}/take/", {"act": "hide", "part": "1"})
    assert part.status_code == 409
    assert "morgan" in part.content.decode()
    body = {"act": "keep", "reason": "", "asked": "1", "things": [case.things.get().pk]}
    given = at_the_desk.post(f"{QUEUE}{case.pk}/decide/", body)
    assert given.status_code == 409
    assert "morgan" in given.content.decode()
    assert not Decision.objects.exists()
    assert LogLine.objects.filter(act="refused").count() == 1


def test_the_second_verdict_on_a_case_reads_409_with_the_first_one(case, at_the_desk, make_person):
    other = allow(make_person("morgan"), "moderation.add_decision")
    decide_case(by=other, case_id=case.pk, verdict=Verdict(act="keep", words="All is well"))
    body = {"act": "hide", "guideline": "spam", "reason": "", "asked": "1"}
    given = at_the_desk.post(f"{QUEUE}{case.pk}/decide/", body | {"things": [case.things.get().pk]})
    assert given.status_code == 409
    assert "All is well" in given.content.decode()


def test_a_case_put_back_is_free(case, at_the_desk):
    at_the_desk.post(f"{QUEUE}{case.pk}/take/", {"act": "hide"})
    assert at_the_desk.post(f"{QUEUE}{case.pk}/let-go/").status_code == 302
    assert Case.objects.get().leased_by is None


def test_choosing_nothing_decides_nothing(case, at_the_desk):
    body = {"act": "hide", "guideline": "spam", "reason": "", "asked": "1"}
    assert at_the_desk.post(f"{QUEUE}{case.pk}/decide/", body).status_code == 400
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"days": "0"}, {"days": "x"}, {"days": "9" * 30}, {"guideline": "no"}, {"things": "x" * 40},
     {"things": "9" * 40}, {"reason": "x" * 501}, {"act": "explode"}, {"act": "label"}],
)  # fmt: skip
def test_odd_forms_are_refused_and_nothing_is_decided(case, at_the_desk, wrong):
    body = {
        "act": "hide", "guideline": "spam", "reason": "", "asked": "1",
        "things": str(case.things.get().pk),
    } | wrong  # fmt: skip
    assert at_the_desk.post(f"{QUEUE}{case.pk}/decide/", body).status_code in (302, 400)
    assert not Decision.objects.exists()


@pytest.mark.parametrize("path", ["999999/change/", "x/change/", f"{'9' * 30}/change/"])
def test_a_case_that_is_not_there_is_not_there(at_the_desk, path):
    assert at_the_desk.get(QUEUE + path).status_code == 404


def test_many_cases_are_decided_with_one_verdict_by_seniors_only(
    alice, bob, make_note, make_person, at_the_desk
):
    for _ in range(3):
        report_note(reporter=bob, note_id=make_note(alice).pk, reason="spam")
    ids = list(Case.objects.values_list("pk", flat=True))
    body = {"case": ids, "act": "hide"}
    everyday = logged_in(
        allow(make_person("morgan"), "moderation.view_case", "moderation.add_decision")
    )
    assert everyday.post(f"{QUEUE}bulk/", body).status_code == 403
    asked = at_the_desk.post(f"{QUEUE}bulk/", body)
    assert asked.status_code == 200
    assert not Decision.objects.exists()
    decide_case(by=User.objects.get(username="morgan"), case_id=ids[0], verdict=Verdict(act="keep"))
    confirmed = body | {"confirmed": "1", "guideline": "spam", "reason": ""}
    at_the_desk.post(f"{QUEUE}bulk/", confirmed)
    assert sorted(Decision.objects.values_list("act", flat=True)) == ["hide", "hide", "keep"]


def test_near_duplicates_stand_side_by_side(case, bob, make_note, at_the_desk):
    note = case.things.get().note
    copy = make_note(bob, "The very same bowl")
    Likeness.objects.create(
        note=copy, original=note, what="pictures", own=False, share=1, found_at=timezone.now()
    )
    page = at_the_desk.get(f"{QUEUE}{case.pk}/change/").content.decode()
    assert "The very same bowl" in page
    assert "Pictures: 100 % alike" in page
    form = at_the_desk.post(f"{QUEUE}{case.pk}/take/", {"act": "hide"}, follow=True)
    assert f'name="also" value="{copy.pk}"' in form.content.decode()


def test_the_figures_of_the_order_are_in_the_queue(case, at_the_desk):
    page = at_the_desk.get(QUEUE).content.decode()
    for figure in ("severity <b>1</b>", "accuracy of reporters <b>0.50</b>", "weight <b>0.5</b>"):
        assert figure in page


def test_an_appeal_is_reviewed_at_the_desk_by_somebody_else(case, alice, make_person, at_the_desk):
    first = allow(make_person("morgan"), "moderation.add_decision")
    verdict = Verdict(act="hide", guideline="spam")
    [decision] = decide_case(by=first, case_id=case.pk, verdict=verdict)
    made = appeal(by=alice, decision_id=decision.pk, words="It is <b>my</b> own bowl")
    url = f"/admin/moderation/appeal/{made.pk}/change/"
    page = at_the_desk.get(url).content.decode()
    assert "&lt;b&gt;my&lt;/b&gt; own bowl" in page
    assert at_the_desk.post(url, {"overturn": "1", "words": " "}).status_code == 400
    assert at_the_desk.post(url, {"overturn": "1", "words": "So it is"}).status_code == 302
    assert at_the_desk.post(url, {"uphold": "1", "words": "Not so"}).status_code == 409
    assert Note.objects.get(pk=decision.note_id).hidden_at is None


def test_a_decision_is_taken_back_from_its_page(case, alice, keeper, at_the_desk):
    verdict = Verdict(act="limit", guideline="spam")
    [decision] = decide_case(by=keeper, case_id=case.pk, verdict=verdict)
    page = at_the_desk.get(f"/admin/moderation/decision/{decision.pk}/change/").content.decode()
    url = f"/admin/moderation/decision/{decision.pk}/take-back/"
    assert url in page
    assert at_the_desk.get(url).status_code == 200
    assert at_the_desk.post(url, {"reason": "My mistake", "seen": 0}).status_code == 302
    assert Note.objects.get(pk=decision.note_id).limited_at is None
    assert at_the_desk.post(url, {"reason": "My mistake", "seen": 0}).status_code == 409


def test_a_rule_that_was_used_is_not_deleted(case, keeper, at_the_desk):
    decide_case(by=keeper, case_id=case.pk, verdict=Verdict(act="hide", guideline="spam"))
    rule = Guideline.objects.get(code="spam")
    url = f"/admin/moderation/guideline/{rule.pk}/delete/"
    assert at_the_desk.post(url, {"post": "yes"}).status_code == 403
